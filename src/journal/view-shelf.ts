import type { Clock } from '../core/clock.ts';
import { CompoteError } from '../core/errors.ts';
import type { Chunk } from './columns.ts';
import type { MaterialisedView } from './view.ts';

const IDLE_MS = 5 * 60_000;
/** A view of a million rows takes 8 MB. */
const VIEW_LIMIT = 64;

/** The views that are open; those that nobody used for five minutes are put away. */
export class ViewShelf {
  readonly #clock: Clock;
  readonly #views = new Map<string, MaterialisedView>();
  #created = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  nextId(): string {
    this.#created++;
    return `v${this.#created}`;
  }

  add(view: MaterialisedView): void {
    this.expire();
    if (this.#views.size >= VIEW_LIMIT) {
      let oldest = view;
      for (const other of this.#views.values()) if (oldest === view || other.lastUsed < oldest.lastUsed) oldest = other;
      this.#views.delete(oldest.id);
    }
    view.lastUsed = this.#clock.now();
    this.#views.set(view.id, view);
  }

  /** Errors: `GONE`. */
  get(id: string): MaterialisedView {
    this.expire();
    const view = this.#views.get(id);
    if (view === undefined)
      throw new CompoteError('GONE', { detail: `The view ${id} was idle for too long or never existed` });
    view.lastUsed = this.#clock.now();
    return view;
  }

  has(view: MaterialisedView): boolean {
    return this.#views.get(view.id) === view;
  }

  delete(id: string): void {
    this.#views.delete(id);
  }

  clear(): void {
    this.#views.clear();
  }

  added(chunk: Chunk, row: number): void {
    for (const view of this.#views.values()) {
      if (view.asOf === undefined && view.matches(chunk, row)) view.addNewer(chunk.base + row);
    }
  }

  changed(chunk: Chunk, row: number, why: 'answer' | 'judgement'): void {
    const seq = chunk.base + row;
    for (const view of this.#views.values()) {
      if (why === 'answer' && !view.test.answerMatters) continue;
      // A row that the scan has not reached yet is judged when it gets there.
      if (!view.complete && seq <= view.start - view.scanned) continue;
      if (view.asOf !== undefined && seq > view.asOf) continue;
      view.reconsider(seq, view.matches(chunk, row));
    }
  }

  dropBelow(first: number): void {
    for (const view of this.#views.values()) view.dropBelow(first);
  }

  expire(): void {
    const limit = this.#clock.now() - IDLE_MS;
    for (const [id, view] of this.#views) if (view.lastUsed < limit) this.#views.delete(id);
  }
}
