import Type from 'typebox';
import { describe, expect, it } from 'vitest';
import { objectFromTexts, valueFromText } from './from-text.ts';
import { nearest } from './nearest.ts';
import { lazyValidator } from './validator.ts';

describe('errors of a validator', () => {
  const charging = Type.Object({ kind: Type.Literal('charging'), powerW: Type.Number({ minimum: 0 }) });
  const parked = Type.Object({ kind: Type.Literal('parked'), since: Type.String() });
  const car = Type.Object({ 'a/b~c': Type.Integer(), state: Type.Union([charging, parked]) });

  it('of a union name the branch that was meant', () => {
    const wrong = lazyValidator(car).errors({ 'a/b~c': 1, state: { kind: 'parked', since: 5 } });
    expect(wrong).toEqual([{ pointer: '/state/since', msg: 'must be string' }]);
  });

  it('escape names and take a prefix', () => {
    expect(lazyValidator(car).errors({ state: { kind: 'parked', since: '' } }, '/query')).toEqual([
      { pointer: '/query/a~1b~0c', msg: 'is required' },
    ]);
  });

  it('name the whole when it has the wrong type', () => {
    expect(lazyValidator(car).errors(null)).toEqual([{ pointer: '', msg: 'must be object' }]);
  });

  it('tell all fields, not only the first eight', () => {
    const wide = Type.Object(Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`f${i}`, Type.Integer()])));
    const values = Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`f${i}`, 'x']));
    expect(lazyValidator(wide).errors(values)).toHaveLength(30);
  });
});

describe('values from text', () => {
  it.each([
    [Type.Integer(), '12', 12],
    [Type.Number(), '-1.5e2', -150],
    [Type.Number(), '1x', '1x'],
    [Type.Number(), '', ''],
    [Type.Boolean(), 'true', true],
    [Type.Boolean(), '0', false],
    [Type.Boolean(), 'yes', 'yes'],
    [Type.String(), '12', '12'],
    [Type.Array(Type.Integer()), '1,2', [1, 2]],
    [Type.Array(Type.String()), '', []],
    [Type.Array(Type.Object({})), '[{"a":1}]', [{ a: 1 }]],
    [Type.Union([Type.Literal(1), Type.Literal(2)]), '2', 2],
    [Type.Union([Type.Literal('a'), Type.Literal('b')]), 'b', 'b'],
    [Type.Object({}), '{"a":1}', { a: 1 }],
  ])('are read as the schema wants: %j from %j', (schema, text, value) => {
    expect(valueFromText(schema, text)).toEqual(value);
  });

  it('keep texts that no property declares', () => {
    expect(objectFromTexts(Type.Object({ n: Type.Integer() }), { n: '1', toString: 'x', gone: undefined })).toEqual({
      n: 1,
      toString: 'x',
    });
  });
});

describe('the nearest word', () => {
  it.each([
    ['prot', 'port'],
    ['hoost', 'host'],
    ['HOST', 'host'],
    ['zzzzzz', undefined],
  ])('of %s is %s', (word, expected) => {
    expect(nearest(word, ['port', 'host', 'tls'])).toBe(expected);
  });
});
