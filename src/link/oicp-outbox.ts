import type { Clock, Timer } from '../core/clock.ts';
import type { Random } from '../core/random.ts';
import { HOUR_MS, MINUTE_MS } from '../core/time.ts';
import type { OperationName } from '../protocols/oicp/index.ts';
import { Collection } from '../storage/collection.ts';
import type { Database } from '../storage/database.ts';
import { type BackoffPolicy, backoffMs } from './backoff.ts';
import type { CallOptions, OicpOutcome } from './oicp-client.ts';
import { laterIn, type TraceContext } from './trace-context.ts';

/** A message that may be late, as it waits for its delivery. A value: it is replaced, never changed. */
export interface OutboxItem {
  /** In the order in which items were added. */
  readonly key: string;
  /** Items of one lane go one after another, in their order; lanes do not wait for each other. */
  readonly lane: string;
  /** Who it goes to, as the owner of the outbox names its clients. */
  readonly peer: string;
  readonly operation: OperationName;
  readonly params: Readonly<Record<string, string>>;
  /** The exact body. */
  readonly text: string;
  /** What it is about, for the owner: a session, an EVSE. */
  readonly subject: string;
  readonly trace?: TraceContext;
  readonly createdMs: number;
  readonly attempts: number;
  /** When the next try is due; 0 for the first. */
  readonly nextMs: number;
  readonly lastError?: string;
}

export type NewOutboxItem = Pick<OutboxItem, 'lane' | 'peer' | 'operation' | 'params' | 'text' | 'subject'> & {
  readonly trace?: TraceContext | undefined;
};

export interface OicpOutboxOptions {
  readonly database: Database;
  /** Name of its table. */
  readonly name: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly backoff: BackoffPolicy;
  /** Tries until an item is given up; unlimited when absent. */
  readonly maxAttempts?: number;
  /** At most so many of an operation in any minute; absent: as many as there are. */
  perMinute?(operation: OperationName): number | undefined;
  /** Runs `task` when the turn is durable: what is sent is on disk before. */
  readonly afterCommit: (task: () => void) => void;
  send(item: OutboxItem, options: CallOptions): Promise<OicpOutcome>;
  /**
   * It is over for this item: it was answered (`ok`, `refused`, `invalid`) or given up after `maxAttempts`. Changes of
   * state made here are durable together with the item's removal. Called again after a crash in between.
   */
  done(item: OutboxItem, outcome: OicpOutcome): void;
  /** Another try will follow. */
  retrying?(item: OutboxItem, outcome: OicpOutcome): void;
  defect(where: string, thrown: unknown): void;
}

/**
 * Outgoing OICP messages that may be late, kept in the database of their owner until the other side has answered. Put an
 * item in the same turn as the state change it belongs to. An item may be delivered twice (a crash before its answer was
 * noted, a lost answer): receivers are idempotent, and later deliveries are marked `retry`, also the first one after a
 * restart, since nobody knows what became of the last one before it.
 */
export class OicpOutbox {
  readonly #options: OicpOutboxOptions;
  readonly #items: Collection<OutboxItem>;
  readonly #busy = new Set<string>();
  /** What an earlier run left: the other side may have had it, though its answer was never noted. */
  readonly #left: Set<string>;
  readonly #timers = new Map<string, Timer>();
  /** When the operations with a limit went out in the last minute. */
  readonly #sentMs = new Map<OperationName, number[]>();
  #next: number;
  #running = false;

  constructor(options: OicpOutboxOptions) {
    this.#options = options;
    this.#items = new Collection<OutboxItem>(options.database, {
      name: options.name,
      key: ({ key }) => key,
      pinned: () => true,
    });
    this.#left = new Set([...this.#items.pinned()].map(({ key }) => key));
    this.#next = Math.max(0, ...[...this.#left].map(Number)) + 1;
  }

  /** Adds an item; it leaves after this turn's commit, when its lane is free. */
  add(item: NewOutboxItem): OutboxItem {
    const { trace, ...rest } = item;
    const added: OutboxItem = {
      ...rest,
      key: String(this.#next++).padStart(12, '0'),
      createdMs: this.#options.clock.now(),
      attempts: 0,
      nextMs: 0,
      ...(trace === undefined ? {} : { trace }),
    };
    this.#items.put(added);
    if (this.#running) this.#options.afterCommit(() => this.#turn(added.lane));
    return added;
  }

  /** Begins to send, also what an earlier run left. */
  start(): void {
    this.#running = true;
    for (const lane of new Set(this.waiting().map(({ lane }) => lane))) this.#turn(lane);
  }

  /** Sends nothing more; what is under way is noted when it ends. */
  stop(): void {
    this.#running = false;
    for (const timer of this.#timers.values()) timer.cancel();
    this.#timers.clear();
  }

  /** Everything that waits, the oldest first. */
  waiting(): OutboxItem[] {
    return [...this.#items.pinned()].sort((a, b) => (a.key < b.key ? -1 : 1));
  }

  /** Tries at once what waits for its next try: the other side is back. */
  wake(lane?: string): void {
    for (const item of this.waiting()) {
      if (lane !== undefined && item.lane !== lane) continue;
      if (item.nextMs > 0) this.#items.put({ ...item, nextMs: 0 });
      if (this.#running) this.#turn(item.lane);
    }
  }

  /** Takes an item out that need not be sent any more. One that is under way is not recalled. */
  remove(key: string): boolean {
    return this.#items.delete(key);
  }

  #turn(lane: string): void {
    if (!this.#running || this.#busy.has(lane)) return;
    const item = this.#first(lane);
    if (item === undefined) return;
    this.#timers.get(lane)?.cancel();
    this.#timers.delete(lane);
    // The clock may have been set back since the time of the next try was noted.
    const longestMs = Math.max(this.#options.backoff.maxMs, HOUR_MS);
    const retryMs = item.nextMs === 0 ? 0 : Math.min(item.nextMs - this.#options.clock.now(), longestMs);
    const waitMs = Math.max(retryMs, this.#paceMs(item.operation));
    if (waitMs > 0) {
      this.#timers.set(
        lane,
        this.#options.clock.after(waitMs, () => this.#turn(lane)),
      );
      return;
    }
    this.#sentMs.get(item.operation)?.push(this.#options.clock.now());
    this.#busy.add(lane);
    this.#deliver(item).then(
      () => this.#free(lane),
      (thrown: unknown) => {
        this.#options.defect(`delivering ${item.operation}`, thrown);
        this.#put(item, {
          kind: 'broken',
          reason: 'our own failure',
          ms: 0,
          findings: [],
          trace: { trace: '', span: '' },
        });
        this.#free(lane);
      },
    );
  }

  /** How long an operation has to wait so that no minute holds more than its limit. */
  #paceMs(operation: OperationName): number {
    const limit = this.#options.perMinute?.(operation);
    if (limit === undefined) return 0;
    const now = this.#options.clock.now();
    const sent = (this.#sentMs.get(operation) ?? []).filter((at) => at > now - MINUTE_MS && at <= now);
    this.#sentMs.set(operation, sent);
    return sent.length < limit ? 0 : (sent[sent.length - limit] ?? now) + MINUTE_MS - now;
  }

  /** Pinned records come in the order of their keys: nothing is put before what is there. */
  #first(lane: string): OutboxItem | undefined {
    for (const item of this.#items.pinned()) if (item.lane === lane) return item;
    return undefined;
  }

  #free(lane: string): void {
    this.#busy.delete(lane);
    this.#options.afterCommit(() => this.#turn(lane));
  }

  async #deliver(item: OutboxItem): Promise<void> {
    const before = Math.max(item.attempts, this.#left.has(item.key) ? 1 : 0);
    const outcome = await this.#options.send(item, {
      // Whoever caused it has gone on.
      trace: item.trace === undefined ? undefined : laterIn(item.trace),
      retry: before > 0,
    });
    const attempts = before + 1;
    const over = outcome.kind === 'ok' || outcome.kind === 'refused' || outcome.kind === 'invalid';
    if (over || attempts >= (this.#options.maxAttempts ?? Number.POSITIVE_INFINITY)) {
      this.#options.done({ ...item, attempts }, outcome);
      this.#items.delete(item.key);
      return;
    }
    this.#put(item, outcome);
  }

  /** Keeps the item for another try. */
  #put(item: OutboxItem, outcome: OicpOutcome): void {
    const { clock, random, backoff, retrying } = this.#options;
    const attempts = item.attempts + 1;
    const asked = outcome.kind === 'busy' ? (outcome.retryAfterMs ?? 0) : 0;
    const waitMs = Math.max(asked, backoffMs(attempts, backoff, random));
    const reason = 'reason' in outcome ? outcome.reason : outcome.kind;
    const waiting: OutboxItem = { ...item, attempts, nextMs: clock.now() + waitMs, lastError: reason };
    // It may have been taken out while it was under way.
    if (this.#items.has(item.key)) this.#items.put(waiting);
    retrying?.(waiting, outcome);
  }
}
