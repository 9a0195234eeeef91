import { describe, expect, it } from 'vitest';
import { hashOfPin, pinFits } from './pin-hash.ts';

describe('hashes of PINs', () => {
  it('fit their PIN and no other', async () => {
    const hash = await hashOfPin('1234', new Uint8Array(16).fill(7));
    expect([await pinFits('1234', hash), await pinFits('1235', hash)]).toEqual([true, false]);
  });

  it('of a partner fit when they come from another program', async () => {
    // By libxcrypt's crypt(3).
    expect(await pinFits('4711', '$2b$05$abcdefghijklmnopqrstuum9EWKwkxaY/Q1Iq1TJnfz9xbTc8W64C')).toBe(true);
  });

  it('that would take days are not computed', async () => {
    const hash = (await hashOfPin('1234', new Uint8Array(16))).replace('$10$', '$31$');
    expect(await pinFits('1234', hash)).toBe(false);
  });
});
