import { describe, expect, it } from 'vitest';
import { actionsFrom } from '../../../../../protocols/ocpp/actions.ts';
import type { ItemKind } from '../../../state/station-items.ts';
import { CsmsTestBench } from '../../../test-bench.ts';
import { AVAILABILITY_CASES } from './availability-cases.ts';
import type { CommandCase } from './command-cases.ts';
import { PROVISIONING_CASES } from './provisioning-cases.ts';
import { SERVICE_CASES } from './service-cases.ts';
import { V21_CASES } from './v21-cases.ts';

const CASES = [...PROVISIONING_CASES, ...AVAILABILITY_CASES, ...SERVICE_CASES, ...V21_CASES];
type V2 = '2.0.1' | '2.1';
type Scripted = string | { readonly error: string } | 'silence';

/** The scene of a case: a booted station, and what happened before. */
async function scene(version: V2, { before = [] }: CommandCase) {
  const bench = new CsmsTestBench();
  const script: Record<string, Scripted> = {};
  const station = await bench.station('CS1', version, script);
  for (const step of before) {
    if ('says' in step) expect(await station.ask(step.says, step.payload)).toBeTypeOf('object');
    else {
      script[step.told] = step.answer;
      expect(await bench.command('CS1', step.told, JSON.parse(step.payload))).toMatchObject({ kind: 'result' });
    }
  }
  const order = async (action: string, payload: string, answer: Scripted) => {
    script[action] = answer;
    return bench.command('CS1', action, JSON.parse(payload));
  };
  return { bench, station, order };
}

describe.each<V2>(['2.0.1', '2.1'])('commands of OCPP %s', (version) => {
  const cases = CASES.filter(({ only }) => only === undefined || only === version);

  it('every command has a case', () => {
    expect([...new Set(cases.map(({ action }) => action))].sort()).toEqual(actionsFrom(version, 'csms').sort());
  });

  it.each(cases)('$action: $rule', async (each) => {
    const { bench, order } = await scene(version, each);
    expect(await order(each.action, each.request, each.answer)).toMatchObject({ kind: 'result' });
    for (const [kind, expected] of Object.entries(each.items ?? {}))
      expect(bench.items('CS1', kind as ItemKind), kind).toMatchObject(expected);
    if (each.station !== undefined) expect(bench.state.stations.get('CS1')).toMatchObject(each.station);
    if (each.transaction !== undefined) {
      const { id, ...expected } = each.transaction;
      expect(bench.state.transactions.get('CS1', id)).toMatchObject(expected);
    }
    expect(bench.findings).toEqual([]);
    expect(bench.defects).toEqual([]);
  });

  it.each(cases)('$action: refused, failed or unanswered it changes nothing ($rule)', async (each) => {
    const { bench, order } = await scene(version, each);
    const before = bench.snapshot('CS1');
    for (const answer of each.unchangedBy ?? []) {
      expect(await order(each.action, each.request, answer)).toMatchObject({ kind: 'result' });
      expect(bench.snapshot('CS1'), answer).toBe(before);
    }
    expect(await order(each.action, each.request, { error: 'InternalError' })).toMatchObject({ kind: 'error' });
    expect(bench.snapshot('CS1'), 'CALLERROR').toBe(before);
    expect(await order(each.action, each.request, 'silence')).toMatchObject({ kind: 'timeout' });
    expect(bench.snapshot('CS1'), 'time-out').toBe(before);
    expect(bench.defects).toEqual([]);
  });
});
