import type { Clock, Timer } from '../core/clock.ts';

/** How long a line is held back: what the merged journal tells of the same moment comes within that time. */
const HOLD_MS = 1_000;
const FLUSH_MS = 100;

/** Lines from several journals, printed as one sequence in the order of their instants. */
export class ToldInOrder {
  readonly #clock: Clock;
  readonly #print: (line: string) => void;
  readonly #timer: Timer;
  #held: { readonly atMs: number; readonly line: string }[] = [];

  constructor(clock: Clock, print: (line: string) => void) {
    this.#clock = clock;
    this.#print = print;
    this.#timer = clock.every(FLUSH_MS, () => this.#flush(clock.now() - HOLD_MS));
  }

  tell(atMs: number, line: string): void {
    this.#held.push({ atMs, line });
  }

  /** Waits for the last lines and prints what is left. */
  async end(): Promise<void> {
    await this.#clock.sleep(HOLD_MS);
    this.#timer.cancel();
    this.#flush(Number.POSITIVE_INFINITY);
  }

  #flush(untilMs: number): void {
    const due = this.#held.filter(({ atMs }) => atMs <= untilMs).sort((a, b) => a.atMs - b.atMs);
    this.#held = this.#held.filter(({ atMs }) => atMs > untilMs);
    for (const { line } of due) this.#print(line);
  }
}
