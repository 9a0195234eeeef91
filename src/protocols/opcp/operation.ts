import type { Static, TSchema } from 'typebox';
import type { Caller, CallerClaims, Scope } from './callers.ts';

/** Certification authorities of the enrolment service, as its paths name them. */
export const CA_NAMES = ['cpo', 'mo', 'oem', 'veh', 'cps'] as const;

export type CaName = (typeof CA_NAMES)[number];

export type PoolService = 'Token' | 'RCP' | 'PCP' | 'CPS' | 'CCP' | 'EST' | 'OCSP' | 'Webhook' | 'Registry';

export type Access =
  | { readonly kind: 'public' }
  | { readonly kind: 'callers'; readonly callers: readonly Caller[] }
  /** Differs by the authority that the path or query names. */
  | { readonly kind: 'by-ca'; readonly callers: Readonly<Record<CaName, readonly Caller[]>> }
  /** The TLS client certificate speaks instead of a token. */
  | { readonly kind: 'client-certificate' };

/** What a body is on the wire. */
export type BodyKind = 'none' | 'json' | 'json-or-form' | 'pkcs10' | 'pkcs7' | 'ocsp-request' | 'ocsp-response';

export const CONTENT_TYPES: Readonly<Record<Exclude<BodyKind, 'none'>, string>> = {
  json: 'application/json',
  'json-or-form': 'application/json',
  pkcs10: 'application/pkcs10',
  pkcs7: 'application/pkcs7-mime; smime-type=certs-only',
  'ocsp-request': 'application/ocsp-request',
  'ocsp-response': 'application/ocsp-response',
};

/** A published refusal: status and text. Texts with `…` are completed by the service. */
export interface PublishedError {
  readonly status: number;
  readonly message: string;
}

/** One operation of the pools. Routes, client, documentation and journal names are derived from it. */
export interface PoolOperation<
  Params extends TSchema | undefined = TSchema | undefined,
  Query extends TSchema | undefined = TSchema | undefined,
  Headers extends TSchema | undefined = TSchema | undefined,
  Body extends TSchema | undefined = TSchema | undefined,
  Answer extends TSchema | undefined = TSchema | undefined,
> {
  /** Unique; also the journal's name of the operation. */
  readonly name: string;
  readonly service: PoolService;
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** The first one is what our client uses; a service answers on all of them. Parts in braces are parameters. */
  readonly paths: readonly [string, ...string[]];
  /** The same operation under the naming of the successor protocol OPNC. */
  readonly opncPaths?: readonly string[];
  readonly summary: string;
  readonly docs: string;
  readonly access: Access;
  readonly scope?: Scope;
  /** The identifier of which the caller must be the owner. */
  readonly ownership?: 'pcid' | 'emaid' | 'operator';
  readonly params?: Params;
  /** Values that a path parameter must have for the path to be this operation's. */
  readonly paramForms?: Readonly<Record<string, RegExp>>;
  readonly query?: Query;
  readonly headers?: Headers;
  readonly request: { readonly kind: BodyKind; readonly schema?: Body; readonly example?: unknown };
  readonly response: {
    readonly status: 200 | 201;
    readonly kind: BodyKind;
    readonly schema?: Answer;
    readonly example?: unknown;
  };
  readonly errors: readonly PublishedError[];
  readonly deprecated?: true;
}

type StaticOr<Schema, Otherwise> = Schema extends TSchema ? Static<Schema> : Otherwise;

export type ParamsOf<O> = O extends PoolOperation<infer P> ? StaticOr<P, undefined> : never;
export type QueryOf<O> =
  O extends PoolOperation<TSchema | undefined, infer Q> ? Partial<StaticOr<Q, Record<never, never>>> : never;
export type HeadersOf<O> =
  O extends PoolOperation<TSchema | undefined, TSchema | undefined, infer H>
    ? Partial<StaticOr<H, Record<never, never>>>
    : never;
export type RequestOf<O> =
  O extends PoolOperation<TSchema | undefined, TSchema | undefined, TSchema | undefined, infer B>
    ? StaticOr<B, Uint8Array | undefined>
    : never;
export type AnswerOf<O> =
  O extends PoolOperation<TSchema | undefined, TSchema | undefined, TSchema | undefined, TSchema | undefined, infer A>
    ? StaticOr<A, undefined>
    : never;

/** Declares a row; the types of client and handler follow from the schemas, name and kind of the answer stay literal. */
export function poolOperation<
  const Name extends string,
  const Kind extends BodyKind,
  Params extends TSchema | undefined = undefined,
  Query extends TSchema | undefined = undefined,
  Headers extends TSchema | undefined = undefined,
  Body extends TSchema | undefined = undefined,
  Answer extends TSchema | undefined = undefined,
>(
  row: PoolOperation<Params, Query, Headers, Body, Answer> & OperationLiterals<Name, Kind>,
): PoolOperation<Params, Query, Headers, Body, Answer> & OperationLiterals<Name, Kind> {
  return row;
}

/** What stays literal of a row. */
export interface OperationLiterals<Name extends string, Kind extends BodyKind> {
  readonly name: Name;
  readonly response: { readonly kind: Kind };
}

export function callers(...list: readonly Caller[]): Access {
  return { kind: 'callers', callers: list };
}

export type AccessVerdict =
  | { readonly allowed: true }
  | { readonly allowed: false; readonly status: 401 | 403; readonly message: string };

/**
 * Whether the access matrix lets the holder of these claims call the operation; `undefined` claims mean no valid token.
 * Ownership of the PCID, EMAID or operator id in the message is for the caller of this function to check.
 */
export function checkAccess(
  operation: PoolOperation,
  claims: CallerClaims | undefined,
  ca?: CaName,
  hasClientCertificate = false,
): AccessVerdict {
  const { access, scope, name } = operation;
  if (access.kind === 'public') return { allowed: true };
  if (access.kind === 'client-certificate') {
    if (hasClientCertificate) return { allowed: true };
    return { allowed: false, status: 401, message: `${name} asks for a TLS client certificate.` };
  }
  if (claims === undefined) return { allowed: false, status: 401, message: 'A valid access token is needed.' };
  const granted = access.kind === 'callers' ? access.callers : ca === undefined ? [] : access.callers[ca];
  const who = access.kind === 'by-ca' ? `${name} of "${ca ?? '?'}"` : name;
  if (!claims.callers.some((caller) => granted.includes(caller))) {
    const roles = claims.callers.join(', ') || 'no known role';
    return { allowed: false, status: 403, message: `${who} is not for ${roles}.` };
  }
  if (scope !== undefined && !claims.scopes.includes(scope)) {
    return { allowed: false, status: 403, message: `The token lacks the scope ${scope}.` };
  }
  return { allowed: true };
}
