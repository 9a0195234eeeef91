/** What a connection's pings have shown, as the journal tells it. */
export interface LivenessFacts {
  /** The time that this tells about: since the last report, or since the connection opened. */
  readonly forS: number;
  /** Pings of the peer in that time. */
  readonly pings: number;
  /** The longest time without a ping of the peer that reached into it, the one still running included. */
  readonly longestGapS: number;
  /** For how long a ping of ours has had no pong, at the latest message of the peer; 0 when all is well. */
  readonly unansweredS: number;
}

const EVERY_MS = 10 * 60_000;
/** A ping may go unanswered that long before a message that still comes is worth a word. */
const PONG_MS = 30_000;

/**
 * Counts the pings and pongs of one connection. A report every ten minutes at most, written when a message or a pong comes
 * anyhow: no timer, no journal entry per ping, and one comparison per message. A peer without pings is told of once.
 */
export class Liveness {
  #since: number;
  #dueAt: number;
  #pings = 0;
  #longestMs = 0;
  #lastPingAt: number;
  #unansweredSince = Number.POSITIVE_INFINITY;
  #wasSilent = false;

  constructor(openedAt: number) {
    this.#since = openedAt;
    this.#lastPingAt = openedAt;
    this.#dueAt = openedAt + EVERY_MS;
  }

  /** A ping of ours has left. */
  pinged(now: number): void {
    if (this.#unansweredSince === Number.POSITIVE_INFINITY) this.#unansweredSince = now;
  }

  heard(sign: 'ping' | 'pong', now: number): void {
    if (sign === 'pong') {
      this.#unansweredSince = Number.POSITIVE_INFINITY;
      return;
    }
    this.#pings++;
    this.#longestMs = Math.max(this.#longestMs, now - this.#lastPingAt);
    this.#lastPingAt = now;
  }

  /** True when there is something to tell, now that the peer has shown a sign of life. */
  isDue(now: number): boolean {
    return now >= this.#dueAt || now - this.#unansweredSince > PONG_MS;
  }

  /** The report, and a new beginning; undefined when it would only repeat that there are no pings. */
  report(now: number): LivenessFacts | undefined {
    const unansweredMs = Math.max(0, now - this.#unansweredSince);
    const unanswered = unansweredMs > PONG_MS;
    const facts = {
      forS: seconds(now - this.#since),
      pings: this.#pings,
      longestGapS: seconds(Math.max(this.#longestMs, now - this.#lastPingAt)),
      unansweredS: unanswered ? seconds(unansweredMs) : 0,
    };
    // The next pong opens a new count; until then it is told once.
    if (unanswered) this.#unansweredSince = Number.POSITIVE_INFINITY;
    const repeats = this.#pings === 0 && this.#wasSilent && !unanswered;
    this.#wasSilent = this.#pings === 0;
    this.#since = now;
    this.#dueAt = now + EVERY_MS;
    this.#pings = 0;
    this.#longestMs = 0;
    return repeats ? undefined : facts;
  }
}

function seconds(ms: number): number {
  return Math.round(ms / 100) / 10;
}
