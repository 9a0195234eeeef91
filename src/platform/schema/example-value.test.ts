import { describe, expect, it } from 'vitest';
import { exampleValue, schemaDocs } from './example-value.ts';

const schema = {
  type: 'object',
  description: 'A reservation',
  required: ['id', 'token', 'until'],
  definitions: {
    Token: {
      type: 'object',
      required: ['text', 'kind'],
      properties: {
        text: { type: 'string', maxLength: 3, description: 'The token' },
        kind: { type: 'string', enum: ['Card', 'App'] },
        customData: { type: 'object' },
      },
    },
  },
  properties: {
    id: { type: 'integer', minimum: 5 },
    token: { $ref: '#/definitions/Token' },
    until: { type: 'string', format: 'date-time' },
    zones: { type: 'array', minItems: 2, items: { type: 'string' } },
    share: { type: 'number', maximum: 0.5 },
  },
};

describe('a made-up value', () => {
  it('has the required members only, or all of them without vendor extensions', () => {
    const now = '2026-01-31T12:00:00.000Z';
    expect(exampleValue(schema, 'minimal', now)).toEqual({ id: 5, token: { text: 'tex', kind: 'Card' }, until: now });
    expect(exampleValue(schema, 'example', now, ['customData'])).toEqual({
      id: 5,
      token: { text: 'tex', kind: 'Card' },
      until: now,
      zones: ['zone', 'zone'],
      share: 0.5,
    });
  });

  it('has its members explained by pointer', () => {
    expect(schemaDocs(schema)).toEqual({ '': 'A reservation', '/token/text': 'The token' });
  });
});
