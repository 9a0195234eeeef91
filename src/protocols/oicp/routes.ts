import {
  OPERATION_NAMES,
  OPERATIONS,
  type OperationName,
  operationRow,
  type PagedOperation,
  type PathIdsOf,
  type RequestOf,
} from './operations.ts';
import type { PageQuery } from './paging.ts';

/** The prefix of every path, below the base address of a partner. */
export const OICP_PREFIX = '/api/oicp';

export const JSON_CONTENT_TYPE = 'application/json;charset=UTF-8';

/** The hub sends its id of the processing on every answer. */
export const PROCESS_ID_HEADER = 'Process-ID';

/** An HTTP request without the address it goes to. */
export interface OicpRequest {
  readonly method: 'POST';
  /** Percent-encoded, without query. */
  readonly path: string;
  /** Without `?`; empty when there is none. */
  readonly query: string;
  readonly body: string;
}

export type ParamsOf<Name extends OperationName> = PathIdsOf<Name> &
  (Name extends PagedOperation ? Partial<PageQuery> : unknown);

/** The request that calls an operation. Undefined members of the body are left out. */
export function buildRequest<Name extends OperationName>(
  name: Name,
  params: ParamsOf<Name>,
  body: RequestOf<Name>,
): OicpRequest {
  return requestWithText(name, params, JSON.stringify(body));
}

/** Like `buildRequest`, with the body as text: forwarding keeps what the sender wrote, and tests may send anything. */
export function requestWithText(
  name: OperationName,
  params: Readonly<Record<string, unknown>>,
  body: string,
): OicpRequest {
  const { path, pathId, paged } = operationRow(name);
  const query = new URLSearchParams();
  if (paged) {
    for (const key of ['page', 'size'] as const) if (params[key] !== undefined) query.set(key, String(params[key]));
    const { sort = [] } = params;
    if (Array.isArray(sort)) for (const entry of sort) query.append('sort', String(entry));
  }
  const id = pathId === undefined ? '' : String(params[pathId] ?? '');
  if (pathId !== undefined && id === '') throw new RangeError(`${name} needs the path parameter ${pathId}`);
  return { method: 'POST', path: path.replace(/\{\w+\}/, encodeURIComponent(id)), query: query.toString(), body };
}

export type RouteMatch =
  | {
      readonly found: true;
      readonly operation: OperationName;
      /** Decoded id of the path; undefined for the notifications, whose path names nobody. */
      readonly pathId: string | undefined;
      readonly query: URLSearchParams;
    }
  /** `method`: the path is an operation's, which only takes POST. `encoding`: its id is not valid percent-encoding. */
  | { readonly found: false; readonly reason: 'path' | 'method' | 'encoding' };

interface Route {
  readonly operation: OperationName;
  readonly before: string;
  readonly after: string;
}

const ROUTES: readonly Route[] = OPERATION_NAMES.map((operation) => {
  const [before = '', after] = OPERATIONS[operation].path.split(/\{\w+\}/);
  return after === undefined ? { operation, before: '', after: before } : { operation, before, after };
});

/**
 * The operation that a request calls. `target` is the request target, with or without query, from `/api/oicp` on. Ids
 * may come raw (`DE*ABC`) or percent-encoded (`DE%2AABC`); a `+` stays a `+`.
 */
export function matchRoute(method: string, target: string): RouteMatch {
  const cut = target.indexOf('?');
  const path = cut < 0 ? target : target.slice(0, cut);
  for (const { operation, before, after } of ROUTES) {
    if (!path.startsWith(before) || !path.endsWith(after)) continue;
    const encodedId = path.slice(before.length, path.length - after.length);
    if (before === '' ? encodedId !== '' : encodedId === '' || encodedId.includes('/')) continue;
    if (method !== 'POST') return { found: false, reason: 'method' };
    const pathId = decode(encodedId);
    if (pathId === undefined) return { found: false, reason: 'encoding' };
    const query = new URLSearchParams(cut < 0 ? '' : target.slice(cut + 1));
    return { found: true, operation, pathId: before === '' ? undefined : pathId, query };
  }
  return { found: false, reason: 'path' };
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
