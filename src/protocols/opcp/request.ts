import { Value } from 'typebox/value';
import { CompoteError } from '../../core/errors.ts';
import { parseJson } from '../../core/json.ts';
import { decodeEstCertificates, encodeEstRequest } from './est-bodies.ts';
import {
  type AnswerOf,
  CONTENT_TYPES,
  type HeadersOf,
  type ParamsOf,
  type PoolOperation,
  type QueryOf,
  type RequestOf,
} from './operation.ts';

/** What a client sends, free of any transport. Header names are in lower case. */
export interface PoolHttpRequest {
  readonly method: string;
  /** Path and query, to be put behind the base address. */
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array | undefined;
}

export interface PoolHttpResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Uint8Array;
}

export interface PoolCall<O extends PoolOperation> {
  readonly params?: ParamsOf<O>;
  readonly query?: QueryOf<O>;
  readonly headers?: HeadersOf<O>;
  /** JSON value; DER octets for signing requests and OCSP. */
  readonly body?: RequestOf<O>;
  /** Bearer token, where the operation asks for one. */
  readonly token?: string;
  /** One of the operation's other paths, to talk to a service that has only that one. */
  readonly path?: string;
}

function fields(value: unknown): readonly (readonly [string, string])[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, text]) =>
    text === undefined || text === null ? [] : [[name, String(text)] as const],
  );
}

function targetOf(operation: PoolOperation, call: PoolCall<PoolOperation>): string {
  const params = new Map(fields(call.params));
  const path = (call.path ?? operation.paths[0]).replace(/\{(\w+)\*?\}/g, (_, name: string) => {
    const value = params.get(name);
    if (value === undefined || value === '') {
      throw new CompoteError('INVALID_REQUEST', {
        detail: `${operation.name} needs the path parameter ${name}`,
        fields: [{ pointer: `/path/${name}`, msg: 'is required' }],
      });
    }
    return encodeURIComponent(value);
  });
  const query = new URLSearchParams(Object.fromEntries(fields(call.query))).toString();
  return query === '' ? path : `${path}?${query}`;
}

function bodyOf(operation: PoolOperation, body: unknown): Uint8Array | undefined {
  const { kind } = operation.request;
  if (kind === 'none') return undefined;
  if (kind === 'json' || kind === 'json-or-form') return new TextEncoder().encode(JSON.stringify(body ?? {}));
  if (!(body instanceof Uint8Array)) {
    throw new CompoteError('INVALID_REQUEST', { detail: `${operation.name} needs the DER octets of its ${kind} body` });
  }
  return kind === 'pkcs10' ? encodeEstRequest(body) : body;
}

/** The HTTP request of a call. Contents are not validated: wrong messages may be sent on purpose. */
export function buildPoolRequest<O extends PoolOperation>(operation: O, call: PoolCall<O>): PoolHttpRequest {
  const { request, response, method } = operation;
  const headers: Record<string, string> = {};
  if (call.token !== undefined) headers['authorization'] = `Bearer ${call.token}`;
  if (request.kind !== 'none') headers['content-type'] = CONTENT_TYPES[request.kind];
  if (request.kind === 'pkcs10') headers['content-transfer-encoding'] = 'base64';
  if (response.kind !== 'none') headers['accept'] = CONTENT_TYPES[response.kind].replace(/;.*/, '');
  for (const [name, value] of fields(call.headers)) headers[name.toLowerCase()] = value;
  const target = targetOf(operation, call as PoolCall<PoolOperation>);
  return { method, target, headers, body: bodyOf(operation, call.body) };
}

export type PoolAnswer<O extends PoolOperation> =
  | { readonly ok: true; readonly status: number; readonly value: ValueOfAnswer<O>; readonly fitsSchema: boolean }
  | {
      readonly ok: false;
      readonly status: number;
      readonly messages: readonly string[];
      readonly traceId: string | undefined;
      /** The JSON body of a refusal, for example the EXI answer of a 404 of the contract pool. */
      readonly body: unknown;
    };

/** JSON as declared; DER certificates of a PKCS#7; DER of an OCSP response; nothing. */
type ValueOfAnswer<O> = O extends { readonly response: { readonly kind: 'pkcs7' } }
  ? readonly Uint8Array[]
  : O extends { readonly response: { readonly kind: 'ocsp-response' } }
    ? Uint8Array
    : AnswerOf<O>;

function jsonOf(body: Uint8Array): unknown {
  try {
    return parseJson(Buffer.from(body).toString('utf8'));
  } catch {
    return undefined;
  }
}

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}

/**
 * Reads what came back. A refusal gives its texts, of the pools' or of the token service's error body. `fitsSchema` is
 * false for a JSON answer with other members or types than declared, which is a finding, not a failure. Throws
 * `Iso15118Error` for an enrolment answer that holds no certificates.
 */
export function readPoolResponse<O extends PoolOperation>(operation: O, response: PoolHttpResponse): PoolAnswer<O> {
  const { status, body } = response;
  if (status < 200 || status > 299) {
    const json = jsonOf(body);
    const list = member(json, 'errorMessages');
    const oauth = member(json, 'error_description') ?? member(json, 'error');
    const texts = Array.isArray(list) ? list.map(String) : oauth === undefined ? [] : [String(oauth)];
    const traceId = member(json, 'traceId');
    return {
      ok: false,
      status,
      messages: texts,
      traceId: traceId === undefined ? undefined : String(traceId),
      body: json,
    };
  }
  const read = readSuccess(operation, body);
  // The schema from which `ValueOfAnswer` is derived is the one that was checked.
  return { ok: true, status, value: read.value as ValueOfAnswer<O>, fitsSchema: read.fitsSchema };
}

function readSuccess(operation: PoolOperation, body: Uint8Array): { value: unknown; fitsSchema: boolean } {
  const { kind, schema } = operation.response;
  if (kind === 'pkcs7') return { value: decodeEstCertificates(body), fitsSchema: true };
  if (kind === 'ocsp-response') return { value: body, fitsSchema: true };
  if (kind === 'none' || schema === undefined) return { value: undefined, fitsSchema: true };
  const value = jsonOf(body);
  return { value, fitsSchema: Value.Check(schema, value) };
}
