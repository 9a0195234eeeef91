import { type ColumnTest, NO, UNKNOWN } from './column-filter.ts';
import { at, type Chunk } from './columns.ts';
import type { NewView, Order, ViewEntity } from './query.ts';

/** A growing list of numbers without a copy per element. */
class NumberList {
  #values = new Float64Array(64);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  get(index: number): number {
    return at(this.#values, index);
  }

  push(value: number): void {
    if (this.#length === this.#values.length) {
      const larger = new Float64Array(this.#length * 2);
      larger.set(this.#values);
      this.#values = larger;
    }
    this.#values[this.#length++] = value;
  }

  insert(index: number, value: number): void {
    this.push(value);
    this.#values.copyWithin(index + 1, index, this.#length - 1);
    this.#values[index] = value;
  }

  remove(index: number, count = 1): void {
    this.#values.copyWithin(index, index + count, this.#length);
    this.#length -= count;
  }
}

export interface ViewTest {
  readonly columns: ColumnTest;
  /** What the columns cannot answer. */
  readonly message: (seq: number) => boolean;
  /** Whether a request may come or go when its answer comes. */
  readonly answerMatters: boolean;
}

/**
 * A filter that was laid over the journal: the numbers of its rows, so that any window of the list is an access by index.
 * It is filled from the newest message backwards and then follows what comes in.
 */
export class MaterialisedView {
  readonly id: string;
  readonly entity: ViewEntity;
  readonly order: Order;
  readonly asOf: number | undefined;
  readonly test: ViewTest;
  /** Found by scanning backwards: falling numbers. */
  readonly #older = new NumberList();
  /** Came in later: rising numbers. */
  readonly #newer = new NumberList();
  /** The number above which the scan began. */
  readonly start: number;
  scanned = 0;
  complete = false;
  /** Somebody has seen enough: what was found stays, the rest is not looked at. */
  stopped = false;
  lastUsed = 0;

  constructor(id: string, options: NewView, start: number, test: ViewTest) {
    this.id = id;
    this.entity = options.entity ?? 'messages';
    this.order = options.order ?? 'oldest';
    this.asOf = options.asOf;
    this.start = start;
    this.test = test;
  }

  get count(): number {
    return this.#older.length + this.#newer.length;
  }

  matches(chunk: Chunk, row: number): boolean {
    const verdict = this.test.columns(chunk, row);
    return verdict === UNKNOWN ? this.test.message(chunk.base + row) : verdict !== NO;
  }

  /** A row that the backward scan found. */
  addOlder(seq: number): void {
    this.#older.push(seq);
  }

  /** A row that just came in. */
  addNewer(seq: number): void {
    this.#newer.push(seq);
  }

  /** Something about a row changed (its answer came, a finding): it may belong to the view now, or no longer. */
  reconsider(seq: number, belongs: boolean): void {
    const { index, found } = this.#find(seq);
    if (belongs === found) return;
    const older = this.#older.length;
    if (seq > this.start) {
      if (belongs) this.#newer.insert(index - older, seq);
      else this.#newer.remove(index - older);
    } else if (belongs) {
      this.#older.insert(older - index, seq);
    } else {
      this.#older.remove(older - 1 - index);
    }
  }

  /** Forgets rows below `first`. */
  dropBelow(first: number): void {
    const { index } = this.#find(first);
    const older = this.#older.length;
    const fromOlder = Math.min(index, older);
    if (fromOlder > 0) this.#older.remove(older - fromOlder, fromOlder);
    if (index > older) this.#newer.remove(0, index - older);
  }

  /** Numbers of a window, in the view's order. */
  window(from: number, limit: number): number[] {
    const seqs: number[] = [];
    const end = Math.min(this.count, from + limit);
    for (let index = Math.max(0, from); index < end; index++) seqs.push(this.#at(index));
    return seqs;
  }

  /** Where a number stands, or would stand, in the view's order. */
  position(seq: number): { readonly index: number; readonly found: boolean } {
    const { index, found } = this.#find(seq);
    if (this.order === 'oldest') return { index, found };
    return { index: found ? this.count - 1 - index : this.count - index, found };
  }

  /** All numbers, oldest first. */
  *seqs(): IterableIterator<number> {
    for (let index = 0; index < this.count; index++) yield this.#rising(index);
  }

  #at(index: number): number {
    return this.#rising(this.order === 'oldest' ? index : this.count - 1 - index);
  }

  #rising(index: number): number {
    const older = this.#older.length;
    return index < older ? this.#older.get(older - 1 - index) : this.#newer.get(index - older);
  }

  #find(seq: number): { index: number; found: boolean } {
    let low = 0;
    let high = this.count;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#rising(middle) < seq) low = middle + 1;
      else high = middle;
    }
    return { index: low, found: low < this.count && this.#rising(low) === seq };
  }
}
