import { createHash } from 'node:crypto';
import { type Certificate, serialNumberHex } from './certificate.ts';
import type { HashAlgorithm } from './hash-data.ts';

/** What is asked and answered about the state of a certificate, whatever the protocol. */

export type OcspHash = 'SHA1' | HashAlgorithm;

/** Which certificate is asked about. OCPP never uses SHA-1; other clients of a responder do. */
export interface CertificateId {
  readonly hashAlgorithm: OcspHash;
  readonly issuerNameHash: string;
  readonly issuerKeyHash: string;
  readonly serialNumber: string;
}

/** Names are RFC 5280 CRL reasons. */
export const REVOCATION_REASONS = {
  unspecified: 0,
  keyCompromise: 1,
  cACompromise: 2,
  affiliationChanged: 3,
  superseded: 4,
  cessationOfOperation: 5,
  certificateHold: 6,
  privilegeWithdrawn: 9,
  aACompromise: 10,
} as const;

export type RevocationReason = keyof typeof REVOCATION_REASONS;

export type CertificateState =
  | { readonly state: 'good' }
  | { readonly state: 'unknown' }
  | { readonly state: 'revoked'; readonly revokedAtMs: number; readonly reason?: RevocationReason };

export function ocspHash(algorithm: OcspHash, bytes: Uint8Array): string {
  return createHash(algorithm.toLowerCase()).update(bytes).digest('hex');
}

export function certificateIdOf(certificate: Certificate, issuer: Certificate, hash: OcspHash): CertificateId {
  return {
    hashAlgorithm: hash,
    issuerNameHash: ocspHash(hash, certificate.issuerDer),
    issuerKeyHash: ocspHash(hash, issuer.publicKeyBits),
    serialNumber: serialNumberHex(certificate.serialNumber),
  };
}

/** Whether the id was made for a certificate below this issuer. */
export function isIssuedBy(id: CertificateId, issuer: Certificate): boolean {
  return (
    id.issuerNameHash.toLowerCase() === ocspHash(id.hashAlgorithm, issuer.subjectDer) &&
    id.issuerKeyHash.toLowerCase() === ocspHash(id.hashAlgorithm, issuer.publicKeyBits)
  );
}
