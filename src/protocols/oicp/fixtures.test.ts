import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { OPERATION_NAMES, type OperationName } from './operations.ts';
import { OperationBodies } from './validation/operation-bodies.ts';
import type { Strength } from './validation/severity.ts';

interface NearMiss {
  readonly in: 'request' | 'answer';
  /** The member that is changed; without `value` it is removed. */
  readonly at: string;
  readonly value?: unknown;
  /** Where the error must stand; `at` when it is left out. */
  readonly expect?: string;
  readonly code: string;
}

/** Wire texts written by hand from the published examples, never produced by our own types. */
interface Fixture {
  readonly request: unknown;
  readonly answer: unknown;
  readonly others?: readonly unknown[];
  readonly nearMisses: readonly NearMiss[];
}

const bodies = new OperationBodies();
const STRENGTHS: readonly Strength[] = ['strict', 'lenient'];

function fixtureOf(name: OperationName): Fixture {
  return JSON.parse(readFileSync(new URL(`./fixtures/${name}.json`, import.meta.url), 'utf8'));
}

function changed(body: unknown, { at, ...rest }: NearMiss): unknown {
  const copy = structuredClone(body);
  const steps = at.split('/').slice(1);
  const last = steps.pop() ?? '';
  const parent = steps.reduce((value: unknown, step) => (value as Record<string, unknown>)[step], copy);
  if ('value' in rest) (parent as Record<string, unknown>)[last] = rest.value;
  else delete (parent as Record<string, unknown>)[last];
  return copy;
}

describe.each(OPERATION_NAMES)('%s', (name) => {
  const fixture = fixtureOf(name);

  it.each(STRENGTHS)('the wire texts are read without a finding and written again as they were (%s)', (strength) => {
    for (const body of [fixture.request, ...(fixture.others ?? [])]) {
      const reading = bodies.request(name, body, strength);
      expect(reading.findings).toEqual([]);
      expect(JSON.parse(JSON.stringify(reading.value))).toEqual(body);
    }
    const reading = bodies.answer(name, fixture.answer, strength);
    expect(reading.findings).toEqual([]);
    expect(JSON.parse(JSON.stringify(reading.value))).toEqual(fixture.answer);
  });

  it('has three near misses at least', () => {
    expect(fixture.nearMisses.length).toBeGreaterThanOrEqual(3);
  });

  it.each(fixture.nearMisses.map((miss) => [miss.code, `${miss.in} ${miss.at}`, miss] as const))(
    '%s is refused at %s, and nowhere else',
    (code, _at, miss) => {
      const body = changed(miss.in === 'request' ? fixture.request : fixture.answer, miss);
      for (const strength of STRENGTHS) {
        const reading =
          miss.in === 'request' ? bodies.request(name, body, strength) : bodies.answer(name, body, strength);
        const errors = reading.findings.filter(({ severity }) => severity === 'error');
        expect(errors.map((error) => [error.pointer, error.code])).toEqual([[miss.expect ?? miss.at, code]]);
        expect(reading.ok).toBe(false);
      }
    },
  );
});
