import { createHash, type KeyObject } from 'node:crypto';
import {
  Certificate as Asn1Certificate,
  AuthorityInfoAccessSyntax,
  AuthorityKeyIdentifier,
  BasicConstraints,
  CRLDistributionPoints,
  ExtendedKeyUsage,
  type Extension,
  id_ce_authorityKeyIdentifier,
  id_ce_basicConstraints,
  id_ce_cRLDistributionPoints,
  id_ce_extKeyUsage,
  id_ce_keyUsage,
  id_ce_subjectKeyIdentifier,
  id_pe_authorityInfoAccess,
  KeyUsage,
  SubjectKeyIdentifier,
} from '@peculiar/asn1-x509';
import { childrenOf, integerValue, parseDer, readTlv } from './der.ts';
import { type DistinguishedName, fromAsn1Name, nameText } from './names.ts';
import { fromPem, fromPemBase64OrDer } from './pem.ts';
import { keyKind, keyOfInfo, verifyDer } from './signature-algorithms.ts';

export type KeyUsageName =
  | 'digitalSignature'
  | 'nonRepudiation'
  | 'keyEncipherment'
  | 'dataEncipherment'
  | 'keyAgreement'
  | 'keyCertSign'
  | 'cRLSign'
  | 'encipherOnly'
  | 'decipherOnly';

/** The facts of a certificate, as the rest of this room reads them. Instants are epoch milliseconds. */
export interface Certificate {
  readonly der: Uint8Array;
  readonly subject: DistinguishedName;
  readonly issuer: DistinguishedName;
  /** The names exactly as encoded: hashes and chain building use these. */
  readonly subjectDer: Uint8Array;
  readonly issuerDer: Uint8Array;
  readonly serialNumber: bigint;
  readonly notBeforeMs: number;
  readonly notAfterMs: number;
  readonly publicKey: KeyObject | undefined;
  /** `secp256r1`, `secp521r1`, `ed448`, `rsa` … */
  readonly keyKind: string;
  /** The value of the subjectPublicKey bit string: for EC the uncompressed point. */
  readonly publicKeyBits: Uint8Array;
  /** `undefined` where there are no basic constraints. */
  readonly isCa: boolean | undefined;
  readonly pathLength: number | undefined;
  /** `undefined` where the extension is missing. */
  readonly keyUsage: readonly KeyUsageName[] | undefined;
  readonly extendedKeyUsage: readonly string[];
  readonly subjectKeyId: Uint8Array | undefined;
  readonly authorityKeyId: Uint8Array | undefined;
  readonly ocspUrls: readonly string[];
  readonly crlUrls: readonly string[];
  readonly criticalExtensions: readonly string[];
  readonly signatureAlgorithm: string;
  readonly signature: Uint8Array;
  /** The octets that are signed. */
  readonly signedDer: Uint8Array;
}

const OCSP_ACCESS = '1.3.6.1.5.5.7.48.1';

const KEY_USAGE_BY_LIBRARY: Readonly<Record<string, KeyUsageName>> = { crlSign: 'cRLSign' };

class Extensions {
  readonly #list: readonly Extension[];

  constructor(list: readonly Extension[]) {
    this.#list = list;
  }

  read<T>(oid: string, structure: new () => T, what: string): T | undefined {
    const found = this.#list.find((extension) => extension.extnID === oid);
    if (found === undefined) return undefined;
    return parseDer(new Uint8Array(found.extnValue.buffer), structure, what);
  }
}

/** Reads a DER certificate. Throws `ASN1_INVALID`. */
export function parseCertificate(der: Uint8Array): Certificate {
  const parsed = parseDer(der, Asn1Certificate, 'certificate');
  const { tbsCertificate } = parsed;
  const [tbs] = childrenOf(readTlv(der).value);
  const signedDer = tbs?.whole ?? der;
  const fields = childrenOf(readTlv(signedDer).value);
  // Version, the only optional field before the names, is tagged [0].
  const start = fields[0]?.tag === 0xa0 ? 1 : 0;
  const info = fields[start + 5]?.whole ?? der;
  const extensions = new Extensions(tbsCertificate.extensions ?? []);
  const constraints = extensions.read(id_ce_basicConstraints, BasicConstraints, 'basicConstraints');
  const usage = extensions.read(id_ce_keyUsage, KeyUsage, 'keyUsage');
  const subjectKeyId = extensions.read(id_ce_subjectKeyIdentifier, SubjectKeyIdentifier, 'subject key identifier');
  const authority = extensions.read(id_ce_authorityKeyIdentifier, AuthorityKeyIdentifier, 'authority key identifier');
  const access = extensions.read(id_pe_authorityInfoAccess, AuthorityInfoAccessSyntax, 'authority information access');
  const crls = extensions.read(id_ce_cRLDistributionPoints, CRLDistributionPoints, 'CRL distribution points');
  const publicKey = keyOfInfo(info);
  return {
    der,
    subject: fromAsn1Name(tbsCertificate.subject),
    issuer: fromAsn1Name(tbsCertificate.issuer),
    issuerDer: fields[start + 2]?.whole ?? der,
    subjectDer: fields[start + 4]?.whole ?? der,
    serialNumber: integerValue(new Uint8Array(tbsCertificate.serialNumber)),
    notBeforeMs: tbsCertificate.validity.notBefore.getTime().getTime(),
    notAfterMs: tbsCertificate.validity.notAfter.getTime().getTime(),
    publicKey,
    keyKind: keyKind(publicKey),
    publicKeyBits: new Uint8Array(tbsCertificate.subjectPublicKeyInfo.subjectPublicKey),
    isCa: constraints?.cA,
    pathLength: constraints?.pathLenConstraint,
    keyUsage: usage?.toJSON().map((name) => KEY_USAGE_BY_LIBRARY[name] ?? (name as KeyUsageName)),
    extendedKeyUsage: extensions.read(id_ce_extKeyUsage, ExtendedKeyUsage, 'extended key usage') ?? [],
    subjectKeyId: subjectKeyId && new Uint8Array(subjectKeyId.buffer),
    authorityKeyId: authority?.keyIdentifier && new Uint8Array(authority.keyIdentifier.buffer),
    ocspUrls: (access ?? []).flatMap(({ accessMethod, accessLocation: { uniformResourceIdentifier: url } }) =>
      accessMethod === OCSP_ACCESS && url !== undefined ? [url] : [],
    ),
    crlUrls: (crls ?? []).flatMap(({ distributionPoint }) =>
      (distributionPoint?.fullName ?? []).flatMap(({ uniformResourceIdentifier: url }) => url ?? []),
    ),
    criticalExtensions: (tbsCertificate.extensions ?? []).flatMap(({ extnID, critical }) => (critical ? extnID : [])),
    signatureAlgorithm: parsed.signatureAlgorithm.algorithm,
    signature: new Uint8Array(parsed.signatureValue),
    signedDer,
  };
}

/** All certificates of a PEM text, in its order. Throws `PEM_INVALID` or `ASN1_INVALID`. */
export function parseCertificateChainPem(pem: string): readonly Certificate[] {
  return fromPem('CERTIFICATE', pem).map(parseCertificate);
}

/** One certificate given as PEM, base64 or DER. */
export function readCertificate(content: string | Uint8Array): Certificate {
  return parseCertificate(fromPemBase64OrDer(['CERTIFICATE'], content));
}

export function isSelfIssued(certificate: Certificate): boolean {
  return Buffer.compare(certificate.subjectDer, certificate.issuerDer) === 0;
}

/** Whether the issuer's key made the signature of the certificate. */
export function isSignedBy(certificate: Certificate, issuer: Certificate): boolean {
  if (issuer.publicKey === undefined) return false;
  const { signatureAlgorithm, signedDer, signature } = certificate;
  return verifyDer(signatureAlgorithm, issuer.publicKey, signedDer, signature);
}

/** SHA-256 over the DER, lower-case hex: the pools' fingerprint. */
export function fingerprint(certificate: Certificate, hash: 'sha256' | 'sha1' = 'sha256'): string {
  return createHash(hash).update(certificate.der).digest('hex');
}

/** Hex in lower case without leading zeros, as OCPP 2.0.1 ed. 3 wants serial numbers. */
export function serialNumberHex(serialNumber: bigint): string {
  return serialNumber.toString(16);
}

/** One line for people: `CN=…,O=… (serial 1a2b)`. */
export function describeCertificate(certificate: Certificate): string {
  return `${nameText(certificate.subject)} (serial ${serialNumberHex(certificate.serialNumber)})`;
}
