import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DOCUMENTED_FILTERS, EXCLUDING_FILTERS, FINDING_FILTERS } from '../../src/journal/filter/testing/queries.ts';
import { until } from './world.ts';

/** One filter, three doors: the page, the API and the command find the same. Over recorded demos, so that nothing moves. */

const built = (file: string): string => fileURLToPath(new URL(`../../dist/${file}`, import.meta.url));

let folder: string;
let services: { url: string; stop(): Promise<void> };
let browser: Browser;
let page: Page;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'compote-filters-'));
  const { startServices } = (await import(new URL('../../bench/ui/services.mjs', import.meta.url).href)) as {
    startServices(folder: string, names: string, messages: number): Promise<typeof services>;
  };
  services = await startServices(join(folder, 'data'), 'workbench', 10_000);
  for (const demo of ['remote-start', 'broken']) {
    const file = join(folder, `${demo}.jsonl`);
    execFileSync(process.execPath, [built('cli/main.js'), 'demo', demo, '--quiet', '--record', file]);
    const answer = await fetch(`${services.url}/api/v1/journal/import`, {
      method: 'POST',
      headers: { 'content-type': 'application/jsonl' },
      body: readFileSync(file),
    });
    expect(((await answer.json()) as { messages: number }).messages).toBeGreaterThan(20);
  }
  browser = await chromium.launch({
    executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
    args: ['--no-sandbox'],
  });
  page = await (await browser.newContext({ viewport: { width: 1440, height: 900 } })).newPage();
}, 120_000);
afterAll(async () => {
  await browser.close();
  await services.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Rows that `compote journal --json FILTER` prints. */
async function printed(q: string): Promise<number> {
  const { compoteProgram } = (await import(built('cli/program.js'))) as {
    compoteProgram(): { parseAsync(words: string[], from: { from: 'user' }): Promise<unknown> };
  };
  const { log } = console;
  let lines = 0;
  console.log = () => {
    lines += 1;
  };
  try {
    // What begins with a dash is a filter here, no option.
    await compoteProgram().parseAsync(['journal', '--json', '-n', '10000', '--url', services.url, '--', q], {
      from: 'user',
    });
  } finally {
    console.log = log;
  }
  return lines;
}

async function viewCount(q: string): Promise<number> {
  const asked = { entity: 'exchanges', q };
  const answer = await fetch(`${services.url}/api/v1/views`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(asked),
  });
  const { id, count, complete } = (await answer.json()) as { id: string; count: number; complete: boolean };
  expect(complete).toBe(true);
  await fetch(`${services.url}/api/v1/views/${id}`, { method: 'DELETE' });
  return count;
}

/** Rows of the page; none when it says that nothing fits. */
async function shownCount(): Promise<number | undefined> {
  const grid = page.getByTestId('grid');
  if ((await page.getByTestId('empty').count()) > 0) return 0;
  return (await grid.count()) === 0 ? undefined : Number(await grid.getAttribute('aria-rowcount'));
}

describe('a filter', () => {
  it.each([
    ['of the documentation', DOCUMENTED_FILTERS],
    ['that finds', FINDING_FILTERS],
    ['that leaves out', EXCLUDING_FILTERS],
  ])(
    'AC-20 %s finds as many rows in the page as in the API and with `compote journal`',
    async (_which, filters) => {
      await page.goto(`${services.url}/traffic`);
      const input = page.getByTestId('filter-input');
      await input.waitFor();
      let found = 0;
      for (const q of filters) {
        const wanted = await viewCount(q);
        if (wanted > 0) found += 1;
        await input.fill(q);
        await input.press('Enter');
        await until(async () => (new URL(page.url()).searchParams.get('q') ?? '') === q);
        await until(async () => (await shownCount()) === wanted).catch(async () => {
          expect([q, await shownCount()]).toEqual([q, wanted]);
        });
        expect([q, await printed(q)]).toEqual([q, wanted]);
      }
      expect(found).toBeGreaterThan(5);
    },
    180_000,
  );
});
