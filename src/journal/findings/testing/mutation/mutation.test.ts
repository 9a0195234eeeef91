import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { Random } from '../../../../core/random.ts';
import type { LogMessage } from '../../../formats/log-message.ts';
import { fieldsOf } from './field-change.ts';
import { drawMutation, MUTATION_KINDS, type MutationKind, mutate, type TraceMessage } from './mutation.ts';
import { mutationReport, summaryOf } from './mutation-report.ts';
import { findingsOf, mutationRun } from './mutation-run.ts';
import { readTrace } from './trace-messages.ts';

/** The charging demo of 1.6, 2.0.1 and 2.1, without its inventories. */
const FIXTURE = new URL('./fixtures/charging.jsonl', import.meta.url);

let trace: readonly TraceMessage[];
beforeAll(async () => {
  trace = await readTrace(readFileSync(FIXTURE, 'utf8'));
});

const whole = (): LogMessage[] => trace.map(({ message }) => message);
const drawn = (kind: MutationKind, seed = 'kinds') => {
  const random = new Random(`${seed}/${kind}`);
  for (;;) {
    const mutation = drawMutation(random, trace);
    if (mutation.kind === kind) return mutation;
  }
};
const rawOf = (message: LogMessage | undefined): unknown => JSON.parse(message?.raw ?? 'null');

describe('a mutation', () => {
  it('drops one message', () => {
    const mutation = drawn('drop');
    expect(mutate(trace, mutation)).toEqual(whole().filter((_, index) => index !== mutation.target.index));
  });

  it('sends one message twice', () => {
    const mutation = drawn('duplicate');
    const { index, message } = mutation.target;
    expect(mutate(trace, mutation)).toEqual(whole().toSpliced(index, 0, message));
  });

  it('lets one message overtake another of its conversation, at its time', () => {
    const mutation = drawn('reorder');
    const { target, before } = mutation;
    expect(target.conversation).toBe(before?.conversation);
    const broken = mutate(trace, mutation);
    const place = broken.findIndex(({ raw }) => raw === target.message.raw);
    expect(place).toBe(before?.index);
    expect(broken[place]?.time).toBe(before?.time);
    expect(broken.toSpliced(place, 1)).toEqual(whole().toSpliced(target.index, 1));
  });

  it('changes one field and nothing else', () => {
    for (const seed of ['a', 'b', 'c', 'd', 'e', 'f']) {
      const mutation = drawn('change a field', seed);
      const { index, payload } = mutation.target;
      const broken = mutate(trace, mutation);
      expect(broken.toSpliced(index, 1)).toEqual(whole().toSpliced(index, 1));
      const changed = mutation.change?.apply(payload);
      expect(JSON.stringify(rawOf(broken[index]))).toContain(JSON.stringify(changed));
      const before = fieldsOf(payload).filter(({ pointer }) => pointer !== mutation.change?.pointer);
      const after = fieldsOf(changed).filter(({ pointer }) => pointer !== mutation.change?.pointer);
      if (!/\/\d+$/.test(mutation.change?.pointer ?? '')) expect(after).toEqual(before);
      expect(changed).not.toEqual(payload);
    }
  });

  it('gives one message another id', () => {
    const mutation = drawn('wrong id');
    const before = rawOf(mutation.target.message) as unknown[];
    expect(rawOf(mutate(trace, mutation)[mutation.target.index])).toEqual(before.with(1, mutation.id));
  });

  it('lets an answer come after every time-out', () => {
    const mutation = drawn('late answer');
    const { target } = mutation;
    expect(target.isAnswer).toBe(true);
    const late = mutate(trace, mutation).find(({ raw }) => raw === target.message.raw);
    expect((late?.time ?? 0) - target.time).toBeGreaterThan(30_000);
  });

  it('is drawn uniformly over its kinds, and the same by the same seed', () => {
    const random = new Random('uniform');
    const kinds = Array.from({ length: 1_200 }, () => drawMutation(random, trace).kind);
    for (const kind of MUTATION_KINDS) {
      const share = kinds.filter((each) => each === kind).length / kinds.length;
      expect(share).toBeGreaterThan(0.12);
      expect(share).toBeLessThan(0.22);
    }
    expect(drawn('reorder', 'same')).toEqual(drawn('reorder', 'same'));
  });
});

describe('the rules and mutations', () => {
  it('find nothing in the clean trace', () => {
    expect(findingsOf(whole())).toEqual([]);
  });

  it('find nine of ten mutations of a short run; one of twenty may be neutral', () => {
    const outcomes = [...mutationRun([{ name: 'charging', messages: trace }], 'unit test', 60)];
    const summary = summaryOf(outcomes);
    expect(summary.total).toBe(60);
    expect(summary.share, mutationReport(outcomes)).toBeGreaterThanOrEqual(0.9);
    expect(summary.neutral, mutationReport(outcomes)).toBeLessThanOrEqual(3);
  });
});
