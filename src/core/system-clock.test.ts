import { describe, expect, it } from 'vitest';
import { ScaledClock, SystemClock } from './system-clock.ts';

const START = 1_750_000_000_000;
const HOUR_MS = 3_600_000;

/** A machine whose time of day is set by hand, as by a person, by the network, or by a laptop that slept. */
function machine() {
  const state = { counter: 10, timeOfDay: START };
  const clock = new SystemClock({
    timeOfDay: () => state.timeOfDay,
    counter: () => state.counter,
    origin: START - 10,
  });
  const run = (ms: number): void => {
    state.counter += ms;
    state.timeOfDay += ms;
  };
  return { clock, state, run };
}

describe('a clock that jumps', () => {
  it.each([
    ['forward, when a laptop slept', 8 * HOUR_MS],
    ['back, when somebody corrected it', -HOUR_MS],
  ])('%s: the time of day is followed within a second, durations are not touched', (_how, jumpMs) => {
    const { clock, state, run } = machine();
    expect([clock.now(), clock.monotonic()]).toEqual([START, 10]);
    run(250);
    expect([clock.now(), clock.monotonic()]).toEqual([START + 250, 260]);
    state.timeOfDay += jumpMs;
    run(1_000);
    expect([clock.now(), clock.monotonic()]).toEqual([START + 1_250 + jumpMs, 1_260]);
  });

  it('a drift of some milliseconds is not followed: messages keep their order', () => {
    const { clock, state, run } = machine();
    state.timeOfDay -= 300;
    run(5_000);
    expect(clock.now()).toBe(START + 5_000);
  });

  it('does not move a simulated day', () => {
    const { clock, state, run } = machine();
    const scaled = new ScaledClock(60, clock);
    state.timeOfDay += HOUR_MS;
    run(2_000);
    expect(scaled.now()).toBe(START + 120_000);
  });
});
