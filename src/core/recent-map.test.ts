import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RecentMap } from './recent-map.ts';

describe('a map of what is recent', () => {
  it('holds what was set last, and never more than twice its limit', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 5 }),
        fc.array(fc.tuple(fc.boolean(), fc.integer({ min: 0, max: 12 })), { maxLength: 80 }),
        (limit, steps) => {
          const map = new RecentMap<number, number>(limit);
          // What must be there: the last `limit` different keys that were set, less what was deleted.
          let recent: [number, number][] = [];
          steps.forEach(([sets, key], step) => {
            recent = recent.filter(([each]) => each !== key);
            if (sets) {
              map.set(key, step);
              recent = [...recent, [key, step] as [number, number]].slice(-limit);
            } else {
              map.delete(key);
              expect(map.has(key)).toBe(false);
            }
            for (const [each, value] of recent) expect(map.get(each)).toBe(value);
            const held = Array.from({ length: 13 }, (_, each) => each).filter((each) => map.has(each));
            expect(held.length).toBeLessThanOrEqual(2 * limit);
          });
        },
      ),
    );
  });

  it('tells an undefined value from none', () => {
    const map = new RecentMap<string, undefined>(1);
    expect(map.has('a')).toBe(false);
    map.set('a', undefined);
    expect(map.has('a')).toBe(true);
  });
});
