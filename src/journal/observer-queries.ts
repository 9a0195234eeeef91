import { CompoteError } from '../core/errors.ts';
import { at, type Chunk } from './columns.ts';
import { feedPage } from './feed.ts';
import { FindingQueries } from './finding-queries.ts';
import { lineOf, toMessage } from './message-shapes.ts';
import type { Observer } from './observer.ts';
import { BITS } from './packed-entry.ts';
import type {
  Annotation,
  ExportPage,
  FeedPage,
  FeedQuery,
  FindingDecision,
  FindingFilter,
  FindingGroups,
  FindingQuery,
  JournalInfo,
  JournalQuery,
  ListQuery,
  Message,
  NewMute,
  NewView,
  OpenConnections,
  ReadOptions,
  Related,
  RowPage,
  Statistics,
  StatisticsQuery,
  View,
  ViewEntity,
} from './query.ts';
import { limitOf, rowOf, rowsOf, seqOfCursor, testOfText } from './query-parts.ts';
import { type MessageTest, scan } from './scan.ts';
import type { Tolerance } from './sessions/session.ts';
import type { KeyKind } from './sessions/session-keys.ts';
import { type SessionListQuery, SessionQueries } from './sessions/session-queries.ts';
import type { MessageView } from './stored-message.ts';
import { ViewQueries } from './view-queries.ts';

/** How far around a message its relatives are looked for. */
const NEIGHBOURHOOD = 50_000;

/** Answers everything that can be asked about the journal, from the columns where they suffice. */
export class ObserverQueries implements JournalQuery {
  readonly #observer: Observer;
  readonly #views: ViewQueries;
  readonly #findings: FindingQueries;
  readonly #sessions: SessionQueries;

  constructor(observer: Observer) {
    this.#observer = observer;
    this.#views = new ViewQueries(observer);
    this.#findings = new FindingQueries(observer);
    this.#sessions = new SessionQueries(observer);
  }

  async info(): Promise<JournalInfo> {
    const { index, epoch, options, reports, cleared } = this.#observer;
    const { first, head, count, bytes } = index.columns;
    return {
      epoch,
      first,
      head,
      count,
      bytes,
      retention: options.retention,
      complete: !index.rebuilding,
      reports: [...reports],
      ...(cleared === undefined ? {} : { undo: { messages: cleared.index.columns.count, until: cleared.until } }),
    };
  }

  async messages(query: ListQuery = {}): Promise<RowPage> {
    const { columns } = this.#observer.index;
    const entity = query.entity ?? 'messages';
    const newest = (query.order ?? 'newest') === 'newest';
    const limit = limitOf(query.limit);
    const start = query.cursor === undefined ? undefined : seqOfCursor(query.cursor);
    const test = this.test(query.q, entity);
    let seqs: number[] = [];
    const find = async (): Promise<void> => {
      seqs = [];
      const from = newest ? (start ?? columns.head) : (start ?? columns.first);
      await this.#scan(test, from, newest ? columns.first : columns.head, (seq) => seqs.push(seq) <= limit);
    };
    const { rebuilding } = this.#observer.index;
    if (newest || !rebuilding) await find();
    // The newest messages are there first: only a page that needs older ones waits for them.
    if (rebuilding && seqs.length <= limit) {
      await this.#observer.rebuilt;
      await find();
    }
    const items = rowsOf(this.#observer, seqs.slice(0, limit), entity);
    const next = seqs[limit];
    return next === undefined ? { items } : { items, next: String(next) };
  }

  async message(seq: number, options: ReadOptions = {}): Promise<Message> {
    return toMessage(this.#mustView(seq), options);
  }

  async related(seq: number): Promise<Related> {
    const view = this.#mustView(seq);
    const { columns } = this.#observer.index;
    const place = columns.find(seq);
    const partner = toMessage(view).partner;
    const partnerRow = partner !== undefined && 'seq' in partner ? rowOf(this.#observer, partner.seq) : undefined;
    if (place === undefined) return { trace: [], neighbours: [] };
    const { chunk, row } = place;
    const route = at(chunk.route, row);
    const sameRoute = (other: Chunk, index: number): boolean => at(other.route, index) === route;
    const sameAction = (other: Chunk, index: number): boolean =>
      sameRoute(other, index) && at(other.action, index) === at(chunk.action, row) && sameKind(other, index);
    const sameKind = (other: Chunk, index: number): boolean =>
      (at(other.bits, index) & BITS.kind) === (at(chunk.bits, row) & BITS.kind);
    const trace = at(chunk.traceHash, row);
    const traced = trace === 0 ? [] : this.#around(seq, 100, (other, index) => at(other.traceHash, index) === trace);
    const previous = this.#near(seq - 1, -1, 1, sameAction)[0];
    const next = this.#near(seq + 1, 1, 1, sameAction)[0];
    const neighbours = [
      ...this.#near(seq - 1, -1, 5, sameRoute).reverse(),
      seq,
      ...this.#near(seq + 1, 1, 5, sameRoute),
    ];
    const [previousRow, nextRow] = [previous, next].map((other) =>
      other === undefined ? undefined : rowOf(this.#observer, other),
    );
    return {
      ...(partnerRow === undefined ? {} : { partner: partnerRow }),
      trace: rowsOf(this.#observer, traced),
      ...(previousRow === undefined ? {} : { previous: previousRow }),
      ...(nextRow === undefined ? {} : { next: nextRow }),
      neighbours: rowsOf(this.#observer, neighbours),
    };
  }

  async annotate(seq: number, annotation: Annotation): Promise<Message> {
    this.#mustView(seq);
    this.#observer.annotate(seq, { ...this.#observer.index.annotationOn(seq), ...annotation });
    return toMessage(this.#mustView(seq));
  }

  findings(query?: FindingQuery): ReturnType<JournalQuery['findings']> {
    return this.#findings.list(query);
  }

  finding(id: string): ReturnType<JournalQuery['finding']> {
    return this.#findings.one(id);
  }

  findingGroups(by: FindingGroups, filter?: FindingFilter): ReturnType<JournalQuery['findingGroups']> {
    return this.#findings.groups(by, filter);
  }

  mutes(): ReturnType<JournalQuery['mutes']> {
    return this.#findings.mutes();
  }

  mute(mute: NewMute): ReturnType<JournalQuery['mute']> {
    return this.#findings.mute(mute);
  }

  unmute(id: string): Promise<void> {
    return this.#findings.unmute(id);
  }

  decideFinding(id: string, decision: FindingDecision): ReturnType<JournalQuery['decideFinding']> {
    return this.#findings.decide(id, decision);
  }

  createView(options?: NewView): Promise<View> {
    return this.#views.create(options);
  }

  view(id: string): Promise<View> {
    return this.#views.state(id);
  }

  viewRows(id: string, from: number, limit: number): ReturnType<JournalQuery['viewRows']> {
    return this.#views.rows(id, from, limit);
  }

  viewPosition(id: string, seq: number): ReturnType<JournalQuery['viewPosition']> {
    return this.#views.position(id, seq);
  }

  viewHistogram(id: string, buckets?: number, by?: 'proto' | 'kind'): ReturnType<JournalQuery['viewHistogram']> {
    return this.#views.histogram(id, buckets, by);
  }

  viewValues(id: string, field: string, prefix?: string): ReturnType<JournalQuery['viewValues']> {
    return this.#views.values(id, field, prefix);
  }

  stopView(id: string): Promise<View> {
    return this.#views.stop(id);
  }

  #connections(): OpenConnections[] {
    const counts = new Map<string, OpenConnections>();
    for (const { protocol, version = '', transport } of this.#observer.openLinks()) {
      const key = `${protocol} ${version} ${transport}`;
      counts.set(key, { proto: protocol, version, transport, open: (counts.get(key)?.open ?? 0) + 1 });
    }
    return [...counts.values()];
  }

  deleteView(id: string): Promise<void> {
    return this.#views.delete(id);
  }

  async statistics(query?: StatisticsQuery): Promise<Statistics> {
    await this.#observer.rebuilt;
    return { ...this.#observer.counter.toStatistics(query), connections: this.#connections() };
  }

  sessions(query?: SessionListQuery): ReturnType<JournalQuery['sessions']> {
    return this.#sessions.list(query);
  }

  session(id: string): ReturnType<JournalQuery['session']> {
    return this.#sessions.one(id);
  }

  sessionByKey(kind: KeyKind, parts: readonly string[]): ReturnType<JournalQuery['sessionByKey']> {
    return this.#sessions.byKey(kind, parts);
  }

  sessionSeries(id: string): ReturnType<JournalQuery['sessionSeries']> {
    return this.#sessions.series(id);
  }

  sessionReconciliation(id: string, tolerance: Tolerance): ReturnType<JournalQuery['sessionReconciliation']> {
    return this.#sessions.reconciliation(id, tolerance);
  }

  async exportPage(query: Omit<ListQuery, 'entity' | 'order'>, options: ReadOptions = {}): Promise<ExportPage> {
    const { columns } = this.#observer.index;
    const limit = limitOf(query.limit ?? 500);
    const from = query.cursor === undefined ? undefined : seqOfCursor(query.cursor);
    await this.#filledFrom(from);
    const start = from ?? columns.first;
    const seqs: number[] = [];
    await this.#scan(this.test(query.q, 'messages'), start, columns.head, (seq) => seqs.push(seq) <= limit);
    const lines = seqs.slice(0, limit).flatMap((seq) => {
      const view = this.#observer.view(seq);
      return view === undefined ? [] : [`${JSON.stringify(lineOf(view, options))}\n`];
    });
    const next = seqs[limit];
    return { text: lines.join(''), count: lines.length, ...(next === undefined ? {} : { next: String(next) }) };
  }

  /** After a start the index is filled from the newest down: who needs its end does not wait for all of it. */
  async #filledFrom(seq: number | undefined): Promise<void> {
    const { index, options, rebuilt } = this.#observer;
    if (seq === undefined || options.pause === undefined) return rebuilt;
    while (index.rebuilding && index.columns.first > seq) await options.pause();
  }

  feed(query: FeedQuery): Promise<FeedPage> {
    return feedPage(this.#observer, query);
  }

  async clear(): Promise<JournalInfo> {
    this.#observer.clear();
    return this.info();
  }

  async undoClear(): Promise<JournalInfo> {
    this.#observer.undoClear();
    return this.info();
  }

  /** A filter for subscriptions. Errors: `INVALID_REQUEST`. */
  test(q: string | undefined, entity: ViewEntity): MessageTest {
    return testOfText(this.#observer, q, entity);
  }

  #scan(test: MessageTest, from: number, to: number, onMatch: (seq: number) => boolean): Promise<void> {
    const { index, store, options } = this.#observer;
    if (index.columns.count === 0) return Promise.resolve();
    const { pause } = options;
    return scan({ columns: index.columns, store, test, from, to, onMatch, ...(pause === undefined ? {} : { pause }) });
  }

  #mustView(seq: number): MessageView {
    const view = this.#observer.view(seq);
    if (view !== undefined) return view;
    const { first, head } = this.#observer.index.columns;
    const where = seq < first && seq > 0 ? 'is no longer in the journal' : 'is not in the journal';
    throw new CompoteError('NOT_FOUND', { detail: `Message #${seq} ${where} (it holds #${first} to #${head})` });
  }

  #near(from: number, step: 1 | -1, wanted: number, test: (chunk: Chunk, row: number) => boolean): number[] {
    const found: number[] = [];
    this.#observer.index.columns.walk(from, from + step * NEIGHBOURHOOD, (chunk, row) => {
      if (test(chunk, row)) found.push(chunk.base + row);
      return found.length < wanted;
    });
    return found;
  }

  #around(seq: number, wanted: number, test: (chunk: Chunk, row: number) => boolean): number[] {
    return [...this.#near(seq - 1, -1, wanted, test).reverse(), seq, ...this.#near(seq + 1, 1, wanted, test)];
  }
}
