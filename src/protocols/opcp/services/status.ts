import Type from 'typebox';
import { poolOperation } from '../operation.ts';

/** Certificate status over HTTP (RFC 6960 appendix A), for everybody. */
export const statusOperations = [
  poolOperation({
    name: 'ocspPost',
    service: 'OCSP',
    method: 'POST',
    paths: ['/ocsp', '/'],
    summary: 'Ask for the status of certificates',
    docs: 'An OCSP request in DER in, an OCSP response in DER out. The address stands in the certificates. No token.',
    access: { kind: 'public' },
    request: { kind: 'ocsp-request' },
    response: { status: 200, kind: 'ocsp-response' },
    errors: [],
  }),
  poolOperation({
    name: 'ocspGet',
    service: 'OCSP',
    method: 'GET',
    paths: ['/ocsp/{request*}'],
    summary: 'Ask for the status of certificates by GET',
    docs: 'The request as base64 in the path, percent-encoded or in the URL alphabet. Base64 has slashes, so the rest of the path is taken.',
    access: { kind: 'public' },
    params: Type.Object({ request: Type.String() }),
    request: { kind: 'none' },
    response: { status: 200, kind: 'ocsp-response' },
    errors: [],
  }),
] as const;

/** The DER request in the path of a GET. Throws nothing: what is no base64 gives octets that no parser takes. */
export function ocspRequestOfPath(part: string): Uint8Array {
  return new Uint8Array(Buffer.from(part.replace(/\s/g, '+'), 'base64'));
}
