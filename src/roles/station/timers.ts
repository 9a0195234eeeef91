import type { Clock, Timer } from '../../core/clock.ts';

/** Who has timers. `fired` is called with the name that was set. */
export interface TimerOwner {
  fired(name: string): void;
}

interface Entry {
  readonly at: number;
  readonly order: number;
  readonly name: string;
  /** Null once cancelled or fired. */
  owner: TimerOwner | null;
}

/**
 * One timer wheel for a whole fleet: tens of thousands of named timers behind a single timer of the clock. Entries fire in
 * the order of their instants, then in the order in which they were set.
 */
export class FleetTimers {
  readonly #clock: Clock;
  readonly #heap: Entry[] = [];
  readonly #names = new Map<TimerOwner, Map<string, Entry>>();
  #order = 0;
  #armed: Timer | undefined;
  #armedAt = Number.POSITIVE_INFINITY;
  #live = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Timers that are set now. */
  get size(): number {
    return this.#live;
  }

  /** Sets the owner's timer of that name, replacing an earlier one. */
  set(owner: TimerOwner, name: string, delayMs: number): void {
    this.clear(owner, name);
    const entry: Entry = { at: this.#clock.now() + Math.max(0, delayMs), order: this.#order++, name, owner };
    let names = this.#names.get(owner);
    if (names === undefined) {
      names = new Map();
      this.#names.set(owner, names);
    }
    names.set(name, entry);
    this.#live++;
    push(this.#heap, entry);
    this.#arm();
  }

  clear(owner: TimerOwner, name: string): void {
    const names = this.#names.get(owner);
    const entry = names?.get(name);
    if (names === undefined || entry === undefined) return;
    entry.owner = null;
    this.#live--;
    names.delete(name);
    if (names.size === 0) this.#names.delete(owner);
    if (this.#live === 0) return this.#rest();
    // Cancelled entries stay in the heap until they are due; when most are dead, it is built anew.
    if (this.#heap.length > 64 && this.#heap.length > this.#live * 4) this.#sweep();
  }

  clearAll(owner: TimerOwner): void {
    for (const name of [...(this.#names.get(owner)?.keys() ?? [])]) this.clear(owner, name);
  }

  /** Nothing is set: no timer of the clock may keep the process alive. */
  #rest(): void {
    this.#heap.length = 0;
    this.#armed?.cancel();
    this.#armed = undefined;
    this.#armedAt = Number.POSITIVE_INFINITY;
  }

  #sweep(): void {
    const live = this.#heap.filter((entry) => entry.owner !== null);
    this.#heap.length = 0;
    for (const entry of live) push(this.#heap, entry);
  }

  #arm(): void {
    const next = this.#heap[0]?.at ?? Number.POSITIVE_INFINITY;
    if (next >= this.#armedAt) return;
    this.#armed?.cancel();
    this.#armedAt = next;
    this.#armed = this.#clock.after(next - this.#clock.now(), () => this.#run());
  }

  #run(): void {
    this.#armed = undefined;
    this.#armedAt = Number.POSITIVE_INFINITY;
    // Only what is due at the start: timers set for "now" by a firing one wait for the next run, so nothing spins here.
    const now = this.#clock.now();
    const limit = this.#order;
    for (let top = this.#heap[0]; top !== undefined && top.at <= now && top.order < limit; top = this.#heap[0]) {
      pop(this.#heap);
      const { owner, name } = top;
      if (owner === null) continue;
      top.owner = null;
      this.#live--;
      const names = this.#names.get(owner);
      names?.delete(name);
      if (names?.size === 0) this.#names.delete(owner);
      owner.fired(name);
    }
    this.#arm();
  }
}

function before(a: Entry, b: Entry): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}

function push(heap: Entry[], entry: Entry): void {
  let child = heap.push(entry) - 1;
  while (child > 0) {
    const parent = (child - 1) >> 1;
    const above = heap[parent];
    if (above === undefined || before(above, entry)) break;
    heap[child] = above;
    child = parent;
  }
  heap[child] = entry;
}

function pop(heap: Entry[]): void {
  const last = heap.pop();
  if (last === undefined || heap.length === 0) return;
  let parent = 0;
  for (;;) {
    let child = 2 * parent + 1;
    const left = heap[child];
    if (left === undefined) break;
    let below = left;
    const right = heap[child + 1];
    if (right !== undefined && before(right, left)) {
      child++;
      below = right;
    }
    if (before(last, below)) break;
    heap[parent] = below;
    parent = child;
  }
  heap[parent] = last;
}
