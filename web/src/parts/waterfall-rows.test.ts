import { describe, expect, it } from 'vitest';
import { waterfallRange, waterfallRows } from './waterfall-rows.ts';

const span = (id: string, start: number, ms: number, more: { parent?: string; follows?: string } = {}) => ({
  id,
  start,
  ms,
  ...more,
});

describe('a waterfall', () => {
  const spans = [
    span('hub-csms', 3, 30, { parent: 'emp-hub' }),
    span('emp-hub', 0, 40),
    span('started', 3_000, 9, { follows: 'csms-station' }),
    span('csms-station', 10, 13, { parent: 'hub-csms' }),
  ];

  it('puts children below their parents in the order of time, and later work at the end', () => {
    expect(waterfallRows(spans).map(({ span: { id }, depth, later }) => [id, depth, later])).toEqual([
      ['emp-hub', 0, false],
      ['hub-csms', 1, false],
      ['csms-station', 2, false],
      ['started', 0, true],
    ]);
  });

  it('lets a closed span hide what is below it', () => {
    const rows = waterfallRows(spans, new Set(['hub-csms']));
    expect(rows.map(({ span: { id } }) => id)).toEqual(['emp-hub', 'hub-csms', 'started']);
    expect(rows[1]?.children).toBe(1);
  });

  it('is as wide as what was waited for', () => {
    expect(waterfallRange(spans)).toEqual({ from: 0, ms: 40 });
  });

  it('shows a span whose parent is not there, and ends when spans are each other’s parents', () => {
    expect(waterfallRows([span('a', 0, 1, { parent: 'gone' })])).toHaveLength(1);
    expect(waterfallRows([span('a', 0, 1, { parent: 'b' }), span('b', 0, 1, { parent: 'a' })])).toHaveLength(0);
  });
});
