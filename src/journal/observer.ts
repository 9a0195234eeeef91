import type { Clock } from '../core/clock.ts';
import { CompoteError, messageOf } from '../core/errors.ts';
import type { Ids } from '../core/ids.ts';
import { addSince, type ClearedJournal, findingId, UNDO_MS } from './cleared-journal.ts';
import type { Place } from './columns.ts';
import type { LinkDescription, NewFinding } from './entry.ts';
import { NewsBell } from './feed.ts';
import { damageText } from './journal-file.ts';
import { LiveFeed, type Rates } from './live-feed.ts';
import { MessageIndex } from './message-index.ts';
import { toRow } from './message-shapes.ts';
import type { Annotation, MessageStore, Notes, StoredMessage } from './message-store.ts';
import { type Mute, MuteBook } from './mutes.ts';
import { NoteKeeper } from './note-keeper.ts';
import { RECORD_TYPES, type RecordReader } from './packed-entry.ts';
import type { JournalReport, KeptFinding, Retention } from './query.ts';
import { rebuildIndex } from './rebuild.ts';
import type { Acknowledgement, JournalBuffer, Piece } from './recorder.ts';
import { firstToKeep } from './retention.ts';
import { readSegments } from './segment.ts';
import { SessionProjection } from './sessions/session-projection.ts';
import { TrafficCounter } from './statistics.ts';
import { MessageView } from './stored-message.ts';
import { ViewShelf } from './view-shelf.ts';

export interface ObserverOptions {
  readonly clock: Clock;
  readonly ids: Ids;
  readonly retention: Retention;
  readonly openStore: () => { readonly store: MessageStore; readonly damage?: string };
  /** Puts a database that turned out damaged away; missing when there is none. */
  readonly moveAside?: () => { readonly path: string };
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

const NOWHERE: Piece = { from: 0, file: 0, offset: 0 };
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
  readonly store: MessageStore;
  index: MessageIndex;
  counter: TrafficCounter;
  sessions: SessionProjection;
  epoch: string;
  #lastSegment = 0;
  #nextLink = 1;
  readonly #notes: NoteKeeper;
  /** Links that are closed, and the newest message at that time: forgotten when retention passes it. */
  readonly #closedLinks = new Map<number, number>();
  /** Messages of this transaction's past that look different now. */
  readonly #answered = new Set<number>();
  readonly #judged = new Set<number>();
  #rebuilt: Promise<void> = Promise.resolve();
  #cleared: ClearedJournal | undefined;
  /** True while the sessions are being read in slices. */
  #following = false;
  #closed = false;

  constructor(options: ObserverOptions) {
    this.options = options;
    this.views = new ViewShelf(options.clock);
    this.news = new NewsBell(options.clock);
    const { store, damage } = options.openStore();
    this.store = store;
    this.index = new MessageIndex(options.findingLimit ?? FINDING_LIMIT, new MuteBook(options.clock));
    this.counter = new TrafficCounter(this.index);
    this.sessions = this.#newSessions();
    const { moveAside } = options;
    this.#notes = new NoteKeeper({
      store,
      index: () => this.index,
      marks: () => ({
        epoch: this.epoch,
        segment: this.#lastSegment,
        seq: this.index.columns.head,
        link: this.#nextLink - 1,
      }),
      moveAside:
        moveAside === undefined ? undefined : (cause) => damageText(moveAside().path, options.clock.now(), cause),
      report: (kind, text) => this.#report(kind, text),
    });
    const epoch = store.notes.meta('epoch');
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

  /** Takes in what the files have more than the notes tell of, and begins to rebuild the columns. */
  open(): Opening {
    const { notes } = this.store;
    this.#lastSegment = Number(notes.meta('segment') ?? 0);
    this.#nextLink = Number(notes.meta('link') ?? 0) + 1;
    this.index.columns.raiseHead(Number(notes.meta('seq') ?? 0));
    for (const { link, json } of notes.links()) {
      this.index.addLink(link, JSON.parse(json) as LinkDescription);
      this.#nextLink = Math.max(this.#nextLink, link + 1);
    }
    for (const { id, json } of notes.findings()) this.index.addFinding(id, JSON.parse(json) as KeptFinding);
    for (const json of notes.mutes()) this.index.mutes.put(JSON.parse(json) as Mute);
    for (const { seq, annotation } of notes.annotations()) this.index.annotate(seq, annotation);
    this.#recover();
    // An earlier run's links carry nothing more.
    for (const link of this.index.routes.links()) this.#closedLinks.set(link, this.index.columns.head);
    this.#rebuilt = this.#rebuild();
    const { head } = this.index.columns;
    return { epoch: this.epoch, nextSeq: head + 1, nextSegment: this.#lastSegment + 1, nextLink: this.#nextLink };
  }

  /** Links of this run that are open. */
  *openLinks(): Generator<LinkDescription> {
    const { routes } = this.index;
    for (const link of routes.links()) if (!this.#closedLinks.has(link)) yield routes.link(link);
  }

  /** Takes in buffers of the recorder. Their messages stand in its files: what can fail here is only the notes. */
  ingest(buffers: readonly JournalBuffer[]): Acknowledgement {
    for (const { memory, length, pieces } of buffers) {
      let next = 0;
      let piece: Piece = NOWHERE;
      const { lastSegment } = readSegments(
        Buffer.from(memory, 0, length),
        (reader) => {
          for (let on = pieces[next]; on !== undefined && on.from <= reader.offset; on = pieces[++next]) piece = on;
          this.#take(reader, piece.file, piece.offset + reader.offset - piece.from);
        },
        { check: false },
      );
      this.#lastSegment = Math.max(this.#lastSegment, lastSegment);
    }
    this.#commit();
    this.#followSessions();
    this.news.ring();
    return { buffers: buffers.length, memory: buffers.map((buffer) => buffer.memory) };
  }

  /** Tells views and feed that a message looks different now. */
  touch(seq: number, why: 'answer' | 'judgement'): void {
    const place = this.index.columns.find(seq);
    if (place === undefined) return;
    this.views.changed(place.chunk, place.row, why);
    this.feed.changed(place.chunk, place.row);
  }

  /**
   * Forgets all messages and begins a new epoch; numbers go on. The recorder has begun a new file before. For a while it
   * can be taken back, unless an earlier run's messages were still being read.
   */
  clear(): void {
    this.#forgetCleared();
    const { index, counter, sessions, epoch } = this;
    const { head } = index.columns;
    const mutes = index.mutes.below(head + 1);
    this.epoch = this.#newEpoch();
    this.#notes.write(() => this.store.clear(head + 1));
    this.#forgetMutes(head + 1);
    this.#begin(head);
    this.#notes.finish();
    if (index.rebuilding || index.columns.count === 0) return this.store.deleteCleared(head + 1);
    const { clock } = this.options;
    const timer = clock.after(UNDO_MS, () => this.#forgetCleared());
    this.#cleared = { epoch, index, counter, sessions, mutes, until: clock.now() + UNDO_MS, timer };
  }

  /** What was cleared a moment ago and can be taken back. */
  get cleared(): ClearedJournal | undefined {
    return this.#cleared;
  }

  /** Takes the clearing back: the old epoch goes on, with what came in since. Errors: `CONFLICT` */
  undoClear(): void {
    const cleared = this.#cleared;
    if (cleared === undefined) {
      throw new CompoteError('CONFLICT', {
        detail: `Nothing was cleared in the last ${UNDO_MS / 1_000} s, or so much came in since that it is gone.`,
      });
    }
    cleared.timer.cancel();
    this.#cleared = undefined;
    addSince(cleared, this.index, this.store);
    this.views.clear();
    this.epoch = cleared.epoch;
    this.index = cleared.index;
    this.counter = cleared.counter;
    this.sessions = cleared.sessions;
    this.#notes.rewrite();
    this.feed.restart();
    this.news.ring();
    this.#followSessions();
  }

  #forgetCleared(): void {
    if (this.#cleared === undefined) return;
    this.#cleared.timer.cancel();
    const { head } = this.#cleared.index.columns;
    this.#cleared = undefined;
    this.store.deleteCleared(head + 1);
  }

  /** Notes what a person has decided: it stands nowhere else. Errors: `STORAGE_UNUSABLE` */
  decide(write: (notes: Notes) => void): void {
    const { notes } = this.store;
    try {
      write(notes);
      notes.commit();
    } catch (error) {
      notes.rollback();
      throw error;
    }
  }

  /** What a person wrote about a message, or that it is marked. Errors: `STORAGE_UNUSABLE` */
  annotate(seq: number, annotation: Annotation): void {
    this.decide((notes) => notes.annotate(seq, annotation));
    this.index.annotate(seq, annotation);
    this.touch(seq, 'judgement');
  }

  close(): Acknowledgement {
    this.#closed = true;
    this.#forgetCleared();
    this.feed.close();
    this.news.close();
    this.views.clear();
    this.#notes.finish();
    this.store.close();
    return { buffers: 0, memory: [] };
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
    const { routes, mutes } = this.index;
    const links = [...routes.links()].map((link): [number, LinkDescription] => [link, routes.link(link)]);
    this.views.clear();
    this.index = new MessageIndex(this.options.findingLimit ?? FINDING_LIMIT, mutes);
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

  #commit(): void {
    for (const seq of this.#answered) this.touch(seq, 'answer');
    for (const seq of this.#judged) this.touch(seq, 'judgement');
    this.#answered.clear();
    this.#judged.clear();
    this.#retain();
    this.#notes.commit(this.options.clock.now());
  }

  #take(reader: RecordReader, file: number, offset: number): void {
    switch (reader.type) {
      case RECORD_TYPES.entry: {
        const seq = reader.seq;
        const stored = { seq, record: reader.record() };
        this.store.append(stored, file, offset);
        const { place, partner } = this.index.add(reader);
        this.#added(place);
        this.#takeIntoSessions(stored, place);
        if (partner > 0) this.#answered.add(partner);
        break;
      }
      case RECORD_TYPES.linkOpened: {
        const description = reader.json() as LinkDescription;
        this.index.addLink(reader.link, description);
        this.#notes.write((notes) => notes.putLink(reader.link, JSON.stringify(description)));
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
    const finding: KeptFinding = { id: findingId(number), ...content };
    this.#notes.write((notes) => notes.addFinding(number, finding.seq, JSON.stringify(finding)));
    this.index.addFinding(number, finding);
    if (finding.seq !== undefined) this.#judged.add(finding.seq);
  }

  #retain(): void {
    if (this.index.rebuilding) return;
    const { columns } = this.index;
    const first = firstToKeep(columns, this.options.retention, this.options.clock.now());
    const forgotten = this.index.trimFindings();
    if (forgotten > 0) this.#notes.write((notes) => notes.removeFindings(forgotten));
    if (first <= columns.first) return;
    this.#forgetCleared();
    this.#notes.write(() => this.store.deleteBelow(first));
    this.#forgetMutes(first);
    this.index.dropBelow(first);
    this.views.dropBelow(first);
    this.sessions.dropBelow(first);
    for (const [link, lastSeq] of this.#closedLinks) {
      if (lastSeq >= first) continue;
      this.#closedLinks.delete(link);
      this.index.routes.removeLink(link);
      this.#notes.write((notes) => notes.removeLink(link));
    }
  }

  #forgetMutes(below: number): void {
    const { mutes } = this.index;
    for (const mute of mutes.below(below)) {
      mutes.remove(mute);
      this.#notes.write((notes) => notes.removeMute(mute.id));
    }
  }

  #recover(): void {
    const { lastSegment, torn } = this.store.recover(this.#lastSegment, (reader, _segment, file, offset) =>
      this.#take(reader, file, offset),
    );
    this.#lastSegment = lastSegment;
    this.#commit();
    for (const { file, bytes } of torn) {
      this.#report(
        'torn',
        `The last ${bytes} bytes of ${file} are torn: what was being written when the process ended is lost.`,
      );
    }
  }

  /** Reads what earlier runs left into the columns. */
  async #rebuild(): Promise<void> {
    const { index, store, counter } = this;
    const { pause } = this.options;
    const isOver = (): boolean => this.#closed || this.index !== index;
    const earlier = store.earlier(({ file, bytes }) =>
      this.#report(
        'damaged',
        `${bytes} bytes of ${file} have changed since they were written: what stood there is lost.`,
      ),
    );
    try {
      await rebuildIndex({ index, earlier, counter, isOver, ...(pause === undefined ? {} : { pause }) });
      if (!isOver()) this.#followSessions();
    } catch (error) {
      index.rebuilding = false;
      if (!this.#closed) this.#report('full', `Older messages could not be read: ${messageOf(error)}`);
    }
  }

  #report(kind: JournalReport['kind'], text: string): void {
    const report = { time: this.options.clock.now(), kind, text };
    this.reports.push(report);
    if (this.reports.length > REPORT_LIMIT) this.reports.shift();
    this.options.report(report);
  }
}
