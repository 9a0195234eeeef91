import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { START_MS, traffic, virtualWorld } from '../../test/journal-fixture.ts';
import { SeededIds, SystemIds } from '../core/ids.ts';
import { Random } from '../core/random.ts';
import { SystemClock } from '../core/system-clock.ts';
import { CommitGroup } from '../storage/commit-group.ts';
import { Database } from '../storage/database.ts';
import { type Journal, type JournalOptions, type JournalReport, openJournal } from './index.ts';
import { MessageWriter } from './message-writer.ts';
import { JournalRecorder } from './recorder.ts';

let folder = '';
const open: Journal[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'compote-'));
});
afterEach(async () => {
  for (const journal of open.splice(0)) await journal.close();
  rmSync(folder, { recursive: true, force: true });
});

async function start(options: Partial<JournalOptions> = {}) {
  const { clock, group } = virtualWorld();
  const reports: JournalReport[] = [];
  const journal = await openJournal({
    clock,
    group,
    ids: new SeededIds(new Random(folder + reports.length)),
    folder,
    inThread: true,
    report: (report) => reports.push(report),
    ...options,
  });
  open.push(journal);
  return { clock, group, journal, reports, ...traffic(journal, () => clock.now()) };
}

const stop = async (journal: Journal): Promise<void> => {
  open.splice(open.indexOf(journal), 1);
  await journal.close();
};

const messageFiles = (): string[] =>
  readdirSync(folder)
    .filter((name) => name.startsWith('messages-'))
    .sort();

describe('a journal in a folder', () => {
  it('shows the same world after a restart: messages, pairs, parties, findings, notes, statistics; numbers go on', async () => {
    const first = await start();
    const [request] = first.exchange(
      first.links.cs1,
      'BootNotification',
      { chargePointVendor: 'A\0B' },
      { status: 'Accepted' },
    );
    first.journal.recorder.finding({
      rule: 'r',
      severity: 'error',
      axis: 'timing',
      party: 'CS-1',
      seq: request,
      text: 't',
      time: START_MS,
    });
    await first.journal.query.annotate(request, { note: 'n' });
    const before = [
      await first.journal.query.messages(),
      await first.journal.query.message(request),
      await first.journal.query.statistics(),
    ];
    const { epoch } = first.journal;
    await stop(first.journal);

    const second = await start();
    expect(second.journal.epoch).toBe(epoch);
    expect([
      await second.journal.query.messages(),
      await second.journal.query.message(request),
      await second.journal.query.statistics(),
    ]).toEqual(before);
    expect(await second.journal.query.messages({ q: 'has:response note:n rule:r' })).toMatchObject({
      items: [{ s: request }],
    });
    expect(second.exchange(second.links.cs2, 'Heartbeat', {}, {})).toEqual([3, 4]);
    expect(await second.journal.query.message(3)).toMatchObject({ from: { id: 'CS-2' }, findings: [] });
    expect(await second.journal.query.message(1)).toMatchObject({ from: { id: 'CS-1' } });
  });

  it('keeps mutes over a restart', async () => {
    const first = await start();
    const [seq] = first.exchange(first.links.cs1, 'Heartbeat', {}, {});
    first.journal.recorder.finding({
      rule: 'r',
      severity: 'error',
      axis: 'timing',
      party: 'CS-1',
      seq,
      text: 't',
      time: START_MS,
    });
    const { id } = await first.journal.query.mute({ rule: 'r', party: 'CS-1', reason: 'known' });
    await stop(first.journal);
    const second = await start();
    expect(await second.journal.query.mutes()).toMatchObject([{ id, reason: 'known', findings: 1, over: false }]);
    expect((await second.journal.query.messages({ q: 'has:finding' })).items.map(({ s, fd }) => [s, fd])).toEqual([
      [seq, undefined],
    ]);
    expect((await second.journal.query.findings({ status: 'muted' })).items).toMatchObject([{ mute: id }]);
    await second.journal.query.unmute(id);
    await stop(second.journal);
    const third = await start();
    expect(await third.journal.query.mutes()).toEqual([]);
    expect((await third.journal.query.message(seq)).findings).toMatchObject([{ status: 'open' }]);
  });

  /** What `kill -9` leaves: the file has the turns that were answered, the database nothing of them. */
  const killedAfter = async (count: number): Promise<void> => {
    const { clock, group } = virtualWorld();
    const recorder = new JournalRecorder({
      clock,
      group,
      writer: new MessageWriter({ folder, sync: 'normal' }),
      deliver: () => {},
      nextSeq: 1,
      nextSegment: 1,
      nextLink: 1,
    });
    const journal = { recorder } as unknown as Journal;
    const { exchange, links } = traffic(journal, () => clock.now());
    for (let i = 0; i < count; i++) {
      exchange(links.cs1, 'Heartbeat', {}, {});
      await clock.settle();
    }
    recorder.finding({ rule: 'r', severity: 'info', axis: 'timing', party: 'CS-1', seq: 2, text: 't', time: 0 });
    await clock.settle();
  };

  it('has what was answered before a kill -9, exactly once, also when it is killed again while it reads', async () => {
    await killedAfter(5);
    const first = await start();
    expect(await first.journal.query.info()).toMatchObject({ count: 10, head: 10, first: 1 });
    expect((await first.journal.query.message(2)).findings.length).toBe(1);
    expect(first.exchange(first.links.cs1, 'Heartbeat', {}, {})[0]).toBe(11);
    await stop(first.journal);
    // The database as it was before the first start: as if nothing of what it read had been noted.
    for (const suffix of ['', '-wal', '-shm']) rmSync(join(folder, `journal.db${suffix}`), { force: true });
    const second = await start();
    expect(await second.journal.query.info()).toMatchObject({ count: 12, head: 12 });
    expect((await second.journal.query.findings()).items.length).toBe(1);
    expect(await second.journal.query.message(11)).toMatchObject({ from: { id: 'CS-1' } });
  });

  it('cuts a torn last write, reports it to the log and as an event', async () => {
    await killedAfter(3);
    const [name] = messageFiles();
    const file = join(folder, name ?? '');
    truncateSync(file, statSync(file).size - 7);
    const { journal, reports } = await start();
    expect(reports).toMatchObject([{ kind: 'torn', text: expect.stringContaining(file) }]);
    expect((await journal.query.messages({ q: 'is:event' })).items).toMatchObject([{ a: 'journal.torn' }]);
    expect(await journal.query.info()).toMatchObject({ reports: [{ kind: 'torn' }] });
    await stop(journal);
    // It is cut off, and told once.
    expect((await start()).reports).toEqual([]);
  });

  it('reads around bytes of an old file that have changed, and says how many', async () => {
    await killedAfter(5);
    const [name] = messageFiles();
    const file = join(folder, name ?? '');
    const bytes = readFileSync(file);
    const at = bytes.indexOf('"m3"');
    bytes[at + 1] = 0x4e;
    const first = await start();
    await stop(first.journal);
    writeFileSync(file, bytes);
    const { journal, reports } = await start();
    expect(reports).toMatchObject([{ kind: 'damaged', text: expect.stringContaining(file) }]);
    expect((await journal.query.messages({ q: 'action:Heartbeat is:request' })).items.map(({ s }) => s)).toEqual([
      9, 7, 3, 1,
    ]);
  });

  it('moves a damaged database aside, says so, and starts anyway: with all messages', async () => {
    const before = await start();
    const [old] = before.exchange(before.links.cs2, 'BootNotification', {}, {});
    await stop(before.journal);
    for (const suffix of ['-wal', '-shm']) rmSync(join(folder, `journal.db${suffix}`), { force: true });
    writeFileSync(join(folder, 'journal.db'), Buffer.alloc(10_000, 0x5a));
    const { journal, reports, exchange, links } = await start();
    expect(await journal.query.message(old)).toMatchObject({ action: 'BootNotification', from: { id: 'CS-2' } });
    expect(reports).toMatchObject([{ kind: 'damaged' }]);
    expect(readdirSync(folder).some((name) => name.startsWith('journal.db.damaged-'))).toBe(true);
    const [seq] = exchange(links.cs1, 'Heartbeat', {}, {});
    expect(await journal.query.message(seq)).toMatchObject({ action: 'Heartbeat' });
    expect((await journal.query.messages({ q: 'is:event' })).items).toMatchObject([{ a: 'journal.damaged' }]);
  });

  it('moves a database of another format aside', async () => {
    const database = new Database({ path: join(folder, 'journal.db') });
    database.exec('create table message (seq integer primary key, text text); pragma user_version = 1');
    database.close();
    const { journal, reports, exchange, links } = await start();
    expect(reports).toMatchObject([{ kind: 'damaged', text: expect.stringContaining('format 1') }]);
    exchange(links.cs1, 'Heartbeat', {}, {});
    expect(await journal.query.info()).toMatchObject({ count: 3 });
  });

  it('keeps its limits on disk too, and forgets links that no message needs', async () => {
    const first = await start({ retention: { messages: 20 } });
    first.journal.recorder.closeLink(first.links.hub);
    for (let i = 0; i < 50; i++) {
      first.exchange(first.links.cs1, 'Heartbeat', {}, {});
      await first.journal.query.info();
    }
    await stop(first.journal);
    const second = await start();
    expect(await second.journal.query.info()).toMatchObject({ first: 81, head: 100, count: 20 });
  });

  it('deletes whole files when retention or clearing has passed them', async () => {
    const first = await start({ retention: { messages: 100 } });
    const raw = 'x'.repeat(400_000);
    for (let i = 0; i < 150; i++) {
      first.entry({ link: first.links.cs1, kind: 'request', action: 'A', raw });
      await first.journal.query.info();
    }
    // 150 messages are 60 MB, of which 40 MB are to stay, in files of 16 MB: the first of four goes.
    expect(messageFiles().length).toBe(3);
    await first.journal.query.clear();
    // For a minute it can be taken back.
    expect(messageFiles().length).toBe(3);
    await first.clock.runFor(60_000);
    expect(messageFiles()).toEqual([]);
    const seq = first.entry({ link: first.links.cs1, kind: 'request', action: 'B', raw: '[]' });
    expect(await first.journal.query.message(seq)).toMatchObject({ action: 'B' });
    await stop(first.journal);
    const second = await start({ retention: { messages: 100 } });
    expect(await second.journal.query.info()).toMatchObject({ count: 1, first: 151 });
  });

  it('a clearing that was taken back stays so after a restart; one that was not is over with the run', async () => {
    const first = await start();
    const [request] = first.exchange(first.links.cs1, 'Heartbeat', {}, {});
    await first.journal.query.annotate(request, { note: 'mine' });
    await first.journal.query.clear();
    first.exchange(first.links.cs1, 'StatusNotification', {}, {});
    const { epoch } = await first.journal.query.undoClear();
    await stop(first.journal);
    const second = await start();
    expect(second.journal.epoch).toBe(epoch);
    const rows = (await second.journal.query.messages({ order: 'oldest' })).items;
    expect(rows.map((row) => row.a)).toEqual(['Heartbeat', 'Heartbeat', 'StatusNotification', 'StatusNotification']);
    expect(await second.journal.query.message(request)).toMatchObject({ note: 'mine' });
    const holdIt = () => messageFiles().filter((name) => readFileSync(join(folder, name)).includes('Heartbeat'));
    expect(holdIt()).toHaveLength(1);
    await second.journal.query.clear();
    expect(holdIt()).toHaveLength(1);
    await stop(second.journal);
    expect(holdIt()).toEqual([]);
    expect((await (await start()).journal.query.info()).count).toBe(0);
  });

  it('bytes that look like the database guard’s own mark come back exactly', async () => {
    const { journal, links, entry } = await start();
    const raw = new Uint8Array([0xff, 0, 0xc0, 0x74, 1, 2, 3]);
    const seq = entry({ link: links.cs1, kind: 'request', action: '', raw });
    expect((await journal.query.message(seq)).raw).toBe(Buffer.from(raw).toString('base64'));
  });
});

describe('a journal with its observer in a worker thread', () => {
  async function startInWorker() {
    const clock = new SystemClock();
    const group = new CommitGroup(clock, (cause) => {
      throw cause;
    });
    const reports: JournalReport[] = [];
    const journal = await openJournal({
      clock,
      group,
      ids: new SystemIds(),
      folder,
      sync: 'normal',
      report: (report) => reports.push(report),
    });
    open.push(journal);
    return { clock, group, journal, reports, ...traffic(journal, () => clock.now()) };
  }

  it('answers queries about everything recorded before them, feeds live, and comes back', async () => {
    const first = await startInWorker();
    const batch = new Promise<unknown>((resolve) => {
      void first.journal.live.subscribe({ q: 'is:request' }, resolve);
    });
    for (let i = 0; i < 2_000; i++) first.exchange(first.links.cs1, 'Heartbeat', { i, text: 'x'.repeat(500) }, {});
    expect(await first.journal.query.info()).toMatchObject({ count: 4_000, head: 4_000 });
    expect((await first.journal.query.messages({ q: '$.i:1999' })).items).toMatchObject([{ s: 3_999 }]);
    expect(await batch).toMatchObject({ count: 2_000, sampled: true });
    await expect(first.journal.query.messages({ q: 'is:errror' })).rejects.toMatchObject({
      code: 'INVALID_REQUEST',
      extra: { errors: [{ from: 3 }] },
    });
    await stop(first.journal);
    await expect(first.journal.query.info()).rejects.toMatchObject({ code: 'NOT_AVAILABLE' });

    const second = await startInWorker();
    expect(await second.journal.query.messages({ q: 'is:request', limit: 1 })).toMatchObject({ items: [{ s: 3_999 }] });
    expect((await second.journal.query.statistics()).total.messages).toBe(4_000);
    expect(first.reports.concat(second.reports)).toEqual([]);
  });

  it('a folder that cannot be used is one clear error', async () => {
    const clock = new SystemClock();
    const group = new CommitGroup(clock, () => {});
    await expect(openJournal({ clock, group, ids: new SystemIds(), folder: join(folder, 'no') })).rejects.toMatchObject(
      { code: 'STORAGE_UNUSABLE' },
    );
  });
});
