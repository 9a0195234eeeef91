import { type BusyToken, type Clock, everyOn, sleepOn, type Timer } from './clock.ts';

class Entry implements Timer {
  readonly at: number;
  readonly order: number;
  task: (() => void) | null;

  constructor(at: number, order: number, task: () => void) {
    this.at = at;
    this.order = order;
    this.task = task;
  }

  cancel(): void {
    this.task = null;
  }
}

const before = (a: Entry, b: Entry): boolean => a.at < b.at || (a.at === b.at && a.order < b.order);

/** A binary heap of timers; equal instants fire in the order in which they were set. */
class TimerHeap {
  readonly #entries: Entry[] = [];

  peek(): Entry | undefined {
    return this.#entries[0];
  }

  push(entry: Entry): void {
    const heap = this.#entries;
    let child = heap.push(entry) - 1;
    while (child > 0) {
      const parent = (child - 1) >> 1;
      const above = heap[parent] as Entry;
      if (before(above, entry)) break;
      heap[child] = above;
      child = parent;
    }
    heap[child] = entry;
  }

  pop(): Entry | undefined {
    const heap = this.#entries;
    const top = heap[0];
    const last = heap.pop();
    if (top === undefined || last === undefined || heap.length === 0) return top;
    let parent = 0;
    for (;;) {
      let child = 2 * parent + 1;
      if (child >= heap.length) break;
      const right = child + 1;
      if (right < heap.length && before(heap[right] as Entry, heap[child] as Entry)) child = right;
      const below = heap[child] as Entry;
      if (before(last, below)) break;
      heap[parent] = below;
      parent = child;
    }
    heap[parent] = last;
    return top;
  }
}

/**
 * Time that moves only when it is told to, and only while nothing is under way: the run queue is empty and no busy token
 * is held. The vocabulary is Playwright's clock (`install`, `fastForward`, `runFor`, `pauseAt`, `resume`).
 *
 * Determinism: tasks run one after another, ordered by instant and then by the order in which they were set.
 */
export class VirtualClock implements Clock {
  #nowMs: number;
  readonly #heap = new TimerHeap();
  #queue: (() => void)[] = [];
  #order = 0;
  #tokens = 0;
  #whenIdle: (() => void)[] = [];
  #pausedAtMs = Number.POSITIVE_INFINITY;

  /** @param startMs epoch milliseconds at which virtual time begins. */
  constructor(startMs: number) {
    this.#nowMs = startMs;
  }

  /** A clock that stands at `time` (epoch milliseconds). */
  static install(time: number): VirtualClock {
    return new VirtualClock(time);
  }

  now(): number {
    return this.#nowMs;
  }

  monotonic(): number {
    return this.#nowMs;
  }

  after(delayMs: number, task: () => void): Timer {
    const entry = new Entry(this.#nowMs + Math.max(0, delayMs), this.#order++, task);
    this.#heap.push(entry);
    return entry;
  }

  every(periodMs: number, task: () => void): Timer {
    return everyOn(this, periodMs, task);
  }

  soon(task: () => void): void {
    this.#queue.push(task);
  }

  busy(): BusyToken {
    this.#tokens++;
    let held = true;
    return {
      release: () => {
        if (!held) return;
        held = false;
        this.#tokens--;
        if (this.#tokens === 0) for (const wake of this.#whenIdle.splice(0)) wake();
      },
    };
  }

  sleep(delayMs: number): Promise<void> {
    return sleepOn(this, delayMs);
  }

  /** Moves time forward by `ms`, firing every due timer at its own instant. Resolves with the number of timers fired. */
  runFor(ms: number): Promise<number> {
    return this.#runUntil(this.#nowMs + ms);
  }

  /** Moves time to the epoch instant `time`, firing every due timer, and holds it there until `resume`. */
  async pauseAt(time: number): Promise<number> {
    const fired = await this.#runUntil(time);
    this.#pausedAtMs = time;
    return fired;
  }

  /** Lets time move again after `pauseAt`. */
  resume(): void {
    this.#pausedAtMs = Number.POSITIVE_INFINITY;
  }

  /** Jumps by `ms` as a laptop does that was asleep: due timers fire once each, late, at the new instant. */
  async fastForward(ms: number): Promise<number> {
    await this.settle();
    const target = this.#target(this.#nowMs + ms);
    this.#nowMs = target;
    const due: Entry[] = [];
    for (let top = this.#heap.peek(); top !== undefined && top.at <= target; top = this.#heap.peek()) {
      due.push(this.#heap.pop() as Entry);
    }
    let fired = 0;
    for (const entry of due) {
      if (entry.task === null) continue;
      fired++;
      entry.task();
      await this.settle();
    }
    return fired;
  }

  /** Runs what is ready now, waiting for busy tokens, without moving time. */
  async settle(): Promise<void> {
    for (;;) {
      this.#drain();
      // Promise continuations of the tasks above count as work under way: a turn of the loop lets all of them run.
      await new Promise((resolve) => setImmediate(resolve));
      if (this.#queue.length > 0) continue;
      if (this.#tokens === 0) return;
      await new Promise<void>((resolve) => this.#whenIdle.push(resolve));
    }
  }

  /** Synchronous `runFor`, for engines that await nothing: throws when a busy token is held. */
  runForSync(ms: number): number {
    const target = this.#target(this.#nowMs + ms);
    let fired = 0;
    for (;;) {
      this.#drain();
      if (this.#tokens > 0) throw new Error('Virtual time cannot move synchronously while an effect is in flight');
      if (!this.#fireNext(target)) break;
      fired++;
    }
    this.#nowMs = target;
    return fired;
  }

  async #runUntil(time: number): Promise<number> {
    const target = this.#target(time);
    let fired = 0;
    for (;;) {
      await this.settle();
      if (!this.#fireNext(target)) break;
      fired++;
    }
    this.#nowMs = target;
    return fired;
  }

  #target(time: number): number {
    return Math.max(this.#nowMs, Math.min(time, this.#pausedAtMs));
  }

  #drain(): void {
    while (this.#queue.length > 0) {
      const tasks = this.#queue;
      this.#queue = [];
      for (const task of tasks) task();
    }
  }

  #fireNext(target: number): boolean {
    for (;;) {
      const top = this.#heap.peek();
      if (top === undefined || top.at > target) return false;
      this.#heap.pop();
      if (top.task === null) continue;
      this.#nowMs = Math.max(this.#nowMs, top.at);
      top.task();
      return true;
    }
  }
}
