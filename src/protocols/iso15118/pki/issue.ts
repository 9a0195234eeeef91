import { createHash } from 'node:crypto';
import { OctetString } from '@peculiar/asn1-schema';
import {
  AccessDescription,
  Certificate as Asn1Certificate,
  AuthorityInfoAccessSyntax,
  AuthorityKeyIdentifier,
  BasicConstraints,
  ExtendedKeyUsage,
  Extension,
  Extensions,
  GeneralName,
  id_ce_authorityKeyIdentifier,
  id_ce_basicConstraints,
  id_ce_extKeyUsage,
  id_ce_keyUsage,
  id_ce_subjectAltName,
  id_ce_subjectKeyIdentifier,
  id_pe_authorityInfoAccess,
  KeyIdentifier,
  KeyUsage,
  KeyUsageFlags,
  Name,
  SubjectAlternativeName,
  SubjectKeyIdentifier,
  SubjectPublicKeyInfo,
  TBSCertificate,
  Validity,
  Version,
} from '@peculiar/asn1-x509';
import type { Entropy } from '../../../core/entropy.ts';
import { wholeSecondDate } from '../../../core/time.ts';
import type { Curve, Signer } from '../keys/ec-key.ts';
import { type Certificate, type KeyUsageName, parseCertificate } from './certificate.ts';
import { asBuffer, parseDer, serialize } from './der.ts';
import { type DistinguishedName, toAsn1Name } from './names.ts';
import type { CertificateProfile } from './profiles.ts';
import { publicKeyInfo, signatureAlgorithm, signDer } from './signature-algorithms.ts';

export interface IssueOrder {
  readonly profile: CertificateProfile;
  /** In the order of its encoding. The profile's domain component is added when it is not in it. */
  readonly subject: DistinguishedName;
  readonly publicKey: { readonly curve: Curve; readonly publicPoint: Uint8Array };
  /** The issuing certificate and its key; `self` for a root. */
  readonly issuer: { readonly certificate: Certificate | 'self'; readonly signer: Signer };
  readonly notBeforeMs: number;
  /** Without it: as long as the profile says. */
  readonly notAfterMs?: number;
  readonly entropy: Entropy;
  readonly ocspUrl?: string;
  readonly dnsNames?: readonly string[];
  readonly ipAddresses?: readonly string[];
  /** Instead of 16 random octets. */
  readonly serialNumber?: Uint8Array;
}

const OCSP_ACCESS = '1.3.6.1.5.5.7.48.1';
const DAY_MS = 86_400_000;

/**
 * RFC 5280 section 4.2.1.2 method 2: 0100 and the last 60 bits of the SHA-1. 8 octets instead of 20 in every certificate
 * keep contract data within OCPP's 5,600 characters.
 */
export function shortKeyId(publicPoint: Uint8Array): Uint8Array {
  const id = new Uint8Array(createHash('sha1').update(publicPoint).digest()).slice(-8);
  id[0] = 0x40 | ((id[0] ?? 0) & 0x0f);
  return id;
}

/** 16 octets, positive and of full length, so that DER adds none. */
function randomSerial(entropy: Entropy): Uint8Array {
  const serial = entropy(16);
  serial[0] = ((serial[0] ?? 0) & 0x3f) | 0x40;
  return serial;
}

function keyUsageBits(names: readonly KeyUsageName[]): KeyUsage {
  return new KeyUsage(names.reduce((bits, name) => bits | KeyUsageFlags[name], 0));
}

function extension(oid: string, critical: boolean, value: unknown): Extension {
  return new Extension({ extnID: oid, critical, extnValue: new OctetString(asBuffer(serialize(value))) });
}

function extensionsOf(order: IssueOrder, subjectKeyId: Uint8Array): Extensions {
  const { profile, issuer, ocspUrl, dnsNames = [], ipAddresses = [] } = order;
  const list = new Extensions();
  const constraints = new BasicConstraints({ cA: profile.isCa });
  if (profile.pathLength !== undefined) constraints.pathLenConstraint = profile.pathLength;
  list.push(extension(id_ce_basicConstraints, true, constraints));
  list.push(extension(id_ce_keyUsage, true, keyUsageBits(profile.keyUsage)));
  list.push(extension(id_ce_subjectKeyIdentifier, false, new SubjectKeyIdentifier(asBuffer(subjectKeyId))));
  if (issuer.certificate !== 'self') {
    const id = issuer.certificate.subjectKeyId ?? shortKeyId(issuer.certificate.publicKeyBits);
    const authority = new AuthorityKeyIdentifier({ keyIdentifier: new KeyIdentifier(asBuffer(id)) });
    list.push(extension(id_ce_authorityKeyIdentifier, false, authority));
  }
  if (ocspUrl !== undefined && profile.hasOcspUrl) {
    const location = new GeneralName({ uniformResourceIdentifier: ocspUrl });
    const access = new AccessDescription({ accessMethod: OCSP_ACCESS, accessLocation: location });
    list.push(extension(id_pe_authorityInfoAccess, false, new AuthorityInfoAccessSyntax([access])));
  }
  if (profile.extendedKeyUsage.length > 0) {
    list.push(extension(id_ce_extKeyUsage, false, new ExtendedKeyUsage([...profile.extendedKeyUsage])));
  }
  if (dnsNames.length + ipAddresses.length > 0) {
    const names = [
      ...dnsNames.map((dNSName) => new GeneralName({ dNSName })),
      ...ipAddresses.map((iPAddress) => new GeneralName({ iPAddress })),
    ];
    list.push(extension(id_ce_subjectAltName, false, new SubjectAlternativeName(names)));
  }
  return list;
}

function completeSubject({ subject, profile }: IssueOrder): DistinguishedName {
  const { domainComponent } = profile;
  if (domainComponent === undefined || subject.some((part) => part.type === 'DC')) return subject;
  return [...subject, { type: 'DC', value: domainComponent }];
}

/** Makes a certificate of the profile. The same order with the same entropy gives the same octets. */
export function issueCertificate(order: IssueOrder): Certificate {
  const { profile, publicKey, issuer, notBeforeMs } = order;
  const subject = toAsn1Name(completeSubject(order));
  const algorithm = signatureAlgorithm(issuer.signer);
  const info = publicKeyInfo(publicKey.curve, publicKey.publicPoint);
  const issuerName =
    issuer.certificate === 'self' ? subject : parseDer(issuer.certificate.subjectDer, Name, 'issuer name');
  const tbsCertificate = new TBSCertificate({
    version: Version.v3,
    serialNumber: asBuffer(order.serialNumber ?? randomSerial(order.entropy)),
    signature: algorithm,
    issuer: issuerName,
    validity: new Validity({
      notBefore: wholeSecondDate(notBeforeMs),
      notAfter: wholeSecondDate(order.notAfterMs ?? notBeforeMs + profile.validityDays * DAY_MS),
    }),
    subject,
    subjectPublicKeyInfo: parseDer(info, SubjectPublicKeyInfo, 'public key'),
    extensions: extensionsOf(order, shortKeyId(publicKey.publicPoint)),
  });
  const certificate = new Asn1Certificate({
    tbsCertificate,
    signatureAlgorithm: algorithm,
    signatureValue: signDer(issuer.signer, serialize(tbsCertificate)),
  });
  return parseCertificate(serialize(certificate));
}
