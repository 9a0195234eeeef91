import { at, type Chunk } from './columns.ts';
import { Dictionary } from './dictionary.ts';
import type { Protocol } from './entry.ts';
import { KIND_NUMBERS, type MessageIndex } from './message-index.ts';
import { BITS } from './packed-entry.ts';
import type { LatencyStatistics, Statistics, StatisticsQuery, TrafficStatistics } from './query.ts';

/** Upper bounds of the latency histogram: 0.1 ms, then 41 % more each, up to 20 minutes. */
const BUCKETS = 48;
const FIRST_MS = 0.1;

function boundOfBucket(bucket: number): number {
  return bucket === BUCKETS - 1 ? Number.POSITIVE_INFINITY : FIRST_MS * 2 ** (bucket / 2);
}

/** Undefined where there is no latency (NaN). */
function bucketOf(latencyMs: number): number | undefined {
  if (Number.isNaN(latencyMs)) return undefined;
  if (latencyMs < FIRST_MS) return 0;
  return Math.min(BUCKETS - 1, Math.floor(Math.log2(latencyMs / FIRST_MS) * 2) + 1);
}

/** Counters of one action, party or route; adding a message costs a few additions. */
class Traffic {
  messages = 0;
  bytes = 0;
  requests = 0;
  responses = 0;
  errors = 0;
  lastAt = 0;
  #latencies = 0;
  #sumMs = 0;
  #minMs = Number.POSITIVE_INFINITY;
  #maxMs = 0;
  #histogram: Uint32Array | undefined;

  /** @param bucket of the latency, worked out once for all that count it */
  add(kind: number, size: number, latencyMs: number, bucket: number | undefined, time: number): void {
    this.messages++;
    if (time > this.lastAt) this.lastAt = time;
    this.bytes += size;
    if (kind === KIND_NUMBERS.request) this.requests++;
    else if (kind === KIND_NUMBERS.response) this.responses++;
    else if (kind === KIND_NUMBERS.error) this.errors++;
    if (bucket === undefined) return;
    this.#latencies++;
    this.#sumMs += latencyMs;
    this.#minMs = Math.min(this.#minMs, latencyMs);
    this.#maxMs = Math.max(this.#maxMs, latencyMs);
    this.#histogram ??= new Uint32Array(BUCKETS);
    this.#histogram[bucket] = at(this.#histogram, bucket) + 1;
  }

  toStatistics(): TrafficStatistics {
    const { messages, bytes, requests, responses, errors, lastAt } = this;
    const latency = this.#latency();
    return {
      messages,
      bytes,
      requests,
      responses,
      errors,
      ...(lastAt === 0 ? {} : { lastAt }),
      ...(latency === undefined ? {} : { latency }),
    };
  }

  #latency(): LatencyStatistics | undefined {
    const histogram = this.#histogram;
    if (histogram === undefined) return undefined;
    const percentile = (share: number): number => this.#percentile(histogram, share);
    return {
      count: this.#latencies,
      meanMs: round(this.#sumMs / this.#latencies),
      minMs: round(this.#minMs),
      maxMs: round(this.#maxMs),
      p50Ms: percentile(0.5),
      p90Ms: percentile(0.9),
      p95Ms: percentile(0.95),
      p99Ms: percentile(0.99),
      histogram: [...histogram]
        .map((count, bucket) => ({ belowMs: round(Math.min(boundOfBucket(bucket), Number.MAX_SAFE_INTEGER)), count }))
        .filter((bucket) => bucket.count > 0),
    };
  }

  /** Within its bucket a percentile is interpolated: at most 41 % off, usually far less. */
  #percentile(histogram: Uint32Array, share: number): number {
    const wanted = this.#latencies * share;
    let seen = 0;
    for (let bucket = 0; bucket < BUCKETS; bucket++) {
      const count = at(histogram, bucket);
      if (seen + count < wanted || count === 0) {
        seen += count;
        continue;
      }
      const low = Math.max(bucket === 0 ? 0 : boundOfBucket(bucket - 1), this.#minMs);
      const high = Math.min(boundOfBucket(bucket), this.#maxMs);
      return round(low + ((high - low) * (wanted - seen)) / count);
    }
    return round(this.#maxMs);
  }
}

function round(ms: number): number {
  return Math.round(ms * 1_000) / 1_000;
}

interface ActionKey {
  readonly proto: Protocol;
  readonly version: string;
  readonly action: string;
}

/** Peers choose action names: beyond this many the rest is counted together. */
const ACTION_LIMIT = 2_000;
/** Stations come and go by the ten thousand. */
const PARTY_LIMIT = 50_000;

/** What the messages of a route count into; found once. */
interface RouteTraffic {
  readonly own: Traffic;
  readonly parties: readonly (Traffic | undefined)[];
  /** By the number of the action. */
  readonly actions: Traffic[];
}

/** Counts, errors and latencies per action, party and route, kept up to date with every message. */
export class TrafficCounter {
  readonly #index: MessageIndex;
  readonly #total = new Traffic();
  readonly #actions = new Map<number, Traffic & { key?: ActionKey }>();
  readonly #parties = new Map<string, { readonly role: string; readonly traffic: Traffic }>();
  readonly #routes: RouteTraffic[] = [];
  /** Protocol and version, of which there are few. */
  readonly #families = new Dictionary(1_000);

  constructor(index: MessageIndex) {
    this.#index = index;
  }

  add(chunk: Chunk, row: number): void {
    const kind = at(chunk.bits, row) & BITS.kind;
    const size = at(chunk.size, row);
    const latency = at(chunk.latency, row);
    const time = at(chunk.time, row);
    const bucket = bucketOf(latency);
    const route = this.#routeTraffic(at(chunk.route, row));
    const action = at(chunk.action, row);
    route.actions[action] ??= this.#actionTraffic(at(chunk.route, row), action);
    this.#total.add(kind, size, latency, bucket, time);
    route.own.add(kind, size, latency, bucket, time);
    route.actions[action]?.add(kind, size, latency, bucket, time);
    for (const party of route.parties) party?.add(kind, size, latency, bucket, time);
  }

  toStatistics({ party, limit = Number.POSITIVE_INFINITY }: StatisticsQuery = {}): Omit<Statistics, 'connections'> {
    const actions = [...this.#actions.values()].flatMap((traffic) =>
      traffic.key === undefined ? [] : [{ key: traffic.key, traffic }],
    );
    const parties = [...this.#parties]
      .filter(([id]) => party === undefined || id === party)
      .map(([id, { role, traffic }]) => ({ key: { party: id, role }, traffic }));
    // A route without messages is a hole in the list, which this passes over.
    const routes = this.#routes.flatMap(({ own }, number) => {
      const { a, b, protocol, version } = this.#index.routes.route(number);
      const isAsked = party === undefined || a.id === party || b.id === party;
      return isAsked ? [{ key: { a: a.id, b: b.id, proto: protocol, version }, traffic: own }] : [];
    });
    return {
      total: this.#total.toStatistics(),
      byAction: busiest(actions, limit),
      byParty: busiest(parties, limit),
      byRoute: busiest(routes, limit),
    };
  }

  #routeTraffic(number: number): RouteTraffic {
    const known = this.#routes[number];
    if (known !== undefined) return known;
    const { a, b } = this.#index.routes.route(number);
    const parties = [this.#partyTraffic(a.id, a.role), this.#partyTraffic(b.id, b.role)];
    const traffic: RouteTraffic = { own: new Traffic(), parties, actions: [] };
    this.#routes[number] = traffic;
    return traffic;
  }

  #actionTraffic(routeNumber: number, action: number): Traffic {
    const { protocol, version } = this.#index.routes.route(routeNumber);
    const family = this.#families.numberOf(`${protocol} ${version}`);
    const wanted = family * 0x1_0000_0000 + action;
    const known = this.#actions.get(wanted);
    if (known !== undefined) return known;
    const full = this.#actions.size >= ACTION_LIMIT;
    const key = full ? -1 : wanted;
    let traffic = this.#actions.get(key);
    if (traffic === undefined) {
      traffic = new Traffic();
      traffic.key = { proto: protocol, version, action: full ? '(others)' : this.#index.actions.textOf(action) };
      this.#actions.set(key, traffic);
    }
    return traffic;
  }

  #partyTraffic(id: string, role: string): Traffic | undefined {
    const known = this.#parties.get(id);
    if (known !== undefined) return known.traffic;
    if (this.#parties.size >= PARTY_LIMIT) return undefined;
    const traffic = new Traffic();
    this.#parties.set(id, { role, traffic });
    return traffic;
  }
}

/** Ten thousand stations have ten thousand histograms: they are put into words only for those that are told. */
function busiest<Key extends object>(
  all: { readonly key: Key; readonly traffic: Traffic }[],
  limit: number,
): (Key & TrafficStatistics)[] {
  return all
    .sort((x, y) => y.traffic.messages - x.traffic.messages)
    .slice(0, limit)
    .map(({ key, traffic }) => ({ ...key, ...traffic.toStatistics() }));
}
