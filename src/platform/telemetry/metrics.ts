import type { JournalInfo, Statistics } from '../../journal/index.ts';

type Labels = Readonly<Record<string, string>>;

/** The same for every action, as sums over actions need; every fourth bound of the journal's own histogram. */
const BOUNDS_MS: readonly number[] = Array.from({ length: 12 }, (_, n) => Math.round(0.1 * 4 ** n * 1_000) / 1_000);

/** The journal's statistics in the text form 0.0.4 of Prometheus. Times in seconds, as its conventions ask. */
export function prometheusText(statistics: Statistics, info: JournalInfo, service: string): string {
  const lines: string[] = [];
  const metric = (name: string, type: 'counter' | 'gauge' | 'histogram', help: string): void => {
    lines.push(`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`);
  };
  const value = (name: string, labels: Labels, number: number): void => {
    lines.push(`${name}${labelText({ service, ...labels })} ${number}`);
  };
  const { byAction } = statistics;
  metric('compote_messages_total', 'counter', 'Messages that crossed the wire.');
  for (const { proto, version, action, messages } of byAction) {
    value('compote_messages_total', { protocol: proto, version, action }, messages);
  }
  metric('compote_errors_total', 'counter', 'Answers that are errors.');
  for (const { proto, version, action, errors } of byAction) {
    value('compote_errors_total', { protocol: proto, version, action }, errors);
  }
  metric('compote_bytes_total', 'counter', 'Bytes of messages.');
  for (const { proto, version, action, bytes } of byAction) {
    value('compote_bytes_total', { protocol: proto, version, action }, bytes);
  }
  metric('compote_latency_seconds', 'histogram', 'Time from request to answer.');
  for (const { proto, version, action, latency } of byAction) {
    if (latency === undefined) continue;
    const labels = { protocol: proto, version, action };
    for (const boundMs of BOUNDS_MS) {
      const below = latency.histogram.reduce((sum, { belowMs, count }) => sum + (belowMs <= boundMs ? count : 0), 0);
      value('compote_latency_seconds_bucket', { ...labels, le: String(boundMs / 1_000) }, below);
    }
    value('compote_latency_seconds_bucket', { ...labels, le: '+Inf' }, latency.count);
    value('compote_latency_seconds_sum', labels, Math.round(latency.meanMs * latency.count * 1_000) / 1_000_000);
    value('compote_latency_seconds_count', labels, latency.count);
  }
  metric(
    'compote_connections',
    'gauge',
    'Connections that are open; over HTTP the parties that were called or called.',
  );
  for (const { proto, version, transport, open } of statistics.connections) {
    value('compote_connections', { protocol: proto, version, transport }, open);
  }
  metric('compote_journal_messages', 'gauge', 'Messages that the journal holds.');
  value('compote_journal_messages', {}, info.count);
  metric('compote_journal_bytes', 'gauge', 'Bytes of raw text that the journal holds.');
  value('compote_journal_bytes', {}, info.bytes);
  return `${lines.join('\n')}\n`;
}

function labelText(labels: Labels): string {
  const parts = Object.entries(labels).map(([name, value]) => `${name}="${escaped(value)}"`);
  return `{${parts.join(',')}}`;
}

function escaped(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}
