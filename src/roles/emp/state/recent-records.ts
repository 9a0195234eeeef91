import type { Collection, ListOptions, Page } from '../../../storage/collection.ts';

/** A block is taken away at once, so that not every new record deletes an old one. */
const BLOCK = 500;

/** The newest records of a kind; older ones go. Their ids order them in time (`timeKey`). */
export class RecentRecords<T extends { readonly id: string }, I extends string = never> {
  readonly #records: Collection<T, I>;
  readonly #kept: number;
  #count: number;

  constructor(records: Collection<T, I>, kept: number) {
    this.#records = records;
    this.#kept = kept;
    this.#count = records.count();
  }

  add(record: T): void {
    this.#records.put(record);
    this.#count++;
    if (this.#count < this.#kept + BLOCK) return;
    for (const { id } of this.#records.list({ limit: BLOCK }).items) if (this.#records.delete(id)) this.#count--;
  }

  /** The newest first. */
  list(options: Pick<ListOptions<I>, 'where' | 'after' | 'limit'>): Page<T> {
    return this.#records.list({ ...options, order: 'descending' });
  }
}

/** An id whose order is that of time. */
export function timeKey(nowMs: number, id: string): string {
  return `${String(Math.floor(nowMs)).padStart(15, '0')}-${id}`;
}
