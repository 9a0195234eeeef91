/**
 * Time, as everything outside `core/` sees it. Nothing else reads the wall clock or sets a timer (lint holds it), so the
 * same engines run in real, scaled and virtual time.
 */

/** A timer that was set; cancelling one that has fired or was cancelled does nothing. */
export interface Timer {
  cancel(): void;
}

/** Held while an effect is in flight (a file write, a hash); virtual time does not move before it is released. */
export interface BusyToken {
  release(): void;
}

export interface Clock {
  /** Epoch milliseconds, with fractions where the clock has them. Never runs backwards by itself. */
  now(): number;
  /** Milliseconds since an arbitrary start, for measuring spans; not touched by clock jumps. */
  monotonic(): number;
  /** Runs `task` once, `delayMs` from now (never synchronously, also for 0). */
  after(delayMs: number, task: () => void): Timer;
  /** Runs `task` every `periodMs`, the first time one period from now. */
  every(periodMs: number, task: () => void): Timer;
  /** Runs `task` at the end of this turn of the event loop: after the I/O that is ready now. */
  soon(task: () => void): void;
  /** Virtual time waits until the token is released; real clocks ignore it. */
  busy(): BusyToken;
  /** Resolves `delayMs` from now. */
  sleep(delayMs: number): Promise<void>;
}

/** The longest delay that a platform timer takes; longer ones are set in steps. */
export const MAX_DELAY_MS = 2 ** 31 - 1;

export function sleepOn(clock: Pick<Clock, 'after'>, delayMs: number): Promise<void> {
  return new Promise((resolve) => {
    clock.after(delayMs, resolve);
  });
}

export function everyOn(clock: Pick<Clock, 'after'>, periodMs: number, task: () => void): Timer {
  if (!(periodMs > 0)) throw new RangeError(`A period must be above 0 ms, not ${periodMs}`);
  let stopped = false;
  let timer = clock.after(periodMs, tick);
  function tick(): void {
    timer = clock.after(periodMs, tick);
    task();
    if (stopped) timer.cancel();
  }
  return {
    cancel() {
      stopped = true;
      timer.cancel();
    },
  };
}
