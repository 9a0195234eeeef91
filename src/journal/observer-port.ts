import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { CompoteError, messageOf } from '../core/errors.ts';
import type { LiveBatch, Rates } from './live-feed.ts';
import { Observer, type ObserverOptions, type Opening } from './observer.ts';
import {
  type FromObserver,
  fromPlainError,
  type LiveOptions,
  type ObserverSettings,
  type PlainError,
  type QueryMethod,
  type ToObserver,
} from './observer-protocol.ts';
import { ObserverQueries } from './observer-queries.ts';
import type { JournalReport } from './query.ts';
import type { Acknowledgement, JournalBuffer } from './recorder.ts';

/** The observer as the main thread sees it, wherever it runs. */
export interface ObserverPort {
  readonly opening: Opening;
  deliver(buffer: JournalBuffer): void;
  call(method: QueryMethod, args: readonly unknown[]): Promise<unknown>;
  subscribe(id: number, options: LiveOptions, push: (batch: LiveBatch) => void): Promise<void>;
  unsubscribe(id: number): void;
  watchRates(push: ((rates: Rates) => void) | undefined): void;
  close(): Promise<Acknowledgement>;
}

export interface PortEvents {
  readonly acknowledged: (done: Acknowledgement) => void;
  readonly report: (report: JournalReport) => void;
}

/** An observer in this thread: for tests and virtual time. */
export function openInThread(options: Omit<ObserverOptions, 'report' | 'pushRates'>, events: PortEvents): ObserverPort {
  let pushRates: ((rates: Rates) => void) | undefined;
  const observer = new Observer({ ...options, report: events.report, pushRates: (rates) => pushRates?.(rates) });
  const queries = new ObserverQueries(observer);
  return {
    opening: observer.open(),
    deliver: (buffer) => events.acknowledged(observer.ingest([buffer])),
    call: (method, args) => {
      const call = queries[method] as (...args: readonly unknown[]) => Promise<unknown>;
      return call.apply(queries, args as unknown[]);
    },
    subscribe: async (id, live, push) => {
      observer.feed.subscribe(id, () => queries.test(live.q, live.entity ?? 'messages'), live.since, push);
    },
    unsubscribe: (id) => observer.feed.unsubscribe(id),
    watchRates: (push) => {
      pushRates = push;
      observer.feed.watchRates(push !== undefined);
    },
    close: async () => observer.close(),
  };
}

/** An observer in a worker thread of its own. Errors: `STORAGE_UNUSABLE` when its files cannot be used. */
export async function openInWorker(settings: ObserverSettings, events: PortEvents): Promise<ObserverPort> {
  // Without the main thread's own flags: some (`--input-type`, loaders of a test runner) do not fit a worker.
  const worker = new Worker(workerFile(), { workerData: settings, execArgv: [] });
  const client = new WorkerClient(worker, events);
  return client.opened();
}

/** Worker threads cannot run TypeScript sources on Node 20: then the build's worker is started. */
function workerFile(): URL {
  const fromSource = import.meta.url.endsWith('.ts');
  const file = new URL(fromSource ? '../../dist/journal/observer-worker.js' : './observer-worker.js', import.meta.url);
  if (!existsSync(fileURLToPath(file))) {
    throw new CompoteError('NOT_AVAILABLE', {
      detail: 'The journal’s worker is not built',
      hint: 'Run: npm run build',
    });
  }
  return file;
}

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

class WorkerClient {
  readonly #worker: Worker;
  readonly #events: PortEvents;
  readonly #calls = new Map<number, Waiting>();
  readonly #pushes = new Map<number, (batch: LiveBatch) => void>();
  #pushRates: ((rates: Rates) => void) | undefined;
  #lastCall = 0;
  #opening: { readonly resolve: (opening: Opening) => void; readonly reject: (error: Error) => void } | undefined;
  #closing: ((done: Acknowledgement) => void) | undefined;
  #dead: CompoteError | undefined;

  constructor(worker: Worker, events: PortEvents) {
    this.#worker = worker;
    this.#events = events;
    worker.on('message', (message: FromObserver) => this.#handle(message));
    worker.on('error', (error) => this.#die(error));
    worker.on('exit', () => this.#die(new Error('its thread ended')));
  }

  async opened(): Promise<ObserverPort> {
    const opening = await new Promise<Opening>((resolve, reject) => {
      this.#opening = { resolve, reject };
    });
    return {
      opening,
      deliver: (buffer) => this.#deliver(buffer),
      call: (method, args) => this.#call((id) => ({ type: 'call', id, method, args })),
      subscribe: async (id, options, push) => {
        this.#pushes.set(id, push);
        try {
          await this.#call(() => ({ type: 'subscribe', id, options }), id);
        } catch (error) {
          this.#pushes.delete(id);
          throw error;
        }
      },
      unsubscribe: (id) => {
        this.#pushes.delete(id);
        this.#post({ type: 'unsubscribe', id });
      },
      watchRates: (push) => {
        this.#pushRates = push;
        this.#post({ type: 'rates', watched: push !== undefined });
      },
      close: () => this.#close(),
    };
  }

  #deliver(buffer: JournalBuffer): void {
    if (this.#dead === undefined) {
      this.#worker.postMessage({ type: 'buffer', buffer } satisfies ToObserver, [buffer.memory]);
      return;
    }
    // The files keep what the observer cannot take; the next start reads it.
    this.#events.acknowledged({ buffers: 1, memory: [buffer.memory] });
  }

  /** Subscriptions have negative call numbers: theirs are chosen by the journal. */
  #call(makeMessage: (id: number) => ToObserver, subscription?: number): Promise<unknown> {
    if (this.#dead !== undefined) return Promise.reject(this.#dead);
    const id = subscription === undefined ? ++this.#lastCall : -subscription;
    return new Promise((resolve, reject) => {
      this.#calls.set(id, { resolve, reject });
      this.#post(makeMessage(id));
    });
  }

  #post(message: ToObserver): void {
    if (this.#dead === undefined) this.#worker.postMessage(message);
  }

  #close(): Promise<Acknowledgement> {
    if (this.#dead !== undefined) return Promise.resolve({ buffers: 0, memory: [] });
    return new Promise((resolve) => {
      this.#closing = resolve;
      this.#post({ type: 'close' });
    });
  }

  #handle(message: FromObserver): void {
    switch (message.type) {
      case 'opened':
        this.#opening?.resolve(message.opening);
        this.#opening = undefined;
        break;
      case 'failed':
        this.#opening?.reject(fromPlainError(message.error));
        this.#opening = undefined;
        break;
      case 'acknowledged':
        this.#events.acknowledged(message.done);
        break;
      case 'result':
        this.#settle(message.id, message.value, message.error);
        break;
      case 'subscribed':
        this.#settle(-message.id, undefined, message.error);
        break;
      case 'batch':
        this.#pushes.get(message.id)?.(message.batch);
        break;
      case 'rates':
        this.#pushRates?.(message.rates);
        break;
      case 'report':
        this.#events.report(message.report);
        break;
      case 'closed':
        this.#closing?.(message.done);
        this.#closing = undefined;
        this.#dead = new CompoteError('NOT_AVAILABLE', { detail: 'The journal is closed' });
        break;
    }
  }

  #settle(id: number, value: unknown, error: PlainError | undefined): void {
    const waiting = this.#calls.get(id);
    this.#calls.delete(id);
    if (error === undefined) waiting?.resolve(value);
    else waiting?.reject(fromPlainError(error));
  }

  #die(cause: Error): void {
    if (this.#dead !== undefined) return;
    const detail = `The journal’s observer stopped: ${messageOf(cause)}`;
    const dead = new CompoteError('NOT_AVAILABLE', {
      detail,
      hint: 'Restart this service: what was recorded is kept and is read then.',
      cause,
    });
    this.#dead = dead;
    this.#opening?.reject(dead);
    for (const waiting of this.#calls.values()) waiting.reject(dead);
    this.#calls.clear();
    this.#closing?.({ buffers: 0, memory: [] });
    this.#events.report({ time: 0, kind: 'full', text: detail });
  }
}
