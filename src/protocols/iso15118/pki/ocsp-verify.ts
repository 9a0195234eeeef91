import { type Certificate, isSignedBy, serialNumberHex } from './certificate.ts';
import { type OcspAnswer, parseOcspResponse } from './ocsp.ts';
import { EXTENDED_KEY_USAGE } from './profiles.ts';
import { verifyDer } from './signature-algorithms.ts';
import { type CertificateState, isIssuedBy } from './status.ts';

export interface OcspCheck {
  readonly response: Uint8Array;
  readonly certificate: Certificate;
  readonly issuer: Certificate;
  readonly nowMs: number;
  /** The nonce that was asked with; an answer without one is accepted, a wrong one is not. */
  readonly nonce?: Uint8Array;
}

export type OcspVerdict =
  | { readonly ok: true; readonly status: CertificateState; readonly nextUpdateMs: number | undefined }
  | { readonly ok: false; readonly problem: string };

/** Clocks of responder and client may differ by this. */
const CLOCK_TOLERANCE_MS = 300_000;

/** Verifies an answer for one certificate: signer, time, nonce. Says in plain words what is wrong with it. */
export function verifyOcspResponse(check: OcspCheck): OcspVerdict {
  const refuse = (problem: string): OcspVerdict => ({ ok: false, problem });
  const answer = parseOcspResponse(check.response);
  if (answer.kind === 'failure') return refuse(`The OCSP responder answered ${answer.failure}.`);
  if (!hasAuthorisedSignature(answer, check)) {
    return refuse('The OCSP answer is signed neither by the issuer nor by a signer that the issuer appointed.');
  }
  const { nonce } = check;
  if (nonce !== undefined && answer.nonce !== undefined && Buffer.compare(answer.nonce, nonce) !== 0) {
    return refuse('The OCSP answer carries another nonce than the question.');
  }
  const single = answer.answers.find(
    ({ certificate: id }) =>
      isIssuedBy(id, check.issuer) && id.serialNumber === serialNumberHex(check.certificate.serialNumber),
  );
  if (single === undefined) return refuse('The OCSP answer does not speak about this certificate.');
  if (single.thisUpdateMs > check.nowMs + CLOCK_TOLERANCE_MS) return refuse('The OCSP answer is from the future.');
  if (single.nextUpdateMs !== undefined && single.nextUpdateMs < check.nowMs - CLOCK_TOLERANCE_MS) {
    return refuse('The OCSP answer is out of date.');
  }
  return { ok: true, status: single.status, nextUpdateMs: single.nextUpdateMs };
}

function hasAuthorisedSignature(answer: OcspAnswer & { kind: 'answer' }, check: OcspCheck): boolean {
  const { signatureAlgorithm: algorithm, signedDer, signature } = answer;
  const { issuer, nowMs } = check;
  if (issuer.publicKey !== undefined && verifyDer(algorithm, issuer.publicKey, signedDer, signature)) return true;
  return answer.certificates.some(
    (candidate) =>
      candidate.publicKey !== undefined &&
      candidate.extendedKeyUsage.includes(EXTENDED_KEY_USAGE.ocspSigning) &&
      candidate.notBeforeMs <= nowMs &&
      nowMs <= candidate.notAfterMs &&
      isSignedBy(candidate, issuer) &&
      verifyDer(algorithm, candidate.publicKey, signedDer, signature),
  );
}
