import { describe, expect, it } from 'vitest';
import { runVirtually, type Verdict } from '../roles/station/scenario/run.ts';
import { loadScenario, shippedScenarios } from '../roles/station/scenario/shipped.ts';
import { virtualWorld } from './virtual-world.ts';

async function run(name: string, version: '1.6' | '2.0.1' | '2.1'): Promise<Verdict> {
  const { clock, dialer, defects, stop } = virtualWorld(version, 'seed');
  const scenario = loadScenario(name);
  const verdict = await runVirtually({ scenario, clock, dialer, endpoint: 'ws://csms', version, seed: 'seed' });
  stop();
  expect(defects).toEqual([]);
  return verdict;
}

describe.each(shippedScenarios())('scenario %s against the CSMS in virtual time', (name) => {
  it.each(['1.6', '2.0.1', '2.1'] as const)('passes with a %s station', async (version) => {
    const verdict = await run(name, version);
    expect(verdict.steps.filter((one) => !one.ok)).toEqual([]);
    expect(verdict.ok).toBe(true);
  });
});

it('the same seed gives the same verdict, to the watt-hour', async () => {
  const first = await run('busy-day', '2.1');
  expect(await run('busy-day', '2.1')).toEqual(first);
  expect(first.sessions.length).toBeGreaterThan(4);
});
