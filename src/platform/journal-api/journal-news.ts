import type { Clock, Timer } from '../../core/clock.ts';
import type { Finding, Journal, LiveBatch, LiveSubscription, Row } from '../../journal/index.ts';
import type { EventFeed } from '../http/event-feed.ts';

/** Changed sessions and new findings are told at most this often. */
const GATHER_MS = 250;
/** More changed sessions or findings at once than this, and readers are told to read their lists anew. */
const MAX_TOLD = 50;

/**
 * Tells an event feed what happens in a journal while somebody watches: `rates` once a second, `journal` when messages
 * came, `session` with each changed session, `finding` with each new finding.
 */
export class JournalNews {
  readonly #journal: Journal;
  readonly #feed: EventFeed;
  readonly #clock: Clock;
  #rates: LiveSubscription | undefined;
  #news: Promise<LiveSubscription> | undefined;
  #timer: Timer | undefined;
  readonly #sessions = new Set<string>();
  #judged = false;
  /** The newest finding that was told; undefined before the first look. */
  #lastFinding: string | undefined;

  constructor(journal: Journal, feed: EventFeed, clock: Clock) {
    this.#journal = journal;
    this.#feed = feed;
    this.#clock = clock;
  }

  watch(watched: boolean): void {
    if (!watched) {
      // The journal goes on and nobody counts along: the next reader reads anew instead of resuming over a hole.
      if (this.#news !== undefined) this.#feed.interrupt();
      this.#rates?.close();
      this.#rates = undefined;
      void this.#news?.then((subscription) => subscription.close());
      this.#news = undefined;
      this.#timer?.cancel();
      this.#timer = undefined;
      this.#sessions.clear();
      this.#lastFinding = undefined;
      return;
    }
    const { live } = this.#journal;
    // Rates are counted only while somebody watches.
    this.#rates ??= live.rates((now) => this.#feed.publish('rates', now));
    this.#news ??= this.#listen();
    if (this.#lastFinding === undefined) void this.#newFindings();
  }

  async #listen(): Promise<LiveSubscription> {
    const subscription = await this.#journal.live.subscribe({ entity: 'messages' }, (batch) => this.#came(batch));
    // What came between a reader's greeting and now was told to nobody: lists look once more.
    this.#feed.publish('journal', { count: 0, updates: 0 });
    return subscription;
  }

  #came({ cursor, count, rows, updates, resync }: LiveBatch): void {
    // Lists of the UI read again what they show: the rows themselves would be too much for all readers.
    this.#feed.publish('journal', { cursor, count, updates: updates.length });
    if (resync === true) this.#feed.publish('resync', {});
    for (const row of rows) this.#notice(row);
    for (const row of updates) this.#notice(row);
    if (this.#sessions.size > 0 || this.#judged) {
      this.#timer ??= this.#clock.after(GATHER_MS, () => {
        this.#timer = undefined;
        void this.#tell();
      });
    }
  }

  #notice({ ses, fd }: Row): void {
    if (ses !== undefined) this.#sessions.add(ses);
    if (fd !== undefined) this.#judged = true;
  }

  async #tell(): Promise<void> {
    const ids = [...this.#sessions];
    this.#sessions.clear();
    if (ids.length > MAX_TOLD) this.#feed.publish('session', { many: ids.length });
    for (const id of ids.slice(0, MAX_TOLD)) {
      // One may have become part of another, or be forgotten meanwhile.
      const session = await this.#journal.query.session(id).catch(() => undefined);
      if (session !== undefined) this.#feed.publish('session', session);
    }
    if (!this.#judged) return;
    this.#judged = false;
    for (const finding of (await this.#newFindings()).reverse()) {
      const { id, rule, severity, axis, peer = 'unknown', party, seq, status } = finding;
      const told = { id, rule, severity, axis, peer, party, status };
      this.#feed.publish('finding', seq === undefined ? told : { ...told, seq });
    }
  }

  async #newFindings(): Promise<Finding[]> {
    const known = this.#lastFinding;
    const page = await this.#journal.query.findings({ limit: MAX_TOLD }).catch(() => undefined);
    if (page === undefined) return [];
    this.#lastFinding = page.items[0]?.id ?? '';
    if (known === undefined) return [];
    const end = page.items.findIndex(({ id }) => id === known);
    return end < 0 ? [...page.items] : page.items.slice(0, end);
  }
}
