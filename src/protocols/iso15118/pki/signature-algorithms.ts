import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import { AlgorithmIdentifier } from '@peculiar/asn1-x509';
import { type Curve, derSignature, type Signer } from '../keys/ec-key.ts';
import { asBuffer, tlv } from './der.ts';

/** Hash of a signature algorithm by its OID; `null` where the algorithm hashes by itself (Ed448, Ed25519). */
const HASH_BY_OID: ReadonlyMap<string, string | null> = new Map([
  ['1.2.840.10045.4.3.2', 'sha256'],
  ['1.2.840.10045.4.3.3', 'sha384'],
  ['1.2.840.10045.4.3.4', 'sha512'],
  ['1.2.840.113549.1.1.11', 'sha256'],
  ['1.2.840.113549.1.1.12', 'sha384'],
  ['1.2.840.113549.1.1.13', 'sha512'],
  ['1.3.101.112', null],
  ['1.3.101.113', null],
]);

const OID_BY_CURVE: Readonly<Record<Curve, string>> = {
  secp256r1: '1.2.840.10045.4.3.2',
  secp521r1: '1.2.840.10045.4.3.4',
};

/** The curve OIDs of RFC 5480 as DER object identifiers. */
const CURVE_OID: Readonly<Record<Curve, Uint8Array>> = {
  secp256r1: Uint8Array.of(0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07),
  secp521r1: Uint8Array.of(0x06, 0x05, 0x2b, 0x81, 0x04, 0x00, 0x23),
};

const EC_PUBLIC_KEY_OID = Uint8Array.of(0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01);

/** SubjectPublicKeyInfo (RFC 5280 section 4.1.2.7) of an uncompressed point. */
export function publicKeyInfo(curve: Curve, point: Uint8Array): Uint8Array {
  return tlv(0x30, tlv(0x30, EC_PUBLIC_KEY_OID, CURVE_OID[curve]), tlv(0x03, Uint8Array.of(0), point));
}

export function signatureAlgorithm(signer: Signer): AlgorithmIdentifier {
  return new AlgorithmIdentifier({ algorithm: OID_BY_CURVE[signer.curve] });
}

export function signDer(signer: Signer, data: Uint8Array): ArrayBuffer {
  return asBuffer(derSignature(signer.sign(data)));
}

/** Whether `signature` (DER for ECDSA) fits; false for algorithms that nobody should use (SHA-1, MD5). */
export function verifyDer(algorithm: string, key: KeyObject, data: Uint8Array, signature: Uint8Array): boolean {
  const hash = HASH_BY_OID.get(algorithm);
  if (hash === undefined) return false;
  try {
    return verify(hash, data, key, signature);
  } catch {
    return false;
  }
}

/** The key of a SubjectPublicKeyInfo, `undefined` where OpenSSL does not know it. */
export function keyOfInfo(info: Uint8Array): KeyObject | undefined {
  try {
    return createPublicKey({ key: Buffer.from(info), format: 'der', type: 'spki' });
  } catch {
    return undefined;
  }
}

/** Names of node:crypto for curves and key types, in the words of the pools. */
export function keyKind(key: KeyObject | undefined): string {
  if (key === undefined) return 'unknown';
  const curve = key.asymmetricKeyDetails?.namedCurve;
  if (curve === 'prime256v1') return 'secp256r1';
  return curve ?? key.asymmetricKeyType ?? 'unknown';
}
