import { createHash, type KeyObject, verify } from 'node:crypto';
import { encodeFragment } from '../exi/codec.ts';
import type { SchemaSet } from '../exi/grammar.ts';
import { type SignatureElement, type SignedInfoElement, XMLDSIG } from '../exi/xmldsig.ts';
import type { Curve, Signer } from '../keys/ec-key.ts';

/**
 * XML signatures over EXI (ISO 15118-2 section 7.9.2.4.2): each signed element is hashed as an EXI fragment of its own
 * schema; SignedInfo is encoded with the XML Signature schema alone and signed.
 */

/** An element that is signed: its name in the fragment grammar, its Id and its value. */
export interface SignedPart {
  readonly element: string;
  readonly id: string;
  readonly value: unknown;
}

const EXI_TRANSFORM = 'http://www.w3.org/TR/canonical-exi/';

interface Suite {
  readonly signature: string;
  readonly digest: string;
  readonly hash: string;
}

const SUITES: Readonly<Record<Curve, Suite>> = {
  secp256r1: {
    signature: 'http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256',
    digest: 'http://www.w3.org/2001/04/xmlenc#sha256',
    hash: 'sha256',
  },
  secp521r1: {
    signature: 'http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha512',
    digest: 'http://www.w3.org/2001/04/xmlenc#sha512',
    hash: 'sha512',
  },
};

/** Hash by algorithm name; `null` for Ed448, which hashes by itself. */
const SIGNATURE_HASHES: ReadonlyMap<string, string | null> = new Map([
  [SUITES.secp256r1.signature, 'sha256'],
  ['http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha384', 'sha384'],
  [SUITES.secp521r1.signature, 'sha512'],
  ['http://www.w3.org/2021/04/xmldsig-more#eddsa-ed448', null],
]);
const DIGEST_HASHES: ReadonlyMap<string, string> = new Map([
  [SUITES.secp256r1.digest, 'sha256'],
  ['http://www.w3.org/2001/04/xmldsig-more#sha384', 'sha384'],
  [SUITES.secp521r1.digest, 'sha512'],
]);

/** The signature over the parts, with one reference each in the given order. */
export function signParts(schema: SchemaSet, parts: readonly SignedPart[], signer: Signer): SignatureElement {
  const suite = SUITES[signer.curve];
  const SignedInfo: SignedInfoElement = {
    CanonicalizationMethod: { Algorithm: EXI_TRANSFORM },
    SignatureMethod: { Algorithm: suite.signature },
    Reference: parts.map(({ element, id, value }) => ({
      URI: `#${id}`,
      Transforms: { Transform: [{ Algorithm: EXI_TRANSFORM }] },
      DigestMethod: { Algorithm: suite.digest },
      DigestValue: new Uint8Array(
        createHash(suite.hash)
          .update(encodeFragment(schema, element, value))
          .digest(),
      ),
    })),
  };
  const value = signer.sign(encodeFragment(XMLDSIG, 'SignedInfo', SignedInfo));
  return { SignedInfo, SignatureValue: { value } };
}

/**
 * How a digest compares. `typed` is a match only in the encoding that EXI 1.0 section 8.5.3 forbids for this element and
 * some stacks use all the same: accepted, and worth a finding.
 */
export type DigestVerdict = 'match' | 'typed' | 'mismatch' | 'unknown-algorithm';

export interface DigestCheck {
  readonly element: string;
  /** `missing`: the signature does not cover the element. */
  readonly verdict: DigestVerdict | 'missing';
}

export interface SignatureCheck {
  /** Whether the signature over SignedInfo is the key's. */
  readonly isSignatureValid: boolean;
  readonly digests: readonly DigestCheck[];
  /** Everything holds: signature, and a digest for every part. */
  readonly ok: boolean;
}

/** Checks a signature over the parts that must be covered. Nothing in it throws: a bad signature is a result. */
export function checkSignature(
  schema: SchemaSet,
  parts: readonly SignedPart[],
  signature: SignatureElement | undefined,
  key: KeyObject | undefined,
): SignatureCheck {
  const digests = parts.map(({ element, id, value }): DigestCheck => {
    const reference = signature?.SignedInfo.Reference.find(({ URI }) => URI === `#${id}`);
    if (reference === undefined) return { element, verdict: 'missing' };
    const hash = DIGEST_HASHES.get(reference.DigestMethod.Algorithm);
    if (hash === undefined) return { element, verdict: 'unknown-algorithm' };
    const matches = (relaxed: boolean): boolean => {
      const fragment = encodeFragment(schema, element, value, { relaxed });
      return Buffer.compare(createHash(hash).update(fragment).digest(), reference.DigestValue) === 0;
    };
    if (matches(true)) return { element, verdict: 'match' };
    return { element, verdict: matches(false) ? 'typed' : 'mismatch' };
  });
  const isSignatureValid = signature !== undefined && key !== undefined && isSignedInfoValid(signature, key);
  const covered = digests.every(({ verdict }) => verdict === 'match' || verdict === 'typed');
  return { isSignatureValid, digests, ok: isSignatureValid && covered };
}

function isSignedInfoValid(signature: SignatureElement, key: KeyObject): boolean {
  const hash = SIGNATURE_HASHES.get(signature.SignedInfo.SignatureMethod.Algorithm);
  if (hash === undefined) return false;
  const signed = encodeFragment(XMLDSIG, 'SignedInfo', signature.SignedInfo);
  try {
    return verify(hash, signed, { key, dsaEncoding: 'ieee-p1363' }, signature.SignatureValue.value);
  } catch {
    return false;
  }
}
