import { describe, expect, it } from 'vitest';
import { SystemClock } from '../core/system-clock.ts';
import { VirtualClock } from '../core/virtual-clock.ts';
import { CommitGroup, type CommitParticipant } from './commit-group.ts';

const START = 1_750_000_000_000;
const machine = new SystemClock();

/** A participant whose trips to the disk end when the test says so. */
class Disk implements CommitParticipant {
  readonly log: string[];
  readonly trips: { arrive: () => void; fail: (cause: unknown) => void }[] = [];
  broken = false;

  constructor(log: string[]) {
    this.log = log;
  }

  commit(): void {
    if (this.broken) throw new Error('disk full');
    this.log.push('commit');
  }

  sync(): Promise<void> {
    this.log.push('sync');
    return new Promise((resolve, reject) => this.trips.push({ arrive: resolve, fail: reject }));
  }
}

function bench() {
  const clock = VirtualClock.install(START);
  const failures: unknown[] = [];
  const log: string[] = [];
  const group = new CommitGroup(clock, (cause) => void failures.push(cause));
  const disk = new Disk(log);
  const decide = (name: string): void => {
    group.enlist(disk);
    group.afterCommit(() => void log.push(name));
  };
  /** A turn of the event loop, and what follows from it. */
  const turn = async (): Promise<void> => {
    for (let round = 0; round < 2; round++) await new Promise<void>((resolve) => machine.soon(resolve));
  };
  return { clock, group, disk, failures, log, decide, turn };
}

describe('group commit', () => {
  it('releases the answers of a turn after one commit and one trip to the disk', async () => {
    const { clock, disk, log, decide, turn } = bench();
    decide('a');
    decide('b');
    const settled = clock.settle();
    await turn();
    expect(log).toEqual(['commit', 'sync']);
    disk.trips[0]?.arrive();
    await settled;
    expect(log).toEqual(['commit', 'sync', 'a', 'b']);
  });

  it('goes on deciding while the disk works: later turns share the next trip, in order', async () => {
    const { group, disk, log, decide, turn } = bench();
    decide('a');
    group.flush();
    decide('b');
    group.flush();
    decide('c');
    group.flush();
    expect(log).toEqual(['commit', 'sync', 'commit', 'commit']);
    disk.trips[0]?.arrive();
    await turn();
    expect(log.slice(4)).toEqual(['a', 'sync']);
    disk.trips[1]?.arrive();
    await turn();
    expect(log.slice(6)).toEqual(['b', 'c']);
  });

  it('does not go to the disk when no answer waits; the next answer takes it along', async () => {
    const { group, disk, log, decide, turn } = bench();
    group.enlist(disk);
    group.flush();
    expect(log).toEqual(['commit']);
    decide('a');
    group.flush();
    disk.trips[0]?.arrive();
    await turn();
    expect(log).toEqual(['commit', 'commit', 'sync', 'a']);
  });

  it('a failed commit drops the answers, tells it, and keeps the work', () => {
    const { group, disk, failures, log, decide } = bench();
    disk.broken = true;
    decide('a');
    group.flush();
    expect([failures.length, log]).toEqual([1, []]);
    disk.broken = false;
    group.flush();
    expect(log).toEqual(['commit']);
  });

  it('says why nothing is answered, until something is again', async () => {
    const { group, disk, decide, turn } = bench();
    disk.broken = true;
    decide('a');
    group.flush();
    expect(group.failure).toEqual(new Error('disk full'));
    disk.broken = false;
    decide('b');
    group.flush();
    disk.trips[0]?.arrive();
    await turn();
    expect(group.failure).toBeUndefined();
  });

  it('a failed trip to the disk drops the answers, and the next turn tries again', async () => {
    const { group, disk, failures, log, decide, turn } = bench();
    decide('a');
    group.flush();
    disk.trips[0]?.fail(new Error('input/output error'));
    await turn();
    expect([failures.length, log]).toEqual([1, ['commit', 'sync']]);
    decide('b');
    group.flush();
    disk.trips[1]?.arrive();
    await turn();
    expect(log).toEqual(['commit', 'sync', 'commit', 'sync', 'b']);
  });

  it('settled resolves when everything is out', async () => {
    const { group, disk, log, decide } = bench();
    decide('a');
    const settled = group.settled();
    disk.trips[0]?.arrive();
    await settled;
    expect(log).toEqual(['commit', 'sync', 'a']);
  });
});
