import { describe, expect, it } from 'vitest';
import { memoryJournal } from '../../../test/journal-fixture.ts';
import { prometheusText } from './metrics.ts';

interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}
interface Family {
  readonly type: string;
  readonly help: string;
  readonly samples: Sample[];
}

const NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;
const SAMPLE = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (\S+)$/;
const LABEL = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\["\\n])*)"(?:,|$)/y;

/** A strict reader of the text form 0.0.4 (Prometheus, Exposition formats), by its rules: throws on what breaks them. */
function parsed(text: string): Map<string, Family> {
  if (!text.endsWith('\n')) throw new Error('the last line has no line break');
  const families = new Map<string, Family>();
  let open: { name: string; help?: string } | undefined;
  let family: Family | undefined;
  for (const line of text.slice(0, -1).split('\n')) {
    const [, kind, name = '', rest = ''] = /^# (HELP|TYPE) (\S+) (.*)$/.exec(line) ?? [];
    if (kind !== undefined && !NAME.test(name)) throw new Error(`no name of a metric: ${line}`);
    if (kind === 'HELP') {
      open = { name, help: rest };
    } else if (kind === 'TYPE') {
      if (open?.name !== name || families.has(name)) throw new Error(`TYPE twice, or away from its HELP: ${line}`);
      family = { type: rest, help: open.help ?? '', samples: [] };
      families.set(name, family);
    } else {
      const [, sample = '', labels = '', value = ''] = SAMPLE.exec(line) ?? [];
      const of = open?.name ?? '';
      const fits = family?.type === 'histogram' ? sample.replace(/_(bucket|sum|count)$/, '') === of : sample === of;
      if (!fits || family === undefined) throw new Error(`a sample outside its family: ${line}`);
      if (!/^[-+]?(\d+(\.\d+)?(e[-+]\d+)?|Inf|NaN)$/.test(value)) throw new Error(`no number: ${line}`);
      family.samples.push({ name: sample, labels: labelsOf(labels), value: Number(value) });
    }
  }
  for (const [name, each] of families) if (each.type === 'histogram') demandHistograms(name, each.samples);
  return families;
}

function labelsOf(text: string): Record<string, string> {
  const labels: Record<string, string> = {};
  LABEL.lastIndex = 0;
  while (LABEL.lastIndex < text.length) {
    const from = LABEL.lastIndex;
    const [, name = '', value = ''] = LABEL.exec(text) ?? [];
    if (name === '' || name in labels) throw new Error(`labels that cannot be read at ${from}: ${text}`);
    labels[name] = value.replaceAll(/\\(["\\n])/g, (_, letter: string) => (letter === 'n' ? '\n' : letter));
  }
  return labels;
}

/** Buckets in rising order, counts that never fall, `+Inf` last and equal to the count, a sum. */
function demandHistograms(name: string, samples: readonly Sample[]): void {
  const series = new Map<string, Sample[]>();
  for (const sample of samples) {
    const { le: _, ...rest } = sample.labels;
    const key = JSON.stringify(rest);
    series.set(key, [...(series.get(key) ?? []), sample]);
  }
  for (const [key, all] of series) {
    const buckets = all.filter((sample) => sample.name === `${name}_bucket`);
    const bounds = buckets.map(({ labels }) => Number(labels['le']?.replace('+Inf', 'Infinity')));
    const counts = buckets.map(({ value }) => value);
    const rises = (values: readonly number[]): boolean =>
      values.every((value, i) => i === 0 || value >= (values[i - 1] ?? 0));
    const count = all.find((sample) => sample.name === `${name}_count`)?.value;
    const sum = all.find((sample) => sample.name === `${name}_sum`)?.value;
    if (bounds.at(-1) !== Number.POSITIVE_INFINITY || new Set(bounds).size !== bounds.length || !rises(bounds))
      throw new Error(`bounds of ${key}: ${bounds.join(' ')}`);
    if (!rises(counts) || counts.at(-1) !== count || sum === undefined) throw new Error(`counts of ${key}`);
  }
}

describe('metrics in the text form of Prometheus', () => {
  it('have counts, errors, bytes, latencies and connections, by the rules of the format', async () => {
    const { journal, links, entry, exchange } = memoryJournal();
    for (const latencyMs of [0.3, 5, 5, 700, 900_000])
      entry({ link: links.cs1, kind: 'response', action: 'Heartbeat', raw: '[3,"1",{}]', latencyMs });
    exchange(links.hub, 'AuthorizeStart', {}, {});
    entry({ link: links.cs1, kind: 'error', action: 'Reset', raw: '[4,"1","InternalError","",{}]' });
    entry({ link: links.cs1, kind: 'request', action: 'a"b\\c\nd', raw: '[2,"1","x",{}]' });
    journal.recorder.closeLink(links.cs2);
    const text = prometheusText(await journal.query.statistics(), await journal.query.info(), 'csms');
    const families = parsed(text);
    expect([...families].map(([name, { type }]) => `${name} ${type}`)).toEqual([
      'compote_messages_total counter',
      'compote_errors_total counter',
      'compote_bytes_total counter',
      'compote_latency_seconds histogram',
      'compote_connections gauge',
      'compote_journal_messages gauge',
      'compote_journal_bytes gauge',
    ]);
    const value = (family: string, name: string, labels: Record<string, string>): number | undefined =>
      families
        .get(family)
        ?.samples.find(
          (sample) =>
            sample.name === name && Object.entries(labels).every(([key, text]) => sample.labels[key] === text),
        )?.value;
    const heartbeat = { service: 'csms', protocol: 'ocpp', version: '1.6', action: 'Heartbeat' };
    expect(value('compote_messages_total', 'compote_messages_total', heartbeat)).toBe(5);
    expect(value('compote_errors_total', 'compote_errors_total', { ...heartbeat, action: 'Reset' })).toBe(1);
    expect(value('compote_messages_total', 'compote_messages_total', { ...heartbeat, action: 'a"b\\c\nd' })).toBe(1);
    const latency = (name: string, labels: Record<string, string> = {}): number | undefined =>
      value('compote_latency_seconds', `compote_latency_seconds_${name}`, { ...heartbeat, ...labels });
    expect(latency('count')).toBe(5);
    expect(latency('sum')).toBeCloseTo(900.7103, 3);
    expect([
      latency('bucket', { le: '0.0004' }),
      latency('bucket', { le: '0.0064' }),
      latency('bucket', { le: '1.6384' }),
      latency('bucket', { le: '419.4304' }),
      latency('bucket', { le: '+Inf' }),
    ]).toEqual([1, 3, 4, 4, 5]);
    const connections = (labels: Record<string, string>) => value('compote_connections', 'compote_connections', labels);
    expect(connections({ protocol: 'ocpp', version: '1.6', transport: 'ws' })).toBe(1);
    expect(connections({ protocol: 'ocpp', version: '2.0.1' })).toBeUndefined();
    expect(connections({ protocol: 'oicp', transport: 'http' })).toBe(1);
    expect(value('compote_journal_messages', 'compote_journal_messages', {})).toBe(9);
  });

  it.each([
    ['a sample without its family', 'a 1\n'],
    ['no last line break', '# HELP a b\n# TYPE a gauge\na 1'],
    ['a label twice', '# HELP a b\n# TYPE a gauge\na{x="1",x="2"} 1\n'],
    ['a label that is not escaped', '# HELP a b\n# TYPE a gauge\na{x="1"2"} 1\n'],
    ['a histogram without +Inf', '# HELP a b\n# TYPE a histogram\na_bucket{le="1"} 1\na_sum 1\na_count 1\n'],
  ])('the reader of this test finds %s', (_what, text) => {
    expect(() => parsed(text)).toThrow();
  });
});
