import { describe, expect, it } from 'vitest';
import { actionsFrom } from '../../../../../protocols/ocpp/actions.ts';
import type { ItemKind } from '../../../state/station-items.ts';
import { CsmsTestBench } from '../../../test-bench.ts';
import { CORE_MESSAGE_CASES } from './core-message-cases.ts';
import type { MessageCase } from './message-cases.ts';
import { REPORT_MESSAGE_CASES } from './report-message-cases.ts';
import { V21_MESSAGE_CASES } from './v21-message-cases.ts';

const CASES = [...CORE_MESSAGE_CASES, ...REPORT_MESSAGE_CASES, ...V21_MESSAGE_CASES];
const SEND = 'NotifyPeriodicEventStream';
type V2 = '2.0.1' | '2.1';

/** Tokens GOOD (with group), BAD (blocked), UNTIL (one hour left) and a booted station CS1 with its history. */
async function scene(version: V2, { before = [] }: MessageCase) {
  const bench = new CsmsTestBench();
  const token = { type: 'ISO14443', status: 'Accepted', concurrent: false } as const;
  bench.state.tokens.put({ ...token, idToken: 'GOOD', groupId: 'FLEET' });
  bench.state.tokens.put({ ...token, idToken: 'BAD', status: 'Blocked' });
  bench.state.tokens.put({ ...token, idToken: 'UNTIL', expiresAt: bench.clock.now() + 3_600_000, language: 'en' });
  const script: Record<string, string> = {};
  const station = await bench.station('CS1', version, script);
  for (const step of before) {
    if ('says' in step) await station.ask(step.says, step.payload);
    else {
      script[step.told] = step.answer;
      expect(await bench.command('CS1', step.told, JSON.parse(step.payload))).toMatchObject({ kind: 'result' });
    }
  }
  return { bench, station };
}

describe.each<V2>(['2.0.1', '2.1'])('messages of OCPP %s stations', (version) => {
  const cases = CASES.filter(({ only }) => only === undefined || only === version);

  it('every message has a case', () => {
    const sends = version === '2.1' ? [SEND] : [];
    expect([...new Set(cases.map(({ action }) => action))].sort()).toEqual(
      [...actionsFrom(version, 'station'), ...sends].sort(),
    );
  });

  it.each(cases)('$action: $rule', async (each) => {
    const { bench, station } = await scene(version, each);
    if (each.answer === undefined) {
      const heard = station.heard.length;
      await station.tell(`[6,"n1","${each.action}",${each.payload}]`);
      expect(station.heard.slice(heard)).toEqual([]);
    } else expect(await station.ask(each.action, each.payload)).toEqual(each.answer);
    for (const [kind, expected] of Object.entries(each.items ?? {}))
      expect(bench.items('CS1', kind as ItemKind), kind).toMatchObject(expected);
    if (each.station !== undefined) expect(bench.state.stations.get('CS1')).toMatchObject(each.station);
    for (const [evse, reading] of each.readings ?? [])
      expect(bench.state.stations.readingsOf('CS1').get(evse)).toEqual(reading);
    expect(bench.findings.map(({ rule }) => rule)).toEqual(each.findings ?? []);
    expect(bench.defects).toEqual([]);
  });
});

it('of an event stream the last 500 values are kept', async () => {
  const { bench, station } = await scene('2.1', { action: '', rule: '', payload: '' });
  await station.ask('OpenPeriodicEventStream', '{"constantStreamData":{"id":5,"variableMonitoringId":9,"params":{}}}');
  const values = (from: number): string =>
    Array.from({ length: 300 }, (_, index) => `{"t":${index},"v":"${from + index}"}`).join(',');
  for (const from of [0, 300])
    await station.tell(
      `[6,"n${from}","NotifyPeriodicEventStream",{"id":5,"pending":0,"basetime":"2026-01-01T12:00:00Z","data":[${values(from)}]}]`,
    );
  const kept = bench.items('CS1', 'event-streams')[0]?.value['values'];
  expect(kept).toHaveLength(500);
  expect(kept).toMatchObject({ 0: { v: '100' }, 499: { v: '599' } });
});
