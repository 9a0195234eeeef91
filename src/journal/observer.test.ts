import { describe, expect, it } from 'vitest';
import { STATION_16, virtualWorld } from '../../test/journal-fixture.ts';
import { CompoteError } from '../core/errors.ts';
import { SeededIds } from '../core/ids.ts';
import { Random } from '../core/random.ts';
import { MemoryMessageStore } from './memory-store.ts';
import { DEFAULT_RETENTION, Observer } from './observer.ts';
import { ObserverQueries } from './observer-queries.ts';
import type { JournalReport } from './query.ts';
import { JournalRecorder } from './recorder.ts';

/** Notes that break when they are told to. */
class BreakingStore extends MemoryMessageStore {
  broken: 'damaged' | 'full' | undefined;
  opened = 1;

  constructor() {
    super();
    this.#breakable();
  }

  override reopenNotes(): void {
    super.reopenNotes();
    this.opened++;
    this.broken = undefined;
    this.#breakable();
  }

  #breakable(): void {
    const add = this.notes.addFinding.bind(this.notes);
    this.notes.addFinding = (...finding) => {
      if (this.broken !== undefined)
        throw new CompoteError('STORAGE_UNUSABLE', { detail: 'x', extra: { reason: this.broken } });
      add(...finding);
    };
  }
}

function world() {
  const { clock, group } = virtualWorld();
  const store = new BreakingStore();
  const reports: JournalReport[] = [];
  const observer = new Observer({
    clock,
    ids: new SeededIds(new Random('x')),
    retention: DEFAULT_RETENTION,
    openStore: () => ({ store }),
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
  /** A message with a finding. */
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
    recorder.finding({
      rule: 'r',
      severity: 'info',
      axis: 'timing',
      party: 'CS-1',
      seq,
      text: 't',
      time: clock.now(),
    });
    recorder.flush();
    return seq;
  };
  return { observer, queries: new ObserverQueries(observer), store, reports, record };
}

/** What a next start would find in the store. */
const noted = ({ notes }: MemoryMessageStore) => ({
  links: notes.links().length,
  findings: notes.findings().map(({ json }) => (JSON.parse(json) as { seq: number }).seq),
  annotations: notes.annotations(),
  seq: notes.meta('seq'),
});

describe('an observer whose database turns out damaged in use', () => {
  it('goes on with a new one that has all that the old one had, and misses no message', async () => {
    const { observer, queries, store, reports, record } = world();
    record();
    await queries.annotate(1, { note: 'n' });
    const { epoch } = observer;
    store.broken = 'damaged';
    expect(record()).toBe(2);
    expect(store.opened).toBe(2);
    expect(reports).toMatchObject([{ kind: 'damaged', text: expect.stringContaining('journal.db') }]);
    expect(noted(store)).toEqual({
      links: 1,
      findings: [1, 2],
      annotations: [{ seq: 1, annotation: { note: 'n' } }],
      seq: 2,
    });
    expect(observer.epoch).toBe(epoch);
    expect(await queries.info()).toMatchObject({ count: 2, first: 1, head: 2 });
    expect((await queries.message(2)).findings.length).toBe(1);
  });
});

describe('an observer whose disk is full', () => {
  it('says so, misses no message, and writes the notes when there is room again', async () => {
    const { queries, store, reports, record } = world();
    record();
    store.broken = 'full';
    const seq = record();
    expect(reports).toMatchObject([{ kind: 'full', text: expect.stringContaining('messages are safe') }]);
    expect((await queries.message(seq)).findings.length).toBe(1);
    expect(noted(store).findings).toEqual([1]);
    store.broken = undefined;
    record();
    expect(noted(store)).toMatchObject({ findings: [1, 2, 3], seq: 3 });
  });
});
