import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createEv, curveShare, type EvTemplate, soCOf } from './ev.ts';
import { GRID_SLOT_MS, phaseVoltage } from './grid.ts';
import { advance, type CurrentPath, createMeter, flowAt, registerWh } from './meter.ts';

const CAR: EvTemplate = {
  name: 'test car',
  capacityWh: 60_000,
  maxAcCurrentA: 16,
  acPhases: 3,
  maxDcPowerW: 120_000,
  packVoltageV: 400,
  acEfficiency: 0.9,
  dcEfficiency: 0.97,
  curve: [
    [0, 1],
    [60, 1],
    [80, 0.5],
    [100, 0.05],
  ],
  reactionMs: 3_000,
  iso15118: false,
};
const GRID = { nominalV: 230, noise: 0.02, frequencyHz: 50 };

function acPath(soC: number, offerA: number, seed = 7): CurrentPath {
  return {
    meter: createMeter(1_000, 0),
    rating: { dc: false, maxCurrentA: 32, maxPowerW: 22_080, phases: 3 },
    grid: GRID,
    seed,
    ev: createEv(CAR, soC),
    offer: { currentA: offerA, powerW: Number.POSITIVE_INFINITY, phases: 3 },
    pending: [],
    closed: true,
  };
}

describe('voltage', () => {
  it('stays within the noise band and repeats for the same seed and instant', () => {
    fc.assert(
      fc.property(
        fc.integer(),
        fc.integer({ min: 0, max: 4e12 }),
        fc.integer({ min: 1, max: 3 }),
        (seed, at, phase) => {
          const volts = phaseVoltage(GRID, seed, phase, at);
          expect(volts).toBeGreaterThanOrEqual(230 * 0.98 - 0.05);
          expect(volts).toBeLessThanOrEqual(230 * 1.02 + 0.05);
          expect(phaseVoltage(GRID, seed, phase, at)).toBe(volts);
        },
      ),
    );
  });

  it('differs between phases and slots', () => {
    const seen = new Set<number>();
    for (let slot = 0; slot < 20; slot++)
      for (let phase = 1; phase < 4; phase++) seen.add(phaseVoltage(GRID, 1, phase, slot * GRID_SLOT_MS));
    expect(seen.size).toBeGreaterThan(20);
  });
});

describe('charging curve', () => {
  it('is a straight line between its points', () => {
    expect(curveShare(CAR.curve, 30)).toBe(1);
    expect(curveShare(CAR.curve, 70)).toBe(0.75);
    expect(curveShare(CAR.curve, 90)).toBeCloseTo(0.275);
    expect(curveShare(CAR.curve, 120)).toBe(0.05);
  });
});

describe('meter', () => {
  it('never draws less than 6 A because of the offer: below that nothing flows', () => {
    expect(flowAt(acPath(20, 5.9), 0).powerW).toBe(0);
    expect(flowAt(acPath(20, 6), 0).ampsA).toEqual([6, 6, 6]);
  });

  it('makes power the sum of volts times amperes, and energy the sum of power times time', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 99 }),
        fc.integer({ min: 0, max: 32 }),
        fc.array(fc.integer({ min: 1, max: 300_000 }), { minLength: 1, maxLength: 20 }),
        fc.integer(),
        (soC, offerA, steps, seed) => {
          const path = acPath(soC, offerA, seed);
          const twin = acPath(soC, offerA, seed);
          let at = 0;
          let expectedWh = 0;
          for (const step of steps) {
            // The twin walks in steps of one second: an independent sum of power × time.
            for (let t = at; t < at + step; ) {
              const until = Math.min(at + step, (Math.floor(t / 1_000) + 1) * 1_000);
              const flow = flowAt(twin, t);
              const sum =
                flow.voltsV[0] * flow.ampsA[0] + flow.voltsV[1] * flow.ampsA[1] + flow.voltsV[2] * flow.ampsA[2];
              expect(flow.powerW).toBeCloseTo(sum, 6);
              expect(flow.ampsA[0]).toBeLessThanOrEqual(offerA);
              const before = twin.meter.energyWh;
              advance(twin, until);
              const deltaWh = twin.meter.energyWh - before;
              expect(deltaWh).toBeLessThanOrEqual((flow.powerW * (until - t)) / 3_600_000 + 1e-9);
              expectedWh += deltaWh;
              t = until;
            }
            const register = registerWh(path.meter);
            at += step;
            advance(path, at);
            expect(registerWh(path.meter)).toBeGreaterThanOrEqual(register);
            expect(Number.isInteger(registerWh(path.meter))).toBe(true);
          }
          // Coarse and fine steps agree but for the curve, which is read at the start of each step.
          expect(Math.abs(path.meter.energyWh - 1_000 - expectedWh)).toBeLessThan(2 + expectedWh * 0.01);
        },
      ),
      { numRuns: 40 },
    );
  });

  it('stops counting when the battery is full, exactly at its capacity', () => {
    const path = acPath(99, 16);
    advance(path, 24 * 3_600_000);
    expect(soCOf(path.ev ?? createEv(CAR, 0))).toBe(100);
    expect(path.meter.energyWh - 1_000).toBeCloseTo(600 / 0.9, 6);
    expect(flowAt(path, 24 * 3_600_000).powerW).toBe(0);
  });

  it('follows a pending offer at its instant', () => {
    const path = acPath(20, 16);
    path.pending = [{ atMs: 30_000, offer: { currentA: 6, powerW: Number.POSITIVE_INFINITY, phases: 3 } }];
    advance(path, 20_000);
    expect(flowAt(path, 20_000).ampsA[0]).toBe(16);
    advance(path, 30_000);
    expect(flowAt(path, 30_000).ampsA[0]).toBe(6);
  });

  it('obeys a limit in W at the actual voltage', () => {
    const path = acPath(20, 32);
    path.offer = { currentA: 32, powerW: 7_000, phases: 3 };
    for (let at = 0; at < 600_000; at += 7_777) {
      advance(path, at);
      expect(flowAt(path, at).powerW).toBeLessThanOrEqual(7_000 + 1e-6);
    }
  });

  it('charges DC at pack voltage up to the power of the curve', () => {
    const path: CurrentPath = {
      ...acPath(30, 500),
      rating: { dc: true, maxCurrentA: 500, maxPowerW: 150_000, phases: 3 },
      offer: { currentA: 500, powerW: Number.POSITIVE_INFINITY, phases: 3 },
    };
    const flow = flowAt(path, 0);
    expect(flow.powerW).toBe(120_000);
    expect(flow.voltsV[0] * flow.ampsA[0]).toBeCloseTo(120_000, 6);
  });
});
