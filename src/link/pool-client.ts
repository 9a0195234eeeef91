import type { Clock } from '../core/clock.ts';
import { CompoteError, messageOf } from '../core/errors.ts';
import type { Party, Recorder } from '../journal/entry.ts';
import {
  buildPoolRequest,
  POOL,
  type PoolAnswer,
  type PoolCall,
  type PoolHttpRequest,
  type PoolOperation,
  readPoolResponse,
} from '../protocols/opcp/index.ts';
import type { HttpOutcome, HttpPort } from './http-port.ts';
import { HttpTap } from './http-tap.ts';

export interface PoolClientOptions {
  readonly clock: Clock;
  /** Who asks, as the journal names it. */
  readonly us: Party;
  readonly port: HttpPort;
  /** Without a slash at the end. */
  readonly url: string;
  readonly tokenUrl: string;
  readonly audience: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly timeoutMs: number;
  /** Given where the other end is not ours: its server side records the hop otherwise. */
  readonly tap?: HttpTap | undefined;
}

/** What came of a call: the answer of the pool, or why there was none. */
export type PoolOutcome<O extends PoolOperation> =
  | PoolAnswer<O>
  | {
      readonly ok: false;
      readonly status: undefined;
      readonly messages: readonly string[];
      readonly body: undefined;
    };

const POOLS: Party = { id: 'pnc', role: 'pnc' };
/** A token is renewed when less than this is left of it. */
const TOKEN_MARGIN_MS = 60_000;

/** Calls operations of the pools: fetches and keeps the token, and gets a new one once when it is not taken any more. */
export class PoolClient {
  readonly #options: PoolClientOptions;
  #token: { readonly text: string; readonly untilMs: number } | undefined;
  #asking: Promise<string | readonly string[]> | undefined;

  constructor(options: PoolClientOptions) {
    this.#options = options;
  }

  get url(): string {
    return this.#options.url;
  }

  async call<O extends PoolOperation>(operation: O, call: Omit<PoolCall<O>, 'token'>): Promise<PoolOutcome<O>> {
    const token = await this.token();
    if (typeof token !== 'string') return { ok: false, status: undefined, messages: token, body: undefined };
    const first = await this.#send(operation, { ...call, token } as PoolCall<O>);
    if (first.status !== 401 && first.status !== 403) return first;
    // Revoked or forgotten by a restarted token service: one more try with a new one.
    this.#token = undefined;
    const renewed = await this.token();
    if (typeof renewed !== 'string') return { ok: false, status: undefined, messages: renewed, body: undefined };
    return this.#send(operation, { ...call, token: renewed } as PoolCall<O>);
  }

  /** A call without a token, for example to a responder; `base` instead of the pools' own address. */
  async callOpen<O extends PoolOperation>(operation: O, call: PoolCall<O>): Promise<PoolOutcome<O>> {
    return this.#send(operation, call);
  }

  /** POSTs bytes to an address of somebody else, for example an OCSP responder. */
  async post(url: string, contentType: string, body: Uint8Array, action: string): Promise<HttpOutcome> {
    return this.#exchange(action, url, {
      method: 'POST',
      target: '',
      headers: { 'content-type': contentType, accept: '*/*' },
      body,
    });
  }

  /** The access token, or why there is none. */
  async token(): Promise<string | readonly string[]> {
    if (this.#token !== undefined && this.#token.untilMs > this.#options.clock.now()) return this.#token.text;
    // Several calls at once ask for one token.
    this.#asking ??= this.#fetchToken().finally(() => {
      this.#asking = undefined;
    });
    return this.#asking;
  }

  async #fetchToken(): Promise<string | readonly string[]> {
    const { clientId, clientSecret, audience, tokenUrl, clock } = this.#options;
    const body = { client_id: clientId, client_secret: clientSecret, audience, grant_type: 'client_credentials' };
    const answer = await this.#send(POOL.getToken, { body }, tokenUrl);
    if (!answer.ok)
      return answer.messages.length > 0 ? answer.messages : [`The token service answers ${answer.status}`];
    const lifetimeMs = answer.value.expires_in * 1_000;
    const marginMs = Math.min(TOKEN_MARGIN_MS, lifetimeMs / 2);
    this.#token = { text: answer.value.access_token, untilMs: clock.now() + lifetimeMs - marginMs };
    return answer.value.access_token;
  }

  async #send<O extends PoolOperation>(operation: O, call: PoolCall<O>, address?: string): Promise<PoolOutcome<O>> {
    const request = buildPoolRequest(operation, call);
    const outcome = await this.#exchange(operation.name, address ?? this.#options.url + request.target, request);
    if (outcome.kind !== 'answered') {
      return { ok: false, status: undefined, messages: [`${operation.name}: ${outcome.text}`], body: undefined };
    }
    try {
      return readPoolResponse(operation, outcome.response);
    } catch (cause) {
      return { ok: false, status: undefined, messages: [`${operation.name}: ${messageOf(cause)}`], body: undefined };
    }
  }

  async #exchange(action: string, url: string, request: PoolHttpRequest): Promise<HttpOutcome> {
    const { port, timeoutMs, tap, us } = this.#options;
    const { method, headers, body = new Uint8Array() } = request;
    const recorded = tap?.request(
      { a: us, b: POOLS },
      { action, messageId: '', method, target: url, headers, body, origin: 'system' },
    );
    const outcome = await port.exchange({ method, url, headers, body }, { timeoutMs });
    if (recorded !== undefined) {
      if (outcome.kind === 'answered') tap?.response(recorded, outcome.response);
      else tap?.failure(recorded, outcome.kind, outcome.text);
    }
    return outcome;
  }
}

/** The value of a pool's answer. @throws PEER_UNREACHABLE, NOT_FOUND or CONFLICT with the words of the pool */
export function demandPoolValue<O extends PoolOperation>(
  outcome: PoolOutcome<O>,
): (PoolOutcome<O> & { readonly ok: true })['value'] {
  if (outcome.ok) return outcome.value;
  const detail = outcome.messages.join(' ') || `the pool answers HTTP ${outcome.status}`;
  if (outcome.status === undefined) throw new CompoteError('PEER_UNREACHABLE', { detail });
  throw new CompoteError(outcome.status === 404 ? 'NOT_FOUND' : 'CONFLICT', {
    detail,
    extra: { status: outcome.status },
  });
}

/** Which environment a role works with, as its configuration says. */
export interface PoolSettings {
  readonly use: 'auto' | 'off';
  readonly url?: string | undefined;
  readonly tokenUrl?: string | undefined;
  readonly audience?: string | undefined;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly timeoutMs: number;
}

/** The client of the configured environment, else of our trust service; `undefined` where there is neither. */
export function openPoolClient(
  settings: PoolSettings,
  world: {
    readonly clock: Clock;
    readonly port: HttpPort;
    readonly recorder: Recorder;
    readonly us: Party;
    /** Where the trust service of this configuration answers. */
    readonly trustUrl: string | undefined;
  },
): PoolClient | undefined {
  const { clock, port, recorder, us, trustUrl } = world;
  const url = (settings.url ?? trustUrl)?.replace(/\/+$/, '');
  if (settings.use === 'off' || url === undefined) return undefined;
  return new PoolClient({
    clock,
    us,
    port,
    url,
    tokenUrl: settings.tokenUrl ?? `${url}/oauth/token`,
    audience: settings.audience ?? url,
    clientId: settings.clientId,
    clientSecret: settings.clientSecret,
    timeoutMs: settings.timeoutMs,
    // A hop to our own trust service is recorded there.
    tap:
      settings.url === undefined
        ? undefined
        : new HttpTap({ clock, recorder, protocol: 'pnc', tap: us.id, transport: port.transport }),
  });
}
