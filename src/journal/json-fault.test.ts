import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jsonFaultAt } from './json-fault.ts';

const isJson = (text: string): boolean => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};

describe('the place where a text stops being JSON', () => {
  it.each([
    ['[2,"1","A",{"a":}]', 16],
    ['[2,"1"', 6],
    ['{"a":1,}', 7],
    ['{a:1}', 1],
    ['[1 2]', 3],
    ['"a\nb"', 2],
    ['"\\x"', 2],
    ['01', 1],
    ['nul', 0],
    ['[]]', 2],
    ['', 0],
  ])('%j is at %i', (text, at) => {
    expect([isJson(text), jsonFaultAt(text)]).toEqual([false, at]);
  });

  it('is the end of every text that is JSON', () => {
    fc.assert(
      fc.property(fc.json(), fc.constantFrom('', ' ', '\n'), (json, space) => {
        expect(jsonFaultAt(space + json + space)).toBe(json.length + 2 * space.length);
      }),
    );
  });

  it('is inside whenever something behind it cannot repair the text', () => {
    const piece = fc.constantFrom('{', '}', '[', ']', '"a"', ':', ',', '1', 'true', ' ', '"');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (parts) => {
        const text = parts.join('');
        const at = jsonFaultAt(text);
        if (isJson(text)) expect(at).toBe(text.length);
        else expect(at).toBeLessThanOrEqual(text.length);
      }),
      { numRuns: 2_000 },
    );
  });
});
