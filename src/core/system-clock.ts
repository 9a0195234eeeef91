import { type BusyToken, type Clock, everyOn, MAX_DELAY_MS, sleepOn, type Timer } from './clock.ts';

const NOT_BUSY: BusyToken = { release() {} };

/** How often the machine's clock is looked at. */
const LOOK_MS = 1_000;
/** A smaller difference is not followed: time of day and the processor's counter never agree to the millisecond. */
const JUMP_MS = 500;

/** Where the time comes from; tests give their own. */
export interface TimeSources {
  /** Epoch milliseconds; may be set, and may jump. */
  readonly timeOfDay: () => number;
  /** Milliseconds that only ever grow. */
  readonly counter: () => number;
  /** The time of day when the counter stood at 0. */
  readonly origin: number;
}

const MACHINE: TimeSources = {
  timeOfDay: Date.now,
  counter: () => performance.now(),
  origin: performance.timeOrigin,
};

/**
 * The machine's own time. Sockets always run on it. Between two looks at the time of day it runs with the processor's counter,
 * finer than a millisecond and never backwards; a clock that was set, or a laptop that slept, is followed within a second.
 */
export class SystemClock implements Clock {
  readonly #timeOfDay: () => number;
  readonly #counter: () => number;
  #origin: number;
  #lookAt: number;

  constructor({ timeOfDay, counter, origin }: TimeSources = MACHINE) {
    this.#timeOfDay = timeOfDay;
    this.#counter = counter;
    this.#origin = origin;
    this.#lookAt = counter() + LOOK_MS;
  }

  now(): number {
    const counter = this.#counter();
    if (counter >= this.#lookAt) {
      this.#lookAt = counter + LOOK_MS;
      const origin = this.#timeOfDay() - counter;
      if (Math.abs(origin - this.#origin) > JUMP_MS) this.#origin = origin;
    }
    return this.#origin + counter;
  }

  monotonic(): number {
    return this.#counter();
  }

  after(delayMs: number, task: () => void): Timer {
    if (delayMs > MAX_DELAY_MS) {
      let timer: Timer = this.after(MAX_DELAY_MS, () => {
        timer = this.after(delayMs - MAX_DELAY_MS, task);
      });
      return { cancel: () => timer.cancel() };
    }
    const handle = setTimeout(task, Math.max(0, delayMs));
    return { cancel: () => clearTimeout(handle) };
  }

  every(periodMs: number, task: () => void): Timer {
    if (!(periodMs > 0)) throw new RangeError(`A period must be above 0 ms, not ${periodMs}`);
    const handle = setInterval(task, Math.min(periodMs, MAX_DELAY_MS));
    return { cancel: () => clearInterval(handle) };
  }

  soon(task: () => void): void {
    setImmediate(task);
  }

  busy(): BusyToken {
    return NOT_BUSY;
  }

  sleep(delayMs: number): Promise<void> {
    return sleepOn(this, delayMs);
  }
}

/**
 * Real time that runs `factor` times faster (`--clock scaled:60`: a charging hour takes a minute). For simulated meters,
 * cars and people; sockets and their time-outs stay on the system clock.
 */
export class ScaledClock implements Clock {
  readonly #system: SystemClock;
  readonly #factor: number;
  readonly #startMs: number;
  readonly #startCounter: number;

  constructor(factor: number, system = new SystemClock()) {
    if (!(factor > 0)) throw new RangeError(`A clock factor must be above 0, not ${factor}`);
    this.#system = system;
    this.#factor = factor;
    this.#startMs = system.now();
    this.#startCounter = system.monotonic();
  }

  now(): number {
    return this.#startMs + (this.#system.monotonic() - this.#startCounter) * this.#factor;
  }

  monotonic(): number {
    return this.#system.monotonic() * this.#factor;
  }

  after(delayMs: number, task: () => void): Timer {
    return this.#system.after(delayMs / this.#factor, task);
  }

  every(periodMs: number, task: () => void): Timer {
    return everyOn(this, periodMs, task);
  }

  soon(task: () => void): void {
    this.#system.soon(task);
  }

  busy(): BusyToken {
    return NOT_BUSY;
  }

  sleep(delayMs: number): Promise<void> {
    return sleepOn(this, delayMs);
  }
}
