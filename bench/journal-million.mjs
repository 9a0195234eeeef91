// A journal of a million messages: how fast it fills, opens, lists and filters (budgets of the README). Needs the build.
// Usage: node bench/journal-million.mjs [messages] [folder]   (the folder is kept when it is given)
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fillJournal } from './fill-journal.mjs';

const built = new URL('../dist/journal/index.js', import.meta.url);
if (!existsSync(built)) {
  console.error('Build first: npm run build');
  process.exit(1);
}
const { openJournal } = await import(built.href);
const { SystemClock } = await import(new URL('../dist/core/system-clock.js', import.meta.url).href);
const { SystemIds } = await import(new URL('../dist/core/ids.js', import.meta.url).href);
const { CommitGroup } = await import(new URL('../dist/storage/commit-group.js', import.meta.url).href);

const wanted = Number(process.argv[2] ?? 1_000_000);
const given = process.argv[3];
const folder = given ?? mkdtempSync(join(tmpdir(), 'compote-bench-'));
mkdirSync(folder, { recursive: true });
const clock = new SystemClock();
const table = [];
const row = (what, ms, budgetMs, note = '') => {
  const verdict = budgetMs === undefined ? '' : ms <= budgetMs ? 'holds' : 'MISSED';
  table.push({ what, ms: Math.round(ms * 10) / 10, 'budget ms': budgetMs ?? '', verdict, note });
};
const timed = async (what, budgetMs, task) => {
  const runs = [];
  let note = '';
  for (let i = 0; i < 3; i++) {
    const began = performance.now();
    note = (await task()) ?? '';
    runs.push(performance.now() - began);
  }
  row(what, runs.sort((a, b) => a - b)[1], budgetMs, note);
};
const open = () =>
  openJournal({
    clock,
    ids: new SystemIds(),
    group: new CommitGroup(clock, (cause) => {
      throw cause;
    }),
    folder,
    sync: 'normal',
    retention: { messages: wanted * 2, bytes: 8e9 },
    report: (report) => console.error(report.text),
  });

let journal = await open();
{
  const before = (await journal.query.info()).count;
  const began = performance.now();
  const mainBusy = performance.eventLoopUtilization();
  await fillJournal(journal, wanted, clock);
  await journal.query.info();
  const ms = performance.now() - began;
  const added = wanted - before;
  if (added > 0) {
    const busy = performance.eventLoopUtilization(mainBusy).utilization;
    row(
      `record ${added} messages`,
      ms,
      undefined,
      `${Math.round(added / ms)}k/s, main thread busy ${Math.round(busy * 100)} %`,
    );
  }
}
const closing = performance.now();
await journal.close();
row('close', performance.now() - closing);

const opening = performance.now();
journal = await open();
row('open: recording can begin', performance.now() - opening, 300);
await journal.query.messages({ limit: 100 });
row('open: first page (from the start of open)', performance.now() - opening, undefined);
while (!(await journal.query.info()).complete) await new Promise((resolve) => setTimeout(resolve, 20));
row('open: everything indexed', performance.now() - opening);

const { query } = journal;
const count = (view) => `${view.count} rows`;
const filled = async (q) => {
  let view = await query.createView({ q });
  while (!view.complete) {
    await new Promise((resolve) => setTimeout(resolve, 10));
    view = await query.view(view.id);
  }
  await query.deleteView(view.id);
  return count(view);
};
await timed('first page', 300, async () => `${(await query.messages({ limit: 100 })).items.length} rows`);
await timed(
  'first page of a filter',
  300,
  async () => `${(await query.messages({ q: 'station:CS-7 is:error', limit: 100 })).items.length} rows`,
);
await timed('view of everything', 500, () => filled(''));
await timed('metadata: station and action', 500, () => filled('station:CS-7 action:MeterValues is:request'));
await timed('metadata: slow or failed', 500, () => filled('latency>500ms or is:error'));
await timed('metadata: nothing matches', 500, () => filled('action:NoSuchAction'));
await timed('id', 500, () => filled('id:4711-aaaa-bbbb-cccc-dddddddddddd'));
await timed('text in all messages', undefined, () => filled('"no such text"'));
await timed('path in all messages', undefined, () => filled('$.seqNo>1000 $.evseId:3'));
await timed('path in one station', undefined, () => filled('station:CS-7 is:request $.seqNo>1000'));
await timed('statistics', 300, async () => `${(await query.statistics()).byAction.length} actions`);
let view = await query.createView({ q: 'is:request' });
while (!view.complete) view = await query.view(view.id);
await timed(
  'window in the middle of a view',
  300,
  async () => `${(await query.viewRows(view.id, Math.floor(view.count / 2), 200)).rows.length} rows`,
);
await timed('histogram', 300, async () => `${(await query.viewHistogram(view.id, 60, 'proto')).length} buckets`);
await journal.close();

console.table(table);
const bytes = readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
console.log(`files ${Math.round(bytes / 1e6)} MB, memory ${Math.round(process.memoryUsage().rss / 1e6)} MB`);
if (given === undefined) rmSync(folder, { recursive: true, force: true });
