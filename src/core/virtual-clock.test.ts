import { describe, expect, it } from 'vitest';
import { VirtualClock } from './virtual-clock.ts';

const START = 1_750_000_000_000;

describe('virtual time', () => {
  it('fires timers at their own instant, equal ones in the order in which they were set', async () => {
    const clock = VirtualClock.install(START);
    const fired: string[] = [];
    const note = (name: string) => () => void fired.push(`${name}@${clock.now() - START}`);
    clock.after(20, note('b'));
    clock.after(10, note('a'));
    clock.after(20, note('c'));
    clock.after(30, note('late'));
    expect(await clock.runFor(25)).toBe(3);
    expect(fired).toEqual(['a@10', 'b@20', 'c@20']);
    expect(clock.now() - START).toBe(25);
  });

  it('does not move while a busy token is held', async () => {
    const clock = VirtualClock.install(START);
    let firedAt = 0;
    clock.after(10, () => {
      firedAt = clock.now();
    });
    const token = clock.busy();
    const run = clock.runFor(100);
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect([firedAt, clock.now()]).toEqual([0, START]);
    token.release();
    token.release();
    await run;
    expect(firedAt).toBe(START + 10);
  });

  it('lets promise chains of a timer finish before the next one', async () => {
    const clock = VirtualClock.install(START);
    const order: string[] = [];
    clock.after(1, async () => {
      await null;
      await null;
      await null;
      order.push('first');
    });
    clock.after(2, () => void order.push('second'));
    await clock.runFor(10);
    expect(order).toEqual(['first', 'second']);
  });

  it('every repeats until cancelled, also from within', async () => {
    const clock = VirtualClock.install(START);
    let ticks = 0;
    const timer = clock.every(10, () => {
      if (++ticks === 3) timer.cancel();
    });
    await clock.runFor(1_000);
    expect(ticks).toBe(3);
  });

  it('fastForward wakes as from sleep: each due timer once, at the new instant', async () => {
    const clock = VirtualClock.install(START);
    const at: number[] = [];
    clock.every(10, () => void at.push(clock.now() - START));
    await clock.fastForward(1_000);
    expect(at).toEqual([1_000]);
  });

  it('pauseAt holds time until resume', async () => {
    const clock = VirtualClock.install(START);
    await clock.pauseAt(START + 50);
    await clock.runFor(100);
    expect(clock.now()).toBe(START + 50);
    clock.resume();
    await clock.runFor(100);
    expect(clock.now()).toBe(START + 150);
  });

  it('runs synchronously where nothing is awaited, and says so where something is', () => {
    const clock = VirtualClock.install(START);
    let fired = 0;
    clock.every(1_000, () => fired++);
    expect(clock.runForSync(60_000)).toBe(60);
    expect(fired).toBe(60);
    clock.busy();
    expect(() => clock.runForSync(1)).toThrow(/in flight/);
  });
});
