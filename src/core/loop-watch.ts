import { monitorEventLoopDelay, performance } from 'node:perf_hooks';

/** How much of its own process a load generator uses: beyond some point it measures itself. */
export interface LoopLoad {
  /** How late the event loop was in the time looked at, ms: 99 of 100 turns were sooner. */
  readonly delayP99Ms: number;
  /** Share of the time in which the loop had work, 0 to 1. */
  readonly utilization: number;
}

const RESOLUTION_MS = 10;
/** A shorter look sees hardly more than itself. */
const SHORTEST_LOOK_MS = 100;

/** Watches the event loop of this process from now on. */
export class LoopWatch {
  readonly #delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  #before = performance.eventLoopUtilization();
  #lookedAtMs = performance.now();
  #last: LoopLoad = { delayP99Ms: 0, utilization: 0 };

  constructor() {
    this.#delay.enable();
  }

  /** The load since the last look; of the time before, when that was only a moment ago. */
  look(): LoopLoad {
    const atMs = performance.now();
    if (atMs - this.#lookedAtMs < SHORTEST_LOOK_MS) return this.#last;
    this.#lookedAtMs = atMs;
    const now = performance.eventLoopUtilization();
    const { utilization } = performance.eventLoopUtilization(now, this.#before);
    this.#before = now;
    // The histogram holds whole intervals of its own timer; what is above the resolution is delay.
    const delayP99Ms = Math.max(0, this.#delay.percentile(99) / 1e6 - RESOLUTION_MS);
    this.#delay.reset();
    this.#last = { delayP99Ms, utilization };
    return this.#last;
  }

  stop(): void {
    this.#delay.disable();
  }
}
