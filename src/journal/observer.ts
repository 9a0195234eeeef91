import type { Clock } from '../core/clock.ts';
import { messageOf } from '../core/errors.ts';
import type { Ids } from '../core/ids.ts';
import type { Place } from './columns.ts';
import type { LinkDescription, NewFinding } from './entry.ts';
import { NewsBell } from './feed.ts';
import { damageText, isDamage } from './journal-file.ts';
import { LiveFeed, type Rates } from './live-feed.ts';
import { MessageIndex } from './message-index.ts';
import { toRow } from './message-shapes.ts';
import type { MessageStore, StoredMessage } from './message-store.ts';
import { RECORD_TYPES, type RecordReader } from './packed-entry.ts';
import type { Finding, JournalReport, Retention } from './query.ts';
import { rebuildIndex } from './rebuild.ts';
import type { Acknowledgement, JournalBuffer } from './recorder.ts';
import { firstToKeep } from './retention.ts';
import { readSegments } from './segment.ts';
import { SessionProjection } from './sessions/session-projection.ts';
import { readSpool, removeSpool, type SpoolRest } from './spool.ts';
import { TrafficCounter } from './statistics.ts';
import { MessageView } from './stored-message.ts';
import { ViewShelf } from './view-shelf.ts';

export interface ObserverOptions {
  readonly clock: Clock;
  readonly ids: Ids;
  readonly retention: Retention;
  readonly openStore: () => { readonly store: MessageStore; readonly damage?: string };
  /** Puts a file that turned out damaged away; missing when there is no file. */
  readonly moveAside?: () => { readonly path: string };
  /** Where the recorder's spool is; missing when there is none. */
  readonly spoolFolder?: string;
  readonly report: (report: JournalReport) => void;
  readonly pushRates: (rates: Rates) => void;
  /** Lets others work between two slices of long work; missing: long work does not pause. */
  readonly pause?: () => Promise<void>;
  /** How many findings are kept; 100,000 by default. */
  readonly findingLimit?: number;
}

/** Where the recorder goes on. */
export interface Opening {
  readonly epoch: string;
  readonly nextSeq: number;
  readonly nextSegment: number;
  readonly nextLink: number;
}

export const DEFAULT_RETENTION: Retention = { messages: 1_000_000, bytes: 2_000_000_000, ageMs: 30 * 86_400_000 };

const REPORT_LIMIT = 50;
const FINDING_LIMIT = 100_000;
/** Messages that a reader of the feed may have seen a moment ago. */
const NEWS = 10_000;

/**
 * The reading side of the journal: stores what the recorder delivers, holds the columns, views and feed. It runs in a
 * worker thread of its own (`observer-worker.ts`), or in the same thread for tests and virtual time.
 */
export class Observer {
  readonly options: ObserverOptions;
  readonly views: ViewShelf;
  readonly reports: JournalReport[] = [];
  readonly feed: LiveFeed;
  readonly news: NewsBell;
  store: MessageStore;
  index: MessageIndex;
  counter: TrafficCounter;
  sessions: SessionProjection;
  epoch: string;
  #lastSegment = 0;
  #durableSegment = 0;
  #nextLink = 1;
  /** Links that are closed, and the newest message at that time: forgotten when retention passes it. */
  readonly #closedLinks = new Map<number, number>();
  /** Messages of this transaction's past that look different now. */
  readonly #answered = new Set<number>();
  readonly #judged = new Set<number>();
  #rebuilt: Promise<void> = Promise.resolve();
  /** True while the sessions are being read in slices. */
  #following = false;
  #closed = false;

  constructor(options: ObserverOptions) {
    this.options = options;
    this.views = new ViewShelf(options.clock);
    this.news = new NewsBell(options.clock);
    const { store, damage } = options.openStore();
    this.store = store;
    this.index = new MessageIndex(options.findingLimit ?? FINDING_LIMIT);
    this.counter = new TrafficCounter(this.index);
    this.sessions = this.#newSessions();
    const epoch = store.meta('epoch');
    this.epoch = typeof epoch === 'string' ? epoch : this.#newEpoch();
    this.feed = new LiveFeed({
      clock: options.clock,
      journal: () => this,
      rowOf: (seq) => {
        const view = this.view(seq);
        return view === undefined ? undefined : toRow(view);
      },
      pushRates: options.pushRates,
    });
    if (damage !== undefined) this.#report('damaged', damage);
  }

  /** Resolves when everything that an earlier run left is in the columns. */
  get rebuilt(): Promise<void> {
    return this.#rebuilt;
  }

  /** Takes in what the spool has more than the database, and begins to rebuild the columns. */
  open(): Opening {
    const { store } = this;
    this.#lastSegment = Number(store.meta('segment') ?? 0);
    this.#nextLink = Number(store.meta('link') ?? 0) + 1;
    const bounds = store.bounds();
    this.index.columns.raiseHead(Math.max(bounds?.last ?? 0, Number(store.meta('seq') ?? 0)));
    for (const { link, json } of store.links()) {
      this.index.addLink(link, JSON.parse(json) as LinkDescription);
      this.#nextLink = Math.max(this.#nextLink, link + 1);
    }
    for (const { id, json } of store.findings()) this.index.addFinding(id, JSON.parse(json) as Finding);
    for (const { seq, annotation } of store.annotations()) this.index.annotate(seq, annotation);
    this.#recoverSpool();
    // An earlier run's links carry nothing more.
    for (const link of this.index.routes.links()) this.#closedLinks.set(link, this.index.columns.head);
    if (bounds !== undefined) this.#rebuilt = this.#rebuildSafely(bounds.first, bounds.last);
    const { head } = this.index.columns;
    return { epoch: this.epoch, nextSeq: head + 1, nextSegment: this.#lastSegment + 1, nextLink: this.#nextLink };
  }

  /** Stores buffers of the recorder, all in one transaction. */
  ingest(buffers: readonly JournalBuffer[]): Acknowledgement {
    try {
      this.#ingestOnce(buffers);
    } catch (error) {
      this.store.rollback();
      if (isDamage(error) && this.options.moveAside !== undefined) {
        this.#startOver(error);
        this.#ingestAgain(buffers);
      } else {
        this.#reportLost(error);
      }
    }
    if (buffers.some((buffer) => buffer.checkpoint)) this.#checkpoint();
    this.#followSessions();
    this.news.ring();
    return {
      buffers: buffers.length,
      memory: buffers.map((buffer) => buffer.memory),
      durableSegment: this.#durableSegment,
    };
  }

  /** Tells views and feed that a message looks different now. */
  touch(seq: number, why: 'answer' | 'judgement'): void {
    const place = this.index.columns.find(seq);
    if (place === undefined) return;
    this.views.changed(place.chunk, place.row, why);
    this.feed.changed(place.chunk, place.row);
  }

  /** Forgets all messages and begins a new epoch; numbers go on. */
  clear(): void {
    const head = this.index.columns.head;
    this.store.begin();
    this.store.deleteBelow(head + 1);
    this.store.removeFindings(Number.MAX_SAFE_INTEGER);
    this.epoch = this.#newEpoch();
    this.store.setMeta('epoch', this.epoch);
    this.store.commit();
    this.#begin(head);
  }

  close(): Acknowledgement {
    this.#closed = true;
    this.feed.close();
    this.news.close();
    this.views.clear();
    this.#checkpoint();
    this.store.close();
    return { buffers: 0, memory: [], durableSegment: this.#durableSegment };
  }

  /** A message's view of itself, or undefined when it is not there (any more). */
  view(seq: number, exchange = false): MessageView | undefined {
    if (this.index.columns.find(seq) === undefined) return undefined;
    const stored = this.store.get(seq);
    return stored === undefined ? undefined : new MessageView(this.source, stored, exchange);
  }

  get source() {
    return { index: this.index, epoch: this.epoch, get: (seq: number) => this.store.get(seq) };
  }

  /** Forgets everything in memory but the links, which are still open. */
  #begin(head: number): void {
    const { routes } = this.index;
    const links = [...routes.links()].map((link): [number, LinkDescription] => [link, routes.link(link)]);
    this.views.clear();
    this.index = new MessageIndex(this.options.findingLimit ?? FINDING_LIMIT);
    this.index.columns.raiseHead(head);
    this.counter = new TrafficCounter(this.index);
    this.sessions = this.#newSessions();
    for (const [link, description] of links) this.index.addLink(link, description);
    this.feed.restart();
    this.news.ring();
  }

  #newSessions(): SessionProjection {
    const sessions = new SessionProjection(
      {
        index: this.index,
        epoch: '',
        get: (seq) => this.store.get(seq),
        range: (from, to) => this.store.range(from, to),
      },
      (seq) => {
        const place = this.index.columns.find(seq);
        if (place === undefined) return;
        this.views.changed(place.chunk, place.row, 'judgement');
        // Readers of the feed see what is new; sessions of an earlier run are no news.
        if (seq > this.index.columns.head - NEWS) this.feed.changed(place.chunk, place.row);
      },
    );
    this.index.sessionName = (session) => sessions.book.byNumber(session)?.id;
    return sessions;
  }

  /** Reads the sessions behind the recording: in slices where others wait, so that they never hold up a commit. */
  #followSessions(): void {
    if (this.index.rebuilding || this.#following || !this.sessions.behind) return;
    const { pause } = this.options;
    if (pause === undefined) {
      while (this.sessions.behind) this.sessions.advance();
      return;
    }
    this.#following = true;
    const next = async (): Promise<void> => {
      try {
        while (!this.#closed && this.sessions.behind) {
          await pause();
          if (!this.#closed) this.sessions.advance();
        }
      } catch (error) {
        // A file that was damaged meanwhile: storing reports and replaces it.
        if (!this.#closed) this.#report('full', `Sessions could not be read: ${messageOf(error)}`);
      } finally {
        this.#following = false;
      }
    };
    void next();
  }

  #newEpoch(): string {
    return this.options.ids.uuid().replaceAll('-', '').slice(0, 8);
  }

  #ingestOnce(buffers: readonly JournalBuffer[]): void {
    this.store.begin();
    for (const buffer of buffers) {
      const bytes = Buffer.from(buffer.memory, 0, buffer.length);
      const { lastSegment } = readSegments(bytes, (reader) => this.#take(reader), { check: false });
      this.#lastSegment = Math.max(this.#lastSegment, lastSegment);
    }
    this.#commit();
  }

  #ingestAgain(buffers: readonly JournalBuffer[]): void {
    try {
      this.#ingestOnce(buffers);
    } catch (error) {
      this.store.rollback();
      this.#reportLost(error);
    }
  }

  #reportLost(error: unknown): void {
    this.#report('full', `Messages could not be stored: ${messageOf(error)}. They are not in the journal.`);
  }

  #commit(): void {
    for (const seq of this.#answered) this.touch(seq, 'answer');
    for (const seq of this.#judged) this.touch(seq, 'judgement');
    this.#answered.clear();
    this.#judged.clear();
    this.#retain();
    this.store.setMeta('epoch', this.epoch);
    this.store.setMeta('segment', this.#lastSegment);
    this.store.setMeta('seq', this.index.columns.head);
    this.store.setMeta('link', this.#nextLink - 1);
    this.store.commit();
  }

  #take(reader: RecordReader): void {
    switch (reader.type) {
      case RECORD_TYPES.entry: {
        const seq = reader.seq;
        const stored = { seq, record: reader.record() };
        this.store.append(stored);
        const { place, partner } = this.index.add(reader);
        this.#added(place);
        this.#takeIntoSessions(stored, place);
        if (partner > 0) this.#answered.add(partner);
        break;
      }
      case RECORD_TYPES.linkOpened: {
        const description = reader.json() as LinkDescription;
        this.index.addLink(reader.link, description);
        this.store.putLink(reader.link, JSON.stringify(description));
        this.#nextLink = Math.max(this.#nextLink, reader.link + 1);
        break;
      }
      case RECORD_TYPES.linkClosed:
        this.#closedLinks.set(reader.link, this.index.columns.head);
        break;
      case RECORD_TYPES.finding:
        this.#takeFinding(reader.json() as NewFinding);
        break;
    }
  }

  /** What goes wrong with a session must not cost the message that is being stored. */
  #takeIntoSessions(stored: StoredMessage, { chunk, row }: Place): void {
    if (this.index.rebuilding) return;
    try {
      this.sessions.added(stored, chunk, row);
    } catch (error) {
      this.#report('full', `Message ${stored.seq} could not be taken into its session: ${messageOf(error)}`);
    }
  }

  #added({ chunk, row }: Place): void {
    this.counter.add(chunk, row);
    this.views.added(chunk, row);
    this.feed.added(chunk, row);
  }

  #takeFinding(content: NewFinding): void {
    const number = this.index.lastFinding + 1;
    const finding: Finding = { id: `F-${String(number).padStart(5, '0')}`, ...content };
    this.store.addFinding(number, finding.seq, JSON.stringify(finding));
    this.index.addFinding(number, finding);
    if (finding.seq !== undefined) this.#judged.add(finding.seq);
  }

  #retain(): void {
    if (this.index.rebuilding) return;
    const { columns } = this.index;
    const first = firstToKeep(columns, this.options.retention, this.options.clock.now());
    const forgotten = this.index.trimFindings();
    if (forgotten > 0) this.store.removeFindings(forgotten);
    if (first <= columns.first) return;
    this.store.deleteBelow(first);
    this.index.dropBelow(first);
    this.views.dropBelow(first);
    this.sessions.dropBelow(first);
    for (const [link, lastSeq] of this.#closedLinks) {
      if (lastSeq >= first) continue;
      this.#closedLinks.delete(link);
      this.index.routes.removeLink(link);
      this.store.removeLink(link);
    }
  }

  #recoverSpool(): void {
    const folder = this.options.spoolFolder;
    if (folder === undefined) return;
    let rest: SpoolRest | undefined;
    try {
      this.store.begin();
      const stored = this.#lastSegment;
      rest = readSpool(folder, (reader, segment) => {
        if (segment > stored) this.#take(reader);
      });
      this.#lastSegment = Math.max(stored, rest.lastSegment);
      this.#commit();
      this.#checkpoint();
    } catch (error) {
      this.store.rollback();
      throw error;
    }
    for (const { file, bytes } of rest.torn) {
      this.#report(
        'torn',
        `The last ${bytes} bytes of ${file} are torn: what was being written when the process ended is lost.`,
      );
    }
    removeSpool(rest.files);
  }

  /** A file that cannot be read to its beginning is as damaged as one that cannot be opened. */
  async #rebuildSafely(first: number, last: number): Promise<void> {
    const { index, store, counter } = this;
    const { pause } = this.options;
    const isOver = (): boolean => this.#closed || this.index !== index;
    try {
      await rebuildIndex({ index, store, counter, first, last, isOver, ...(pause === undefined ? {} : { pause }) });
      if (!isOver()) this.#followSessions();
    } catch (error) {
      index.rebuilding = false;
      if (this.#closed) return;
      if (isDamage(error) && this.options.moveAside !== undefined) this.#startOver(error);
      else this.#report('full', `Older messages could not be read: ${messageOf(error)}`);
    }
  }

  #checkpoint(): void {
    try {
      this.store.checkpoint();
      this.#durableSegment = this.#lastSegment;
    } catch (error) {
      this.#report('full', `The journal could not be put on disk: ${messageOf(error)}`);
    }
  }

  /** The file turned out damaged while it was in use. */
  #startOver(cause: unknown): void {
    const now = this.options.clock.now();
    const head = this.index.columns.head;
    try {
      this.store.close();
    } catch {
      // It is damaged: closing may fail too.
    }
    const moved = this.options.moveAside?.();
    const { store } = this.options.openStore();
    this.store = store;
    this.epoch = this.#newEpoch();
    this.#begin(head);
    const { routes } = this.index;
    store.begin();
    for (const link of routes.links()) store.putLink(link, JSON.stringify(routes.link(link)));
    store.commit();
    this.#report('damaged', damageText(moved?.path ?? 'journal', now, cause));
  }

  #report(kind: JournalReport['kind'], text: string): void {
    const report = { time: this.options.clock.now(), kind, text };
    this.reports.push(report);
    if (this.reports.length > REPORT_LIMIT) this.reports.shift();
    this.options.report(report);
  }
}
