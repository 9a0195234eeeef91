import type { Clock } from '../../core/clock.ts';
import { messageOf } from '../../core/errors.ts';
import type { Party, PartyRole } from '../../journal/entry.ts';
import { type HttpResponse, headerOf, type ServedRequest } from '../../link/http-port.ts';
import type { HttpTap } from '../../link/http-tap.ts';
import { httpServerHop, TRACEPARENT } from '../../link/trace-context.ts';
import type { Log } from '../../platform/logging/log.ts';
import { Iso15118Error } from '../../protocols/iso15118/index.ts';
import {
  type Caller,
  type CallerClaims,
  type CaName,
  CONTENT_TYPES,
  caOf,
  checkAccess,
  EMAID_PATTERN,
  EST_ANSWER_HEADERS,
  encodeEstCertificates,
  ownsEmaid,
  ownsPcid,
  type PoolMatch,
  type PoolOperation,
  PoolRouter,
  patternMessage,
  poolError,
} from '../../protocols/opcp/index.ts';
import { poolHandlers } from './pools/handlers.ts';
import { demandOwner, type PoolCall, PoolRefusal, type PoolReply, type PoolWorld } from './pools/pool-call.ts';
import { RequestShapes } from './pools/request-body.ts';

export interface PoolServerOptions {
  readonly world: PoolWorld;
  readonly clock: Clock;
  readonly log: Log;
  readonly tap: HttpTap;
}

const NOBODY: CallerClaims = { clientId: '', callers: [], scopes: [], wmis: [], providers: [], operators: [] };
const NOTHING = new Uint8Array();

/** The trust environment in the journal. */
const US: Party = { id: 'pnc', role: 'pnc' };

/** Which party of the journal a caller of the pools is. */
const PARTY_OF: Readonly<Record<Caller, PartyRole>> = {
  CPO: 'csms',
  MO_OWN_PKI: 'emp',
  MO_V2G_PKI: 'emp',
  OEM: 'ev',
  CPS: 'pnc',
  ADMIN: 'ui',
};

function jsonResponse(status: number, value: unknown, headers: Readonly<Record<string, string>> = {}): HttpResponse {
  return {
    status,
    headers: { 'content-type': 'application/json', ...headers },
    body: new TextEncoder().encode(JSON.stringify(value)),
  };
}

/**
 * Serves every operation of the pools: finds it, lets the faults have their way, checks token, access and shape, calls the
 * handler and puts its reply on the wire. Whatever goes wrong leaves as the published error body.
 */
export class PoolServer {
  readonly #options: PoolServerOptions;
  readonly #router = new PoolRouter();
  readonly #shapes = new RequestShapes();
  readonly #handlers: Readonly<Record<string, (call: PoolCall) => PoolReply>>;

  constructor(options: PoolServerOptions) {
    this.#options = options;
    // Each handler takes the call of its own operation; the table that names them is the one that routes.
    this.#handlers = poolHandlers(options.world) as unknown as Record<string, (call: PoolCall) => PoolReply>;
  }

  /** Whether a request is one of the pools' at all. */
  knows(method: string, target: string): boolean {
    return this.#router.match(method, target).kind === 'match';
  }

  async serve(request: ServedRequest): Promise<HttpResponse> {
    const { world, clock, tap } = this.#options;
    const found = this.#router.match(request.method, request.url);
    const operation = found.kind === 'match' ? found.match.operation : undefined;
    const claims = this.#claims(request);
    const caller = callerOf(typeof claims === 'string' ? undefined : claims, request);
    const recorded = tap.request(
      { a: caller, b: US },
      {
        action: operation?.name ?? '',
        messageId: '',
        method: request.method,
        target: request.url,
        headers: request.headers,
        body: request.body,
        trace:
          headerOf(request.headers, TRACEPARENT) === undefined ? undefined : httpServerHop(request.headers, world.ids),
        flags: operation === undefined ? ['malformed'] : [],
        origin: 'peer',
      },
    );
    const { delayMs, ocspDelayMs } = world.faults.now;
    const waitMs = operation?.service === 'OCSP' ? Math.max(delayMs, ocspDelayMs) : delayMs;
    if (waitMs > 0) await clock.sleep(waitMs);
    const response = this.#respond(found, request, claims);
    tap.response(recorded, { ...response, origin: 'system' });
    return response;
  }

  #respond(
    found: ReturnType<PoolRouter['match']>,
    request: ServedRequest,
    claims: CallerClaims | string | undefined,
  ): HttpResponse {
    const { world } = this.#options;
    if (found.kind === 'unknown') return this.#error(404, ['There is no such address.']);
    if (found.kind === 'other-method') {
      return this.#error(405, [`The address takes ${found.allowed.join(', ')}.`], { allow: found.allowed.join(', ') });
    }
    const { operation } = found.match;
    const fault = world.faults.takeAnswer(operation.name);
    if (fault !== undefined) {
      const retry = fault.retryAfterS === undefined ? {} : { 'retry-after': String(fault.retryAfterS) };
      return this.#error(fault.status, ['This answer is a fault on purpose.'], retry);
    }
    try {
      return this.#wire(operation, this.#call(found.match, request, claims));
    } catch (thrown) {
      if (thrown instanceof PoolRefusal) return this.#refusal(thrown);
      // The published pattern lets pass what is no EMAID (`_`).
      if (thrown instanceof Iso15118Error && thrown.code === 'EMAID_INVALID')
        return this.#error(400, [patternMessage('emaid', EMAID_PATTERN)]);
      this.#options.log.error(
        { err: thrown, operation: operation.name },
        `${operation.name} failed: ${messageOf(thrown)}`,
      );
      return this.#error(500, ['Something of ours failed.']);
    }
  }

  #call(match: PoolMatch, request: ServedRequest, claims: CallerClaims | string | undefined): PoolReply {
    const { operation, params, query } = match;
    const { clock } = this.#options;
    const ca = caOfCall(match);
    if (
      typeof claims === 'string' &&
      operation.access.kind !== 'public' &&
      operation.access.kind !== 'client-certificate'
    ) {
      throw new PoolRefusal(401, claims);
    }
    const verified = typeof claims === 'string' ? undefined : claims;
    const verdict = checkAccess(operation, verified, ca, request.clientCertificate !== undefined);
    if (!verdict.allowed) throw new PoolRefusal(verdict.status, verdict.message);
    this.#shapes.params(params);
    if (verified !== undefined) this.#demandOwner(operation, params, verified);
    const body = this.#shapes.body(operation, request.body, headerOf(request.headers, 'content-type') ?? '');
    const handler = this.#handlers[operation.name];
    if (handler === undefined) throw new PoolRefusal(501, `${operation.name} is not served here.`);
    return handler({
      params,
      query,
      headers: request.headers,
      body,
      claims: verified ?? NOBODY,
      ca,
      nowMs: clock.now(),
      clientCertificate: request.clientCertificate?.der,
    } as unknown as PoolCall);
  }

  /** What the path names must be the caller's; what stands in a body is the handler's to look at. */
  #demandOwner({ ownership }: PoolOperation, params: PoolMatch['params'], claims: CallerClaims): void {
    const { world } = this.#options;
    const { pcid, emaid } = params;
    if (ownership === 'pcid' && pcid !== undefined) {
      demandOwner(world, claims, claims.wmis, ownsPcid(claims, pcid), `The PCID ${pcid}`);
    }
    if (ownership === 'emaid' && emaid !== undefined) {
      demandOwner(world, claims, claims.providers, ownsEmaid(claims, emaid), `The EMAID ${emaid}`);
    }
  }

  /** The claims of the token; a sentence for a token that is not taken; nothing without one. */
  #claims({ headers }: ServedRequest): CallerClaims | string | undefined {
    const given = headerOf(headers, 'authorization');
    if (given === undefined || given === '') return undefined;
    // Clients that read the sandbox page send what stands there, sometimes without the scheme.
    const token = given.replace(/^(Bearer\s+)+/i, '').trim();
    return this.#options.world.tokens.verify(token, this.#options.clock.now());
  }

  #wire(operation: PoolOperation, reply: PoolReply): HttpResponse {
    switch (reply.kind) {
      case 'json':
        return jsonResponse(reply.status, reply.value);
      case 'empty':
        return { status: reply.status, headers: {}, body: NOTHING };
      case 'certificates':
        return {
          status: operation.response.status,
          headers: EST_ANSWER_HEADERS,
          body: encodeEstCertificates(reply.certificates),
        };
      case 'ocsp':
        return { status: 200, headers: { 'content-type': CONTENT_TYPES['ocsp-response'] }, body: reply.der };
    }
  }

  #refusal({ status, messages, body }: PoolRefusal): HttpResponse {
    if (body !== undefined) return jsonResponse(status, body);
    return this.#error(status, messages, status === 401 ? { 'www-authenticate': 'Bearer' } : {});
  }

  #error(status: number, messages: readonly string[], headers: Readonly<Record<string, string>> = {}): HttpResponse {
    return jsonResponse(status, poolError(this.#options.world.ids.uuid(), ...messages), headers);
  }
}

function caOfCall({ operation, params, query }: PoolMatch): CaName | undefined {
  if (operation.service !== 'EST') return undefined;
  return caOf(params['ca'] ?? query['caDomain'] ?? '');
}

/** Who seems to call, for the journal. A token is believed; without one only the token service hears a name. */
function callerOf(claims: CallerClaims | undefined, { url, body }: ServedRequest): Party {
  const [caller] = claims?.callers ?? [];
  if (claims !== undefined && caller !== undefined) return { id: claims.clientId, role: PARTY_OF[caller] };
  const head = url.startsWith('/oauth/') ? Buffer.from(body.subarray(0, 4_096)).toString('latin1') : '';
  const id = /client_id["=:\s]+([\w.@-]{1,100})/.exec(head)?.[1];
  return { id: id ?? 'unknown', role: 'ext' };
}
