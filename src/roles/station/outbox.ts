/**
 * What waits to be sent. One CALL is outstanding at a time; boot goes first, then what a trigger asked for, then the rest.
 * Transaction messages keep their order and are tried again; they and security events survive a restart (1.6 §3.7, §4.1;
 * 2.0.1 E04, E13).
 */

/**
 * `boot`: only BootNotification. `triggered`: asked for by the CSMS, may go while Pending. `normal`: may overtake the
 * transaction queue (Authorize, StatusNotification, Heartbeat). `transaction`: queued, in order, retried. `security`:
 * queued, delivered at least once. `loose`: dropped while offline.
 */
export type Lane = 'boot' | 'triggered' | 'normal' | 'transaction' | 'security' | 'loose';

export interface Outgoing {
  readonly action: string;
  /** Mutable, because a 1.6 transaction id is filled in when it becomes known. */
  payload: Record<string, unknown>;
  readonly lane: Lane;
  /** Which answer handler runs, and what it needs to know: plain data, so that the queue can be stored. */
  readonly note?: Record<string, unknown>;
  /** Transmissions so far. */
  attempts: number;
  /** Not before this instant (retry), epoch ms. */
  notBeforeMs: number;
}

export interface RetryRules {
  /** Total transmissions of a transaction message. */
  readonly attempts: number;
  /** Before retransmission k the wait is interval × k, in ms. */
  readonly intervalMs: number;
}

/** What may be sent in the present registration state. */
export type Gate = 'closed' | 'boot' | 'pending' | 'open';

const RANK: Readonly<Record<Lane, number>> = {
  boot: 0,
  triggered: 1,
  normal: 2,
  loose: 2,
  transaction: 3,
  security: 4,
};

/** How many Updated-like messages a station keeps while offline before it thins them out (2.0.1 E04.FR.08). */
export const MAX_QUEUED = 1_000;

export class Outbox {
  #waiting: Outgoing[] = EMPTY;
  #inFlight: Outgoing | undefined;

  get inFlight(): Outgoing | undefined {
    return this.#inFlight;
  }

  get length(): number {
    return this.#waiting.length + (this.#inFlight === undefined ? 0 : 1);
  }

  /** True when a message of `lane` (and, if given, of that note member) has not been answered yet. */
  holds(lane: Lane, member?: string, value?: unknown): boolean {
    const fits = (one: Outgoing): boolean =>
      one.lane === lane && (member === undefined || one.note?.[member] === value);
    return (this.#inFlight !== undefined && fits(this.#inFlight)) || this.#waiting.some(fits);
  }

  holdsAction(action: string): boolean {
    return this.#inFlight?.action === action || this.#waiting.some((one) => one.action === action);
  }

  add(message: Omit<Outgoing, 'attempts' | 'notBeforeMs'>): Outgoing {
    const entry: Outgoing = { ...message, attempts: 0, notBeforeMs: 0 };
    if (this.#waiting === EMPTY) this.#waiting = [];
    this.#waiting.push(entry);
    if (this.#waiting.length > MAX_QUEUED) this.#thinOut();
    return entry;
  }

  /** The next message that may go, now in flight; or the instant at which one may; or nothing. */
  take(gate: Gate, nowMs: number): Outgoing | { readonly waitUntilMs: number } | undefined {
    if (gate === 'closed' || this.#inFlight !== undefined) return undefined;
    let best = -1;
    let waitUntilMs = Number.POSITIVE_INFINITY;
    let transactionSeen = false;
    for (const [index, entry] of this.#waiting.entries()) {
      if (!passes(entry.lane, gate)) continue;
      if (entry.lane === 'transaction') {
        // Order must hold: only the head of the transaction queue may go.
        if (transactionSeen) continue;
        transactionSeen = true;
      }
      if (entry.notBeforeMs > nowMs) {
        waitUntilMs = Math.min(waitUntilMs, entry.notBeforeMs);
        continue;
      }
      const current = this.#waiting[best];
      if (current === undefined || RANK[entry.lane] < RANK[current.lane]) best = index;
    }
    const entry = this.#waiting[best];
    if (entry === undefined) return waitUntilMs === Number.POSITIVE_INFINITY ? undefined : { waitUntilMs };
    this.#waiting.splice(best, 1);
    if (this.#waiting.length === 0) this.#waiting = EMPTY;
    entry.attempts++;
    this.#inFlight = entry;
    return entry;
  }

  /** It was answered, well or badly; it is done. */
  settle(): Outgoing | undefined {
    const entry = this.#inFlight;
    this.#inFlight = undefined;
    return entry;
  }

  /** The peer failed to process it (time-out or CALLERROR). False: given up, the message is discarded. */
  retry(nowMs: number, rules: RetryRules): boolean {
    const entry = this.#inFlight;
    this.#inFlight = undefined;
    if (entry === undefined) return false;
    if (entry.lane !== 'transaction' || entry.attempts >= rules.attempts) return false;
    entry.notBeforeMs = nowMs + rules.intervalMs * entry.attempts;
    this.#waiting = [entry, ...this.#waiting];
    return true;
  }

  /** The socket closed: what was in flight goes back without using up an attempt; what is of no use later is dropped. */
  connectionLost(): readonly Outgoing[] {
    const entry = this.#inFlight;
    this.#inFlight = undefined;
    if (entry !== undefined) {
      entry.attempts--;
      this.#waiting = [entry, ...this.#waiting];
    }
    const dropped = this.#waiting.filter((one) => !isDurable(one.lane));
    const kept = this.#waiting.filter((one) => isDurable(one.lane));
    for (const one of kept) one.notBeforeMs = 0;
    this.#waiting = kept.length === 0 ? EMPTY : kept;
    return dropped;
  }

  /** Changes waiting messages, for example to fill in a transaction id. */
  forEachWaiting(change: (entry: Outgoing) => void): void {
    for (const entry of this.#waiting) change(entry);
  }

  /** Fault injection: what waits of transactions goes out in the opposite order. */
  reverseTransactions(): void {
    const reversed = this.#waiting.filter((one) => one.lane === 'transaction').reverse();
    this.#waiting = this.#waiting.map((one) => (one.lane === 'transaction' ? (reversed.shift() ?? one) : one));
  }

  remove(gone: (entry: Outgoing) => boolean): void {
    const kept = this.#waiting.filter((entry) => !gone(entry));
    this.#waiting = kept.length === 0 ? EMPTY : kept;
  }

  /** What survives a restart: transaction messages and security events, the one in flight included. */
  toJSON(): readonly Outgoing[] {
    const all = this.#inFlight === undefined ? this.#waiting : [this.#inFlight, ...this.#waiting];
    return all.filter((entry) => isDurable(entry.lane));
  }

  restore(saved: readonly Outgoing[]): void {
    this.#inFlight = undefined;
    this.#waiting = saved.length === 0 ? EMPTY : saved.map((entry) => ({ ...entry, attempts: 0, notBeforeMs: 0 }));
  }

  /** Too many: drop every second message that may be lost, oldest first, never the first and last of a transaction. */
  #thinOut(): void {
    let keep = false;
    this.#waiting = this.#waiting.filter((entry) => {
      if (entry.note?.['droppable'] !== true) return true;
      keep = !keep;
      return keep;
    });
  }
}

/** Shared by all idle stations; `add` never writes into it. */
const EMPTY: Outgoing[] = [];
Object.freeze(EMPTY);

function passes(lane: Lane, gate: Gate): boolean {
  if (gate === 'open') return true;
  if (lane === 'boot') return true;
  return gate === 'pending' && lane === 'triggered';
}

function isDurable(lane: Lane): boolean {
  return lane === 'transaction' || lane === 'security';
}
