import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { advance, flowAt } from '../physical/meter.ts';
import { plugIn, presentToken } from '../state/driver.ts';
import { HandCsms, START_MS } from '../testing/hand-csms.ts';
import type { Profile, Purpose } from './profile.ts';

/** The car follows a changed offer this late at most: its reaction time, and the second that timers may take. */
const REACTION_MS = 4_000;

const anyProfile = fc
  .record({
    evseId: fc.constantFrom(0, 1),
    stackLevel: fc.integer({ min: 0, max: 2 }),
    purpose: fc.constantFrom<Purpose>('StationMax', 'TxDefault', 'Tx', 'External'),
    startS: fc.integer({ min: -600, max: 1_500 }),
    durationS: fc.option(fc.integer({ min: 30, max: 1_500 }), { nil: undefined }),
    limits: fc.array(fc.integer({ min: 0, max: 40 }), { minLength: 1, maxLength: 4 }),
    gapS: fc.integer({ min: 20, max: 600 }),
  })
  .map(
    (r): Omit<Profile, 'id'> => ({
      evseId: r.purpose === 'Tx' ? 1 : r.purpose === 'TxDefault' ? r.evseId : 0,
      stackLevel: r.stackLevel,
      purpose: r.purpose,
      kind: 'Absolute',
      source: 'CSO',
      wire: {},
      schedule: {
        unit: 'A',
        startMs: START_MS + r.startS * 1000,
        ...(r.durationS === undefined ? {} : { durationS: r.durationS }),
        periods: r.limits.map((limit, i) => ({ startS: i * r.gapS, limit })),
      },
    }),
  );

/** What holds at this instant by looking at every profile, with no knowledge of edges. */
function limitA(profiles: readonly Profile[], atMs: number): number {
  const said = (purpose: Purpose): number => {
    let level = -1;
    let limit = Number.POSITIVE_INFINITY;
    for (const p of profiles) {
      const hidden =
        purpose === 'TxDefault' &&
        p.evseId === 0 &&
        profiles.some((o) => o.purpose === purpose && o.evseId === 1 && o.stackLevel === p.stackLevel);
      const elapsedS = (atMs - (p.schedule.startMs ?? 0)) / 1000;
      if (p.purpose !== purpose || hidden || elapsedS < 0 || elapsedS >= (p.schedule.durationS ?? 1e9)) continue;
      if (p.stackLevel <= level) continue;
      level = p.stackLevel;
      for (const period of p.schedule.periods) if (period.startS <= elapsedS) limit = period.limit ?? limit;
    }
    return limit;
  };
  const tx = said('Tx');
  return Math.min(tx === Number.POSITIVE_INFINITY ? said('TxDefault') : tx, said('StationMax'), said('External'), 32);
}

describe('a station under random profile stacks', () => {
  it('never draws more than an independent composite allows, once the car has had its reaction time', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(anyProfile, { minLength: 1, maxLength: 6 }),
        fc.integer({ min: 0, max: 1_000 }),
        async (raw, seed) => {
          const csms = new HandCsms({ version: '2.0.1', seed: `s${seed}` });
          await csms.boot();
          const { core } = csms.station.machine;
          csms.act(() => {
            for (const [id, one] of raw.entries()) core.profiles.install({ ...one, id }, 'id-or-same-place');
            plugIn(core, 1, 1, { soCPercent: 5 });
            presentToken(core, { value: 'A', type: 'Central' }, 1);
          });
          // Only installed once: Tx profiles have no transaction id, so they hold for this one.
          const [evse] = core.evses;
          if (evse === undefined) throw new Error('no EVSE');
          const allowed: number[] = [];
          for (let second = 0; second < 1_800; second += 2) {
            csms.clock.runForSync(2_000);
            const now = csms.clock.now();
            advance(evse.path, now);
            const { ampsA } = flowAt(evse.path, now);
            // The highest limit within the reaction time before now.
            allowed.push(limitA(core.profiles.all, now));
            const window = allowed.slice(-Math.ceil(REACTION_MS / 2_000) - 1);
            for (const amps of ampsA) expect(amps).toBeLessThanOrEqual(Math.max(...window) + 1e-9);
          }
          csms.station.stop();
        },
      ),
      { numRuns: 25 },
    );
  });

  // Found by the property above with another seed.
  it('follows a lower limit in time although the limit changes again before the car has followed', async () => {
    const csms = new HandCsms({ version: '2.0.1' });
    await csms.boot();
    const { core } = csms.station.machine;
    const [evse] = core.evses;
    if (evse === undefined) throw new Error('no EVSE');
    csms.act(() => {
      core.profiles.install(
        {
          id: 1,
          evseId: 0,
          stackLevel: 0,
          purpose: 'StationMax',
          kind: 'Absolute',
          source: 'CSO',
          wire: {},
          schedule: {
            unit: 'A',
            startMs: START_MS,
            // The car needs 3 s: at 62 s it is still about to follow what came at 60 s.
            periods: [
              { startS: 0, limit: 32 },
              { startS: 60, limit: 10 },
              { startS: 62, limit: 8 },
              { startS: 64, limit: 9 },
            ],
          },
        },
        'id',
      );
      plugIn(core, 1, 1, { soCPercent: 5 });
      presentToken(core, { value: 'A', type: 'Central' }, 1);
    });
    const drawnA = async (ms: number): Promise<number | undefined> => {
      await csms.run(ms);
      advance(evse.path, csms.clock.now());
      return flowAt(evse.path, csms.clock.now()).ampsA[0];
    };
    const before = await drawnA(59_000);
    expect([before, await drawnA(4_500), await drawnA(2_000), await drawnA(2_000)]).toEqual([before, 8, 8, 9]);
    expect(before).toBeGreaterThan(10);
  });
});
