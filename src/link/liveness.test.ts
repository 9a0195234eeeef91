import { describe, expect, it } from 'vitest';
import { Liveness } from './liveness.ts';

const S = 1_000;

describe('liveness', () => {
  it('reports once in ten minutes, with the longest time without a ping', () => {
    const liveness = new Liveness(0);
    for (const at of [60, 120, 300, 360, 420, 480, 540]) liveness.heard('ping', at * S);
    expect(liveness.isDue(599 * S)).toBe(false);
    expect(liveness.isDue(600 * S)).toBe(true);
    expect(liveness.report(600 * S)).toEqual({ forS: 600, pings: 7, longestGapS: 180, unansweredS: 0 });
    // The gap goes on over the report.
    expect(liveness.isDue(601 * S)).toBe(false);
    expect(liveness.report(1_200 * S)).toEqual({ forS: 600, pings: 0, longestGapS: 660, unansweredS: 0 });
  });

  it('says once that there are no pings', () => {
    const liveness = new Liveness(0);
    expect(liveness.report(600 * S)?.pings).toBe(0);
    expect(liveness.report(1_200 * S)).toBeUndefined();
    liveness.heard('ping', 1_201 * S);
    expect(liveness.report(1_800 * S)?.pings).toBe(1);
  });

  it('a ping without a pong for 30 s is told at the next message, once', () => {
    const liveness = new Liveness(0);
    liveness.pinged(10 * S);
    liveness.pinged(40 * S);
    expect(liveness.isDue(40 * S)).toBe(false);
    expect(liveness.isDue(41 * S)).toBe(true);
    expect(liveness.report(41 * S)).toMatchObject({ unansweredS: 31 });
    expect(liveness.isDue(60 * S)).toBe(false);
    liveness.pinged(70 * S);
    liveness.heard('pong', 71 * S);
    expect(liveness.isDue(200 * S)).toBe(false);
  });
});
