import { describe, expect, it } from 'vitest';
import { STATION_16, virtualWorld } from '../../test/journal-fixture.ts';
import { CompoteError } from '../core/errors.ts';
import { SeededIds } from '../core/ids.ts';
import { Random } from '../core/random.ts';
import type { LiveBatch } from './live-feed.ts';
import { MemoryMessageStore } from './memory-store.ts';
import { DEFAULT_RETENTION, Observer } from './observer.ts';
import { ObserverQueries } from './observer-queries.ts';
import type { JournalReport } from './query.ts';
import { JournalRecorder } from './recorder.ts';

/** A store whose file breaks when it is told to. */
class BreakingStore extends MemoryMessageStore {
  broken: 'damaged' | 'full' | undefined;

  override commit(): void {
    if (this.broken !== undefined)
      throw new CompoteError('STORAGE_UNUSABLE', { detail: 'x', extra: { reason: this.broken } });
  }
}

function world(makeStore: () => MemoryMessageStore = () => new BreakingStore()) {
  const { clock, group } = virtualWorld();
  const stores: BreakingStore[] = [];
  const reports: JournalReport[] = [];
  const observer = new Observer({
    clock,
    ids: new SeededIds(new Random('x')),
    retention: DEFAULT_RETENTION,
    openStore: () => {
      const store = makeStore();
      if (store instanceof BreakingStore) stores.push(store);
      return { store };
    },
    moveAside: () => ({ path: 'journal.db' }),
    report: (report) => reports.push(report),
    pushRates: () => {},
  });
  const recorder: JournalRecorder = new JournalRecorder({
    clock,
    group,
    deliver: (buffer) => recorder.acknowledge(observer.ingest([buffer])),
    ...observer.open(),
  });
  const link = recorder.openLink(STATION_16);
  const record = (): number => {
    const seq = recorder.record({
      link,
      toClient: false,
      time: clock.now(),
      kind: 'request',
      action: 'A',
      messageId: '1',
      raw: '[2,"1","A",{}]',
    });
    recorder.flush();
    return seq;
  };
  return { clock, observer, queries: new ObserverQueries(observer), stores, reports, record };
}

describe('an observer whose file turns out damaged in use', () => {
  it('goes on in a new one, with a new epoch, the open links, and what was just recorded', async () => {
    const { clock, observer, queries, stores, reports, record } = world();
    record();
    const before = observer.epoch;
    const batches: LiveBatch[] = [];
    observer.feed.subscribe(
      1,
      () => queries.test('is:request', 'messages'),
      undefined,
      (batch) => batches.push(batch),
    );
    for (const store of stores) store.broken = 'damaged';
    const seq = record();
    await clock.runFor(200);
    expect(stores.length).toBe(2);
    expect(reports).toMatchObject([{ kind: 'damaged', text: expect.stringContaining('journal.db') }]);
    expect(observer.epoch).not.toBe(before);
    expect(await queries.message(seq)).toMatchObject({ from: { id: 'CS-1' }, action: 'A' });
    expect(await queries.info()).toMatchObject({ count: 1, first: 2, head: 2 });
    expect(batches).toMatchObject([{ resync: true, rows: [{ s: 2, f: 'CS-1' }], cursor: `${observer.epoch}:2` }]);
    expect(record()).toBe(3);
    expect(await queries.info()).toMatchObject({ count: 2 });
  });
});

describe('an observer whose file is damaged somewhere in its old part', () => {
  it('starts anyway, in a new file, and takes what comes', async () => {
    const stores: MemoryMessageStore[] = [];
    const first = world(() => {
      const store = new MemoryMessageStore();
      stores.push(store);
      return store;
    });
    first.record();
    const damaged = stores[0];
    if (damaged === undefined) throw new Error('no store');
    damaged.heads = () => {
      throw new CompoteError('STORAGE_UNUSABLE', { detail: 'malformed', extra: { reason: 'damaged' } });
    };
    let opened = 0;
    const second = world(() => (opened++ === 0 ? damaged : new MemoryMessageStore()));
    await second.observer.rebuilt;
    expect(second.reports).toMatchObject([{ kind: 'damaged' }]);
    expect(second.record()).toBe(2);
    expect(await second.queries.info()).toMatchObject({ count: 1, complete: true });
    expect(await second.queries.message(2)).toMatchObject({ from: { id: 'CS-1' } });
  });
});

describe('an observer whose disk is full', () => {
  it('says so, takes what comes later, and never blocks the recorder', async () => {
    const { queries, stores, reports, record } = world();
    record();
    for (const store of stores) store.broken = 'full';
    record();
    expect(reports).toMatchObject([{ kind: 'full', text: expect.stringContaining('not in the journal') }]);
    for (const store of stores) store.broken = undefined;
    const seq = record();
    expect(await queries.message(seq)).toMatchObject({ seq: 3 });
  });
});
