import type { Protocol, TransportType } from './entry.ts';

/** Counts and latencies as the API serves them. */

export interface LatencyStatistics {
  readonly count: number;
  readonly meanMs: number;
  readonly minMs: number;
  readonly maxMs: number;
  readonly p50Ms: number;
  readonly p90Ms: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
  /** Counts by upper bound (exclusive); empty ones are left out. */
  readonly histogram: readonly { readonly belowMs: number; readonly count: number }[];
}

export interface TrafficStatistics {
  readonly messages: number;
  readonly bytes: number;
  readonly requests: number;
  readonly responses: number;
  readonly errors: number;
  /** Epoch milliseconds of the newest: how long ago this party, route or action was heard. */
  readonly lastAt?: number;
  readonly latency?: LatencyStatistics;
}

/** What statistics are asked for. */
export interface StatisticsQuery {
  /** Only this party, and the routes that it stands at. */
  readonly party?: string;
  /** The busiest so many of each list. */
  readonly limit?: number;
}

export interface Statistics {
  /** Since the journal was opened or cleared, with what it held then. */
  readonly total: TrafficStatistics;
  readonly byAction: readonly (TrafficStatistics & {
    readonly proto: Protocol;
    readonly version: string;
    readonly action: string;
  })[];
  readonly byParty: readonly (TrafficStatistics & { readonly party: string; readonly role: string })[];
  readonly byRoute: readonly (TrafficStatistics & {
    readonly a: string;
    readonly b: string;
    readonly proto: Protocol;
    readonly version: string;
  })[];
  /** Connections that are open now. Over HTTP: parties that were called or called, with a name each. */
  readonly connections: readonly OpenConnections[];
}

export interface OpenConnections {
  readonly proto: Protocol;
  readonly version: string;
  readonly transport: TransportType;
  readonly open: number;
}
