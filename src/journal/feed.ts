import type { Clock } from '../core/clock.ts';
import { lineOf } from './message-shapes.ts';
import type { Observer } from './observer.ts';
import type { FeedPage, FeedQuery } from './query.ts';
import { MessageView } from './stored-message.ts';

/** Lets readers of the feed wait for what comes in next. */
export class NewsBell {
  readonly #clock: Clock;
  readonly #waiting = new Set<() => void>();
  #ringing = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Something came in: whoever waits is woken soon, once for all that comes in until then. */
  ring(): void {
    if (this.#ringing || this.#waiting.size === 0) return;
    this.#ringing = true;
    this.#clock.after(GATHER_MS, () => {
      this.#ringing = false;
      for (const wake of [...this.#waiting]) wake();
    });
  }

  /** Resolves when something came in, at the latest after `ms`. Too many waiting readers do not wait. */
  wait(ms: number): Promise<void> {
    if (ms <= 0 || this.#waiting.size >= MAX_WAITING) return Promise.resolve();
    return new Promise((resolve) => {
      const wake = (): void => {
        timer.cancel();
        this.#waiting.delete(wake);
        resolve();
      };
      const timer = this.#clock.after(ms, wake);
      this.#waiting.add(wake);
    });
  }

  close(): void {
    for (const wake of [...this.#waiting]) wake();
  }
}

/** How long news gather before they are told: a reader asks again at most this often. */
const GATHER_MS = 40;
const MAX_WAITING = 100;
const MAX_WAIT_MS = 30_000;
const MAX_LINES = 2_000;

/**
 * One page of the feed by which another journal follows this one: messages by number, and findings by theirs (a rule may
 * judge a message long after it was read). A finding never stands before its message.
 */
export async function feedPage(observer: Observer, query: FeedQuery): Promise<FeedPage> {
  const limit = Math.min(Math.max(query.limit ?? 1_000, 1), MAX_LINES);
  await observer.rebuilt;
  let start = startOf(observer, query.after);
  // Who asks for the first time wants to know where the journal stands.
  const first = query.after === undefined || query.after === '';
  if (!first && !start.restarted && !hasNews(observer, start)) {
    await observer.news.wait(Math.min(query.waitMs ?? 0, MAX_WAIT_MS));
    // The journal may have been cleared meanwhile.
    start = startOf(observer, query.after);
  }
  const { index, store, epoch, source } = observer;
  const { columns } = index;
  const lines: string[] = [];
  const from = Math.max(start.seq + 1, columns.first);
  const to = Math.min(from + limit - 1, columns.head);
  if (from <= to) {
    for (const stored of store.range(from, to)) {
      // Findings have a line of their own; sessions are put together by the reader.
      const {
        findings: _findings,
        session: _session,
        epoch: _epoch,
        ...line
      } = lineOf(new MessageView(source, stored));
      lines.push(`${JSON.stringify(line)}\n`);
    }
  }
  const seq = Math.max(start.seq, to);
  let finding = Math.max(start.finding, index.firstFinding - 1);
  let told = 0;
  for (; finding < index.lastFinding && told < limit; finding++) {
    const next = index.finding(finding + 1);
    if (next?.seq !== undefined && next.seq > seq) break;
    if (next === undefined) continue;
    told++;
    lines.push(`${JSON.stringify({ finding: next })}\n`);
  }
  return {
    text: lines.join(''),
    count: lines.length,
    next: `${epoch}:${seq}:${finding}`,
    epoch,
    head: columns.head,
    now: observer.options.clock.now(),
    complete: seq >= columns.head && (finding >= index.lastFinding || told < limit),
    ...(start.restarted ? { restarted: true as const } : {}),
  };
}

interface Start {
  readonly seq: number;
  readonly finding: number;
  /** The cursor is of another journal: this one is read from its beginning. */
  readonly restarted: boolean;
}

function startOf({ epoch, index }: Observer, after: string | undefined): Start {
  if (after === undefined || after === '') return { seq: 0, finding: 0, restarted: false };
  const [ofEpoch, seq, finding] = after.split(':');
  const start = { seq: Number(seq), finding: Number(finding), restarted: false };
  const known = ofEpoch === epoch && Number.isSafeInteger(start.seq) && Number.isSafeInteger(start.finding);
  return known && start.seq <= index.columns.head ? start : { seq: 0, finding: 0, restarted: true };
}

function hasNews({ index }: Observer, { seq, finding }: Start): boolean {
  return index.columns.head > seq || index.lastFinding > finding;
}
