import { describe, expect, it } from 'vitest';
import { type Gate, type Lane, MAX_QUEUED, Outbox } from './outbox.ts';

const RETRY = { attempts: 3, intervalMs: 60_000 };

function box(...lanes: Lane[]): Outbox {
  const outbox = new Outbox();
  for (const [i, lane] of lanes.entries()) outbox.add({ action: `${lane}${i}`, payload: {}, lane });
  return outbox;
}

function next(outbox: Outbox, gate: Gate = 'open', now = 0): string | number | undefined {
  const taken = outbox.take(gate, now);
  if (taken === undefined) return undefined;
  return 'waitUntilMs' in taken ? taken.waitUntilMs : taken.action;
}

describe('outbox', () => {
  it('has one message in flight, and lets what may overtake go before the transaction queue', () => {
    const outbox = box('transaction', 'security', 'normal', 'boot', 'transaction');
    const order: unknown[] = [];
    for (let i = 0; i < 5; i++) {
      order.push(next(outbox));
      expect(next(outbox)).toBeUndefined();
      outbox.settle();
    }
    expect(order).toEqual(['boot3', 'normal2', 'transaction0', 'transaction4', 'security1']);
  });

  it('before registration only boot may go; while Pending also what was triggered', () => {
    const outbox = box('normal', 'triggered', 'boot');
    expect(next(outbox, 'closed')).toBeUndefined();
    expect(next(outbox, 'boot')).toBe('boot2');
    outbox.settle();
    expect(next(outbox, 'boot')).toBeUndefined();
    expect(next(outbox, 'pending')).toBe('triggered1');
    outbox.settle();
    expect(next(outbox, 'pending')).toBeUndefined();
    expect(next(outbox)).toBe('normal0');
  });

  it('retries a transaction message after interval × earlier transmissions and keeps the order', () => {
    const outbox = box('transaction', 'transaction');
    expect(next(outbox, 'open', 0)).toBe('transaction0');
    expect(outbox.retry(30_000, RETRY)).toBe(true);
    expect(next(outbox, 'open', 30_000)).toBe(90_000);
    expect(next(outbox, 'open', 90_000)).toBe('transaction0');
    expect(outbox.retry(100_000, RETRY)).toBe(true);
    expect(next(outbox, 'open', 219_999)).toBe(220_000);
    expect(next(outbox, 'open', 220_000)).toBe('transaction0');
    expect(outbox.retry(230_000, RETRY)).toBe(false);
    expect(next(outbox, 'open', 230_000)).toBe('transaction1');
  });

  it('a closed socket uses up no attempt, and only durable messages wait for the next one', () => {
    const outbox = box('transaction', 'normal', 'loose', 'security');
    expect(next(outbox)).toBe('normal1');
    outbox.settle();
    expect(next(outbox)).toBe('loose2');
    outbox.settle();
    outbox.add({ action: 'late', payload: {}, lane: 'normal' });
    expect(next(outbox)).toBe('late');
    expect(outbox.connectionLost().map((m) => m.action)).toEqual(['late']);
    const first = outbox.take('open', 0);
    expect(first).toMatchObject({ action: 'transaction0', attempts: 1 });
  });

  it('stores what must survive, the message in flight included', () => {
    const outbox = box('transaction', 'security', 'normal');
    next(outbox);
    outbox.settle();
    next(outbox);
    const again = new Outbox();
    again.restore(JSON.parse(JSON.stringify(outbox)));
    expect([next(again), again.settle()?.action, next(again)]).toEqual(['transaction0', 'transaction0', 'security1']);
  });

  it('thins out the droppable messages when too many wait, never the others', () => {
    const outbox = new Outbox();
    outbox.add({ action: 'Started', payload: {}, lane: 'transaction' });
    for (let i = 0; i < MAX_QUEUED * 3; i++)
      outbox.add({ action: `U${i}`, payload: {}, lane: 'transaction', note: { droppable: true } });
    expect(outbox.length).toBeLessThanOrEqual(MAX_QUEUED);
    expect(next(outbox)).toBe('Started');
  });
});
