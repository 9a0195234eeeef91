import type { Clock, Timer } from '../../core/clock.ts';
import type { Random } from '../../core/random.ts';
import { backoffMs } from '../../link/backoff.ts';
import type { Emp } from './emp.ts';
import type { PullResult } from './outbound/pulls.ts';

export interface ScheduledPull {
  readonly kind: string;
  readonly everyMs: number;
  /** When it runs first, after the start; at once when absent. */
  readonly firstMs?: number;
  run(): Promise<PullResult>;
}

/** The first tries after a failure come soon: at start the hub may not be there yet. */
const FIRST_RETRY_MS = 1_000;

/** Pulls again and again, each kind by itself; after failures with back-off, never more often than asked for (GEN-07). */
export class Schedule {
  readonly #emp: Emp;
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #pulls: readonly ScheduledPull[];
  readonly #timers = new Map<string, Timer>();
  readonly #defect: (where: string, thrown: unknown) => void;
  #stopped = true;

  constructor(options: {
    readonly emp: Emp;
    readonly clock: Clock;
    readonly random: Random;
    readonly pulls: readonly ScheduledPull[];
    defect(where: string, thrown: unknown): void;
  }) {
    this.#emp = options.emp;
    this.#clock = options.clock;
    this.#random = options.random;
    this.#pulls = options.pulls;
    this.#defect = options.defect;
  }

  start(): void {
    this.#stopped = false;
    for (const pull of this.#pulls) this.#set(pull, pull.firstMs ?? 0);
  }

  stop(): void {
    this.#stopped = true;
    for (const timer of this.#timers.values()) timer.cancel();
    this.#timers.clear();
  }

  #set(pull: ScheduledPull, waitMs: number): void {
    if (this.#stopped) return;
    this.#timers.set(
      pull.kind,
      this.#clock.after(waitMs, () => {
        this.#run(pull).catch((thrown: unknown) => {
          this.#defect(`pulling ${pull.kind}`, thrown);
          this.#set(pull, pull.everyMs);
        });
      }),
    );
  }

  async #run(pull: ScheduledPull): Promise<void> {
    const lastTryMs = this.#clock.now();
    const result = await pull.run();
    if (this.#stopped) return;
    const failures = result.done ? 0 : (this.#emp.state.pulls.get(pull.kind)?.failures ?? 0) + 1;
    this.#emp.notePull(pull.kind, {
      lastTryMs,
      failures,
      outcome: result.summary,
      ...(result.done ? { lastSuccessMs: lastTryMs } : {}),
    });
    this.#set(pull, this.#waitMs(pull, result, failures));
  }

  /** A refusal will not get better by asking at once again (GEN-03); everything else is tried with growing pauses. */
  #waitMs({ everyMs }: ScheduledPull, { done, steps }: PullResult, failures: number): number {
    if (done || steps.at(-1)?.outcome === 'refused') return everyMs;
    return backoffMs(failures, { firstMs: FIRST_RETRY_MS, maxMs: everyMs }, this.#random);
  }
}
