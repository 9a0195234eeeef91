import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CsmsTestBench } from '../../test-bench.ts';
import { CORE_MESSAGE_CASES } from './inbound/core-message-cases.ts';
import { REPORT_MESSAGE_CASES } from './inbound/report-message-cases.ts';
import { V21_MESSAGE_CASES } from './inbound/v21-message-cases.ts';
import { AVAILABILITY_CASES } from './outbound/availability-cases.ts';
import { PROVISIONING_CASES } from './outbound/provisioning-cases.ts';
import { SERVICE_CASES } from './outbound/service-cases.ts';
import { V21_CASES } from './outbound/v21-cases.ts';

type V2 = '2.0.1' | '2.1';
const fits = (version: V2) => (each: { readonly only?: string }) => each.only === undefined || each.only === version;

/** All places in a JSON value: paths of members and elements. */
function places(value: unknown, path: readonly (string | number)[] = []): (readonly (string | number)[])[] {
  if (typeof value !== 'object' || value === null) return [path];
  const keys = Array.isArray(value) ? value.map((_, index) => index) : Object.keys(value);
  return [path, ...keys.flatMap((key) => places((value as Record<string | number, unknown>)[key], [...path, key]))];
}

/** The text with one place removed (`undefined`) or put to another value. */
function spoilt(text: string, choice: number, replacement: unknown): string {
  const whole: Record<string, unknown> = { payload: JSON.parse(text) };
  const all = places(whole['payload'], ['payload']);
  const path = all[choice % all.length] ?? ['payload'];
  let parent: Record<string | number, unknown> = whole;
  for (const key of path.slice(0, -1)) parent = parent[key] as Record<string | number, unknown>;
  const last = path.at(-1) ?? 'payload';
  if (replacement === undefined && last !== 'payload') delete parent[last];
  else parent[last] = replacement ?? {};
  return JSON.stringify(whole['payload']);
}

const nonsense = fc.oneof(fc.constant(undefined), fc.constant(null), fc.jsonValue({ maxDepth: 2 }));
const RUNS = { numRuns: 300 };

describe.each<V2>(['2.0.1', '2.1'])('a lenient CSMS and an OCPP %s station that breaks the schemas', (version) => {
  it('every message is answered, and none is a defect of ours', async () => {
    const cases = [...CORE_MESSAGE_CASES, ...REPORT_MESSAGE_CASES, ...V21_MESSAGE_CASES]
      .filter(fits(version))
      .filter(({ answer }) => answer !== undefined);
    const bench = new CsmsTestBench({ validation: 'lenient' });
    const station = await bench.station('CS1', version);
    await fc.assert(
      fc.asyncProperty(fc.nat(), fc.nat(), nonsense, async (which, place, replacement) => {
        const each = cases[which % cases.length];
        if (each === undefined) return;
        const answer = await station.ask(each.action, spoilt(each.payload, place, replacement));
        expect(typeof answer === 'object' || /^\w+: /.test(answer)).toBe(true);
        expect(bench.defects).toEqual([]);
      }),
      RUNS,
    );
    // What was kept of it can be read again.
    await bench.clock.runFor(2_000);
    const restarted = new CsmsTestBench({}, { database: bench.database });
    expect(restarted.snapshot('CS1')).toContain('"id":"CS1"');
  });

  it('every command ends, and no answer is a defect of ours', async () => {
    const cases = [...PROVISIONING_CASES, ...AVAILABILITY_CASES, ...SERVICE_CASES, ...V21_CASES].filter(fits(version));
    const bench = new CsmsTestBench({ validation: 'lenient' });
    const script: Record<string, string> = {};
    await bench.station('CS1', version, script);
    await fc.assert(
      fc.asyncProperty(fc.nat(), fc.nat(), nonsense, async (which, place, replacement) => {
        const each = cases[which % cases.length];
        if (each === undefined) return;
        script[each.action] = spoilt(each.answer, place, replacement);
        await bench.command('CS1', each.action, JSON.parse(each.request));
        expect(bench.defects).toEqual([]);
      }),
      RUNS,
    );
  });
});
