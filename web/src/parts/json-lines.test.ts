import { describe, expect, it } from 'vitest';
import type { Finding } from '../api/shapes.ts';
import { jsonLines, valueAt } from './json-lines.ts';

const finding = (pointer: string): Finding => ({
  id: 'F-1',
  status: 'open',
  rule: 'R',
  severity: 'error',
  axis: 'conformance',
  party: 'CS-1',
  text: 'wrong',
  time: 0,
  pointer,
});

describe('the lines of a payload', () => {
  it('stand in the order of the text, each with its pointer', () => {
    const lines = jsonLines({ a: 1, 'b/c': [true, null] });
    expect(lines.map((line) => [line.kind, line.pointer, line.depth])).toEqual([
      ['open', '', 0],
      ['value', '/a', 1],
      ['open', '/b~1c', 1],
      ['value', '/b~1c/0', 2],
      ['value', '/b~1c/1', 2],
      ['close', '/b~1c', 1],
      ['close', '', 0],
    ]);
    expect(lines.map((line) => line.comma === true)).toEqual([false, true, false, true, false, false, false]);
  });

  it('carry the findings of their pointer', () => {
    const lines = jsonLines({ a: { b: 1 } }, [finding('/a/b')]);
    expect(lines.filter((line) => line.findings.length > 0).map((line) => line.pointer)).toEqual(['/a/b']);
  });

  it('show a member that is missing where it belongs', () => {
    const [, , ghost, end] = jsonLines({ a: 1 }, [finding('/seqNo')]);
    expect(ghost).toMatchObject({ kind: 'missing', pointer: '/seqNo', key: 'seqNo', depth: 1 });
    expect(end?.kind).toBe('close');
    const order = () => ['first', 'second', 'a', 'seqNo', 'z'];
    const lines = jsonLines(
      { a: 1, own: 2, z: 3 },
      ['/seqNo', '/second', '/first', '/unknown'].map(finding),
      new Set(),
      new Set(),
      order,
    );
    expect(lines.slice(1, -1).map((line) => line.pointer)).toEqual([
      '/first',
      '/second',
      '/a',
      '/own',
      '/seqNo',
      '/z',
      '/unknown',
    ]);
  });

  it('gather the findings of what is folded', () => {
    const [, line] = jsonLines({ a: { b: { c: 1 } } }, [finding('/a/b/c')], new Set(['/a']));
    expect(line).toMatchObject({ pointer: '/a', folded: true, size: 1 });
    expect(line?.findings).toHaveLength(1);
  });

  it('show long arrays in part, and deep values as they are', () => {
    const long = jsonLines(Array.from({ length: 250 }, (_, index) => index));
    expect(long.at(-2)).toMatchObject({ kind: 'missing', size: 150 });
    let deep: unknown = 1;
    for (let index = 0; index < 200; index++) deep = { deep };
    expect(jsonLines(deep).length).toBeLessThan(100);
  });

  it('do not take inherited members for values', () => {
    expect(valueAt({}, '/constructor')).toBeUndefined();
    expect(valueAt({ a: [5] }, '/a/0')).toBe(5);
  });
});
