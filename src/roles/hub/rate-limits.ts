import type { OperationName } from '../../protocols/oicp/index.ts';
import { OPERATION_NAMES, operationRow } from '../../protocols/oicp/index.ts';

const MINUTE_MS = 60_000;

/** How much a partner calls one operation. */
export interface CallCount {
  readonly partner: string;
  readonly operation: OperationName;
  /** Per minute; absent where none is published. */
  readonly limit?: number;
  /** In the minute that runs. */
  readonly calls: number;
  /** The busiest minute since the start. */
  readonly peak: number;
  /** Calls that were answered with 429. */
  readonly refused: number;
}

interface Counter {
  minute: number;
  calls: number;
  peak: number;
  refused: number;
}

/** Calls per partner, operation and minute of the clock. Counts always; says no only when it is enabled. */
export class RateLimits {
  readonly #enabled: boolean;
  readonly #perMinute: Readonly<Record<string, number>>;
  /** Bounded by partners and operations: only registered partners are counted. */
  readonly #counters = new Map<string, Map<OperationName, Counter>>();

  constructor(options: { readonly enabled: boolean; readonly perMinute: Readonly<Record<string, number>> }) {
    this.#enabled = options.enabled;
    this.#perMinute = options.perMinute;
  }

  /** Milliseconds to wait when the call is above the limit; `undefined` when it may go on. */
  take(partner: string, operation: OperationName, nowMs: number): number | undefined {
    const counter = this.#counter(partner, operation);
    const minute = Math.floor(nowMs / MINUTE_MS);
    if (counter.minute !== minute) {
      counter.minute = minute;
      counter.calls = 0;
    }
    counter.calls++;
    counter.peak = Math.max(counter.peak, counter.calls);
    const limit = this.limitOf(operation);
    if (!this.#enabled || limit === undefined || counter.calls <= limit) return undefined;
    counter.refused++;
    return (minute + 1) * MINUTE_MS - nowMs;
  }

  limitOf(operation: OperationName): number | undefined {
    return this.#perMinute[operation] ?? operationRow(operation).perMinute;
  }

  counts(nowMs: number): CallCount[] {
    const minute = Math.floor(nowMs / MINUTE_MS);
    return [...this.#counters].flatMap(([partner, operations]) =>
      OPERATION_NAMES.flatMap((operation): CallCount[] => {
        const counter = operations.get(operation);
        if (counter === undefined) return [];
        const limit = this.limitOf(operation);
        return [
          {
            partner,
            operation,
            calls: counter.minute === minute ? counter.calls : 0,
            peak: counter.peak,
            refused: counter.refused,
            ...(limit === undefined ? {} : { limit }),
          },
        ];
      }),
    );
  }

  #counter(partner: string, operation: OperationName): Counter {
    let operations = this.#counters.get(partner);
    if (operations === undefined) {
      operations = new Map();
      this.#counters.set(partner, operations);
    }
    let counter = operations.get(operation);
    if (counter === undefined) {
      counter = { minute: 0, calls: 0, peak: 0, refused: 0 };
      operations.set(operation, counter);
    }
    return counter;
  }
}
