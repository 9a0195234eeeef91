import { type FleetSummary, failedCallsOf } from './fleet-report.ts';

export interface DashboardFacts {
  readonly title: string;
  readonly elapsedS: number;
  readonly messagesPerS: number;
  /** Columns of the terminal. */
  readonly width: number;
}

/** From here on the numbers are the generator's own, not the CSMS's. */
const TOO_LATE_MS = 50;
const TOO_BUSY = 0.9;
const MAX_ACTIONS = 12;

/** The live picture of a fleet as lines of text; whoever has a terminal draws them over the last ones. */
export function dashboardLines(summary: FleetSummary, facts: DashboardFacts): string[] {
  const { stations, loop } = summary;
  const rows = Object.entries(summary.latencyMs)
    .sort(([, a], [, b]) => b.count - a.count)
    .slice(0, MAX_ACTIONS);
  const failures = Object.entries(summary.failedCalls).map(([key, count]) => `${key} ${count}`);
  const reasons = Object.keys(summary.connectFailureReasons).join('; ');
  const lines = [
    spread(facts.title, clockText(facts.elapsedS), facts.width),
    `${bar(summary.accepted / Math.max(1, stations))}  connected ${summary.connected}/${stations}  accepted ${summary.accepted}  charging ${summary.charging}`,
    `messages ${facts.messagesPerS}/s  sessions ${summary.sessionsStarted} started, ${summary.sessionsEnded} ended, ${summary.energyKWh} kWh  refused cards ${summary.refusedCards}`,
    `failed calls ${failedCallsOf(summary)}${failures.length === 0 ? '' : ` (${failures.join(', ')})`}  lost connections ${summary.disconnects}  refused connections ${summary.connectFailures}${reasons === '' ? '' : ` (${reasons})`}`,
    ...(summary.firmwareInstalled + summary.firmwareFailed === 0
      ? []
      : [`firmware ${summary.firmwareInstalled} installed, ${summary.firmwareFailed} failed`]),
    '',
    `${'latency, ms'.padEnd(28)}${['count', '50 %', '95 %', '99 %', 'max'].map((one) => one.padStart(9)).join('')}`,
    ...rows.map(
      ([action, one]) =>
        `${action.padEnd(28)}${[one.count, one.p50, one.p95, one.p99, one.max].map((value) => String(value).padStart(9)).join('')}`,
    ),
    '',
    ownLine(loop, summary.ownDelayMs),
  ];
  return lines.map((line) => line.slice(0, facts.width));
}

function ownLine(loop: FleetSummary['loop'], ownDelayMs: number): string {
  if (loop === undefined) return `this generator: timers at worst ${ownDelayMs} ms late`;
  const saturated = loop.delayP99Ms > TOO_LATE_MS || loop.utilization > TOO_BUSY;
  const text = `this generator: busy ${Math.round(loop.utilization * 100)} %, event loop ${Math.round(loop.delayP99Ms)} ms late (99 %), at worst ${ownDelayMs} ms`;
  return saturated ? `${text}  SATURATED: it measures itself` : text;
}

function bar(share: number): string {
  const cells = 20;
  const full = Math.round(Math.min(1, Math.max(0, share)) * cells);
  return `[${'#'.repeat(full)}${'.'.repeat(cells - full)}]`;
}

function spread(left: string, right: string, width: number): string {
  return `${left}${' '.repeat(Math.max(2, width - left.length - right.length))}${right}`;
}

function clockText(seconds: number): string {
  const two = (value: number): string => String(Math.floor(value)).padStart(2, '0');
  return `${two(seconds / 3600)}:${two((seconds / 60) % 60)}:${two(seconds % 60)}`;
}
