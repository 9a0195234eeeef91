import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { DEFAULT_CSMS_CONFIG } from './config.ts';
import { withProfile } from './profile.ts';

const shared = (profile: 0 | 1 | 2 | 3, password = '636f6d706f74652d64656d6f2d6b6579') => ({
  profile,
  password,
  host: 'localhost',
  port: 8_443,
});
const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

describe('the security profile of the whole world at the CSMS', () => {
  it('raises the minimum and never lowers what the section says', () => {
    const strict = {
      ...DEFAULT_CSMS_CONFIG,
      security: { ...DEFAULT_CSMS_CONFIG.security, minimumProfile: 2 as const },
    };
    expect(withProfile(DEFAULT_CSMS_CONFIG, shared(3), '127.0.0.1').security.minimumProfile).toBe(3);
    expect(withProfile(strict, shared(1), '127.0.0.1').security.minimumProfile).toBe(2);
  });

  it('takes the shared password as 1.6 sends it, and as 2.x does', () => {
    const digits = '000102030405060708090a0b0c0d0e0f';
    expect(withProfile(DEFAULT_CSMS_CONFIG, shared(1, digits), '0.0.0.0').security.sharedPasswordHashes).toEqual([
      sha256(Buffer.from(digits, 'hex')),
      sha256(Buffer.from(digits)),
    ]);
    expect(withProfile(DEFAULT_CSMS_CONFIG, shared(3), '127.0.0.1').security.sharedPasswordHashes).toBeUndefined();
  });

  it('refuses the published password where others can reach us', () => {
    for (const profile of [1, 2] as const) {
      expect(() => withProfile(DEFAULT_CSMS_CONFIG, shared(profile), '0.0.0.0')).toThrow(/security\.password/);
    }
    expect(() => withProfile(DEFAULT_CSMS_CONFIG, shared(3), '0.0.0.0')).not.toThrow();
  });
});
