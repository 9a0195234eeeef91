// The journal: what it costs to record a message, durable at the end of its turn, beside appending the same texts to a file
// and beside one SQLite row for each; then how fast it is read. Processor time is that of the whole process, observer included.
import { closeSync, fdatasyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Libsql from 'libsql';
import { median, spread, table } from '../statistics.mjs';

const built = (path) => new URL(`../../dist/${path}`, import.meta.url).href;
/** Messages in a turn of the event loop. */
const PER_TURN = 20;
const PAYLOAD = JSON.stringify({
  evseId: 1,
  meterValue: [
    {
      timestamp: '2026-01-31T12:00:00Z',
      sampledValue: Array.from({ length: 6 }, (_, i) => ({ value: 230 + i, measurand: 'Voltage', phase: 'L1-N' })),
    },
  ],
});
const textOf = (n) => `[2,"00000000-aaaa-bbbb-cccc-${String(n).padStart(12, '0')}","MeterValues",${PAYLOAD}]`;
const turn = () => new Promise(setImmediate);

async function intoFile(folder, count) {
  const file = openSync(join(folder, 'texts'), 'a');
  for (let n = 0; n < count; n += PER_TURN) {
    writeSync(file, Array.from({ length: PER_TURN }, (_, i) => `${textOf(n + i)}\n`).join(''));
    fdatasyncSync(file);
    await turn();
  }
  closeSync(file);
}

async function intoRows(folder, count) {
  const database = new Libsql(join(folder, 'rows.db'));
  database.exec(
    'pragma journal_mode = wal; pragma synchronous = full; create table message (seq integer primary key, raw)',
  );
  const insert = database.prepare('insert into message values (?, ?)');
  for (let n = 0; n < count; n += PER_TURN) {
    database.exec('begin');
    for (let i = 0; i < PER_TURN; i++) insert.run([n + i, textOf(n + i)]);
    database.exec('commit');
    await turn();
  }
  database.close();
}

async function openJournal(folder, sync = 'full') {
  const [{ openJournal: open }, { SystemClock }, { SystemIds }, { CommitGroup }] = await Promise.all(
    ['journal/index.js', 'core/system-clock.js', 'core/ids.js', 'storage/commit-group.js'].map(
      (path) => import(built(path)),
    ),
  );
  const clock = new SystemClock();
  const group = new CommitGroup(clock, (cause) => {
    throw cause;
  });
  const journal = await open({
    clock,
    ids: new SystemIds(),
    group,
    folder,
    sync,
    report: ({ text }) => console.error(text),
  });
  return { journal, clock, group };
}

async function intoJournal(folder, count) {
  const { journal, clock, group } = await openJournal(folder);
  const { recorder } = journal;
  const link = recorder.openLink({
    a: { id: 'BENCH', role: 'cs' },
    b: { id: 'csms', role: 'csms' },
    protocol: 'ocpp',
    version: '1.6',
    transport: 'ws',
    conn: 'ws-1',
    tap: 'csms',
  });
  for (let n = 0; n < count; n += PER_TURN) {
    for (let i = 0; i < PER_TURN; i++) {
      const messageId = `00000000-aaaa-bbbb-cccc-${String(n + i).padStart(12, '0')}`;
      const entry = { link, toClient: false, time: clock.now(), kind: 'request', action: 'MeterValues', messageId };
      recorder.record({ ...entry, raw: textOf(n + i) });
    }
    group.afterCommit(() => {});
    await turn();
    if (recorder.full) await new Promise((resolve) => recorder.onceDrained(resolve));
  }
  await group.settled();
  const { count: kept } = await journal.query.info();
  if (kept < count) throw new Error(`${kept} of ${count} messages are in the journal`);
  return journal;
}

async function viewed(journal, q) {
  const began = performance.now();
  const view = await journal.query.createView({ q });
  let seen = await journal.query.view(view.id);
  while (!seen.complete) {
    await turn();
    seen = await journal.query.view(view.id);
  }
  return performance.now() - began;
}

async function reading(journal, count) {
  const began = performance.now();
  await journal.query.messages({ limit: 100 });
  return {
    'first page of 100': performance.now() - began,
    'filter on metadata': await viewed(journal, 'action:MeterValues station:BENCH'),
    'scan of texts': await viewed(journal, `text:"${String(count - 1).padStart(12, '0')}"`),
  };
}

export async function measure({ quick }) {
  const count = quick ? 4_000 : 100_000;
  const ways = [
    ['a file, one fdatasync a turn', intoFile],
    ['SQLite, one row each, one commit a turn', intoRows],
    ['compote journal', intoJournal],
  ];
  const samples = new Map(ways.map(([name]) => [name, { cpuUs: [], ms: [] }]));
  const reads = [];
  for (let round = 0; round < (quick ? 1 : 5); round++) {
    for (const [name, write] of ways) {
      const folder = mkdtempSync(join(tmpdir(), 'compote-bench-'));
      try {
        const before = process.cpuUsage();
        const began = performance.now();
        const journal = await write(folder, count);
        const { user, system } = process.cpuUsage(before);
        samples.get(name).cpuUs.push(Number(((user + system) / count).toFixed(1)));
        samples.get(name).ms.push(performance.now() - began);
        if (journal !== undefined) reads.push(await reading(journal, count));
        await journal?.close();
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    }
  }
  const base = median(samples.get(ways[0][0]).cpuUs);
  console.log(
    `Recording ${count.toLocaleString('en')} messages of ${textOf(0).length} bytes, ${PER_TURN} a turn, durable`,
  );
  table(
    ['', 'cpu us/message', 'spread', 'x file', 'messages/s'],
    [...samples].map(([name, { cpuUs, ms }]) => [
      name,
      median(cpuUs).toFixed(1),
      spread(cpuUs),
      (median(cpuUs) / base).toFixed(2),
      Math.round((count / median(ms)) * 1000).toLocaleString('en'),
    ]),
  );
  console.log('');
  table(
    ['Reading them', 'ms'],
    Object.keys(reads[0]).map((what) => [what, median(reads.map((read) => read[what])).toFixed(1)]),
  );
  console.log('');
  return { count, samples: Object.fromEntries(samples), reads };
}
