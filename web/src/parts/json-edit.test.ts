import { describe, expect, it } from 'vitest';
import { leastValue, withoutValue, withValue } from './json-edit.ts';

describe('an edit of a document', () => {
  it('changes one place and keeps all others, also members that no schema knows', () => {
    const before = { a: 1, unknown: { deep: [1, 2, { x: 1 }] } };
    expect(withValue(before, '/unknown/deep/2/x', 5)).toEqual({ a: 1, unknown: { deep: [1, 2, { x: 5 }] } });
    expect(before.unknown.deep[2]).toEqual({ x: 1 });
  });

  it('makes the objects on the way', () => {
    expect(withValue({}, '/idToken/type', 'Central')).toEqual({ idToken: { type: 'Central' } });
  });

  it('takes members and items away', () => {
    expect(withoutValue({ a: { b: 1, c: 2 } }, '/a/b')).toEqual({ a: { c: 2 } });
    expect(withoutValue({ list: [1, 2, 3] }, '/list/1')).toEqual({ list: [1, 3] });
    expect(withoutValue({ 'a/b': 1, '~': 2 }, '/a~1b')).toEqual({ '~': 2 });
  });
});

describe('the least value of a schema', () => {
  it('has what is required and no more', () => {
    const root = {
      type: 'object',
      required: ['idToken', 'when', 'list'],
      properties: {
        idToken: { $ref: '#/definitions/Token' },
        when: { type: 'string', format: 'date-time' },
        list: { type: 'array', minItems: 1, items: { type: 'integer', minimum: 3 } },
        extra: { type: 'string' },
      },
      definitions: {
        Token: { type: 'object', required: ['type'], properties: { type: { enum: ['Central', 'eMAID'] }, more: {} } },
      },
    };
    expect(leastValue(root, root, '2026-01-31T12:00:00Z')).toEqual({
      idToken: { type: 'Central' },
      when: '2026-01-31T12:00:00Z',
      list: [3],
    });
  });
});
