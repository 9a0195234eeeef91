import type { HttpServer } from '../../link/http-port.ts';
import { Content } from '../../platform/http/answers.ts';
import { type ApiDocument, type Route, rawRoute } from '../../platform/http/route.ts';
import { CONTENT_TYPES, POOL_OPERATIONS, type PoolOperation } from '../../protocols/opcp/index.ts';

/** The longest body of a pool message is signed contract data: a few certificates in XML in base64. */
const MAX_BODY_BYTES = 1_048_576;
const METHODS = ['GET', 'POST', 'PUT', 'DELETE'] as const;

const SERVICES: Readonly<Record<PoolOperation['service'], string>> = {
  Token: 'Access tokens (OAuth 2 client credentials).',
  RCP: 'Root certificate pool.',
  PCP: 'Provisioning certificate pool: vehicles.',
  CPS: 'Certificate provisioning service: signs contract data.',
  CCP: 'Contract certificate pool.',
  EST: 'Enrolment over secure transport.',
  OCSP: 'Certificate status.',
  Webhook: 'Events.',
  Registry: 'Stations that may enrol.',
};

function pathsOf(operation: PoolOperation): readonly string[] {
  return [...operation.paths, ...(operation.opncPaths ?? [])];
}

function described(operation: PoolOperation): string {
  const { docs, access, errors, scope } = operation;
  const who =
    access.kind === 'callers'
      ? access.callers.join(', ')
      : access.kind === 'by-ca'
        ? Object.entries(access.callers)
            .map(([ca, callers]) => `${ca}: ${callers.join(', ')}`)
            .join('; ')
        : access.kind === 'public'
          ? 'everybody'
          : 'the holder of the TLS client certificate';
  const others = pathsOf(operation).slice(1);
  return [
    docs,
    `For ${who}${scope === undefined ? '' : `, with the scope \`${scope}\``}.`,
    ...(others.length === 0 ? [] : [`Also at ${others.map((path) => `\`${path}\``).join(', ')}.`]),
    ...(errors.length === 0
      ? []
      : [`Refusals: ${errors.map(({ status, message }) => `${status} "${message}"`).join('; ')}`]),
  ].join('\n\n');
}

function poolRoute(operation: PoolOperation, path: string, hidden: boolean, serve: HttpServer): Route {
  const { name, service, method, summary, params, query, request, response } = operation;
  return rawRoute({
    method,
    path,
    reads: 'bytes',
    // The pools have tokens of their own, and refusals of their own for everything.
    access: 'public',
    checked: false,
    hidden,
    id: hidden ? `${name} ${path}` : name,
    summary: `${name}: ${summary}`,
    description: described(operation),
    tags: [service],
    bodyLimitBytes: MAX_BODY_BYTES,
    status: response.status,
    ...(params === undefined ? {} : { params }),
    ...(query === undefined ? {} : { query }),
    ...(request.kind === 'none' ? {} : { consumes: CONTENT_TYPES[request.kind] }),
    ...(request.schema === undefined ? {} : { bodySchema: request.schema }),
    ...(request.example === undefined ? {} : { example: request.example }),
    ...(response.schema === undefined ? {} : { response: response.schema }),
    ...(response.kind === 'none' || response.kind === 'json' || response.kind === 'json-or-form'
      ? {}
      : { produces: CONTENT_TYPES[response.kind] }),
    handler: served(serve),
  });
}

function served(serve: HttpServer): Parameters<typeof rawRoute<'bytes'>>[0]['handler'] {
  return async ({ method, url, headers, body, remoteAddress, clientCertificate }) => {
    const bytes = body instanceof Uint8Array ? body : new Uint8Array();
    const answer = await serve({ method, url, headers, body: bytes, remoteAddress, clientCertificate });
    const { 'content-type': contentType = 'text/plain', ...others } = answer.headers;
    return new Content(contentType, Buffer.from(answer.body), { status: answer.status, headers: others });
  };
}

/** The documented routes of the pools: each operation once, its other paths hidden. Docs at `/docs`. */
export function poolDocument(serve: HttpServer): ApiDocument {
  return {
    title: 'Plug & Charge pools',
    description:
      'The operations of the Plug & Charge trust environment: token service, root, provisioning and contract pools, enrolment, OCSP and events. Get a token first: `POST /oauth/token`. Refusals are `{errorMessages, traceId}`.',
    prefix: '',
    docsPath: '/docs',
    tags: Object.entries(SERVICES).map(([name, description]) => ({ name, description })),
    routes: (POOL_OPERATIONS as readonly PoolOperation[]).flatMap((operation) =>
      pathsOf(operation).map((path, at) => poolRoute(operation, path, at > 0, serve)),
    ),
  };
}

/**
 * Everything else that comes below the pools' own prefixes: other spellings of a path, other methods, unknown addresses.
 * They get the pools' refusals, not ours.
 */
export function poolRemainders(serve: HttpServer): Route[] {
  return ['/v1', '/opnc', '/.well-known', '/est', '/pki', '/cps', '/oauth'].flatMap((prefix) =>
    METHODS.map((method) =>
      rawRoute({
        method,
        path: `${prefix}/{rest*}`,
        reads: 'bytes',
        access: 'public',
        checked: false,
        hidden: true,
        summary: 'Everything else of the pools',
        bodyLimitBytes: MAX_BODY_BYTES,
        handler: served(serve),
      }),
    ),
  );
}
