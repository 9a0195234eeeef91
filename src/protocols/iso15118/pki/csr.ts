import type { KeyObject } from 'node:crypto';
import { Attributes, CertificationRequest, CertificationRequestInfo } from '@peculiar/asn1-csr';
import { OctetString } from '@peculiar/asn1-schema';
import {
  Attribute,
  BasicConstraints,
  ExtendedKeyUsage,
  Extension,
  Extensions,
  GeneralName,
  id_ce_basicConstraints,
  id_ce_extKeyUsage,
  id_ce_keyUsage,
  id_ce_subjectAltName,
  KeyUsage,
  KeyUsageFlags,
  SubjectAlternativeName,
  SubjectPublicKeyInfo,
} from '@peculiar/asn1-x509';
import { CURVE_NAMES, type Curve, type Signer } from '../keys/ec-key.ts';
import type { KeyUsageName } from './certificate.ts';
import { asBuffer, childrenOf, parseDer, readTlv, serialize } from './der.ts';
import { type DistinguishedName, fromAsn1Name, nameValue, toAsn1Name } from './names.ts';
import { fromPemBase64OrDer } from './pem.ts';
import { keyKind, keyOfInfo, publicKeyInfo, signatureAlgorithm, signDer, verifyDer } from './signature-algorithms.ts';

/** A PKCS#10 certificate signing request (RFC 2986). */
export interface SigningRequest {
  readonly der: Uint8Array;
  readonly subject: DistinguishedName;
  readonly publicKey: KeyObject | undefined;
  readonly keyKind: string;
  /** For EC the uncompressed point. */
  readonly publicKeyBits: Uint8Array;
  /** The key as `issueCertificate` takes it; `undefined` for kinds for which this room issues nothing. */
  readonly issuableKey: { readonly curve: Curve; readonly publicPoint: Uint8Array } | undefined;
  /** OID of the signature. */
  readonly signatureAlgorithm: string;
  /** Whether the requester holds the key: the request is signed with it. False for RSA-PSS, which is not verified here. */
  readonly isSignatureValid: boolean;
  /** What the request asks for beside the key usage. */
  readonly wishes: CertificateWishes;
}

/** For TLS: object identifiers of extended key usages, and host names. */
export interface CertificateWishes {
  readonly extendedKeyUsage: readonly string[];
  readonly dnsNames: readonly string[];
}

const NO_WISHES: CertificateWishes = { extendedKeyUsage: [], dnsNames: [] };

const EXTENSION_REQUEST = '1.2.840.113549.1.9.14';

/** The labels that PEM texts in the field carry. */
const PEM_LABELS = ['CERTIFICATE REQUEST', 'NEW CERTIFICATE REQUEST'];

/** The request of a key for itself, asking for the key usage (stations: digitalSignature, keyAgreement). */
export function createSigningRequest(
  subject: DistinguishedName,
  signer: Signer,
  keyUsage: readonly KeyUsageName[] = ['digitalSignature', 'keyAgreement'],
  { extendedKeyUsage, dnsNames }: CertificateWishes = NO_WISHES,
): Uint8Array {
  const wanted = (oid: string, value: unknown, critical = true): Extension =>
    new Extension({ extnID: oid, critical, extnValue: new OctetString(asBuffer(serialize(value))) });
  const usage = new KeyUsage(keyUsage.reduce((bits, name) => bits | KeyUsageFlags[name], 0));
  const extensions = new Extensions([
    wanted(id_ce_basicConstraints, new BasicConstraints({ cA: false })),
    wanted(id_ce_keyUsage, usage),
    ...(extendedKeyUsage.length === 0
      ? []
      : [wanted(id_ce_extKeyUsage, new ExtendedKeyUsage([...extendedKeyUsage]), false)]),
    ...(dnsNames.length === 0
      ? []
      : [
          wanted(
            id_ce_subjectAltName,
            new SubjectAlternativeName(dnsNames.map((dNSName) => new GeneralName({ dNSName }))),
            false,
          ),
        ]),
  ]);
  const info = publicKeyInfo(signer.curve, signer.publicPoint);
  const certificationRequestInfo = new CertificationRequestInfo({
    subject: toAsn1Name(subject),
    subjectPKInfo: parseDer(info, SubjectPublicKeyInfo, 'public key'),
    attributes: new Attributes([new Attribute({ type: EXTENSION_REQUEST, values: [asBuffer(serialize(extensions))] })]),
  });
  const request = new CertificationRequest({
    certificationRequestInfo,
    signatureAlgorithm: signatureAlgorithm(signer),
    signature: signDer(signer, serialize(certificationRequestInfo)),
  });
  return serialize(request);
}

/** Reads a request given as PEM, base64 or DER. Throws `PEM_INVALID`, `BASE64_INVALID` or `ASN1_INVALID`. */
export function readSigningRequest(content: string | Uint8Array): SigningRequest {
  const der = fromPemBase64OrDer(PEM_LABELS, content);
  const parsed = parseDer(der, CertificationRequest, 'certificate signing request');
  const [signed] = childrenOf(readTlv(der).value);
  const signedDer = signed?.whole ?? der;
  const info = childrenOf(readTlv(signedDer).value)[2]?.whole ?? der;
  const publicKey = keyOfInfo(info);
  const publicKeyBits = new Uint8Array(parsed.certificationRequestInfo.subjectPKInfo.subjectPublicKey);
  const curve = CURVE_NAMES.find((name) => name === keyKind(publicKey));
  return {
    der,
    subject: fromAsn1Name(parsed.certificationRequestInfo.subject),
    publicKey,
    keyKind: keyKind(publicKey),
    publicKeyBits,
    issuableKey: curve === undefined ? undefined : { curve, publicPoint: publicKeyBits },
    signatureAlgorithm: parsed.signatureAlgorithm.algorithm,
    isSignatureValid:
      publicKey !== undefined &&
      verifyDer(parsed.signatureAlgorithm.algorithm, publicKey, signedDer, new Uint8Array(parsed.signature)),
    wishes: wishesOf(parsed),
  };
}

function wishesOf({ certificationRequestInfo }: CertificationRequest): CertificateWishes {
  const asked = certificationRequestInfo.attributes.find(({ type }) => type === EXTENSION_REQUEST)?.values[0];
  if (asked === undefined) return NO_WISHES;
  const extensions = parseDer(new Uint8Array(asked), Extensions, 'extension request');
  const extensionOf = (oid: string): Uint8Array | undefined => {
    const found = extensions.find(({ extnID }) => extnID === oid);
    return found && new Uint8Array(found.extnValue.buffer);
  };
  const usage = extensionOf(id_ce_extKeyUsage);
  const names = extensionOf(id_ce_subjectAltName);
  return {
    extendedKeyUsage: usage === undefined ? [] : [...parseDer(usage, ExtendedKeyUsage, 'extended key usage')],
    dnsNames:
      names === undefined
        ? []
        : parseDer(names, SubjectAlternativeName, 'subject alternative name').flatMap(({ dNSName }) =>
            dNSName === undefined ? [] : [dNSName],
          ),
  };
}

/** What is wrong with a request for the curve, in plain words; empty when nothing is. */
export function lintSigningRequest(request: SigningRequest, curve: string): readonly string[] {
  const problems: string[] = [];
  if (!request.isSignatureValid) problems.push('The request is not signed by the key it asks a certificate for.');
  if (request.keyKind !== curve) problems.push(`The key is of kind ${request.keyKind}; ${curve} is needed.`);
  if (!nameValue(request.subject, 'CN')) problems.push('The subject has no common name (CN).');
  if (!nameValue(request.subject, 'O')) problems.push('The subject has no organisation (O).');
  return problems;
}
