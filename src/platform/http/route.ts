import type { IncomingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';
import type { Static, TSchema } from 'typebox';
import type { ErrorCode } from '../../core/errors.ts';
import type { Access, Actor } from './access.ts';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** A request as a handler sees it: everything that the route declares has been validated. */
export interface ApiRequest<Params = unknown, Query = unknown, Body = unknown> {
  readonly params: Params;
  readonly query: Query;
  /** Parsed JSON; the raw bytes for `reads: 'bytes'`; a stream for `reads: 'stream'`. */
  readonly body: Body;
  readonly method: string;
  /** Path and query as they came. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly remoteAddress: string;
  /** Who asks. Everybody is `admin` on a service without access tokens (it listens on this machine only). */
  readonly actor: Actor;
  /** The access token behind the request, to ask another service in the same name; none where none is needed. */
  readonly token: string | undefined;
  /** The client's certificate in DER, when it showed one (mutual TLS), and whether our authorities vouch for it. */
  readonly clientCertificate: { readonly der: Uint8Array; readonly trusted: boolean } | undefined;
}

interface Declared<Params, Query, Body> {
  readonly method: Method;
  /** With named parts, for example `/stations/{id}`; a last part `{rest*}` takes the remaining path. */
  readonly path: string;
  readonly summary: string;
  readonly description?: string;
  readonly tags?: readonly string[];
  /** Who may: `viewer` for GET and `operator` for everything else, unless said. `public` asks for nothing. */
  readonly access?: Access;
  readonly params?: Params;
  readonly query?: Query;
  /** Present: the body is required, unless `bodyOptional`. */
  readonly body?: Body;
  readonly bodyOptional?: boolean;
  /** What the answer looks like, for documentation; checked when the service runs with `checkResponses`. */
  readonly response?: TSchema;
  /** The status of a success, for documentation; 200 (204 without a `response`). */
  readonly status?: number;
  /** A PUT that answers 201 when it made the thing; for documentation. */
  readonly creates?: true;
  /** Content type of a success that is not JSON. */
  readonly produces?: string;
  /** The problems to expect beyond INVALID_REQUEST, for documentation. */
  readonly problems?: readonly ErrorCode[];
  /** `operationId` of OpenAPI; made from method and path when absent. */
  readonly id?: string;
  /** Leaves the route out of the documentation. */
  readonly hidden?: boolean;
}

type StaticOr<Schema, Otherwise> = Schema extends TSchema ? Static<Schema> : Otherwise;

/** A route whose body is JSON (or that has none). */
export interface JsonRoute<Params, Query, Body> extends Declared<Params, Query, Body> {
  readonly reads?: 'json';
  handler(request: ApiRequest<StaticOr<Params, unknown>, StaticOr<Query, unknown>, StaticOr<Body, undefined>>): unknown;
}

/** A route that gets the body as it came: for protocols that record the exact bytes, and for uploads. */
export interface RawRoute<Params, Query, Kind extends 'bytes' | 'stream'> extends Declared<Params, Query, undefined> {
  readonly reads: Kind;
  /** Content type of the body, for documentation. */
  readonly consumes?: string;
  /** What a JSON body looks like, and one worked example: for documentation only, nothing is checked. */
  readonly bodySchema?: TSchema;
  readonly example?: unknown;
  /** `false`: params and query are for documentation only too; the protocol behind the route judges them itself. */
  readonly checked?: false;
  /** The longest body; the service's `bodyLimitBytes` when absent. A stream's limit is its reader's business. */
  readonly bodyLimitBytes?: number;
  handler(
    request: ApiRequest<StaticOr<Params, unknown>, StaticOr<Query, unknown>, Kind extends 'bytes' ? Buffer : Readable>,
  ): unknown;
}

/** Any route, as the service mounts it. */
export interface Route extends Declared<TSchema | undefined, TSchema | undefined, TSchema | undefined> {
  readonly reads?: 'json' | 'bytes' | 'stream';
  readonly consumes?: string;
  readonly bodySchema?: TSchema;
  readonly example?: unknown;
  readonly checked?: false;
  readonly bodyLimitBytes?: number;
  handler(request: ApiRequest): unknown;
}

/** Declares a route; the handler's types follow from the schemas. */
export function route<
  Params extends TSchema | undefined = undefined,
  Query extends TSchema | undefined = undefined,
  Body extends TSchema | undefined = undefined,
>(declared: JsonRoute<Params, Query, Body>): Route {
  return declared as unknown as Route;
}

/** Declares a route that reads its body raw. */
export function rawRoute<
  Kind extends 'bytes' | 'stream',
  Params extends TSchema | undefined = undefined,
  Query extends TSchema | undefined = undefined,
>(declared: RawRoute<Params, Query, Kind>): Route {
  return declared as unknown as Route;
}

/** A set of routes with its own OpenAPI document and Swagger UI. One service can have several. */
export interface ApiDocument {
  readonly title: string;
  readonly description: string;
  /** Stands before every route's path, for example `/api/v1`. */
  readonly prefix: string;
  /** Where the Swagger UI is, for example `/api/docs`. `openapi.json` stands beside it (`/api/openapi.json`). */
  readonly docsPath: string;
  readonly tags?: readonly { readonly name: string; readonly description: string }[];
  readonly routes: readonly Route[];
}

/** The parts `{name}` of a path, and the path as the router writes it. */
export function routerPath(path: string): string {
  return path.replace(/\{(\w+)\*\}$/, '*').replace(/\{(\w+)\}/g, ':$1');
}

/** The name of a last part `{rest*}`. */
export function restName(path: string): string | undefined {
  return /\{(\w+)\*\}$/.exec(path)?.[1];
}

/** Where a document's OpenAPI stands: beside its docs page. */
export function openapiPath(document: ApiDocument): string {
  return `${document.docsPath.slice(0, document.docsPath.lastIndexOf('/'))}/openapi.json`;
}
