import { describe, expect, it } from 'vitest';
import { type Draft, MUTATORS } from './mutators.ts';

const draft: Draft = {
  action: 'StatusNotification',
  messageId: 'm-1',
  payload: { connectorId: 1, status: 'Available', timestamp: '2026-01-31T12:00:00Z', info: 'x' },
  schema: {
    type: 'object',
    required: ['connectorId', 'status'],
    properties: {
      connectorId: { type: 'integer' },
      status: { type: 'string', enum: ['Available', 'Charging'] },
      timestamp: { type: 'string', format: 'date-time' },
      info: { type: 'string', maxLength: 50 },
    },
  },
};
const mutate = (id: string) => MUTATORS.find((mutator) => mutator.id === id)?.apply(draft);

describe('a fault put in on purpose', () => {
  it('drops a required member and expects the code in 1.6 spelling', () => {
    expect(mutate('drop-required')).toMatchObject({
      where: '/connectorId',
      payload: { status: 'Available', info: 'x', timestamp: '2026-01-31T12:00:00Z' },
    });
    expect(MUTATORS.find((each) => each.id === 'drop-required')?.expected('1.6')).toContain(
      'OccurenceConstraintViolation',
    );
  });

  it.each([
    ['wrong-type', '/connectorId'],
    ['too-long', '/info'],
    ['unknown-enum', '/status'],
    ['wrong-date', '/timestamp'],
    ['huge-number', '/connectorId'],
    ['extra-member', '/notInTheSchema'],
  ])('%s stands at %s', (id, where) => {
    expect(mutate(id)?.where).toBe(where);
  });

  it('writes frames that are no proper frames', () => {
    const raw = (id: string): string => {
      const mutated = mutate(id);
      return mutated !== undefined && 'raw' in mutated ? mutated.raw : '';
    };
    expect(() => JSON.parse(raw('truncated'))).toThrow();
    expect(raw('duplicate-key')).toContain('{"connectorId":1,"connectorId":1');
    expect(raw('wrong-case')).toContain('"statusNotification"');
    expect(JSON.parse(raw('wrong-message-type'))[0]).toBe(9);
  });

  it('leaves the draft as it was', () => {
    const before = JSON.stringify(draft);
    for (const mutator of MUTATORS) mutator.apply(draft);
    expect(JSON.stringify(draft)).toBe(before);
  });
});
