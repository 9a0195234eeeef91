import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { p256, p521 } from '@noble/curves/nist.js';
import type { Entropy } from '../../../core/entropy.ts';
import { Iso15118Error } from '../error.ts';

/** The curves whose keys this room can make: ISO 15118-2 uses the first, -20 the second. */
export type Curve = 'secp256r1' | 'secp521r1';

export const CURVE_NAMES: readonly Curve[] = ['secp256r1', 'secp521r1'];

interface CurveFacts {
  readonly engine: typeof p256;
  readonly jwkName: string;
  /** Octets of a private scalar, a coordinate and a shared secret. */
  readonly fieldBytes: number;
}

const CURVES: Readonly<Record<Curve, CurveFacts>> = {
  secp256r1: { engine: p256, jwkName: 'P-256', fieldBytes: 32 },
  secp521r1: { engine: p521, jwkName: 'P-521', fieldBytes: 66 },
};

/**
 * What issuing and signing need of a key; a key in other hands can stand behind it. A signature is r || s (IEEE P1363)
 * over the curve's own hash: SHA-256 or SHA-512.
 */
export interface Signer {
  readonly curve: Curve;
  /** Uncompressed point: 04 || X || Y. */
  readonly publicPoint: Uint8Array;
  sign(data: Uint8Array): Uint8Array;
}

/** A private key in memory. Its signatures are deterministic (RFC 6979). */
export class EcPrivateKey implements Signer {
  readonly curve: Curve;
  readonly publicPoint: Uint8Array;
  readonly #scalar: Uint8Array;

  private constructor(curve: Curve, scalar: Uint8Array) {
    this.curve = curve;
    this.#scalar = scalar;
    this.publicPoint = CURVES[curve].engine.getPublicKey(scalar, false);
  }

  static generate(curve: Curve, entropy: Entropy): EcPrivateKey {
    const { engine } = CURVES[curve];
    return new EcPrivateKey(curve, engine.utils.randomSecretKey(entropy(engine.lengths.seed ?? 0)));
  }

  /** From a big-endian scalar of exactly the curve's length. Throws `KEY_INVALID`. */
  static fromScalar(curve: Curve, scalar: Uint8Array): EcPrivateKey {
    if (scalar.length !== CURVES[curve].fieldBytes || !CURVES[curve].engine.utils.isValidSecretKey(scalar)) {
      throw new Iso15118Error('KEY_INVALID', `${scalar.length} bytes that are no private key of ${curve}`);
    }
    return new EcPrivateKey(curve, Uint8Array.from(scalar));
  }

  /** From a PEM text in PKCS#8 or SEC1 form. Throws `KEY_INVALID`. */
  static fromPem(pem: string): EcPrivateKey {
    let jwk: { crv?: string | undefined; d?: string | undefined };
    try {
      jwk = createPrivateKey(pem).export({ format: 'jwk' });
    } catch (cause) {
      throw new Iso15118Error('KEY_INVALID', 'No readable private key in the PEM text', { cause });
    }
    const curve = curveOfJwk(jwk.crv);
    if (curve === undefined || jwk.d === undefined) {
      throw new Iso15118Error('KEY_INVALID', `A private key on ${jwk.crv ?? 'no curve'}; P-256 or P-521 is needed`);
    }
    return EcPrivateKey.fromScalar(curve, new Uint8Array(Buffer.from(jwk.d, 'base64url')));
  }

  sign(data: Uint8Array): Uint8Array {
    return CURVES[this.curve].engine.sign(data, this.#scalar, { lowS: false });
  }

  /** The x coordinate of the shared point (32 or 66 octets). Throws `KEY_INVALID` for a point off the curve. */
  sharedSecret(peerPoint: Uint8Array): Uint8Array {
    try {
      return CURVES[this.curve].engine.getSharedSecret(this.#scalar, peerPoint, true).slice(1);
    } catch (cause) {
      throw new Iso15118Error('KEY_INVALID', `The peer’s public key is no point of ${this.curve}`, { cause });
    }
  }

  /** The scalar, big-endian, to be wrapped or stored. A secret: it never goes into a log. */
  exportScalar(): Uint8Array {
    return Uint8Array.from(this.#scalar);
  }

  /** PKCS#8 PEM. A secret. */
  exportPem(): string {
    const { jwkName } = CURVES[this.curve];
    const d = Buffer.from(this.#scalar).toString('base64url');
    const key = createPrivateKey({
      format: 'jwk',
      key: { kty: 'EC', crv: jwkName, d, ...pointCoordinates(this.publicPoint) },
    });
    return key.export({ format: 'pem', type: 'pkcs8' }).toString();
  }
}

function curveOfJwk(name: string | undefined): Curve | undefined {
  if (name === 'P-256') return 'secp256r1';
  return name === 'P-521' ? 'secp521r1' : undefined;
}

function pointCoordinates(point: Uint8Array): { x: string; y: string } {
  const half = (point.length - 1) / 2;
  const part = (from: number): string => Buffer.from(point.subarray(from, from + half)).toString('base64url');
  return { x: part(1), y: part(1 + half) };
}

/** The node:crypto key of an uncompressed point. Throws `KEY_INVALID` for a point off the curve. */
export function publicKeyOfPoint(curve: Curve, point: Uint8Array): KeyObject {
  const { jwkName, fieldBytes } = CURVES[curve];
  if (point.length !== 2 * fieldBytes + 1 || point[0] !== 4) {
    throw new Iso15118Error('KEY_INVALID', `${point.length} bytes that are no uncompressed point of ${curve}`);
  }
  try {
    return createPublicKey({ format: 'jwk', key: { kty: 'EC', crv: jwkName, ...pointCoordinates(point) } });
  } catch (cause) {
    throw new Iso15118Error('KEY_INVALID', `The public key is no point of ${curve}`, { cause });
  }
}

/** The same signature as the DER sequence that certificates, CSRs and OCSP answers carry. */
export function derSignature(rawSignature: Uint8Array): Uint8Array {
  const half = rawSignature.length / 2;
  const body = [derInteger(rawSignature.subarray(0, half)), derInteger(rawSignature.subarray(half))].flat();
  return Uint8Array.from([0x30, ...derLength(body.length), ...body]);
}

function derLength(length: number): number[] {
  return length < 0x80 ? [length] : [0x81, length];
}

function derInteger(bigEndian: Uint8Array): number[] {
  const first = bigEndian.findIndex((octet) => octet !== 0);
  const magnitude = Array.from(first < 0 ? [0] : bigEndian.subarray(first));
  if ((magnitude[0] ?? 0) >= 0x80) magnitude.unshift(0);
  return [0x02, ...derLength(magnitude.length), ...magnitude];
}
