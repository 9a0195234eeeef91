import type { Clock } from '../../core/clock.ts';

/** Those who wait for something to become true; they look at each change. */
export class Changes {
  readonly #clock: Clock;
  readonly #waiting = new Set<() => void>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Resolves true once it holds, false after the time. */
  async until(holds: () => boolean, timeoutMs: number): Promise<boolean> {
    if (holds()) return true;
    return new Promise((resolve) => {
      const done = (result: boolean): void => {
        timer.cancel();
        this.#waiting.delete(look);
        resolve(result);
      };
      const look = (): void => {
        if (holds()) done(true);
      };
      const timer = this.#clock.after(timeoutMs, () => done(holds()));
      this.#waiting.add(look);
    });
  }

  /** Something changed. */
  wake(): void {
    for (const look of [...this.#waiting]) look();
  }
}
