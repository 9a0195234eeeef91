import { createHash } from 'node:crypto';
import { passwordBytes, sameSecret } from '../../link/basic-credentials.ts';
import type { UpgradeRefusal } from '../../link/ocpp-server.ts';
import type { UpgradeRequest } from '../../link/upgrade-request.ts';
import type { CsmsConfig } from './config.ts';
import type { StationRecord } from './state/records.ts';

/** SHA-256 of password bytes, hex: what the CSMS keeps instead of the password. */
export function passwordHash(password: Uint8Array): string {
  return createHash('sha256').update(password).digest('hex');
}

/** The hash of a password that a user typed: 1.6 keys may be hexadecimal text for raw bytes. */
export function hashOfSecret(secret: string, encoding: CsmsConfig['security']['basicAuthEncoding']): string {
  return passwordHash(passwordBytes(secret, encoding));
}

/** The hashes of a password that stations of all versions share: 1.6 sends the bytes of its digits, 2.x the digits. */
export function sharedPasswordHashes(secret: string): readonly string[] {
  return (['hexDecoded', 'verbatim'] as const).map((encoding) => hashOfSecret(secret, encoding));
}

/** The security profile of a connection (A00): 3 with a client certificate, 2 or 1 with Basic, else 0. */
export function profileOf(request: UpgradeRequest): 0 | 1 | 2 | 3 {
  if (request.tls?.clientCertificateCn !== undefined) return 3;
  if (request.basic === undefined) return 0;
  return request.tls === undefined ? 1 : 2;
}

/** Whether a station may connect (A00, A01; OCPP-J §3.2). `undefined` lets it in. */
export function admissionRefusal(
  request: UpgradeRequest,
  known: StationRecord | undefined,
  config: CsmsConfig,
): UpgradeRefusal | undefined {
  const { minimumProfile, sharedPasswordHashes } = config.security;
  if (known?.registered !== true && config.boot.policy === 'known-only' && config.boot.unknownStations === 'refuse') {
    return {
      status: 404,
      reason: 'unknown-identity',
      text: `No station ${JSON.stringify(request.identity)} is registered here`,
    };
  }
  if (request.unreadableAuthorization) {
    return {
      status: 401,
      reason: 'bad-authorization',
      text: 'The Authorization header is not Basic with user and password',
    };
  }
  const { basic } = request;
  if (basic !== undefined && basic.user.toLowerCase() !== request.identity.toLowerCase()) {
    return {
      status: 401,
      reason: 'user-is-not-identity',
      text: `The Basic user ${JSON.stringify(basic.user)} is not the identity in the path`,
    };
  }
  const profile = profileOf(request);
  const own = known?.passwordHash === undefined ? sharedPasswordHashes : [known.passwordHash];
  const hashes = own === undefined ? undefined : [...own, known?.nextPasswordHash];
  if (hashes !== undefined && profile !== 3) {
    if (basic === undefined)
      return { status: 401, reason: 'no-credentials', text: 'This station has a password: HTTP Basic is required' };
    const presented = Buffer.from(passwordHash(basic.password));
    const fits = hashes.some((hash) => hash !== undefined && sameSecret(presented, Buffer.from(hash)));
    if (!fits) return { status: 401, reason: 'bad-credentials', text: 'The password is wrong' };
  }
  if (profile < minimumProfile) {
    const text = `Security profile ${minimumProfile} is required; this connection has ${profile}`;
    return profile === 0
      ? { status: 401, reason: 'security-profile', text }
      : { status: 403, reason: 'security-profile', text };
  }
  // A05.FR.09 (1.6), A05.FR.07 (2.x): after a higher profile worked, a lower one is not let in again.
  if (known !== undefined && profile < known.securityProfile) {
    return {
      status: 403,
      reason: 'security-profile-downgrade',
      text: `This station used security profile ${known.securityProfile} before`,
    };
  }
  return undefined;
}
