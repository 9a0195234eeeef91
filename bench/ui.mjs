// The workbench in a real Chromium: what it loads, a journal of a million messages on the screen, following what comes in.
// Needs the build. `--quick` shows that it runs (20,000 messages, no claim); `--soak 10` adds ten minutes at 50 messages a second.
// Usage: node bench/ui.mjs [--messages 1000000] [--soak MINUTES] [--quick] [--folder DIR]   (a given folder is kept and used again)
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';
import { fillFolder } from './fill-journal.mjs';
import { bundleReport } from './ui/bundle.mjs';
import { measureFollowing, measureSoak } from './ui/live.mjs';
import { measureMillion } from './ui/million.mjs';
import { startServices } from './ui/services.mjs';

const { values } = parseArgs({
  options: {
    messages: { type: 'string' },
    folder: { type: 'string' },
    soak: { type: 'string', default: '0' },
    quick: { type: 'boolean', default: false },
  },
});
const messages = Number(values.messages ?? (values.quick ? 20_000 : 1_000_000));
const soakMinutes = Number(values.soak);
if (!existsSync(new URL('../dist/web/manifest.json', import.meta.url))) {
  console.error('Build first: npm run build');
  process.exit(1);
}

const load = loadavg()[0].toFixed(1);
console.log(
  `${new Date().toISOString()}, ${cpus().length} cores of ${cpus()[0]?.model}, Node ${process.version}, load ${load}`,
);
console.table(bundleReport());
const data = values.folder ?? mkdtempSync(join(tmpdir(), 'compote-bench-ui-'));
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--enable-precise-memory-info', '--js-flags=--expose-gc'],
});
const rows = [];
const row = (what, value, unit, target = '') => rows.push({ what, value: Math.round(value * 10) / 10, unit, target });
try {
  await fillFolder(join(data, 'workbench', 'journal'), messages);
  await withServices('workbench', async ({ url }) => measureMillion(browser, url, messages, row));
  await withServices('csms,workbench', async (services) => {
    await measureFollowing(browser, services, values.quick ? 2 : 10, row);
    if (soakMinutes > 0) await measureSoak(browser, services, soakMinutes, row);
  });
} finally {
  await browser.close();
  if (values.folder === undefined) rmSync(data, { recursive: true, force: true });
}
console.table(rows);

async function withServices(names, task) {
  const services = await startServices(data, names, messages);
  try {
    await task(services);
  } finally {
    await services.stop();
  }
}
