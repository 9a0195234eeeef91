import { createHash } from 'node:crypto';
import { type Certificate, isSelfIssued, serialNumberHex } from './certificate.ts';

export type HashAlgorithm = 'SHA256' | 'SHA384' | 'SHA512';

/** How OCPP names a certificate (CertificateHashDataType); the same three values are an RFC 6960 CertID. */
export interface CertificateHashData {
  readonly hashAlgorithm: HashAlgorithm;
  /** Hash over the DER of the issuer name as it stands in the certificate; hex in lower case. */
  readonly issuerNameHash: string;
  /** Hash over the issuer's public key bits, without tag, length and unused-bits octet; hex in lower case. */
  readonly issuerKeyHash: string;
  /** Hex without leading zeros. */
  readonly serialNumber: string;
}

/** OCSPRequestDataType of OCPP: hash data and where the certificate says it can be asked. */
export interface OcspRequestData extends CertificateHashData {
  readonly responderURL: string;
}

function digest(algorithm: HashAlgorithm, bytes: Uint8Array): string {
  return createHash(algorithm.toLowerCase()).update(bytes).digest('hex');
}

/** Hash data of a certificate below `issuer`; a root is its own issuer. */
export function hashDataOf(
  certificate: Certificate,
  issuer: Certificate,
  hashAlgorithm: HashAlgorithm = 'SHA256',
): CertificateHashData {
  return {
    hashAlgorithm,
    issuerNameHash: digest(hashAlgorithm, certificate.issuerDer),
    issuerKeyHash: digest(hashAlgorithm, issuer.publicKeyBits),
    serialNumber: serialNumberHex(certificate.serialNumber),
  };
}

/**
 * Hash data of a chain, leaf first. The last certificate needs its issuer: itself when it is a root, else `root`; without
 * it that last one is left out.
 */
export function hashDataOfChain(
  chain: readonly Certificate[],
  root: Certificate | undefined,
  hashAlgorithm: HashAlgorithm = 'SHA256',
): readonly CertificateHashData[] {
  return chain.flatMap((certificate, i) => {
    const issuer = chain[i + 1] ?? (isSelfIssued(certificate) ? certificate : root);
    return issuer === undefined ? [] : [hashDataOf(certificate, issuer, hashAlgorithm)];
  });
}

/** What a station sends with Authorize: one entry per certificate that names its OCSP responder, at most 4. */
export function ocspRequestDataOfChain(
  chain: readonly Certificate[],
  root: Certificate | undefined,
  hashAlgorithm: HashAlgorithm = 'SHA256',
): readonly OcspRequestData[] {
  return chain
    .flatMap((certificate, i) => {
      const issuer = chain[i + 1] ?? root;
      const [responderURL] = certificate.ocspUrls;
      if (issuer === undefined || responderURL === undefined) return [];
      return [{ ...hashDataOf(certificate, issuer, hashAlgorithm), responderURL }];
    })
    .slice(0, 4);
}

function serialValue(text: string): bigint | undefined {
  return /^(0x)?[0-9a-fA-F]+$/.test(text) ? BigInt(`0x${text.replace(/^0x/, '')}`) : undefined;
}

/** Whether two hash data name the same certificate: hex in any case, serial numbers as numbers. */
export function isSameHashData(a: CertificateHashData, b: CertificateHashData): boolean {
  const serial = serialValue(a.serialNumber);
  return (
    a.hashAlgorithm === b.hashAlgorithm &&
    a.issuerNameHash.toLowerCase() === b.issuerNameHash.toLowerCase() &&
    a.issuerKeyHash.toLowerCase() === b.issuerKeyHash.toLowerCase() &&
    serial !== undefined &&
    serial === serialValue(b.serialNumber)
  );
}
