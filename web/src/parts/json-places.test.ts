import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { placeOf, placesIn, placeWithin } from './json-places.ts';

describe('the places of values in a JSON text', () => {
  it('cover exactly their text, for any JSON', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), fc.constantFrom(0, 2), (value, indent) => {
        const text = JSON.stringify(value, null, indent);
        const places = placesIn(text);
        for (const { from, to } of places.values()) JSON.parse(text.slice(from, to));
        const root = places.get('');
        expect(JSON.parse(text.slice(root?.from, root?.to))).toEqual(JSON.parse(text));
      }),
    );
  });

  it('names members by their pointer', () => {
    const text = '{ "a/b": [1, {"c": "x\\"y"}] }';
    const { from, to } = placeOf(placesIn(text), '/a~1b/1/c');
    expect(text.slice(from, to)).toBe('"x\\"y"');
  });

  it('falls back to what is around, and never throws', () => {
    expect(placeOf(placesIn('{"a":{}}'), '/a/missing')).toEqual({ from: 5, to: 6 });
    fc.assert(fc.property(fc.string(), (text) => placeOf(placesIn(text), '/a/b') !== undefined));
  });

  it('finds what stands in JSON text that a string carries', () => {
    const text = '{"vendorId":"v","data":"{\\"idToken\\":{\\"type\\":5}}"}';
    const places = placesIn(text);
    const { from, to } = placeWithin(text, places, '/data/idToken/type');
    expect(text.slice(from, to)).toBe('5');
    const whole = placeWithin(text, places, '/data');
    expect(text.slice(whole.from, whole.to)).toBe('"{\\"idToken\\":{\\"type\\":5}}"');
  });
});
