import type { Clock } from '../core/clock.ts';
import { isSecretName, MASK } from '../core/secrets.ts';
import type {
  EntryFlag,
  LinkNumber,
  NewEntry,
  NewFinding,
  Origin,
  Party,
  Protocol,
  Recorder,
} from '../journal/entry.ts';
import { type HttpHeaders, textOf } from './http-port.ts';
import type { TracedHop } from './trace-context.ts';

export interface HttpTapOptions {
  readonly clock: Clock;
  readonly recorder: Recorder;
  readonly protocol: Protocol;
  readonly version?: string;
  /** Which of our taps this is: `hub`, `emp`, `csms`. */
  readonly tap: string;
  readonly transport: 'http' | 'inproc';
}

/** A hop between two parties: `a` asks, `b` serves. */
export interface Hop {
  readonly a: Party;
  readonly b: Party;
}

export interface RequestFacts {
  readonly action: string;
  readonly messageId: string;
  readonly method: string;
  /** Path and query, or the whole address. */
  readonly target: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Uint8Array;
  readonly trace?: TracedHop | undefined;
  readonly flags?: readonly EntryFlag[] | undefined;
  readonly origin: Origin;
}

/** A request that was recorded; its answer refers to it. */
export interface RecordedRequest {
  readonly seq: number;
  readonly at: number;
  readonly link: LinkNumber;
  readonly action: string;
  readonly messageId: string;
  readonly trace: TracedHop | undefined;
}

export type TapFinding = Pick<NewFinding, 'rule' | 'severity' | 'axis' | 'party' | 'text'> &
  Partial<Pick<NewFinding, 'pointer' | 'clause' | 'expected' | 'actual'>>;

/** More hops than any hub has partners; beyond it the oldest is forgotten and gets a new link when it comes again. */
const MAX_LINKS = 1_000;

/** Keys and tokens open doors; no rule reads them, so they are not even kept. */
function withoutSecrets(headers: RequestFacts['headers']): RequestFacts['headers'] {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, isSecretName(name) ? MASK : value]));
}

/** Records the exchanges of one party over HTTP: one link per pair of parties, the exact bytes, status and headers. */
export class HttpTap {
  readonly #options: HttpTapOptions;
  readonly #links = new Map<string, LinkNumber>();

  constructor(options: HttpTapOptions) {
    this.#options = options;
  }

  request(hop: Hop, facts: RequestFacts): RecordedRequest {
    const { clock, recorder } = this.#options;
    const link = this.#link(hop);
    const at = clock.now();
    const { action, messageId, method, target, headers, body, trace, flags, origin } = facts;
    const seq = recorder.record({
      link,
      toClient: false,
      time: at,
      kind: 'request',
      action,
      messageId,
      raw: textOf(body) ?? body,
      origin,
      detail: JSON.stringify({ method, path: target, headers: withoutSecrets(headers) }),
      ...(flags === undefined || flags.length === 0 ? {} : { flags }),
      ...traceOf(trace),
    });
    return { seq, at, link, action, messageId, trace };
  }

  response(
    request: RecordedRequest,
    facts: {
      readonly status: number;
      readonly headers: HttpHeaders;
      readonly body: Uint8Array;
      /** OICP status code, where the body has one. */
      readonly code?: string | undefined;
      readonly flags?: readonly EntryFlag[] | undefined;
      readonly origin?: Origin;
    },
  ): number {
    const { status, headers, body, code, flags, origin = 'peer' } = facts;
    return this.#answer(request, status >= 400 ? 'error' : 'response', {
      raw: textOf(body) ?? body,
      code: code ?? String(status),
      detail: JSON.stringify({ status, headers: withoutSecrets(headers) }),
      origin,
      ...(flags === undefined || flags.length === 0 ? {} : { flags }),
    });
  }

  /** No answer came: what happened instead (`timeout`, `unreachable`, `broken`). */
  failure(request: RecordedRequest, kind: string, text: string): number {
    return this.#answer(request, 'error', {
      raw: JSON.stringify({ failure: kind, text }),
      code: kind,
      origin: 'system',
    });
  }

  finding(seq: number | undefined, finding: TapFinding): void {
    const { clock, recorder } = this.#options;
    recorder.finding({ ...finding, time: clock.now(), ...(seq === undefined ? {} : { seq }) });
  }

  close(): void {
    for (const link of this.#links.values()) this.#options.recorder.closeLink(link);
    this.#links.clear();
  }

  #answer(
    { seq, at, link, action, messageId, trace }: RecordedRequest,
    kind: 'response' | 'error',
    facts: { raw: string | Uint8Array; code: string; origin: Origin; detail?: string; flags?: readonly EntryFlag[] },
  ): number {
    const { clock, recorder } = this.#options;
    const time = clock.now();
    return recorder.record({
      link,
      toClient: true,
      time,
      kind,
      action,
      messageId,
      partner: seq,
      latencyMs: time - at,
      ...facts,
      ...traceOf(trace),
    });
  }

  #link({ a, b }: Hop): LinkNumber {
    const key = `${a.role} ${a.id} ${b.role} ${b.id}`;
    const known = this.#links.get(key);
    if (known !== undefined) return known;
    const { recorder, protocol, version, tap, transport } = this.#options;
    for (const [oldest, link] of this.#links) {
      if (this.#links.size < MAX_LINKS) break;
      recorder.closeLink(link);
      this.#links.delete(oldest);
    }
    const link = recorder.openLink({
      a,
      b,
      protocol,
      transport,
      conn: `${transport} ${a.id} → ${b.id}`,
      tap,
      ...(version === undefined ? {} : { version }),
    });
    this.#links.set(key, link);
    return link;
  }
}

function traceOf(traced: TracedHop | undefined): Pick<NewEntry, 'trace' | 'hop'> {
  return traced === undefined ? {} : { trace: traced.trace, hop: traced.hop };
}
