import { describe, expect, it } from 'vitest';
import { basicHeader, parseBasic, passwordBytes, sameSecret } from './basic-credentials.ts';

describe('HTTP Basic', () => {
  it('keeps password bytes that are not UTF-8, and colons in the password', () => {
    const header = basicHeader('AL1000', Uint8Array.from([0x00, 0x01, 0xff, 0x3a]));
    expect(header).toBe('Basic QUwxMDAwOgAB/zo=');
    expect(parseBasic(header)).toEqual({ user: 'AL1000', password: Buffer.from([0x00, 0x01, 0xff, 0x3a]) });
  });

  it.each([undefined, '', 'Bearer abc', 'Basic', 'Basic %%%', `Basic ${Buffer.from('nocolon').toString('base64')}`])(
    '%s is no credentials',
    (header) => {
      expect(parseBasic(header)).toBeUndefined();
    },
  );

  it('a 1.6 key of hexadecimal text is decoded, taken verbatim, or decoded by its length', () => {
    const key = '0001020304050607FFFFFFFFFFFFFFFFFFFFFFFF';
    expect(passwordBytes(key, 'hexDecoded')).toHaveLength(20);
    expect(passwordBytes(key, 'verbatim')).toHaveLength(40);
    expect(passwordBytes(key, 'autoByLength')).toHaveLength(20);
    expect(passwordBytes('CAFE', 'autoByLength')).toHaveLength(4);
    expect(passwordBytes('CAFE', 'hexDecoded')).toHaveLength(2);
    expect(passwordBytes('not hex', 'hexDecoded')).toHaveLength(7);
  });

  it('compares whatever the lengths', () => {
    expect(sameSecret(Buffer.from('abc'), Buffer.from('abc'))).toBe(true);
    expect(sameSecret(Buffer.from('abc'), Buffer.from('abcd'))).toBe(false);
    expect(sameSecret(Buffer.from(''), Buffer.from('a'))).toBe(false);
  });
});
