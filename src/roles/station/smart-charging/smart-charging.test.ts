import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compositeSchedule } from './composite.ts';
import { limitsAt } from './limits.ts';
import type { Period, Profile, ProfileKind, Purpose } from './profile.ts';
import { faultOf } from './profile-check.ts';
import { ProfileStore } from './profile-store.ts';

const T0 = 1_772_409_600_000; // 2026-03-02T00:00:00Z, a Monday
const HOUR_S = 3600;
const HARDWARE = { currentA: 32, powerW: 22_080, phases: 3, nominalV: 230 };

function profile(
  over: Partial<Profile> & {
    readonly periods?: readonly Period[];
    readonly startMs?: number;
    readonly durationS?: number;
  },
): Profile {
  const { periods, startMs, durationS, ...rest } = over;
  return {
    id: 1,
    evseId: 1,
    stackLevel: 0,
    purpose: 'TxDefault',
    kind: 'Absolute',
    source: 'CSO',
    wire: {},
    schedule: {
      unit: 'A',
      startMs: startMs ?? T0,
      ...(durationS === undefined ? {} : { durationS }),
      periods: periods ?? [{ startS: 0, limit: 10 }],
    },
    ...rest,
  };
}

const idle = { evseId: 1, transactionId: undefined, relativeStartMs: T0 };
const charging = { evseId: 1, transactionId: 'tx', relativeStartMs: T0 };

describe('limits in force', () => {
  it('Tx replaces TxDefault, also when it allows more', () => {
    const both = [profile({}), profile({ id: 2, purpose: 'Tx', periods: [{ startS: 0, limit: 20 }] })];
    expect(limitsAt(both, charging, T0).currentA).toBe(20);
    expect(limitsAt(both, idle, T0).currentA).toBe(10);
  });

  it('the station limit caps whatever the transaction may draw', () => {
    const stack = [
      profile({ purpose: 'Tx', periods: [{ startS: 0, limit: 20 }] }),
      profile({ id: 2, evseId: 0, purpose: 'StationMax', periods: [{ startS: 0, limit: 13 }] }),
    ];
    expect(limitsAt(stack, charging, T0).currentA).toBe(13);
  });

  it('the highest stack level that covers the instant wins; in its gaps the next one shows', () => {
    const stack = [
      profile({}),
      profile({ id: 2, stackLevel: 3, durationS: HOUR_S, periods: [{ startS: 0, limit: 6 }] }),
    ];
    expect(limitsAt(stack, idle, T0)).toMatchObject({ currentA: 6, untilMs: T0 + HOUR_S * 1000 });
    expect(limitsAt(stack, idle, T0 + HOUR_S * 1000)).toMatchObject({ currentA: 10 });
  });

  it('a default of the connector hides the one for all connectors at the same level only there', () => {
    const stack = [
      profile({ evseId: 0, periods: [{ startS: 0, limit: 8 }] }),
      profile({ id: 2, periods: [{ startS: 0, limit: 16 }] }),
    ];
    expect(limitsAt(stack, idle, T0).currentA).toBe(16);
    expect(limitsAt(stack, { ...idle, evseId: 2 }, T0).currentA).toBe(8);
  });

  it('a daily profile repeats, with nothing before its first start and nothing after its duration', () => {
    const daily = profile({
      kind: 'Recurring',
      recurrency: 'Daily',
      startMs: T0 + 8 * HOUR_S * 1000,
      durationS: HOUR_S,
    });
    expect(limitsAt([daily], idle, T0)).toMatchObject({
      currentA: Number.POSITIVE_INFINITY,
      untilMs: T0 + 8 * HOUR_S * 1000,
    });
    for (const day of [0, 1, 5]) {
      expect(limitsAt([daily], idle, T0 + (day * 24 + 8.5) * HOUR_S * 1000).currentA).toBe(10);
      expect(limitsAt([daily], idle, T0 + (day * 24 + 9) * HOUR_S * 1000).currentA).toBe(Number.POSITIVE_INFINITY);
    }
  });

  it('a relative profile counts from the start of the transaction', () => {
    const relative = profile({
      kind: 'Relative',
      purpose: 'Tx',
      periods: [
        { startS: 0, limit: 6 },
        { startS: 600, limit: 16 },
      ],
    });
    const scope = { ...charging, relativeStartMs: T0 + 5_000 };
    expect(limitsAt([relative], scope, T0 + 5_000).currentA).toBe(6);
    expect(limitsAt([relative], scope, T0 + 604_999).currentA).toBe(6);
    expect(limitsAt([relative], scope, T0 + 605_000).currentA).toBe(16);
  });

  it('validity ends are exclusive and its edges are told', () => {
    const valid = profile({ validFromMs: T0 + 1_000, validToMs: T0 + 2_000 });
    expect(limitsAt([valid], idle, T0)).toMatchObject({ currentA: Number.POSITIVE_INFINITY, untilMs: T0 + 1_000 });
    expect(limitsAt([valid], idle, T0 + 1_000)).toMatchObject({ currentA: 10, untilMs: T0 + 2_000 });
    expect(limitsAt([valid], idle, T0 + 2_000).currentA).toBe(Number.POSITIVE_INFINITY);
  });

  it('keeps limits of different units side by side', () => {
    const mixed = [
      profile({}),
      {
        ...profile({ id: 2, evseId: 0, purpose: 'StationMax' }),
        schedule: { unit: 'W' as const, startMs: T0, periods: [{ startS: 0, limit: 5_000 }] },
      },
    ];
    expect(limitsAt(mixed, idle, T0)).toMatchObject({ currentA: 10, powerW: 5_000 });
  });
});

describe('composite schedule', () => {
  it('worked example: a night default, a station limit, and a transaction profile that runs out', () => {
    const stack = [
      profile({
        id: 1,
        evseId: 0,
        kind: 'Recurring',
        recurrency: 'Daily',
        periods: [
          { startS: 0, limit: 16 },
          { startS: 6 * HOUR_S, limit: 10 },
        ],
      }),
      profile({
        id: 2,
        evseId: 0,
        purpose: 'StationMax',
        startMs: T0 + 5 * HOUR_S * 1000,
        durationS: 2 * HOUR_S,
        periods: [{ startS: 0, limit: 12 }],
      }),
      profile({ id: 3, purpose: 'Tx', kind: 'Relative', durationS: HOUR_S, periods: [{ startS: 0, limit: 32 }] }),
    ];
    const scope = { evseId: 1, transactionId: 'tx', relativeStartMs: T0 + 4 * HOUR_S * 1000 };
    expect(compositeSchedule(stack, scope, T0 + 4 * HOUR_S * 1000, 4 * HOUR_S, 'A', HARDWARE)).toEqual({
      startMs: T0 + 4 * HOUR_S * 1000,
      durationS: 4 * HOUR_S,
      unit: 'A',
      periods: [
        { startS: 0, limit: 32, phases: 3 },
        { startS: HOUR_S, limit: 12, phases: 3 },
        { startS: 2 * HOUR_S, limit: 10, phases: 3 },
      ],
    });
  });

  it('fills gaps with what the hardware does and converts at the nominal voltage', () => {
    const schedule = compositeSchedule([profile({ durationS: 60 })], idle, T0, 120, 'W', HARDWARE);
    expect(schedule.periods).toEqual([
      { startS: 0, limit: 6_900, phases: 3 },
      { startS: 60, limit: 22_080, phases: 3 },
    ]);
  });

  it('never exceeds a brute-force composite written second by second, for random stacks', () => {
    fc.assert(
      fc.property(
        fc.array(anyProfile(), { maxLength: 8 }),
        fc.integer({ min: 0, max: 3000 }),
        fc.boolean(),
        (raw, offsetS, inTx) => {
          const store = new ProfileStore();
          for (const [index, one] of raw.entries()) store.install({ ...one, id: index }, 'id-or-same-place');
          const startMs = T0 + offsetS * 1000;
          const scope = {
            evseId: 1,
            transactionId: inTx ? 'tx' : undefined,
            relativeStartMs: inTx ? T0 + 100_000 : startMs,
          };
          const schedule = compositeSchedule(store.all, scope, startMs, 4000, 'A', HARDWARE);
          for (let s = 0; s < 4000; s += 7) {
            const expected = bruteForceA(store.all, startMs + s * 1000, scope.relativeStartMs, inTx);
            const period = schedule.periods.findLast((p) => p.startS <= s);
            expect(period?.limit).toBeCloseTo(Math.floor(Math.min(expected, 32) * 10 + 1e-6) / 10, 6);
            expect(limitsAt(store.all, scope, startMs + s * 1000).currentA).toBe(expected);
          }
        },
      ),
      { numRuns: 150 },
    );
  });
});

/** Whole seconds only, so that second-by-second sampling sees every edge. */
function anyProfile(): fc.Arbitrary<Profile> {
  return fc
    .record({
      evseId: fc.constantFrom(0, 1, 2),
      stackLevel: fc.integer({ min: 0, max: 3 }),
      purpose: fc.constantFrom<Purpose>('StationMax', 'TxDefault', 'Tx'),
      kind: fc.constantFrom<ProfileKind>('Absolute', 'Relative', 'Recurring'),
      startS: fc.integer({ min: -90_000, max: 4000 }),
      durationS: fc.option(fc.integer({ min: 1, max: 5000 }), { nil: undefined }),
      from: fc.option(fc.integer({ min: 0, max: 4000 }), { nil: undefined }),
      length: fc.option(fc.integer({ min: 1, max: 4000 }), { nil: undefined }),
      gaps: fc.array(fc.integer({ min: 1, max: 1500 }), { maxLength: 3 }),
      limits: fc.array(fc.integer({ min: 0, max: 32 }), { minLength: 4, maxLength: 4 }),
    })
    .map((r) => {
      let at = 0;
      const periods = [{ startS: 0, limit: r.limits[0] ?? 0 }];
      for (const [i, gap] of r.gaps.entries()) {
        at += gap;
        periods.push({ startS: at, limit: r.limits[i + 1] ?? 0 });
      }
      const made = profile({
        evseId: r.purpose === 'StationMax' ? 0 : r.purpose === 'Tx' ? Math.max(1, r.evseId) : r.evseId,
        stackLevel: r.stackLevel,
        purpose: r.purpose,
        kind: r.kind,
        periods,
        startMs: T0 + r.startS * 1000,
        ...(r.durationS === undefined ? {} : { durationS: r.durationS }),
        ...(r.kind === 'Recurring' ? { recurrency: 'Daily' as const } : {}),
        ...(r.from === undefined ? {} : { validFromMs: T0 + r.from * 1000 }),
        ...(r.length === undefined ? {} : { validToMs: T0 + ((r.from ?? 0) + r.length) * 1000 }),
      });
      return made;
    });
}

/** Independent of the module: no edges, no segments, just the question "what holds at this second?". */
function bruteForceA(all: readonly Profile[], atMs: number, relativeStartMs: number, inTx: boolean): number {
  const said = (purpose: Purpose): number | undefined => {
    let best: { level: number; limit: number } | undefined;
    for (const p of all) {
      if (p.purpose !== purpose || (p.evseId !== 0 && p.evseId !== 1)) continue;
      if (purpose === 'Tx' && !inTx) continue;
      if (
        purpose === 'TxDefault' &&
        p.evseId === 0 &&
        all.some((o) => o.purpose === purpose && o.evseId === 1 && o.stackLevel === p.stackLevel)
      )
        continue;
      if (p.validFromMs !== undefined && atMs < p.validFromMs) continue;
      if (p.validToMs !== undefined && atMs >= p.validToMs) continue;
      const anchor = p.kind === 'Relative' ? relativeStartMs : (p.schedule.startMs ?? 0);
      let elapsedS = (atMs - anchor) / 1000;
      if (elapsedS < 0) continue;
      if (p.kind === 'Recurring') elapsedS %= 86_400;
      if (p.schedule.durationS !== undefined && elapsedS >= p.schedule.durationS) continue;
      let limit: number | undefined;
      for (const period of p.schedule.periods) if (period.startS <= elapsedS) limit = period.limit;
      if (limit !== undefined && (best === undefined || p.stackLevel > best.level))
        best = { level: p.stackLevel, limit };
    }
    return best?.limit;
  };
  const own = said('Tx') ?? said('TxDefault') ?? Number.POSITIVE_INFINITY;
  return Math.min(own, said('StationMax') ?? Number.POSITIVE_INFINITY);
}

describe('profile store', () => {
  it('1.6 replaces by place silently, 2.x by id only and names the conflict', () => {
    const store = new ProfileStore();
    store.install(profile({ id: 1 }), 'id-or-same-place');
    expect(store.conflictOf(profile({ id: 2 }))?.id).toBe(1);
    store.install(profile({ id: 2 }), 'id-or-same-place');
    expect(store.all.map((p) => p.id)).toEqual([2]);
    store.install(profile({ id: 2, stackLevel: 4 }), 'id');
    expect(store.all).toMatchObject([{ id: 2, stackLevel: 4 }]);
  });

  it('clears by the AND of the fields, never external constraints', () => {
    const store = new ProfileStore([
      profile({ id: 1 }),
      profile({ id: 2, stackLevel: 1 }),
      profile({ id: 3, purpose: 'External', evseId: 0 }),
    ]);
    expect(store.clear({ purpose: 'TxDefault', stackLevel: 1 })).toBe(1);
    expect(store.clear({ id: 99 })).toBe(0);
    expect(store.clear({})).toBe(1);
    expect(store.all.map((p) => p.id)).toEqual([3]);
  });

  it('drops the profiles of a transaction with it', () => {
    const store = new ProfileStore([
      profile({ id: 1, purpose: 'Tx' }),
      profile({ id: 2, purpose: 'Tx', transactionId: 'other' }),
    ]);
    expect(store.endTransaction(1, 'tx')).toBe(true);
    expect(store.all.map((p) => p.id)).toEqual([2]);
  });
});

describe('profile checks', () => {
  const rules = { units: ['A' as const], maxStackLevel: 8, maxPeriods: 3, maxProfiles: 2, relativeHasNoStart: true };
  it.each([
    [
      'UnsupportedRateUnit',
      { ...profile({}), schedule: { unit: 'W' as const, startMs: T0, periods: [{ startS: 0, limit: 1 }] } },
    ],
    ['InvalidStackLevel', profile({ stackLevel: 9 })],
    ['InvalidSchedule', profile({ periods: [{ startS: 1, limit: 1 }] })],
    [
      'InvalidSchedule',
      profile({
        periods: [
          { startS: 0, limit: 1 },
          { startS: 0, limit: 2 },
        ],
      }),
    ],
    ['InvalidSchedule', profile({ periods: [0, 1, 2, 3].map((startS) => ({ startS, limit: 1 })) })],
    ['InvalidProfile', profile({ validFromMs: T0, validToMs: T0 })],
    ['InvalidProfile', profile({ kind: 'Recurring' })],
    ['InvalidProfile', profile({ recurrency: 'Daily' })],
    ['InvalidProfile', profile({ purpose: 'StationMax' })],
    ['InvalidSchedule', profile({ kind: 'Relative' })],
  ] as const)('refuses with %s', (reason, bad) => {
    expect(faultOf(bad, [], rules)?.reason).toBe(reason);
  });

  it('takes a good one, and refuses one more than fits', () => {
    expect(faultOf(profile({}), [], rules)).toBeUndefined();
    const full = [profile({ id: 1 }), profile({ id: 2 })];
    expect(faultOf(profile({ id: 3 }), full, rules)?.reason).toBe('OutOfStorage');
    expect(faultOf(profile({ id: 2 }), full, rules)).toBeUndefined();
  });
});
