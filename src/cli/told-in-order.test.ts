import { expect, it } from 'vitest';
import { VirtualClock } from '../core/virtual-clock.ts';
import { ToldInOrder } from './told-in-order.ts';

it('lines of several journals stand in the order of their instants, whoever comes first', async () => {
  const clock = VirtualClock.install(10_000);
  const printed: string[] = [];
  const told = new ToldInOrder(clock, (line) => printed.push(line));
  told.tell(10_020, 'third');
  told.tell(10_000, 'first');
  await clock.runFor(200);
  expect(printed).toEqual([]);
  told.tell(10_010, 'second');
  await clock.runFor(1_000);
  expect(printed).toEqual(['first', 'second', 'third']);
  told.tell(11_000, 'last');
  const ended = told.end();
  await clock.runFor(1_000);
  await ended;
  expect(printed.at(-1)).toBe('last');
});
