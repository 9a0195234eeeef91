import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { textAt, withMembers } from './json-text.ts';

describe('bodies as text', () => {
  it('a set member changes, every other character stays (HUB-21)', () => {
    const body = '{ "SessionID" : "old",\n "ConsumedEnergy": 12.250, "X": {"SessionID": "inner"}, "T":"…+02:00" }';
    expect(withMembers(body, { SessionID: 'new' })).toBe(body.replace('"old"', '"new"'));
  });

  it('an absent member is put in front, a null one is replaced', () => {
    expect(withMembers('{"a":1}', { SessionID: 's' })).toBe('{"SessionID":"s","a":1}');
    expect(withMembers('{}', { SessionID: 's' })).toBe('{"SessionID":"s"}');
    expect(withMembers('{"SessionID":null,"a":1}', { SessionID: 's' })).toBe('{"SessionID":"s","a":1}');
  });

  it('a member written twice, or with escapes, cannot keep its old value', () => {
    expect(JSON.parse(withMembers('{"S":"a","\\u0053":"b"}', { S: 'c' }))).toEqual({ S: 'c' });
    expect(withMembers('{"S":"a","S":"b"}', { S: 'c' })).toBe('{"S":"c","S":"c"}');
  });

  it('the characters of a number are found', () => {
    const body = '{"a":{"b":[1, 2.50,\t-3E2 ]},"a/b":"x\\"}","~":[]}';
    expect(textAt(body, '/a/b/1')).toBe('2.50');
    expect(textAt(body, '/a/b/2')).toBe('-3E2');
    expect(textAt(body, '/a~1b')).toBe('"x\\"}"');
    expect(textAt(body, '/~0')).toBe('[]');
    for (const pointer of ['/a/b/3', '/a/c', '/a/b/x', '/a/b/01', '/a/b/0/x']) {
      expect(textAt(body, pointer)).toBeUndefined();
    }
  });

  it('deep nesting does not overflow', () => {
    const body = `{"a":${'['.repeat(100_000)}${']'.repeat(100_000)},"b":1}`;
    expect(textAt(body, '/b')).toBe('1');
  });

  it('for any object: the set members are as set, all others as they were', () => {
    const members = fc.dictionary(fc.string(), fc.jsonValue(), { noNullPrototype: true });
    fc.assert(
      fc.property(members, fc.string(), fc.string(), fc.nat(3), (object, key, value, indent) => {
        fc.pre(key !== '__proto__');
        const text = JSON.stringify(object, undefined, indent);
        expect(JSON.parse(withMembers(text, { [key]: value }))).toEqual({ ...JSON.parse(text), [key]: value });
        for (const name of Object.keys(object)) {
          const pointer = `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
          expect(JSON.parse(textAt(text, pointer) ?? '')).toEqual(JSON.parse(JSON.stringify(object[name])));
        }
      }),
    );
  });
});
