/** A histogram as plain data: only the buckets that counted something. */
export interface LatencyRecord {
  readonly count: number;
  readonly maxMs: number;
  readonly buckets: readonly (readonly [number, number])[];
}

/** Latencies of one action in a fixed histogram: memory does not grow with the number of calls. */
export class LatencyHistogram {
  /** Bucket i counts values below 2^(i/4) × 0.1 ms: steps of 19 %, up to about two hours. */
  readonly #buckets = new Uint32Array(96);
  count = 0;
  maxMs = 0;

  add(ms: number): void {
    this.count++;
    this.maxMs = Math.max(this.maxMs, ms);
    const index = ms <= 0.1 ? 0 : Math.min(95, Math.ceil(4 * Math.log2(ms / 0.1)));
    this.#buckets[index] = (this.#buckets[index] ?? 0) + 1;
  }

  /** The latency below which this share (0 to 1) of the calls stayed, ms; exact to 19 %. */
  percentile(share: number): number {
    const wanted = Math.ceil(this.count * share);
    let seen = 0;
    for (const [index, count] of this.#buckets.entries()) {
      seen += count;
      if (seen >= wanted && count > 0) return Math.min(this.maxMs, 0.1 * 2 ** (index / 4));
    }
    return this.maxMs;
  }

  toJSON(): LatencyRecord {
    const buckets: [number, number][] = [];
    for (const [index, count] of this.#buckets.entries()) if (count > 0) buckets.push([index, count]);
    return { count: this.count, maxMs: this.maxMs, buckets };
  }

  /** Adds what another histogram counted. */
  merge({ count, maxMs, buckets }: LatencyRecord): void {
    this.count += count;
    this.maxMs = Math.max(this.maxMs, maxMs);
    for (const [index, seen] of buckets) this.#buckets[index] = (this.#buckets[index] ?? 0) + seen;
  }
}
