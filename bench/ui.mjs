// The workbench in a real Chromium: what it loads, and a journal of a million messages on the screen. Needs the build.
// Usage: node bench/ui.mjs [--messages 1000000] [--folder DIR] [--soak MINUTES]   (the folder is kept when it is given)
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';
import { fillJournal } from './fill-journal.mjs';

const { values } = parseArgs({
  options: {
    messages: { type: 'string', default: '1000000' },
    folder: { type: 'string' },
    soak: { type: 'string', default: '0' },
  },
});
const wanted = Number(values.messages);
const dist = fileURLToPath(new URL('../dist/', import.meta.url));
if (!existsSync(`${dist}web/manifest.json`)) {
  console.error('Build first: npm run build');
  process.exit(1);
}

console.log(`${new Date().toISOString()}, ${cpus().length} cores of ${cpus()[0]?.model}, Node ${process.version}`);
console.table(bundleReport());
const data = values.folder ?? mkdtempSync(join(tmpdir(), 'compote-bench-ui-'));
try {
  await fill(join(data, 'workbench', 'journal'));
  const service = await startWorkbench(data);
  try {
    console.table(await inBrowser(service.url));
  } finally {
    service.stop();
  }
} finally {
  if (values.folder === undefined) rmSync(data, { recursive: true, force: true });
}

/** What the browser loads at the start, and what each page adds, compressed. */
function bundleReport() {
  const manifest = JSON.parse(readFileSync(`${dist}web/manifest.json`, 'utf8'));
  const size = (file) => statSync(`${dist}web/${file}.gz`, { throwIfNoEntry: false })?.size ?? 0;
  const filesOf = (key, seen = new Set()) => {
    const chunk = manifest[key];
    if (chunk === undefined || seen.has(chunk.file)) return seen;
    seen.add(chunk.file);
    for (const css of chunk.css ?? []) seen.add(css);
    for (const next of chunk.imports ?? []) filesOf(next, seen);
    return seen;
  };
  const start = filesOf('index.html');
  const kB = (files, end) =>
    Math.round([...files].filter((file) => file.endsWith(end)).reduce((sum, file) => sum + size(file), 0) / 100) / 10;
  const rows = [{ what: 'start', 'script kB': kB(start, '.js'), 'style kB': kB(start, '.css') }];
  for (const key of Object.keys(manifest).filter((name) => /(-page|json-editor|compose-drawer)\.tsx$/.test(name))) {
    const more = [...filesOf(key)].filter((file) => !start.has(file));
    rows.push({
      what: key.replace(/^.*\/|\.tsx$/g, ''),
      'script kB': kB(more, '.js'),
      'style kB': kB(more, '.css'),
    });
  }
  return rows;
}

async function fill(folder) {
  const { openJournal } = await import(`${dist}journal/index.js`);
  const { SystemClock } = await import(`${dist}core/system-clock.js`);
  const { SystemIds } = await import(`${dist}core/ids.js`);
  const { CommitGroup } = await import(`${dist}storage/commit-group.js`);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const clock = new SystemClock();
  const journal = await openJournal({
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
  await fillJournal(journal, wanted, clock);
  await journal.close();
}

async function startWorkbench(folder) {
  const settings = ['workbench.port=0', `journal.maxEntries=${wanted * 2}`, 'journal.maxBytes=8000000000'];
  const child = spawn(
    process.execPath,
    [`${dist}cli/main.js`, 'up', '--only', 'workbench', '--data', folder, ...settings.flatMap((one) => ['--set', one])],
    { stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, NO_COLOR: '1' } },
  );
  let printed = '';
  const url = await new Promise((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`the workbench ended with ${code}: ${printed}`)));
    child.stdout.on('data', (chunk) => {
      printed += chunk;
      const found = /Workbench\s+(http\S+)/.exec(printed);
      if (found !== null) resolve(found[1]);
    });
  });
  return { url, stop: () => child.kill('SIGTERM') };
}

async function inBrowser(url) {
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--enable-precise-memory-info', '--js-flags=--expose-gc'],
  });
  const rows = [];
  const row = (what, value, unit, target) => rows.push({ what, value: Math.round(value * 10) / 10, unit, target });
  try {
    const page = await (await browser.newContext({ viewport: { width: 1440, height: 900 } })).newPage();
    page.setDefaultTimeout(120_000);
    let began = performance.now();
    const lap = () => performance.now() - began;
    const shown = page.locator('[data-testid="row"][data-seq]').first();
    await page.goto(`${url}/traffic`);
    await shown.waitFor();
    row('first rows, the journal just opened', lap(), 'ms');
    await page.waitForFunction(async () => (await (await fetch('/api/v1/journal')).json()).complete);
    began = performance.now();
    await page.goto(`${url}/traffic?view=frames`);
    await shown.waitFor();
    row('first rows, page loaded anew', lap(), 'ms', 1_000);
    const paint = await page.evaluate(
      () => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? Number.NaN,
    );
    row('first contentful paint', paint, 'ms', 600);
    for (const [what, filter, target] of [
      ['metadata filter', 'station:CS-7 action:MeterValues is:request', 500],
      ['path in every message', '$.seqNo>1000 $.evseId:3', 6_000],
    ]) {
      const input = page.getByTestId('filter-input');
      await input.fill(filter);
      began = performance.now();
      await input.press('Enter');
      await page.waitForFunction((q) => new URLSearchParams(location.search).get('q') === q, filter);
      await shown.waitFor();
      row(`${what}: first rows`, lap(), 'ms', what === 'metadata filter' ? 100 : 300);
      await page.getByTestId('filter-count').getByText('✓').waitFor();
      row(`${what}: complete`, lap(), 'ms', target);
    }
    await page.goto(`${url}/traffic?view=frames`);
    await shown.waitFor();
    const before = await heap(page);
    const grid = page.getByTestId('grid');
    const box = await grid.boundingBox();
    await page.mouse.move(box.x + 200, box.y + 200);
    await record(page);
    for (let tick = 0; tick < 150; tick++) {
      await page.mouse.wheel(0, tick % 10 === 9 ? -4_000 : -400);
      await page.waitForTimeout(30);
    }
    const wheel = await recorded(page);
    row('scrolling by wheel: frames per second', wheel.fps, '/s', 60);
    row('scrolling by wheel: 95 % of frames within', wheel.p95, 'ms', 33);
    await record(page);
    for (let step = 0; step <= 50; step++) {
      await grid.evaluate((element, part) => {
        element.scrollTop = (element.scrollHeight - element.clientHeight) * part;
      }, step / 50);
      await page.waitForTimeout(60);
    }
    const thumb = await recorded(page);
    row('thumb from top to end: frames per second', thumb.fps, '/s', 30);
    await page.waitForFunction(
      (head) => [...document.querySelectorAll('[data-testid="row"]')].some((each) => Number(each.dataset.seq) === head),
      (await (await fetch(`${url}/api/v1/journal`)).json()).head,
    );
    began = performance.now();
    await page.goto(`${url}/traffic?view=frames&sel=777777`);
    await page.locator('[data-testid="row"][data-seq="777777"][aria-selected="true"]').waitFor();
    await page.getByTestId('detail').waitFor();
    row('message 777,777 by its address', lap(), 'ms');
    row('heap after all this, more than before', ((await heap(page)) - before) / 1e6, 'MB', 60);
    if (Number(values.soak) > 0) row(`heap over ${values.soak} minutes live`, await soak(page, url), 'MB', 10);
  } finally {
    await browser.close();
  }
  return rows;
}

/** Writes down the time between frames from now on. */
async function record(page) {
  await page.evaluate(() => {
    globalThis.frames = [];
    let last = performance.now();
    const next = (now) => {
      globalThis.frames?.push(now - last);
      last = now;
      if (globalThis.frames !== undefined) requestAnimationFrame(next);
    };
    requestAnimationFrame(next);
  });
}

async function recorded(page) {
  const frames = await page.evaluate(() => {
    const { frames: all } = globalThis;
    globalThis.frames = undefined;
    return all.slice(1);
  });
  const sorted = frames.sort((a, b) => a - b);
  const sum = sorted.reduce((total, each) => total + each, 0);
  return { fps: (1_000 * sorted.length) / sum, p95: sorted[Math.floor(sorted.length * 0.95)] };
}

async function heap(page) {
  return page.evaluate(() => {
    globalThis.gc?.();
    return performance.memory.usedJSHeapSize;
  });
}

/** Half of the time to settle, then how the heap grows. */
async function soak(page, url) {
  await page.goto(`${url}/traffic`);
  const half = (Number(values.soak) * 60_000) / 2;
  await page.waitForTimeout(half);
  const middle = await heap(page);
  await page.waitForTimeout(half);
  return ((await heap(page)) - middle) / 1e6;
}
