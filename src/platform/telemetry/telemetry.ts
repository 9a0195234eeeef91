import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace-node';
import type { Clock, Timer } from '../../core/clock.ts';
import { messageOf } from '../../core/errors.ts';
import type { Journal, LiveSubscription } from '../../journal/index.ts';
import type { Log } from '../logging/log.ts';
import { COLLECTORS, type ExporterKind, type TelemetryMode } from './collectors.ts';
import type { Trace } from './trace.ts';
import { TraceReader } from './trace-reader.ts';

export interface TelemetryOptions {
  readonly mode: TelemetryMode;
  /** The collector's address, when it is not at its usual place. */
  readonly url?: string;
  readonly service: string;
  readonly journal: Journal;
  readonly clock: Clock;
  readonly log: Log;
  /** Whether something answers there; for tests. */
  readonly answers?: (url: string) => Promise<boolean>;
}

/** A trace is told when nothing of it came for so long. */
const QUIET_MS = 5_000;
const PROBE_MS = 500;
/** Traces that wait; beyond, the oldest are told as far as they are. */
const MAX_WAITING = 1_000;

/** Sends the traces of a journal to a collector. Without one it costs nothing: nothing is subscribed. */
export class Telemetry {
  readonly #options: TelemetryOptions;
  readonly #reader: TraceReader;
  readonly #waiting = new Map<string, Timer>();
  #exporter: SpanExporter | undefined;
  #readable: ((trace: Trace, service: string) => ReadableSpan[]) | undefined;
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
    this.#readable = readableSpans;
    this.#exporter = spanExporter(kind, url);
    const subscription = await journal.live.subscribe({ q: 'has:trace', entity: 'exchanges' }, ({ rows, updates }) => {
      for (const { tr } of [...rows, ...updates]) if (tr !== undefined) this.#touch(tr);
    });
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
      await this.#tell(id);
    }
    await this.#exporter?.shutdown();
  }

  async #probe(): Promise<ExporterKind | 'off'> {
    const answers = this.#options.answers ?? ((url) => answersAt(url, this.#options.clock));
    for (const kind of ['zipkin', 'otlp'] as const) if (await answers(COLLECTORS[kind])) return kind;
    return 'off';
  }

  #touch(id: string): void {
    this.#waiting.get(id)?.cancel();
    this.#waiting.delete(id);
    this.#waiting.set(
      id,
      this.#options.clock.after(QUIET_MS, () => void this.#tell(id)),
    );
    if (this.#waiting.size <= MAX_WAITING) return;
    for (const [oldest, timer] of this.#waiting) {
      timer.cancel();
      void this.#tell(oldest);
      return;
    }
  }

  async #tell(id: string): Promise<void> {
    this.#waiting.delete(id);
    try {
      const trace = await this.#reader.find(id);
      const exporter = this.#exporter;
      if (trace === undefined || exporter === undefined) return;
      const spans = this.#readable?.(trace, this.#options.service) ?? [];
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
