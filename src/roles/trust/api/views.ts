import { isoTime } from '../../../core/time.ts';
import {
  type Certificate,
  certificateIdOf,
  certificateProfile,
  lintCertificate,
  nameText,
  readCertificate,
  toPemChain,
} from '../../../protocols/iso15118/index.ts';
import type { Authority } from '../pki/authorities.ts';
import type { PoolWorld } from '../pools/pool-call.ts';
import type { IssuedRecord } from '../records.ts';

const SOON_MS = 30 * 86_400_000;

/** How a certificate stands: what the tree of the user interface colours. */
export function standing(record: IssuedRecord, nowMs: number): 'valid' | 'soon' | 'expired' | 'revoked' | 'not-yet' {
  if (record.revoked !== undefined) return 'revoked';
  if (record.notAfterMs <= nowMs) return 'expired';
  if (record.notBeforeMs > nowMs) return 'not-yet';
  // A certificate that lives for three months is not "soon" over for one of them.
  const lifetimeMs = record.notAfterMs - record.notBeforeMs;
  return record.notAfterMs - nowMs < Math.min(SOON_MS, lifetimeMs / 4) ? 'soon' : 'valid';
}

export function certificateView(record: IssuedRecord, nowMs: number): Record<string, unknown> {
  const { id, role, edition, subject, serial, issuer, owner, revoked, certificate } = record;
  return {
    id,
    role,
    edition,
    subject,
    serial,
    issuer,
    state: standing(record, nowMs),
    validFrom: isoTime(record.notBeforeMs),
    validTo: isoTime(record.notAfterMs),
    issuedAt: isoTime(record.issuedAtMs),
    bytes: Buffer.from(certificate, 'base64').length,
    ...(owner === undefined ? {} : { owner }),
    ...(revoked === undefined ? {} : { revokedAt: isoTime(revoked.atMs), reason: revoked.reason }),
  };
}

/** The certificates above a record, root last. */
export function issuersOf(world: PoolWorld, record: IssuedRecord): readonly Authority[] {
  const { authorities } = world;
  const issuer = authorities.loaded().find(({ name }) => name === record.issuer);
  if (issuer === undefined) return [];
  const chain = authorities.chainOf(issuer);
  return chain[0] !== undefined && Buffer.from(chain[0].certificate.der).toString('base64') === record.certificate
    ? chain.slice(1)
    : chain;
}

/** Everything that is known of one certificate. */
export function certificateDetail(world: PoolWorld, record: IssuedRecord, nowMs: number): Record<string, unknown> {
  const certificate: Certificate = readCertificate(record.certificate);
  const chain = issuersOf(world, record).map((authority) => authority.certificate);
  const issuer = chain[0] ?? certificate;
  const profile = certificateProfile(record.role, record.edition);
  return {
    ...certificateView(record, nowMs),
    issuerName: nameText(certificate.issuer),
    keyKind: certificate.keyKind,
    keyUsage: certificate.keyUsage ?? [],
    extendedKeyUsage: certificate.extendedKeyUsage,
    isCa: certificate.isCa ?? false,
    ...(certificate.pathLength === undefined ? {} : { pathLength: certificate.pathLength }),
    ocspUrls: certificate.ocspUrls,
    maxBytes: profile.maxDerBytes,
    title: profile.title,
    hashData: (['SHA256', 'SHA384', 'SHA512'] as const).map((hash) => certificateIdOf(certificate, issuer, hash)),
    lint: lintCertificate(certificate, profile),
    pem: toPemChain([certificate.der]),
    chainPem: toPemChain([certificate.der, ...chain.map(({ der }) => der)]),
  };
}
