import { CompoteError } from '../core/errors.ts';
import { dependsOnAnswer } from './column-filter.ts';
import { at, type Chunk } from './columns.ts';
import { FIELD_SETS, parseFilter } from './filter/index.ts';
import { KIND_NUMBERS } from './message-index.ts';
import type { Observer } from './observer.ts';
import { BITS, kindOfBits } from './packed-entry.ts';
import type { HistogramBucket, NewView, Row, ValueCount, View } from './query.ts';
import { limitOf, rowsOf, testOf } from './query-parts.ts';
import { receiver, sender, stationsOf } from './routes.ts';
import { type MessageTest, scan } from './scan.ts';
import { MaterialisedView } from './view.ts';

/** A new view is handed over with its first page, or after this long. */
const FIRST_PAGE = 200;
const FIRST_PAGE_MS = 100;

const EMPTY_VIEW = { id: '', count: 0, total: 0, scanned: 0, complete: true, asOf: 0 } as const;

/** Views: laid over the journal once, then read by index. See `JournalQuery`. */
export class ViewQueries {
  readonly #observer: Observer;

  constructor(observer: Observer) {
    this.#observer = observer;
  }

  async create(options: NewView = {}): Promise<View> {
    const observer = this.#observer;
    const { columns } = observer.index;
    const entity = options.entity ?? 'messages';
    const parsed = parseFilter(options.q ?? '', FIELD_SETS[entity]);
    if (parsed.errors.length > 0) return { ...EMPTY_VIEW, entity, head: columns.head, errors: parsed.errors };
    const test = testOf(observer, parsed, entity);
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

  async state(id: string): Promise<View> {
    return this.#viewState(this.#observer.views.get(id));
  }

  async rows(id: string, from: number, limit: number): Promise<{ view: View; from: number; rows: readonly Row[] }> {
    const view = this.#observer.views.get(id);
    const rows = rowsOf(this.#observer, view.window(from, limitOf(limit)), view.entity);
    return { view: this.#viewState(view), from, rows };
  }

  async position(id: string, seq: number): Promise<{ index: number; found: boolean }> {
    return this.#observer.views.get(id).position(seq);
  }

  async histogram(id: string, buckets = 60, by?: 'proto' | 'kind'): Promise<readonly HistogramBucket[]> {
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

  async values(id: string, field: string, prefix = ''): Promise<readonly ValueCount[]> {
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

  /** Ends the scan; what was found stays. */
  async stop(id: string): Promise<View> {
    const view = this.#observer.views.get(id);
    view.stopped = !view.complete;
    return this.#viewState(view);
  }

  async delete(id: string): Promise<void> {
    this.#observer.views.delete(id);
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
                return observer.views.has(view) && !view.stopped;
              },
              ...(pause === undefined ? {} : { pause }),
            });
            from = to - 1;
          }
          if (view.stopped) return resolve();
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
      ...(view.stopped ? { stopped: true as const } : {}),
      asOf: view.asOf ?? columns.head,
      head: columns.head,
      errors: [],
    };
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
