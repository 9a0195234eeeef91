import { describe, expect, it } from 'vitest';
import { parseFilter } from '../../../src/journal/filter/index.ts';
import { hasTerm, quoted, withoutTerm, withTerm } from './filter-term.ts';

describe('a chip', () => {
  it('adds its term to the filter and takes it out again', () => {
    const filter = withTerm('proto:ocpp', '-action:Heartbeat');
    expect(filter).toBe('proto:ocpp -action:Heartbeat');
    expect(hasTerm(filter, '-action:Heartbeat')).toBe(true);
    expect(withoutTerm(filter, '-action:Heartbeat')).toBe('proto:ocpp');
  });

  it('keeps an alternative together when it adds a term', () => {
    expect(withTerm('is:error or has:finding', 'proto:ocpp')).toBe('(is:error or has:finding) proto:ocpp');
  });

  it('does not take a part of a longer word for its term', () => {
    expect(hasTerm('proto:ocpp2', 'proto:ocpp')).toBe(false);
  });
});

describe('a value from the data', () => {
  it.each(['CS-1', 'CP/1 ä', 'DE*ABC*E0001*1', 'or', 'a"b', 'a\\b', '(x)', ''])(
    '%s is found by the filter made of it',
    (value) => {
      expect(parseFilter(`station:${quoted(value)}`).errors).toEqual([]);
    },
  );
});
