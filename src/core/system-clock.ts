import { type BusyToken, type Clock, everyOn, MAX_DELAY_MS, sleepOn, type Timer } from './clock.ts';

const NOT_BUSY: BusyToken = { release() {} };

/** The machine's own time. Sockets always run on it. */
export class SystemClock implements Clock {
  now(): number {
    return performance.timeOrigin + performance.now();
  }

  monotonic(): number {
    return performance.now();
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

  constructor(factor: number, system = new SystemClock()) {
    if (!(factor > 0)) throw new RangeError(`A clock factor must be above 0, not ${factor}`);
    this.#system = system;
    this.#factor = factor;
    this.#startMs = system.now();
  }

  now(): number {
    return this.#startMs + (this.#system.now() - this.#startMs) * this.#factor;
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
