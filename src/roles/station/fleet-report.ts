import { LatencyHistogram, type LatencyRecord } from './latency.ts';

/** What a fleet counted, in a form that adds up over worker processes. */
export interface FleetReport {
  readonly stations: number;
  readonly started: number;
  readonly connected: number;
  readonly accepted: number;
  readonly charging: number;
  readonly sessionsStarted: number;
  readonly sessionsEnded: number;
  readonly energyWh: number;
  readonly refusedCards: number;
  readonly connectFailures: number;
  /** Why, as the stations heard it; the first few different reasons. */
  readonly connectFailureReasons: Readonly<Record<string, number>>;
  /** Connections that broke although the station wanted to keep them. */
  readonly disconnects: number;
  /** Updates of firmware that ended, as the stations told them. */
  readonly firmwareInstalled: number;
  readonly firmwareFailed: number;
  readonly messages: number;
  /** By `action outcome`. */
  readonly failedCalls: Readonly<Record<string, number>>;
  /** From the first start until the last station was accepted, ms; undefined before. */
  readonly allAcceptedMs: number | undefined;
  /** CALLs of the stations that were answered by then. */
  readonly messagesUntilAccepted: number | undefined;
  readonly latency: Readonly<Record<string, LatencyRecord>>;
  /** How late this process's own timers were at worst, ms. */
  readonly ownDelayMs: number;
  /** The event loop now: how late, and which share of the time it worked. Undefined where nobody watches it. */
  readonly loop: { readonly delayP99Ms: number; readonly utilization: number } | undefined;
}

export interface LatencySummary {
  readonly count: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
}

/** What a dashboard shows and a CI job checks. */
export interface FleetSummary extends Omit<FleetReport, 'latency' | 'energyWh'> {
  readonly energyKWh: number;
  readonly latencyMs: Readonly<Record<string, LatencySummary>>;
}

/** The reports of several processes as one: sums, and for what is worst the worst. */
export function mergeReports(reports: readonly FleetReport[]): FleetReport {
  const sum = (of: (report: FleetReport) => number): number => reports.reduce((total, one) => total + of(one), 0);
  const failedCalls: Record<string, number> = {};
  const reasons: Record<string, number> = {};
  const latency = new Map<string, LatencyHistogram>();
  for (const report of reports) {
    for (const [key, count] of Object.entries(report.failedCalls)) failedCalls[key] = (failedCalls[key] ?? 0) + count;
    for (const [why, count] of Object.entries(report.connectFailureReasons)) reasons[why] = (reasons[why] ?? 0) + count;
    for (const [action, record] of Object.entries(report.latency)) {
      const histogram = latency.get(action) ?? new LatencyHistogram();
      histogram.merge(record);
      latency.set(action, histogram);
    }
  }
  const times = reports.map((one) => one.allAcceptedMs);
  const loops = reports.flatMap((one) => (one.loop === undefined ? [] : [one.loop]));
  return {
    stations: sum((one) => one.stations),
    started: sum((one) => one.started),
    connected: sum((one) => one.connected),
    accepted: sum((one) => one.accepted),
    charging: sum((one) => one.charging),
    sessionsStarted: sum((one) => one.sessionsStarted),
    sessionsEnded: sum((one) => one.sessionsEnded),
    energyWh: sum((one) => one.energyWh),
    refusedCards: sum((one) => one.refusedCards),
    connectFailures: sum((one) => one.connectFailures),
    connectFailureReasons: reasons,
    disconnects: sum((one) => one.disconnects),
    firmwareInstalled: sum((one) => one.firmwareInstalled),
    firmwareFailed: sum((one) => one.firmwareFailed),
    messages: sum((one) => one.messages),
    failedCalls,
    allAcceptedMs: times.some((one) => one === undefined) ? undefined : Math.max(...times.map((one) => one ?? 0)),
    messagesUntilAccepted: times.some((one) => one === undefined)
      ? undefined
      : sum((one) => one.messagesUntilAccepted ?? 0),
    latency: Object.fromEntries([...latency].map(([action, one]) => [action, one.toJSON()])),
    ownDelayMs: Math.max(0, ...reports.map((one) => one.ownDelayMs)),
    loop:
      loops.length === 0
        ? undefined
        : {
            delayP99Ms: Math.max(...loops.map((one) => one.delayP99Ms)),
            utilization: Math.max(...loops.map((one) => one.utilization)),
          },
  };
}

export function summarize({ latency, energyWh, ...report }: FleetReport): FleetSummary {
  const latencyMs: Record<string, LatencySummary> = {};
  for (const [action, record] of Object.entries(latency)) {
    const histogram = new LatencyHistogram();
    histogram.merge(record);
    latencyMs[action] = {
      count: histogram.count,
      p50: round(histogram.percentile(0.5)),
      p95: round(histogram.percentile(0.95)),
      p99: round(histogram.percentile(0.99)),
      max: round(histogram.maxMs),
    };
  }
  return { ...report, energyKWh: Math.round(energyWh) / 1000, ownDelayMs: round(report.ownDelayMs), latencyMs };
}

export interface Thresholds {
  /** Slowest 95 % of any action, ms. */
  readonly maxP95Ms?: number | undefined;
  readonly maxFailedCalls?: number | undefined;
}

export function failedCallsOf(summary: Pick<FleetSummary, 'failedCalls'>): number {
  return Object.values(summary.failedCalls).reduce((sum, one) => sum + one, 0);
}

/** What a CI job fails for; empty = passed. */
export function problemsOf(summary: FleetSummary, { maxP95Ms, maxFailedCalls }: Thresholds): string[] {
  const failed = failedCallsOf(summary);
  return [
    ...Object.entries(summary.latencyMs)
      .filter(([, one]) => maxP95Ms !== undefined && one.p95 > maxP95Ms)
      .map(([action, one]) => `${action}: 95 % within ${one.p95} ms, allowed ${maxP95Ms} ms`),
    ...(maxFailedCalls !== undefined && failed > maxFailedCalls
      ? [`${failed} failed calls, allowed ${maxFailedCalls}`]
      : []),
    ...(summary.accepted < summary.stations && (maxP95Ms !== undefined || maxFailedCalls !== undefined)
      ? [`${summary.stations - summary.accepted} stations are not accepted at the end`]
      : []),
  ];
}

function round(ms: number): number {
  return Math.round(ms * 10) / 10;
}
