import { createCipheriv, createDecipheriv, createHash, timingSafeEqual } from 'node:crypto';
import type { Entropy } from '../../../core/entropy.ts';
import { Iso15118Error } from '../error.ts';
import { type Curve, EcPrivateKey } from './ec-key.ts';

/**
 * How a contract's private key reaches the vehicle: an ephemeral key agreement with the vehicle's provisioning key, a
 * one-step key derivation, and a symmetric cipher over the private scalar.
 */
export interface WrappedContractKey {
  /** The ephemeral public key, an uncompressed point: 65 octets (-2) or 133 octets (-20). */
  readonly dhPublicKey: Uint8Array;
  /** -2: IV || ciphertext, 48 octets. -20: IV || ciphertext || tag, 94 octets. */
  readonly encryptedPrivateKey: Uint8Array;
}

/** AlgorithmID 01, PartyUInfo "U", PartyVInfo "V" ([V2G2-818]). */
const OTHER_INFO = Uint8Array.of(0x01, 0x55, 0x56);

function deriveKey(hash: 'sha256' | 'sha512', shared: Uint8Array, length: number): Buffer {
  const counter = Uint8Array.of(0, 0, 0, 1);
  return createHash(hash).update(counter).update(shared).update(OTHER_INFO).digest().subarray(0, length);
}

function requireFit(scalar: Uint8Array, curve: Curve, contractPublicPoint: Uint8Array): EcPrivateKey {
  const mismatch = 'The decrypted key does not belong to the contract certificate: another vehicle key was meant';
  let key: EcPrivateKey;
  try {
    key = EcPrivateKey.fromScalar(curve, scalar);
  } catch (cause) {
    throw new Iso15118Error('KEY_MISMATCH', mismatch, { cause });
  }
  const same =
    key.publicPoint.length === contractPublicPoint.length && timingSafeEqual(key.publicPoint, contractPublicPoint);
  if (!same) throw new Iso15118Error('KEY_MISMATCH', mismatch);
  return key;
}

function requireLength(what: string, bytes: Uint8Array, length: number): void {
  if (bytes.length !== length) {
    throw new Iso15118Error('KEY_INVALID', `${what} has ${bytes.length} bytes, not ${length}`);
  }
}

/** ISO 15118-2 section 7.9.2.4.3: ECDH on P-256, concat KDF with SHA-256, AES-128-CBC without padding. */
export function wrapContractKeyIso2(
  contractKey: EcPrivateKey,
  vehiclePublicPoint: Uint8Array,
  entropy: Entropy,
): WrappedContractKey {
  const scalar = contractKey.exportScalar();
  requireLength('The contract key', scalar, 32);
  const ephemeral = EcPrivateKey.generate('secp256r1', entropy);
  const sessionKey = deriveKey('sha256', ephemeral.sharedSecret(vehiclePublicPoint), 16);
  const iv = entropy(16);
  const cipher = createCipheriv('aes-128-cbc', sessionKey, iv).setAutoPadding(false);
  const ciphertext = Buffer.concat([cipher.update(scalar), cipher.final()]);
  return { dhPublicKey: ephemeral.publicPoint, encryptedPrivateKey: new Uint8Array(Buffer.concat([iv, ciphertext])) };
}

/**
 * The vehicle's side. Throws `KEY_INVALID` for fields of the wrong size and `KEY_MISMATCH` when the result is not the key
 * of `contractPublicPoint`, as it is with a wrong provisioning key.
 */
export function unwrapContractKeyIso2(
  wrapped: WrappedContractKey,
  vehicleKey: EcPrivateKey,
  contractPublicPoint: Uint8Array,
): EcPrivateKey {
  requireLength('The encrypted private key', wrapped.encryptedPrivateKey, 48);
  const sessionKey = deriveKey('sha256', vehicleKey.sharedSecret(wrapped.dhPublicKey), 16);
  const iv = wrapped.encryptedPrivateKey.subarray(0, 16);
  const decipher = createDecipheriv('aes-128-cbc', sessionKey, iv).setAutoPadding(false);
  const scalar = Buffer.concat([decipher.update(wrapped.encryptedPrivateKey.subarray(16)), decipher.final()]);
  return requireFit(scalar, 'secp256r1', contractPublicPoint);
}

/** What -20 authenticates beside the key: PCID and subject key identifier of the contract certificate [V2G20-2492]. */
export interface KeyTransportContext {
  readonly pcid: string;
  readonly contractSubjectKeyId: Uint8Array;
}

function additionalData(context: KeyTransportContext): Uint8Array {
  const keyId = Buffer.from(context.contractSubjectKeyId).toString('hex').toUpperCase();
  return new TextEncoder().encode(context.pcid.toUpperCase() + keyId);
}

/**
 * ISO 15118-20 on secp521r1: ECDH, concat KDF with SHA-512 to 256 bits, AES-256-GCM. No vector of another maker was
 * found for the key derivation: take it as our reading.
 */
export function wrapContractKeyIso20(
  contractKey: EcPrivateKey,
  vehiclePublicPoint: Uint8Array,
  context: KeyTransportContext,
  entropy: Entropy,
): WrappedContractKey {
  const scalar = contractKey.exportScalar();
  requireLength('The contract key', scalar, 66);
  const ephemeral = EcPrivateKey.generate('secp521r1', entropy);
  const sessionKey = deriveKey('sha512', ephemeral.sharedSecret(vehiclePublicPoint), 32);
  const iv = entropy(12);
  const cipher = createCipheriv('aes-256-gcm', sessionKey, iv).setAAD(additionalData(context));
  const sealed = Buffer.concat([iv, cipher.update(scalar), cipher.final(), cipher.getAuthTag()]);
  return { dhPublicKey: ephemeral.publicPoint, encryptedPrivateKey: new Uint8Array(sealed) };
}

/** The vehicle's side of -20; errors as in `unwrapContractKeyIso2`. */
export function unwrapContractKeyIso20(
  wrapped: WrappedContractKey,
  vehicleKey: EcPrivateKey,
  context: KeyTransportContext,
  contractPublicPoint: Uint8Array,
): EcPrivateKey {
  const sealed = wrapped.encryptedPrivateKey;
  requireLength('The encrypted private key', sealed, 94);
  const sessionKey = deriveKey('sha512', vehicleKey.sharedSecret(wrapped.dhPublicKey), 32);
  const decipher = createDecipheriv('aes-256-gcm', sessionKey, sealed.subarray(0, 12));
  decipher.setAAD(additionalData(context)).setAuthTag(sealed.subarray(78));
  let scalar: Buffer;
  try {
    scalar = Buffer.concat([decipher.update(sealed.subarray(12, 78)), decipher.final()]);
  } catch (cause) {
    throw new Iso15118Error('KEY_MISMATCH', 'The encrypted key was not sealed for this vehicle and contract', {
      cause,
    });
  }
  return requireFit(scalar, 'secp521r1', contractPublicPoint);
}
