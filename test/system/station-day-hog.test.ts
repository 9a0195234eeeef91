import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { afterEach, describe, expect, it } from 'vitest';
import { stationDay } from '../support/station-day.ts';

/** Virtual time owes nothing to the machine: a day beside processes that take all of the CPU is the same day. */

const hogs: ChildProcess[] = [];
afterEach(() => {
  for (const hog of hogs.splice(0)) hog.kill('SIGKILL');
});

/** A process for every core that never rests, and is at work when this returns. */
async function hogTheMachine(): Promise<void> {
  for (let i = 0; i < availableParallelism(); i++) {
    const hog = spawn(process.execPath, ['-e', 'console.log("busy"); for (;;);'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    hogs.push(hog);
    if (hog.stdout !== null) await once(hog.stdout, 'data');
  }
}

describe.each(['1.6', '2.0.1', '2.1'] as const)('a day of a %s station', (version) => {
  it('is the same byte for byte beside processes that hog the CPU', async () => {
    const alone = await stationDay(version);
    await hogTheMachine();
    const crowded = await stationDay(version);
    for (const hog of hogs) expect(hog.exitCode).toBeNull();
    expect(alone.journal.length).toBeGreaterThan(50_000);
    expect(crowded.journal === alone.journal).toBe(true);
    expect(JSON.stringify(crowded.events)).toBe(JSON.stringify(alone.events));
  }, 120_000);
});
