import Type, { type Static } from 'typebox';
import type { JournalQuery, Row } from '../../journal/index.ts';

const latency = Type.Object({
  count: Type.Integer(),
  meanMs: Type.Number(),
  minMs: Type.Number(),
  p50Ms: Type.Number(),
  p90Ms: Type.Number(),
  p95Ms: Type.Number(),
  p99Ms: Type.Number(),
  maxMs: Type.Number(),
});

const counts = {
  requests: Type.Integer(),
  answered: Type.Integer(),
  errors: Type.Integer({ description: 'Answered by an error.' }),
  timeouts: Type.Integer({ description: 'Never answered.' }),
  sends: Type.Integer({ description: 'Messages that nobody answers.' }),
  invalid: Type.Integer({ description: 'Against their schema, or not readable.' }),
  latency: Type.Optional(latency),
};

export const filteredStatistics = Type.Object({
  looked: Type.Integer({ description: 'Exchanges that were looked at, the newest first.' }),
  complete: Type.Boolean({ description: 'False: there are older ones that were not looked at.' }),
  total: Type.Object(counts),
  byAction: Type.Array(
    Type.Object({ action: Type.String(), version: Type.String(), from: Type.String(), to: Type.String(), ...counts }),
  ),
});

const PAGE = 1_000;

/** Counts, errors and exact latency percentiles of what a filter finds, from its newest `most` exchanges. */
export async function statisticsOf(
  query: JournalQuery,
  q: string,
  most: number,
): Promise<Static<typeof filteredStatistics>> {
  const total = new Counter();
  const actions = new Map<string, { action: string; version: string; from: string; to: string; counter: Counter }>();
  let looked = 0;
  let cursor: string | undefined;
  do {
    const page = await query.messages({
      q,
      entity: 'exchanges',
      order: 'newest',
      limit: Math.min(PAGE, most - looked),
      ...(cursor === undefined ? {} : { cursor }),
    });
    for (const row of page.items) {
      if (row.k === 'event' || row.k === 'mark') continue;
      total.add(row);
      const key = JSON.stringify([row.a, row.v, row.f, row.to]);
      let action = actions.get(key);
      if (action === undefined) {
        action = { action: row.a, version: row.v ?? '', from: row.f, to: row.to, counter: new Counter() };
        actions.set(key, action);
      }
      action.counter.add(row);
    }
    looked += page.items.length;
    cursor = page.next;
  } while (cursor !== undefined && looked < most);
  const byAction = [...actions.values()]
    .map(({ counter, ...action }) => ({ ...action, ...counter.counts() }))
    .sort((a, b) => b.requests + b.sends - (a.requests + a.sends));
  return { looked, complete: cursor === undefined, total: total.counts(), byAction };
}

class Counter {
  #requests = 0;
  #answered = 0;
  #errors = 0;
  #timeouts = 0;
  #sends = 0;
  #invalid = 0;
  readonly #latencies: number[] = [];

  add(row: Row): void {
    if (row.fl?.includes('invalid') === true || row.fl?.includes('malformed') === true) this.#invalid += 1;
    if (row.k === 'send') this.#sends += 1;
    if (row.k !== 'request') return;
    this.#requests += 1;
    if (row.x === undefined || row.x.k === 'waiting') return;
    if (row.x.k === 'timeout') {
      this.#timeouts += 1;
      return;
    }
    if (row.x.k === 'error') this.#errors += 1;
    else this.#answered += 1;
    this.#latencies.push(row.x.ms);
  }

  counts() {
    const sorted = this.#latencies.sort((a, b) => a - b);
    const [minMs] = sorted;
    const maxMs = sorted.at(-1);
    const share = (part: number): number => sorted[Math.max(0, Math.ceil(part * sorted.length) - 1)] ?? 0;
    return {
      requests: this.#requests,
      answered: this.#answered,
      errors: this.#errors,
      timeouts: this.#timeouts,
      sends: this.#sends,
      invalid: this.#invalid,
      ...(minMs === undefined || maxMs === undefined
        ? {}
        : {
            latency: {
              count: sorted.length,
              meanMs: Math.round((1_000 * sorted.reduce((sum, ms) => sum + ms, 0)) / sorted.length) / 1_000,
              minMs,
              p50Ms: share(0.5),
              p90Ms: share(0.9),
              p95Ms: share(0.95),
              p99Ms: share(0.99),
              maxMs,
            },
          }),
    };
  }
}
