import { describe, expect, it } from 'vitest';
import { Random } from '../core/random.ts';
import { VirtualClock } from '../core/virtual-clock.ts';
import { CommitGroup } from '../storage/commit-group.ts';
import { Database } from '../storage/database.ts';
import type { OicpOutcome } from './oicp-client.ts';
import { type NewOutboxItem, OicpOutbox, type OutboxItem } from './oicp-outbox.ts';

const facts = { ms: 1, findings: [], trace: { trace: '', span: '' } };
const OK = { ...facts, kind: 'ok', message: {} } as unknown as OicpOutcome;
const AWAY: OicpOutcome = { ...facts, kind: 'unreachable', reason: 'nobody there' };
const BUSY: OicpOutcome = { ...facts, kind: 'busy', reason: '429', retryAfterMs: 30_000 };
const NO: OicpOutcome = { ...facts, kind: 'refused', code: '400', reason: '' };

const item = (lane: string, text: string): NewOutboxItem => ({
  lane,
  peer: 'hub',
  operation: 'ChargeDetailRecord',
  params: { operatorID: 'DE*ABC' },
  text,
  subject: text,
});

function bench(
  answers: (item: OutboxItem) => OicpOutcome | Promise<OicpOutcome>,
  path = ':memory:',
  maxAttempts?: number,
) {
  const clock = VirtualClock.install(0);
  const group = new CommitGroup(clock, (cause) => {
    throw cause;
  });
  const database = new Database({ path, group });
  const sent: { text: string; at: number; retry: boolean }[] = [];
  const done: string[] = [];
  const outbox = new OicpOutbox({
    database,
    name: 'outbox',
    clock,
    random: new Random('outbox'),
    backoff: { firstMs: 1_000, maxMs: 60_000 },
    ...(maxAttempts === undefined ? {} : { maxAttempts }),
    afterCommit: (task) => group.afterCommit(task),
    send: async (each, { retry }) => {
      sent.push({ text: each.text, at: clock.now(), retry: retry === true });
      return answers(each);
    },
    done: (each, outcome) => done.push(`${each.text} ${outcome.kind} after ${each.attempts}`),
    defect: (_where, thrown) => {
      throw thrown;
    },
  });
  return { clock, outbox, sent, done, database, group };
}

describe('the outbox', () => {
  it('sends a lane in order, one after another; lanes do not wait for each other', async () => {
    const open: (() => void)[] = [];
    const { clock, outbox, sent, done } = bench(
      (each) => new Promise((resolve) => (each.lane === 'slow' ? open.push(() => resolve(OK)) : resolve(OK))),
    );
    outbox.start();
    for (const [lane, text] of [
      ['slow', 'a'],
      ['slow', 'b'],
      ['fast', 'c'],
      ['fast', 'd'],
    ] as const) {
      outbox.add(item(lane, text));
    }
    await clock.settle();
    expect(sent.map(({ text }) => text)).toEqual(['a', 'c', 'd']);
    open.shift()?.();
    await clock.settle();
    expect(sent.map(({ text }) => text)).toEqual(['a', 'c', 'd', 'b']);
    open.shift()?.();
    await clock.settle();
    expect(done).toHaveLength(4);
    expect(outbox.waiting()).toEqual([]);
  });

  it('nothing leaves before the turn is durable', () => {
    const { outbox, sent, group } = bench(() => OK);
    outbox.start();
    outbox.add(item('a', 'x'));
    expect(sent).toEqual([]);
    group.flush();
    expect(sent).toHaveLength(1);
  });

  it('tries again with growing pauses and marks it, not before the other side wants it', async () => {
    const answers = [AWAY, AWAY, BUSY, OK];
    const { clock, outbox, sent, done } = bench(() => answers.shift() ?? OK);
    outbox.start();
    outbox.add(item('a', 'x'));
    await clock.runFor(120_000);
    const gaps = sent.slice(1).map(({ at }, i) => at - (sent[i]?.at ?? 0));
    expect(gaps[0]).toBeGreaterThanOrEqual(500);
    expect(gaps[0]).toBeLessThanOrEqual(1_000);
    expect(gaps[1]).toBeGreaterThanOrEqual(1_000);
    expect(gaps[2]).toBeGreaterThanOrEqual(30_000);
    expect(sent.map(({ retry }) => retry)).toEqual([false, true, true, true]);
    expect(done).toEqual(['x ok after 4']);
  });

  it('a refusal is an answer: it is not sent again', async () => {
    const { clock, outbox, sent, done } = bench(() => NO);
    outbox.start();
    outbox.add(item('a', 'x'));
    await clock.runFor(600_000);
    expect(sent).toHaveLength(1);
    expect(done).toEqual(['x refused after 1']);
  });

  it('gives up after so many tries, where it is told to', async () => {
    const { clock, outbox, sent, done } = bench(() => AWAY, ':memory:', 3);
    outbox.start();
    outbox.add(item('a', 'x'));
    await clock.runFor(600_000);
    expect(sent).toHaveLength(3);
    expect(done).toEqual(['x unreachable after 3']);
  });

  it('what waits can be woken, or taken out while it is under way', async () => {
    let answer: OicpOutcome = AWAY;
    const { clock, outbox, sent } = bench(() => answer);
    outbox.start();
    outbox.add(item('a', 'x'));
    await clock.settle();
    answer = OK;
    outbox.wake('a');
    await clock.settle();
    expect(sent).toHaveLength(2);
    answer = AWAY;
    const added = outbox.add(item('a', 'y'));
    await clock.settle();
    expect(outbox.remove(added.key)).toBe(true);
    await clock.runFor(600_000);
    expect(sent).toHaveLength(3);
  });

  it('a restart sends what was left, in its order, and new items come after', async () => {
    const first = bench(() => AWAY);
    first.outbox.start();
    first.outbox.add(item('a', 'x'));
    first.outbox.add(item('a', 'y'));
    await first.clock.settle();
    first.outbox.stop();
    await first.clock.runFor(60_000);
    expect(first.sent).toHaveLength(1);
    first.group.flush();
    const again: string[] = [];
    const marks: unknown[] = [];
    const second = new OicpOutbox({
      database: first.database,
      name: 'outbox',
      clock: first.clock,
      random: new Random('again'),
      backoff: { firstMs: 1_000, maxMs: 60_000 },
      afterCommit: (task) => first.group.afterCommit(task),
      send: async (each, { retry }) => {
        again.push(each.text);
        marks.push(retry);
        return OK;
      },
      done: () => {},
      defect: (_where, thrown) => {
        throw thrown;
      },
    });
    second.start();
    second.add(item('a', 'z'));
    await first.clock.runFor(60_000);
    expect(again).toEqual(['x', 'y', 'z']);
    // What was left may have arrived before: nobody noted what became of it.
    expect(marks).toEqual([true, true, false]);
  });
});
