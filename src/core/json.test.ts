import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_NESTING, parseJson } from './json.ts';

const nested = (depth: number, open: string, close: string): string => `${open.repeat(depth)}1${close.repeat(depth)}`;
const LONG = JSON.stringify('x'.repeat(5_000));

describe('JSON of others', () => {
  it('is read as JSON.parse does', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        expect(parseJson(text)).toEqual(JSON.parse(text));
        expect(parseJson(`[${LONG},${text}]`)).toEqual(JSON.parse(`[${LONG},${text}]`));
      }),
    );
  });

  it.each([
    ['arrays', '[', ']'],
    ['objects', '{"a":', '}'],
  ])('that is nested deeper than anything of ours is refused: %s', (_what, open, close) => {
    expect(parseJson(`[${LONG},${nested(MAX_NESTING - 1, open, close)}]`)).toBeInstanceOf(Array);
    expect(() => parseJson(`[${LONG},${nested(MAX_NESTING, open, close)}]`)).toThrow(/nested deeper than 100/);
    expect(() => parseJson(nested(100_000, open, close))).toThrow(SyntaxError);
  });

  it('may have as many brackets in a text as it likes, quotes and backslashes among them', () => {
    const text = `${'['.repeat(3_000)}"\\"${'{'.repeat(3_000)}\\\\`;
    expect(parseJson(JSON.stringify([text, { a: text }]))).toEqual([text, { a: text }]);
  });

  it('that breaks off in a text is a syntax error, at once', () => {
    expect(() => parseJson(`["${'x\\"'.repeat(50_000)}`)).toThrow(SyntaxError);
  });
});
