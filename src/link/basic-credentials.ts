import { createHash, timingSafeEqual } from 'node:crypto';

/** User and password bytes of an `Authorization: Basic` header (RFC 7617). The 1.6 key may not be UTF-8. */
export interface BasicCredentials {
  readonly user: string;
  readonly password: Uint8Array;
}

/** Reads the header; `undefined` when it is absent or not Basic. */
export function parseBasic(header: string | undefined): BasicCredentials | undefined {
  const match = /^Basic +([A-Za-z0-9+/=_-]+)\s*$/i.exec(header ?? '');
  const encoded = match?.[1];
  if (encoded === undefined) return undefined;
  const bytes = Buffer.from(encoded, 'base64');
  const colon = bytes.indexOf(0x3a);
  if (colon < 0) return undefined;
  return { user: bytes.subarray(0, colon).toString('utf8'), password: bytes.subarray(colon + 1) };
}

/** The header's value for a user and a password. */
export function basicHeader(user: string, password: Uint8Array | string): string {
  return `Basic ${Buffer.concat([Buffer.from(`${user}:`), Buffer.from(password)]).toString('base64')}`;
}

/**
 * How a 1.6 AuthorizationKey (hexadecimal text) becomes the password bytes of HTTP Basic: decoded as 1.6J §6.2.2 says, as
 * it stands as some firmware does, or decoded when it looks like a key of 16 to 20 bytes.
 */
export type BasicAuthEncoding = 'hexDecoded' | 'verbatim' | 'autoByLength';

export function passwordBytes(secret: string, encoding: BasicAuthEncoding): Uint8Array {
  const isHex = /^(?:[0-9A-Fa-f]{2})+$/.test(secret);
  const decode =
    encoding === 'hexDecoded'
      ? isHex
      : encoding === 'autoByLength' && isHex && secret.length >= 32 && secret.length <= 40;
  return decode ? Buffer.from(secret, 'hex') : Buffer.from(secret, 'utf8');
}

/** Compares in constant time, whatever the lengths. */
export function sameSecret(a: Uint8Array, b: Uint8Array): boolean {
  const digest = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest();
  return timingSafeEqual(digest(a), digest(b)) && a.length === b.length;
}
