import { describe, expect, it } from 'vitest';
import { differences } from './json-diff.ts';

const changed = (a: unknown, b: unknown, options = {}) =>
  differences(a, b, options)
    .filter((each) => each.kind !== 'same')
    .map((each) => `${each.kind} ${each.pointer}`);

describe('the difference of two messages', () => {
  it('does not care for the order of members', () => {
    expect(changed({ a: 1, b: { c: 2, d: 3 } }, { b: { d: 3, c: 2 }, a: 1 })).toEqual([]);
  });

  it('names what was added, removed and changed by its pointer', () => {
    expect(changed({ a: 1, b: 2, list: [1, 2] }, { a: 5, c: { d: 4 }, list: [1, 3, 9] })).toEqual([
      'changed /a',
      'removed /b',
      'changed /list/1',
      'added /list/2',
      'added /c/d',
    ]);
  });

  it('leaves out times and ids on demand', () => {
    const a = { seqNo: 1, timestamp: '2026-01-31T12:00:00Z', transactionId: 'x', status: 'A' };
    const b = { seqNo: 2, timestamp: '2026-01-31T12:00:09Z', transactionId: 'y', status: 'B' };
    expect(changed(a, b, { ignoreTimes: true })).toEqual([
      'changed /seqNo',
      'changed /transactionId',
      'changed /status',
    ]);
    expect(changed(a, b, { ignoreTimes: true, ignoreIds: true })).toEqual(['changed /status']);
  });

  it('tells an object from an array, and null from an object', () => {
    expect(changed({ a: [] }, { a: {} })).toEqual(['changed /a']);
    expect(changed({ a: null }, { a: { b: 1 } })).toEqual(['changed /a']);
  });
});
