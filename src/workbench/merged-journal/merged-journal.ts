import type { Clock, Timer } from '../../core/clock.ts';
import { tailOf } from '../../journal/findings/resume.ts';
import type { Journal, NewFinding } from '../../journal/index.ts';
import { LineRecorder } from '../../journal/line-recorder.ts';
import type { Log } from '../../platform/logging/log.ts';
import type { ServiceName } from '../../platform/service.ts';
import { Cursors, type OriginFacts } from './cursors.ts';
import { HOLD_MS, type OriginPlace, type Taken, TrafficMerge } from './merge.ts';
import type { MergedRules } from './merged-rules.ts';
import { Numbers } from './numbers.ts';
import { OriginFeed, type OriginFeedOptions, type OriginPage } from './origin-feed.ts';

export interface MergedJournalOptions {
  readonly clock: Clock;
  readonly journal: Journal;
  readonly services: readonly ServiceName[];
  readonly open: OriginFeedOptions['open'];
  /** Where it notes how far it has read. */
  readonly file: string;
  readonly log: Log;
  /** Judges what is taken over; none when rules are off. */
  readonly rules?: Pick<MergedRules, 'take' | 'resume' | 'stop'> | undefined;
}

/** How well a service's journal is followed. */
export interface OriginState {
  readonly service: ServiceName;
  /** `waiting`: it has not answered yet. `behind`: there is more to take over. */
  readonly state: 'waiting' | 'behind' | 'live' | 'gone';
  readonly why?: string;
  /** Messages that are still to come. */
  readonly behind: number;
}

/** More than this waiting of one origin, and no further page is asked for. */
const MAX_WAITING = 2_000;
const PER_SLICE = 500;
/** A finding waits so long for the message that it judges, which another journal tells. */
const LATE_MS = 10_000;
const REMEMBERED_FINDINGS = 10_000;

interface LateFinding {
  readonly origin: ServiceName;
  readonly finding: NewFinding;
  readonly until: number;
}

/**
 * Follows the journals of all services and takes their messages over into this one, in one order and each hop once, so that
 * whatever is asked about the world is read here, also while a service is down. Bounded: a journal that is far behind is
 * read page by page, and nothing is asked for that cannot be stored.
 */
export class MergedJournal {
  readonly #options: MergedJournalOptions;
  readonly #merge = new TrafficMerge();
  readonly #numbers = new Numbers();
  readonly #lines: LineRecorder;
  readonly #cursors: Cursors;
  readonly #feeds = new Map<ServiceName, OriginFeed>();
  readonly #states = new Map<ServiceName, OriginState>();
  readonly #epochs = new Map<ServiceName, string>();
  readonly #room = new Map<ServiceName, () => void>();
  readonly #told = new Set<string>();
  #late: LateFinding[] = [];
  #timer: Timer | undefined;
  #pumping = false;
  #stopped = false;
  #wanted = new Set<() => void>();

  constructor(options: MergedJournalOptions) {
    this.#options = options;
    this.#lines = new LineRecorder(options.journal.unwatched);
    this.#cursors = new Cursors(options.file, options.clock, async () => (await options.journal.query.info()).head);
    for (const service of options.services) this.#states.set(service, { service, state: 'waiting', behind: 0 });
  }

  get states(): OriginState[] {
    return [...this.#states.values()];
  }

  /** Begins to follow. Resolves when it is known where to go on. */
  async start(): Promise<void> {
    const { journal, services, clock, open, rules } = this.#options;
    await this.#cursors.load(journal.query, (place, local) => this.#numbers.put(place, local));
    const { items } = await journal.query.findings({ limit: 1_000 });
    for (const finding of items) this.#firstTime(finding);
    await rules?.resume(tailOf(journal, clock.now()));
    if (this.#stopped) return;
    for (const service of services) {
      const feed = new OriginFeed({
        clock,
        service,
        cursor: this.#cursors.of(service),
        open,
        take: (page) => this.#take(service, page),
        gone: (why) => this.#gone(service, why),
        odd: (why) => this.#options.log.warn({ service, why }, 'a message of another journal could not be taken over'),
      });
      this.#feeds.set(service, feed);
      this.#merge.expect(service);
      feed.start();
    }
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#options.rules?.stop();
    for (const feed of this.#feeds.values()) feed.stop();
    for (const resume of this.#room.values()) resume();
    for (const wake of this.#wanted) wake();
    this.#timer?.cancel();
    this.#lines.close();
    if (this.#feeds.size > 0) await this.#cursors.close();
  }

  /** The number here of a message that a service knows by its own; waits a while for one that was just recorded. */
  async localSeq(place: OriginPlace, waitMs = 2_000): Promise<number | undefined> {
    const { clock } = this.#options;
    const until = clock.monotonic() + waitMs;
    for (;;) {
      const local = this.#numbers.local(place);
      const left = until - clock.monotonic();
      if (local !== undefined || left <= 0 || this.#stopped) return local;
      await new Promise<void>((resolve) => {
        const wake = (): void => {
          timer.cancel();
          this.#wanted.delete(wake);
          resolve();
        };
        const timer = clock.after(left, wake);
        this.#wanted.add(wake);
      });
    }
  }

  async #take(service: ServiceName, page: OriginPage): Promise<void> {
    const epoch = page.cursor.split(':')[0] ?? '';
    if (page.restarted || (this.#epochs.get(service) ?? epoch) !== epoch) this.#numbers.forget(service);
    this.#epochs.set(service, epoch);
    const behind = Math.max(0, page.head - Number(page.cursor.split(':')[1]));
    this.#states.set(service, { service, state: page.complete ? 'live' : 'behind', behind });
    this.#merge.add(service, page, this.#options.clock.now());
    this.#pump();
    while (this.#merge.waiting(service) > MAX_WAITING && !this.#stopped) {
      await new Promise<void>((resolve) => this.#room.set(service, resolve));
      this.#room.delete(service);
    }
  }

  #gone(service: ServiceName, why: string): void {
    const known = this.#states.get(service);
    // A service that never ran is not missed.
    if (known?.state === 'waiting') this.#states.set(service, { ...known, why });
    else this.#states.set(service, { service, state: 'gone', behind: known?.behind ?? 0, why });
    this.#merge.gone(service);
    this.#pump();
  }

  /** Takes over what may leave, in slices. */
  #pump(): void {
    if (this.#pumping || this.#stopped) return;
    const { clock, journal } = this.#options;
    if (journal.unwatched.full) {
      this.#pumping = true;
      journal.unwatched.onceDrained(() => this.#again());
      return;
    }
    const now = clock.now();
    const taken = this.#merge.take(now, PER_SLICE);
    for (const each of taken) this.#record(each);
    this.#tellLate(now);
    for (const resume of this.#room.values()) resume();
    if (taken.some(({ kind }) => kind === 'message')) for (const wake of [...this.#wanted]) wake();
    this.#timer?.cancel();
    this.#timer = undefined;
    if (taken.length === PER_SLICE) {
      this.#pumping = true;
      clock.soon(() => this.#again());
      return;
    }
    const at = this.#merge.nextAt ?? (this.#late.length > 0 ? now + HOLD_MS : undefined);
    if (at !== undefined) this.#timer = clock.after(Math.max(20, at - now), () => this.#pump());
  }

  #again(): void {
    this.#pumping = false;
    this.#pump();
  }

  #record(taken: Taken): void {
    switch (taken.kind) {
      case 'message': {
        const { place, line } = taken;
        const facts: OriginFacts = {
          origin: place.origin,
          originEpoch: this.#epochs.get(place.origin) ?? '',
          originSeq: place.seq,
        };
        const detail = { ...parsed(line.entry.detail), ...facts };
        const partner =
          line.partner === undefined ? undefined : this.#numbers.local({ origin: place.origin, seq: line.partner });
        const entry = { ...line.entry, detail: JSON.stringify(detail) };
        const seq = this.#lines.record({ link: line.link, entry }, partner);
        this.#numbers.put(place, seq);
        this.#options.rules?.take(line, seq, partner);
        break;
      }
      case 'same':
        this.#numbers.put(taken.place, taken.as);
        break;
      case 'finding':
        this.#late.push({ ...taken, until: this.#options.clock.now() + LATE_MS });
        break;
      case 'cursor':
        this.#cursors.set(taken.origin, taken.cursor);
        break;
    }
  }

  /** Findings whose message has a number here by now. */
  #tellLate(now: number): void {
    if (this.#late.length === 0) return;
    const still: LateFinding[] = [];
    for (const late of this.#late) {
      const { origin, finding, until } = late;
      const seq = finding.seq === undefined ? undefined : this.#numbers.local({ origin, seq: finding.seq });
      if (finding.seq !== undefined && seq === undefined) {
        if (now < until) still.push(late);
        continue;
      }
      const evidence = finding.evidence?.flatMap((each) => {
        const local = this.#numbers.local({ origin, seq: each.seq });
        return local === undefined ? [] : [{ ...each, seq: local }];
      });
      const local = {
        ...finding,
        ...(seq === undefined ? {} : { seq }),
        ...(evidence === undefined ? {} : { evidence }),
      };
      if (this.#firstTime(local)) this.#options.journal.unwatched.finding(local);
    }
    this.#late = still;
  }

  /** Both ends of a hop may find the same, and a crash may tell something twice. */
  #firstTime({ rule, seq, pointer, party, text }: NewFinding): boolean {
    const key = seq === undefined ? `${rule} ${party} ${text}` : `${seq} ${rule} ${pointer ?? ''}`;
    if (this.#told.has(key)) return false;
    this.#told.add(key);
    for (const oldest of this.#told) {
      if (this.#told.size <= REMEMBERED_FINDINGS) break;
      this.#told.delete(oldest);
    }
    return true;
  }
}

function parsed(detail: string | undefined): Record<string, unknown> {
  return detail === undefined ? {} : (JSON.parse(detail) as Record<string, unknown>);
}
