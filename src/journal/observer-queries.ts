import { CompoteError } from '../core/errors.ts';
import { compileColumns, dependsOnAnswer } from './column-filter.ts';
import { at, type Chunk } from './columns.ts';
import { compileFilter, FIELD_SETS, type ParsedFilter, parseFilter } from './filter/index.ts';
import { KIND_NUMBERS } from './message-index.ts';
import type { Observer } from './observer.ts';
import { BITS, kindOfBits } from './packed-entry.ts';
import type {
  ExportPage,
  Finding,
  FindingQuery,
  HistogramBucket,
  JournalInfo,
  JournalQuery,
  ListQuery,
  Message,
  NewView,
  ReadOptions,
  Related,
  Row,
  RowPage,
  Statistics,
  ValueCount,
  View,
  ViewEntity,
} from './query.ts';
import { receiver, sender, stationsOf } from './routes.ts';
import { type MessageTest, scan } from './scan.ts';
import { MessageView } from './stored-message.ts';
import { MaterialisedView } from './view.ts';

const LIMIT = 1_000;
/** How far around a message its relatives are looked for. */
const NEIGHBOURHOOD = 50_000;
/** A new view is handed over with its first page, or after this long. */
const FIRST_PAGE = 200;
const FIRST_PAGE_MS = 100;

/** Answers everything that can be asked about the journal, from the columns where they suffice. */
export class ObserverQueries implements JournalQuery {
  readonly #observer: Observer;

  constructor(observer: Observer) {
    this.#observer = observer;
  }

  async info(): Promise<JournalInfo> {
    const { index, epoch, options, reports } = this.#observer;
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
    const items = this.#rows(seqs.slice(0, limit), entity);
    const next = seqs[limit];
    return next === undefined ? { items } : { items, next: String(next) };
  }

  async message(seq: number, options: ReadOptions = {}): Promise<Message> {
    return this.#mustView(seq).toMessage(options);
  }

  async related(seq: number): Promise<Related> {
    const view = this.#mustView(seq);
    const { columns } = this.#observer.index;
    const place = columns.find(seq);
    const partner = view.toMessage().partner;
    const partnerRow = partner !== undefined && 'seq' in partner ? this.#row(partner.seq) : undefined;
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
      other === undefined ? undefined : this.#row(other),
    );
    return {
      ...(partnerRow === undefined ? {} : { partner: partnerRow }),
      trace: this.#rows(traced),
      ...(previousRow === undefined ? {} : { previous: previousRow }),
      ...(nextRow === undefined ? {} : { next: nextRow }),
      neighbours: this.#rows(neighbours),
    };
  }

  async annotate(seq: number, annotation: { readonly marked?: boolean; readonly note?: string }): Promise<Message> {
    this.#mustView(seq);
    const { store, index } = this.#observer;
    const whole = { ...index.annotationOn(seq), ...annotation };
    store.begin();
    store.annotate(seq, whole);
    store.commit();
    index.annotate(seq, whole);
    this.#observer.touch(seq, 'judgement');
    return this.#mustView(seq).toMessage();
  }

  async findings(query: FindingQuery = {}): Promise<{ items: readonly Finding[]; next?: string }> {
    const limit = limitOf(query.limit);
    const after = query.cursor === undefined ? Number.POSITIVE_INFINITY : seqOfCursor(query.cursor);
    const items: Finding[] = [];
    for (const [number, finding] of [...this.#observer.index.findings()].reverse()) {
      if (number > after) continue;
      if (query.severity !== undefined && finding.severity !== query.severity) continue;
      if (query.rule !== undefined && finding.rule !== query.rule) continue;
      if (query.party !== undefined && finding.party !== query.party) continue;
      if (items.length === limit) return { items, next: String(number) };
      items.push(finding);
    }
    return { items };
  }

  async createView(options: NewView = {}): Promise<View> {
    const observer = this.#observer;
    const { columns } = observer.index;
    const entity = options.entity ?? 'messages';
    const parsed = parseFilter(options.q ?? '', FIELD_SETS[entity]);
    if (parsed.errors.length > 0) return { ...EMPTY_VIEW, entity, head: columns.head, errors: parsed.errors };
    const test = this.#testOf(parsed, entity);
    const start = Math.min(columns.head, options.asOf ?? columns.head);
    const view = new MaterialisedView(observer.views.nextId(), options, start, {
      columns: test.columns,
      message: (seq) => {
        const stored = observer.store.get(seq);
        return stored !== undefined && test.message(stored);
      },
      answerMatters: dependsOnAnswer(parsed.expression, entity),
    });
    observer.views.add(view);
    await this.#fill(view, test);
    return this.#viewState(view);
  }

  async view(id: string): Promise<View> {
    return this.#viewState(this.#observer.views.get(id));
  }

  async viewRows(id: string, from: number, limit: number): Promise<{ view: View; from: number; rows: readonly Row[] }> {
    const view = this.#observer.views.get(id);
    const rows = this.#rows(view.window(from, limitOf(limit)), view.entity);
    return { view: this.#viewState(view), from, rows };
  }

  async viewPosition(id: string, seq: number): Promise<{ index: number; found: boolean }> {
    return this.#observer.views.get(id).position(seq);
  }

  async viewHistogram(id: string, buckets = 60, by?: 'proto' | 'kind'): Promise<readonly HistogramBucket[]> {
    const view = this.#observer.views.get(id);
    const { index } = this.#observer;
    let low = Number.POSITIVE_INFINITY;
    let high = Number.NEGATIVE_INFINITY;
    this.#eachOf(view, (chunk, row) => {
      low = Math.min(low, at(chunk.time, row));
      high = Math.max(high, at(chunk.time, row));
    });
    if (low > high) return [];
    const count = Math.max(1, Math.min(1_000, Math.floor(buckets)));
    const width = Math.max(1, (high - low) / count);
    const result = Array.from({ length: count }, (_, number) => ({
      t: low + number * width,
      count: 0,
      errors: 0,
      by: {} as Record<string, number>,
    }));
    this.#eachOf(view, (chunk, row) => {
      const bucket = result[Math.min(count - 1, Math.floor((at(chunk.time, row) - low) / width))];
      if (bucket === undefined) return;
      const kind = at(chunk.bits, row) & BITS.kind;
      bucket.count++;
      if (kind === KIND_NUMBERS.error) bucket.errors++;
      if (by === undefined) return;
      const key = by === 'proto' ? index.routeAt(chunk, row).protocol : kindOfBits(kind);
      bucket.by[key] = (bucket.by[key] ?? 0) + 1;
    });
    return result.map(({ by: parts, ...bucket }) => (by === undefined ? bucket : { ...bucket, by: parts }));
  }

  async viewValues(id: string, field: string, prefix = ''): Promise<readonly ValueCount[]> {
    const view = this.#observer.views.get(id);
    const valuesOf = this.#columnValues(field);
    const counts = new Map<string, number>();
    this.#eachOf(view, (chunk, row) => {
      for (const value of valuesOf(chunk, row)) counts.set(value, (counts.get(value) ?? 0) + 1);
    });
    const lower = prefix.toLowerCase();
    return [...counts]
      .filter(([value]) => value !== '' && value.toLowerCase().startsWith(lower))
      .map(([value, count]) => ({ value, count }))
      .sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1))
      .slice(0, 100);
  }

  async deleteView(id: string): Promise<void> {
    this.#observer.views.delete(id);
  }

  async statistics(): Promise<Statistics> {
    await this.#observer.rebuilt;
    return this.#observer.counter.toStatistics();
  }

  async exportPage(query: Omit<ListQuery, 'entity' | 'order'>, options: ReadOptions = {}): Promise<ExportPage> {
    const { columns } = this.#observer.index;
    const limit = limitOf(query.limit ?? 500);
    await this.#observer.rebuilt;
    const start = query.cursor === undefined ? columns.first : seqOfCursor(query.cursor);
    const seqs: number[] = [];
    await this.#scan(this.test(query.q, 'messages'), start, columns.head, (seq) => seqs.push(seq) <= limit);
    const lines = seqs.slice(0, limit).flatMap((seq) => {
      const message = this.#observer.view(seq)?.toMessage(options);
      if (message === undefined) return [];
      // The payload is in the raw text already.
      const { payload: _payload, malformed: _malformed, ...line } = message;
      return [`${JSON.stringify(line)}\n`];
    });
    const next = seqs[limit];
    return { text: lines.join(''), count: lines.length, ...(next === undefined ? {} : { next: String(next) }) };
  }

  async clear(): Promise<JournalInfo> {
    this.#observer.clear();
    return this.info();
  }

  /** A filter for scans, views and subscriptions. Errors: `INVALID_REQUEST`. */
  test(q: string | undefined, entity: ViewEntity): MessageTest {
    const parsed = parseFilter(q ?? '', FIELD_SETS[entity]);
    const error = parsed.errors[0];
    if (error !== undefined) {
      throw new CompoteError('INVALID_REQUEST', {
        detail: `The filter does not fit at character ${error.from + 1}: ${error.msg}`,
        fields: [{ pointer: '/query/q', msg: error.msg }],
        extra: { errors: parsed.errors },
      });
    }
    return this.#testOf(parsed, entity);
  }

  #testOf(parsed: ParsedFilter, entity: ViewEntity): MessageTest {
    const observer = this.#observer;
    const now = observer.options.clock.now();
    const whole = compileFilter(parsed.expression, now);
    return {
      columns: compileColumns(parsed.expression, observer.index, entity, now),
      message: (stored) => whole(new MessageView(observer.source, stored, entity === 'exchanges')),
    };
  }

  #scan(test: MessageTest, from: number, to: number, onMatch: (seq: number) => boolean): Promise<void> {
    const { index, store, options } = this.#observer;
    if (index.columns.count === 0) return Promise.resolve();
    const { pause } = options;
    return scan({ columns: index.columns, store, test, from, to, onMatch, ...(pause === undefined ? {} : { pause }) });
  }

  /** Scans backwards for a view; returns after the first page, the rest goes on by itself. */
  async #fill(view: MaterialisedView, test: MessageTest): Promise<void> {
    const observer = this.#observer;
    const { clock, pause } = observer.options;
    const { index } = observer;
    const began = clock.monotonic();
    await new Promise<void>((resolve, reject) => {
      const run = async (): Promise<void> => {
        let from = view.start;
        for (;;) {
          const { rebuilding } = index;
          const to = index.columns.first;
          if (index.columns.count > 0 && from >= to) {
            await scan({
              columns: index.columns,
              store: observer.store,
              test,
              from,
              to,
              onMatch: (seq) => {
                view.addOlder(seq);
                return true;
              },
              onProgress: (passed) => {
                view.scanned += passed;
                if (view.count >= FIRST_PAGE || clock.monotonic() - began > FIRST_PAGE_MS) resolve();
                return observer.views.has(view);
              },
              ...(pause === undefined ? {} : { pause }),
            });
            from = to - 1;
          }
          if (!rebuilding) break;
          if (view.count >= FIRST_PAGE) resolve();
          await observer.rebuilt;
        }
        view.complete = true;
        resolve();
      };
      run().catch(reject);
    });
  }

  #viewState(view: MaterialisedView): View {
    const { columns } = this.#observer.index;
    const { id, entity, count, complete } = view;
    return {
      id,
      entity,
      count,
      total: columns.count,
      scanned: complete ? columns.count : Math.min(view.scanned, columns.count),
      complete,
      asOf: view.asOf ?? columns.head,
      head: columns.head,
      errors: [],
    };
  }

  #rows(seqs: readonly number[], entity: ViewEntity = 'messages'): Row[] {
    return seqs.map((seq) => this.#row(seq, entity)).filter((row) => row !== undefined);
  }

  #row(seq: number, entity: ViewEntity = 'messages'): Row | undefined {
    return this.#observer.view(seq, entity === 'exchanges')?.toRow();
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

  #eachOf(view: MaterialisedView, visit: (chunk: Chunk, row: number) => void): void {
    const { columns } = this.#observer.index;
    for (const seq of view.seqs()) {
      const place = columns.find(seq);
      if (place !== undefined) visit(place.chunk, place.row);
    }
  }

  #columnValues(field: string): (chunk: Chunk, row: number) => readonly string[] {
    const { index } = this.#observer;
    const toClient = (chunk: Chunk, row: number): boolean => (at(chunk.bits, row) & BITS.toClient) !== 0;
    switch (field) {
      case 'action':
        return (chunk, row) => [index.actions.textOf(at(chunk.action, row))];
      case 'code':
        return (chunk, row) => [index.codes.textOf(at(chunk.code, row))];
      case 'kind':
        return (chunk, row) => [kindOfBits(at(chunk.bits, row))];
      case 'proto':
        return (chunk, row) => [index.routeAt(chunk, row).protocol];
      case 'ver':
        return (chunk, row) => [index.routeAt(chunk, row).version];
      case 'from':
        return (chunk, row) => [sender(index.routeAt(chunk, row), toClient(chunk, row)).id];
      case 'to':
        return (chunk, row) => [receiver(index.routeAt(chunk, row), toClient(chunk, row)).id];
      case 'party':
        return (chunk, row) => [index.routeAt(chunk, row).a.id, index.routeAt(chunk, row).b.id];
      case 'station':
        return (chunk, row) => stationsOf(index.routeAt(chunk, row));
      case 'rule':
        return (chunk, row) => index.findingsOn(chunk.base + row).map((finding) => finding.rule);
      default:
        throw new CompoteError('INVALID_REQUEST', {
          detail: `Values of ${field} are not counted`,
          fields: [
            { pointer: '/query/field', msg: 'One of action, code, kind, proto, ver, from, to, party, station, rule' },
          ],
        });
    }
  }
}

const EMPTY_VIEW = { id: '', count: 0, total: 0, scanned: 0, complete: true, asOf: 0 } as const;

function limitOf(limit: number | undefined): number {
  if (limit === undefined) return 100;
  return Math.max(1, Math.min(LIMIT, Math.floor(limit)));
}

function seqOfCursor(cursor: string): number {
  const seq = Number(cursor);
  if (Number.isSafeInteger(seq) && cursor.trim() !== '') return seq;
  throw new CompoteError('INVALID_REQUEST', {
    detail: 'The cursor does not belong to this list',
    fields: [{ pointer: '/query/cursor', msg: 'Give the `next` of the page before, unchanged' }],
  });
}
