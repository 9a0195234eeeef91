import { fromPemBase64OrDer, wrapBase64 } from '../iso15118/pki/pem.ts';
import { decodeCertsOnly, encodeCertsOnly } from '../iso15118/pki/pkcs7.ts';

/** Bodies of the enrolment service: base64 of DER in lines of 76 columns (RFC 7030 section 4, RFC 8951). */

const COLUMNS = 76;

/** A signing request for `simpleenroll`. */
export function encodeEstRequest(pkcs10: Uint8Array): Uint8Array {
  return new TextEncoder().encode(`${wrapBase64(pkcs10, COLUMNS)}\n`);
}

/** An answer with exactly these DER certificates. */
export function encodeEstCertificates(certificates: readonly Uint8Array[]): Uint8Array {
  return new TextEncoder().encode(`${wrapBase64(encodeCertsOnly(certificates), COLUMNS)}\n`);
}

/** The DER certificates of an answer in base64, PEM or bare DER. Throws `Iso15118Error`. */
export function decodeEstCertificates(body: Uint8Array): readonly Uint8Array[] {
  return decodeCertsOnly(fromPemBase64OrDer(['PKCS7'], body));
}

/** Headers of an enrolment answer. */
export const EST_ANSWER_HEADERS = {
  'content-type': 'application/pkcs7-mime; smime-type=certs-only',
  'content-transfer-encoding': 'base64',
} as const;
