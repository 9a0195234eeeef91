import type { Clock } from '../core/clock.ts';
import type { Ids } from '../core/ids.ts';
import type { Origin, Party, Recorder } from '../journal/entry.ts';
import {
  type Finding,
  JSON_CONTENT_TYPE,
  type LegEnds,
  type OperationBodies,
  type OperationName,
  type ParamsOf,
  type RequestOf,
  type ResponseOf,
  requestWithText,
  type StatusCodeValue,
} from '../protocols/oicp/index.ts';
import type { HttpInterceptor, HttpVerdict } from './http-interception.ts';
import { bytesOf, type HttpOutcome, type HttpPort, type HttpRequest, type HttpResponse } from './http-port.ts';
import { HttpTap, type RecordedRequest } from './http-tap.ts';
import { type ReadAnswer, readAnswer } from './oicp-answer.ts';
import { clientHop, contextOf, type TraceContext, type TracedHop, traceHeaders } from './trace-context.ts';

/** What is known of every exchange, however it ended. */
export interface OicpExchange {
  /** Milliseconds until it ended. */
  readonly ms: number;
  readonly trace: TraceContext;
  /** HTTP status and exact text, when an answer came. */
  readonly status?: number;
  readonly text?: string;
  /** Deviations of the answer; with `ok` and `refused` none of them is an error, unless the fault body has them. */
  readonly findings: readonly Finding[];
  /** Journal numbers, when this side records (the other end is not ours). */
  readonly seq?: number;
  readonly answerSeq?: number;
}

/**
 * What came of a call. The outcome is taken from the body, never from the HTTP status alone.
 * - `ok`: performed (`Result: true`, `Authorized`, or the data that was asked for)
 * - `refused`: a functional no, with its code; `message` when it was the operation's own answer (not a fault body)
 * - `busy`: HTTP 408, 429 or 5xx without a code: try again later, with back-off
 * - `invalid`: an answer that is not OICP
 * - `timeout`, `unreachable`, `broken`: as the port tells it; only after `unreachable` nothing has happened for sure
 */
export type OicpOutcome<Name extends OperationName = OperationName> = OicpExchange &
  (
    | { readonly kind: 'ok'; readonly message: ResponseOf<Name> }
    | {
        readonly kind: 'refused';
        readonly code: StatusCodeValue;
        /** What the other side says about it. */
        readonly reason: string;
        readonly message?: ResponseOf<Name>;
      }
    | { readonly kind: 'busy'; readonly reason: string; readonly retryAfterMs?: number }
    | { readonly kind: 'invalid' | 'timeout' | 'unreachable' | 'broken'; readonly reason: string }
  );

export interface OicpClientOptions {
  readonly port: HttpPort;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly bodies: OperationBodies;
  /** Which leg: `{ from: 'CPO', to: 'HUB' }`. */
  readonly ends: LegEnds;
  readonly us: Party;
  readonly peer: Party;
  /** The peer's base address, to which the paths `/api/oicp/...` are appended. A function, where it may change. */
  readonly baseUrl: string | (() => string);
  /** Null when the other end is ours: its server side records the hop (one tap per hop). */
  readonly recorder: Recorder | null;
  /** Whether it records now, where the other end may change; always when absent. */
  readonly records?: () => boolean;
  /** Which tap this is, when it records. */
  readonly tap: string;
  readonly timeoutMs: number;
  /** Further headers, for example an API key. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly interceptor?: HttpInterceptor | undefined;
}

export interface CallOptions {
  readonly timeoutMs?: number | undefined;
  /** The chain that this call belongs to; a new one when absent. */
  readonly trace?: TraceContext | undefined;
  readonly origin?: Origin;
  /** The peer has had this very message before. */
  readonly retry?: boolean;
}

/** Calls OICP operations on one peer. Typed by the table of operations; never throws for what the peer does. */
export class OicpClient {
  readonly #options: OicpClientOptions;
  readonly #tap: HttpTap | null;

  constructor(options: OicpClientOptions) {
    this.#options = options;
    const { recorder, clock, tap, port } = options;
    this.#tap =
      recorder === null
        ? null
        : new HttpTap({ clock, recorder, protocol: 'oicp', version: '2.3', tap, transport: port.transport });
  }

  /** `call('AuthorizeStart', { operatorID: 'DE*ABC' }, body)`. Undefined members of the body are left out. */
  call<Name extends OperationName>(
    name: Name,
    params: ParamsOf<Name>,
    body: RequestOf<Name>,
    options: CallOptions = {},
  ): Promise<OicpOutcome<Name>> {
    return this.callText(name, params, JSON.stringify(body), options);
  }

  /** Like `call`, with the body as text: an edited or broken one, or one that is passed on as it was received. */
  async callText<Name extends OperationName>(
    name: Name,
    params: Readonly<Record<string, unknown>>,
    text: string,
    options: CallOptions = {},
  ): Promise<OicpOutcome<Name>> {
    const { clock, ids, us, peer, ends } = this.#options;
    const trace = clientHop(options.trace, ids);
    const beganMs = clock.monotonic();
    const request = this.#request(name, params, text, trace);
    const tap = this.#options.records?.() === false ? null : this.#tap;
    const recorded = tap?.request(
      { a: us, b: peer },
      {
        action: name,
        messageId: ids.uuid(),
        method: request.method,
        target: request.url,
        headers: request.headers,
        body: request.body,
        trace,
        origin: options.origin ?? 'system',
        ...(options.retry === true ? { flags: ['retry'] } : {}),
      },
    );
    const outcome = await this.#exchange(name, request, options.timeoutMs ?? this.#options.timeoutMs);
    const facts = {
      ms: clock.monotonic() - beganMs,
      trace: contextOf(trace),
      ...(recorded === undefined ? {} : { seq: recorded.seq }),
    };
    if (outcome.kind !== 'answered') {
      const answerSeq = recorded && tap?.failure(recorded, outcome.kind, outcome.text);
      return { ...facts, ...numbered(answerSeq), kind: outcome.kind, reason: outcome.text, findings: [] };
    }
    const read = readAnswer(name, outcome.response, ends, this.#options.bodies);
    const answerSeq = recorded && this.#recordAnswer(recorded, outcome.response, read);
    return {
      ...facts,
      ...numbered(answerSeq),
      ...read,
      status: outcome.response.status,
      ...(read.text === undefined ? {} : { text: read.text }),
    } as OicpOutcome<Name>;
  }

  close(): void {
    this.#tap?.close();
  }

  #request(
    name: OperationName,
    params: Readonly<Record<string, unknown>>,
    text: string,
    trace: TracedHop,
  ): HttpRequest {
    const { baseUrl, headers } = this.#options;
    const base = (typeof baseUrl === 'string' ? baseUrl : baseUrl()).replace(/\/+$/, '');
    const { method, path, query, body } = requestWithText(name, params, text);
    return {
      method,
      url: `${base}${path}${query === '' ? '' : `?${query}`}`,
      headers: {
        'content-type': JSON_CONTENT_TYPE,
        accept: JSON_CONTENT_TYPE,
        ...traceHeaders(trace),
        ...headers,
      },
      body: bytesOf(body),
    };
  }

  async #exchange(action: string, request: HttpRequest, timeoutMs: number): Promise<HttpOutcome> {
    const { port, interceptor, peer, clock } = this.#options;
    const send = (): Promise<HttpOutcome> => port.exchange(request, { timeoutMs });
    if (interceptor === undefined) return send();
    const sent = await apply(interceptor({ direction: 'request', peer: peer.id, action }), clock, timeoutMs, send);
    if (sent.kind !== 'answered') return sent;
    const { response } = sent;
    const verdict = interceptor({ direction: 'response', peer: peer.id, action, response });
    return apply(verdict, clock, timeoutMs, () => Promise.resolve(sent));
  }

  #recordAnswer(request: RecordedRequest, response: HttpResponse, read: ReadAnswer<OperationName>): number | undefined {
    const tap = this.#tap;
    if (tap === null) return undefined;
    const code = read.kind === 'refused' ? read.code : read.kind === 'ok' ? '000' : undefined;
    const refused = read.findings.some(({ severity }) => severity === 'error');
    const seq = tap.response(request, {
      ...response,
      ...(code === undefined ? {} : { code }),
      ...(refused ? { flags: ['invalid'] } : {}),
    });
    for (const { code: rule, pointer, severity, text } of read.findings) {
      tap.finding(seq, { rule, pointer, severity, text, axis: 'conformance', party: this.#options.peer.id });
    }
    return seq;
  }
}

function numbered(answerSeq: number | null | undefined): { answerSeq?: number } {
  return answerSeq === undefined || answerSeq === null ? {} : { answerSeq };
}

/** Carries out a verdict of an interceptor. */
export async function apply(
  verdict: HttpVerdict,
  clock: Clock,
  timeoutMs: number,
  pass: () => Promise<HttpOutcome>,
): Promise<HttpOutcome> {
  if (verdict === 'pass') return pass();
  if (verdict === 'drop') {
    await clock.sleep(timeoutMs);
    return { kind: 'timeout', text: `no answer within ${timeoutMs} ms` };
  }
  if ('answer' in verdict) return { kind: 'answered', response: verdict.answer };
  await clock.sleep(verdict.delayMs);
  return apply(verdict.then ?? 'pass', clock, timeoutMs, pass);
}
