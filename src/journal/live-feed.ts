import type { Clock, Timer } from '../core/clock.ts';
import { UNKNOWN, YES } from './column-filter.ts';
import { at, type Chunk } from './columns.ts';
import type { MessageIndex } from './message-index.ts';
import type { MessageStore } from './message-store.ts';
import type { Row } from './query.ts';
import type { MessageTest } from './scan.ts';

export interface LiveBatch {
  /** `epoch:seq`: give it as `since` to go on from here. */
  readonly cursor: string;
  readonly rows: readonly Row[];
  /** Rows that were sent before and changed: their answer came, a finding. */
  readonly updates: readonly Row[];
  /** How many messages came in that match; more than `rows` when `sampled`. */
  readonly count: number;
  readonly sampled?: true;
  /** The cursor was too old or of another journal: fetch the list anew. */
  readonly resync?: true;
}

export interface Rates {
  readonly total: number;
  readonly byProto: Readonly<Record<string, number>>;
  readonly byEdge: readonly { readonly a: string; readonly b: string; readonly proto: string; readonly rate: number }[];
}

/** Batches leave at most this often and carry at most so many rows (a browser draws no more). */
const BATCH_MS = 100;
const BATCH_ROWS = 250;
/** How far back a reader that was cut off may go on. */
const RESUME_ROWS = 50_000;
const RESUME_MS = 30_000;

interface Subscription {
  readonly id: number;
  readonly makeTest: () => MessageTest;
  test: MessageTest;
  readonly push: (batch: LiveBatch) => void;
  rows: number[];
  updates: Set<number>;
  count: number;
  resync: boolean;
}

export interface LiveFeedOptions {
  readonly clock: Clock;
  /** The present journal: another one after it was cleared. */
  readonly journal: () => { readonly index: MessageIndex; readonly store: MessageStore; readonly epoch: string };
  readonly rowOf: (seq: number) => Row | undefined;
  readonly pushRates: (rates: Rates) => void;
}

/** Sends what comes in to those who watch: batched, bounded, resumable. */
export class LiveFeed {
  readonly #options: LiveFeedOptions;
  readonly #subscriptions = new Map<number, Subscription>();
  #timer: Timer | undefined;
  #ratesTimer: Timer | undefined;
  /** Messages by route since the last rates. */
  #counts = new Map<number, number>();

  constructor(options: LiveFeedOptions) {
    this.#options = options;
  }

  /** @param makeTest makes the filter's test for the present journal. */
  subscribe(
    id: number,
    makeTest: () => MessageTest,
    since: string | undefined,
    push: (batch: LiveBatch) => void,
  ): void {
    const subscription: Subscription = {
      id,
      makeTest,
      test: makeTest(),
      push,
      rows: [],
      updates: new Set(),
      count: 0,
      resync: false,
    };
    this.#subscriptions.set(id, subscription);
    if (since !== undefined) this.#resume(subscription, since);
    this.#schedule();
  }

  /** Another journal begins (cleared, or moved aside): everybody starts anew. */
  restart(): void {
    this.#counts.clear();
    for (const subscription of this.#subscriptions.values()) {
      subscription.test = subscription.makeTest();
      subscription.rows = [];
      subscription.updates = new Set();
      subscription.count = 0;
      subscription.resync = true;
      this.#schedule();
    }
  }

  unsubscribe(id: number): void {
    this.#subscriptions.delete(id);
  }

  watchRates(watched: boolean): void {
    this.#ratesTimer?.cancel();
    this.#ratesTimer = undefined;
    this.#counts.clear();
    if (watched) this.#ratesTimer = this.#options.clock.every(1_000, () => this.#sendRates());
  }

  /** A message came in. */
  added(chunk: Chunk, row: number): void {
    if (this.#ratesTimer !== undefined) {
      const route = at(chunk.route, row);
      this.#counts.set(route, (this.#counts.get(route) ?? 0) + 1);
    }
    for (const subscription of this.#subscriptions.values()) this.#offer(subscription, chunk, row);
  }

  /** Something about a message changed. */
  changed(chunk: Chunk, row: number): void {
    for (const subscription of this.#subscriptions.values()) {
      const seq = chunk.base + row;
      if (subscription.updates.size >= BATCH_ROWS || subscription.rows.includes(seq)) continue;
      if (!this.#matches(subscription, chunk, row)) continue;
      subscription.updates.add(seq);
      this.#schedule();
    }
  }

  close(): void {
    this.#timer?.cancel();
    this.#ratesTimer?.cancel();
    this.#subscriptions.clear();
  }

  /** Sends what waits now. */
  flush(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    const { rowOf } = this.#options;
    const { index, epoch } = this.#options.journal();
    const cursor = `${epoch}:${index.columns.head}`;
    for (const subscription of this.#subscriptions.values()) {
      const { rows, updates, count, resync } = subscription;
      if (rows.length === 0 && updates.size === 0 && !resync) continue;
      subscription.rows = [];
      subscription.updates = new Set();
      subscription.count = 0;
      subscription.resync = false;
      const defined = (seqs: Iterable<number>): Row[] => [...seqs].map(rowOf).filter((row) => row !== undefined);
      subscription.push({
        cursor,
        rows: defined(rows),
        updates: defined(updates),
        count,
        ...(count > rows.length ? { sampled: true as const } : {}),
        ...(resync ? { resync: true as const } : {}),
      });
    }
  }

  #offer(subscription: Subscription, chunk: Chunk, row: number): void {
    if (!this.#matches(subscription, chunk, row)) return;
    subscription.count++;
    subscription.rows.push(chunk.base + row);
    if (subscription.rows.length > BATCH_ROWS) subscription.rows.shift();
    this.#schedule();
  }

  #matches(subscription: Subscription, chunk: Chunk, row: number): boolean {
    const verdict = subscription.test.columns(chunk, row);
    if (verdict !== UNKNOWN) return verdict === YES;
    const stored = this.#options.journal().store.get(chunk.base + row);
    return stored !== undefined && subscription.test.message(stored);
  }

  #resume(subscription: Subscription, since: string): void {
    const { clock } = this.#options;
    const { index, epoch } = this.#options.journal();
    const { columns } = index;
    const [ofEpoch, text] = since.split(':');
    const seq = Number(text);
    if (ofEpoch !== epoch || !Number.isSafeInteger(seq) || seq > columns.head || columns.head - seq > RESUME_ROWS) {
      subscription.resync = true;
      return;
    }
    if (seq === columns.head) return;
    const next = columns.find(seq + 1);
    if (next === undefined || at(next.chunk.time, next.row) < clock.now() - RESUME_MS) {
      subscription.resync = true;
      return;
    }
    columns.walk(seq + 1, columns.head, (chunk, row) => {
      this.#offer(subscription, chunk, row);
      return true;
    });
  }

  #schedule(): void {
    this.#timer ??= this.#options.clock.after(BATCH_MS, () => this.flush());
  }

  #sendRates(): void {
    const { index } = this.#options.journal();
    const byProto: Record<string, number> = {};
    const byEdge: Rates['byEdge'][number][] = [];
    let total = 0;
    for (const [number, rate] of this.#counts) {
      const { a, b, protocol } = index.routes.route(number);
      total += rate;
      byProto[protocol] = (byProto[protocol] ?? 0) + rate;
      byEdge.push({ a: a.id, b: b.id, proto: protocol, rate });
    }
    this.#counts = new Map();
    this.#options.pushRates({ total, byProto, byEdge });
  }
}
