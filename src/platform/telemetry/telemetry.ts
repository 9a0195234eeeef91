import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace-node';
import type { Clock, Timer } from '../../core/clock.ts';
import { messageOf } from '../../core/errors.ts';
import { RecentMap } from '../../core/recent-map.ts';
import type { Journal, LiveSubscription } from '../../journal/index.ts';
import type { Log } from '../logging/log.ts';
import { COLLECTORS, type ExporterKind, type TelemetryMode } from './collectors.ts';
import { factsOf, type ToldSpan, toldSpans } from './told-span.ts';
import { NO_ANSWER } from './trace.ts';
import { TraceReader } from './trace-reader.ts';

export interface TelemetryOptions {
  readonly mode: TelemetryMode;
  /** The collector's address, when it is not at its usual place. */
  readonly url?: string;
  readonly journal: Journal;
  readonly clock: Clock;
  readonly log: Log;
  /** Whether something answers there; for tests. */
  readonly answers?: (url: string) => Promise<boolean>;
}

/** A trace is told when nothing of it came for so long. */
const QUIET_MS = 5_000;
/** So long an exchange waits for its answer; then it is told as it is. */
const UNANSWERED_MS = 60_000;
/** Spans that were told are not told again when their trace goes on. */
const REMEMBERED = 20_000;
const PROBE_MS = 500;
/** Traces that wait; beyond, the oldest are told as far as they are. */
const MAX_WAITING = 1_000;

/** Sends the traces of a journal to a collector. Without one it costs nothing: nothing is subscribed. */
export class Telemetry {
  readonly #options: TelemetryOptions;
  readonly #reader: TraceReader;
  readonly #waiting = new Map<string, Timer>();
  #exporter: SpanExporter | undefined;
  readonly #told = new RecentMap<string, true>(REMEMBERED);
  #readable: ((trace: string, spans: readonly ToldSpan[]) => ReadableSpan[]) | undefined;
  #subscription: LiveSubscription | undefined;
  #stopped = false;
  #failed = false;

  constructor(options: TelemetryOptions) {
    this.#options = options;
    this.#reader = new TraceReader(options.journal);
  }

  /** Looks for a collector once (`auto`); resolves when spans flow, or when they will not. */
  async start(): Promise<ExporterKind | 'off'> {
    const { mode, url, journal } = this.#options;
    const kind = mode === 'auto' ? await this.#probe() : mode;
    if (kind === 'off' || this.#stopped) return 'off';
    // Loaded only when spans go out: a start without a collector does not pay for it.
    const { readableSpans, spanExporter } = await import('./span-exporter.ts');
    this.#readable = (trace, spans) => readableSpans(trace, spans, kind);
    this.#exporter = spanExporter(kind, url);
    const subscription = await journal.live.subscribe(
      { q: 'has:trace is:live', entity: 'exchanges' },
      ({ rows, updates }) => {
        for (const { tr } of [...rows, ...updates]) if (tr !== undefined) this.#touch(tr);
      },
    );
    if (this.#stopped) subscription.close();
    else this.#subscription = subscription;
    return kind;
  }

  /** What waits is told first. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#subscription?.close();
    const ids = [...this.#waiting.keys()];
    for (const timer of this.#waiting.values()) timer.cancel();
    this.#waiting.clear();
    for (const id of ids) {
      // A collector that is away must not hold up the end.
      if (this.#failed) break;
      await this.#tell(id, true);
    }
    await this.#exporter?.shutdown();
  }

  async #probe(): Promise<ExporterKind | 'off'> {
    const answers = this.#options.answers ?? ((url) => answersAt(url, this.#options.clock));
    for (const kind of ['zipkin', 'otlp'] as const) if (await answers(COLLECTORS[kind])) return kind;
    return 'off';
  }

  #touch(id: string): void {
    this.#wait(id, QUIET_MS, false);
    if (this.#waiting.size <= MAX_WAITING) return;
    for (const [oldest, timer] of this.#waiting) {
      timer.cancel();
      void this.#tell(oldest, true);
      return;
    }
  }

  #wait(id: string, ms: number, last: boolean): void {
    this.#waiting.get(id)?.cancel();
    this.#waiting.delete(id);
    this.#waiting.set(
      id,
      this.#options.clock.after(ms, () => void this.#tell(id, last)),
    );
  }

  /** @param last what has no answer is told too */
  async #tell(id: string, last: boolean): Promise<void> {
    this.#waiting.delete(id);
    try {
      const trace = await this.#reader.find(id);
      const exporter = this.#exporter;
      if (trace === undefined || exporter === undefined) return;
      const untold = trace.spans.filter((span) => !this.#told.has(span.id));
      const ripe = untold.filter(({ outcome }) => last || outcome !== NO_ANSWER);
      if (ripe.length < untold.length && !this.#stopped && !this.#waiting.has(id)) this.#wait(id, UNANSWERED_MS, true);
      if (ripe.length === 0) return;
      for (const span of ripe) this.#told.set(span.id, true);
      const told = toldSpans(ripe, trace, await factsOf(this.#options.journal, ripe));
      const spans = this.#readable?.(id, told) ?? [];
      await new Promise<void>((resolve) =>
        exporter.export(spans, ({ code, error }) => {
          this.#outcome(code === 0, error);
          resolve();
        }),
      );
    } catch (error) {
      this.#outcome(false, error);
    }
  }

  /** Told once, and once again when it works: a collector that is away must not fill the log. */
  #outcome(ok: boolean, error: unknown): void {
    if (ok !== this.#failed) return;
    this.#failed = !ok;
    const { log } = this.#options;
    if (ok) log.info({}, 'telemetry: the collector takes spans again');
    else log.warn({}, `telemetry: spans could not be sent: ${messageOf(error)}`);
  }
}

async function answersAt(url: string, clock: Clock): Promise<boolean> {
  const controller = new AbortController();
  const timer = clock.after(PROBE_MS, () => controller.abort());
  try {
    // Any answer will do: it is the address of a collector that something listens on.
    const response = await fetch(url, {
      method: 'POST',
      body: '[]',
      headers: { 'content-type': 'application/json' },
      signal: controller.signal,
    });
    await response.body?.cancel();
    return response.status < 500 && response.status !== 404;
  } catch {
    return false;
  } finally {
    timer.cancel();
  }
}
