import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SeededIds, SystemIds } from './ids.ts';
import { Random } from './random.ts';

describe('seeded chance', () => {
  it('gives the same numbers for the same seed on every machine', () => {
    const random = new Random('compote');
    expect([random.uint32(), random.uint32(), random.uint32()]).toEqual([2644166064, 1810565531, 94031018]);
  });

  it('stays in its bounds and reaches both ends', () => {
    fc.assert(
      fc.property(fc.string(), fc.integer({ min: -50, max: 50 }), fc.integer({ min: 0, max: 5 }), (seed, min, span) => {
        const random = new Random(seed);
        const seen = new Set(Array.from({ length: 400 }, () => random.int(min, min + span)));
        expect([...seen].sort((a, b) => a - b)).toEqual(Array.from({ length: span + 1 }, (_, k) => min + k));
      }),
      { numRuns: 50 },
    );
  });

  it('a fork depends on seed and label, not on how much was drawn', () => {
    const a = new Random('x');
    const b = new Random('x');
    a.next();
    expect(a.fork('meter').uint32()).toBe(b.fork('meter').uint32());
    expect(a.fork('meter').uint32()).not.toBe(b.fork('car').uint32());
  });

  it('ids are version 4 UUIDs, seeded ones repeat', () => {
    const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
    expect(new SystemIds().uuid()).toMatch(uuid);
    const first = new SeededIds(new Random(1)).uuid();
    expect(first).toMatch(uuid);
    expect(new SeededIds(new Random(1)).uuid()).toBe(first);
  });
});
