import { mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startWorld, until, type World } from './world.ts';

/** A journal of a million messages on the screen; its times are measured by `npm run bench:ui`, not here. */

const MESSAGES = 1_000_000;

let world: World;
let data: string;
beforeAll(async () => {
  data = mkdtempSync(join(tmpdir(), 'compote-million-'));
  await fillFolder(join(data, 'workbench', 'journal'));
  world = await startWorld(
    [`journal.maxEntries=${MESSAGES * 2}`, 'journal.maxBytes=8000000000'],
    undefined,
    undefined,
    undefined,
    data,
  );
  await until(async () => (await world.api('/journal')).complete, 120_000);
}, 300_000);
afterAll(async () => {
  const { complaints } = world;
  await world.stop();
  expect(complaints).toEqual([]);
}, 60_000);

const rowCount = async (page: Page): Promise<number> =>
  Number(await page.getByTestId('grid').getAttribute('aria-rowcount'));
const shown = (page: Page, seq: number) => page.locator(`[data-testid="row"][data-seq="${seq}"]`);

describe('a million messages', () => {
  it('AC-58 the thumb reaches the newest, Home the first, an address any between; the page does not grow with them', async () => {
    const page = await world.open('/traffic?view=frames&asof=1000000');
    await until(async () => (await rowCount(page)) === MESSAGES);
    const before = await heapBytes(page);
    const grid = page.getByTestId('grid');
    for (const part of [0.2, 0.4, 0.6, 0.8, 1])
      await grid.evaluate((element, to) => {
        element.scrollTop = (element.scrollHeight - element.clientHeight) * to;
      }, part);
    await shown(page, MESSAGES).waitFor();
    await grid.focus();
    await page.keyboard.press('Home');
    await shown(page, 1).waitFor();
    await world.go(page, '/traffic?view=frames&asof=1000000&sel=777777');
    const row = shown(page, 777_777);
    await row.waitFor();
    const [at, around] = [await row.boundingBox(), await page.getByTestId('grid').boundingBox()];
    expect(at?.y).toBeGreaterThanOrEqual(around?.y ?? 9_999);
    expect((at?.y ?? 0) + (at?.height ?? 0)).toBeLessThanOrEqual((around?.y ?? 0) + (around?.height ?? 0));
    expect((await heapBytes(page)) - before).toBeLessThan(60e6);
    await page.context().close();
  });

  it('AC-22 a filter that reads every payload shows its first rows and how far it is; stopped, it is called partial', async () => {
    const page = await world.open('/traffic');
    const input = page.getByTestId('filter-input');
    await input.fill('$.seqNo>1000 $.evseId:3');
    await input.press('Enter');
    const partial = page.getByTestId('partial');
    await partial.getByText(/so far, \d+ % scanned/).waitFor();
    await page.getByTestId('row').first().waitFor();
    await page.getByRole('button', { name: 'Stop' }).click();
    await partial.getByText(/partial: .* % scanned/).waitFor();
    // What the scan had in hand when it was stopped still comes.
    await page.waitForTimeout(1_000);
    const rows = await rowCount(page);
    expect(rows).toBeGreaterThan(0);
    await page.waitForTimeout(1_000);
    expect(await rowCount(page)).toBe(rows);
    await page.context().close();
  });
});

async function heapBytes(page: Page): Promise<number> {
  return page.evaluate(() => (performance as unknown as { memory: { usedJSHeapSize: number } }).memory.usedJSHeapSize);
}

async function fillFolder(folder: string): Promise<void> {
  const dist = (file: string): string => new URL(`../../dist/${file}`, import.meta.url).href;
  const { openJournal } = await import(dist('journal/index.js'));
  const { SystemClock } = await import(dist('core/system-clock.js'));
  const { SystemIds } = await import(dist('core/ids.js'));
  const { CommitGroup } = await import(dist('storage/commit-group.js'));
  const { fillJournal } = await import(fileURLToPath(new URL('../../bench/fill-journal.mjs', import.meta.url)));
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const clock = new SystemClock();
  const journal = await openJournal({
    clock,
    ids: new SystemIds(),
    group: new CommitGroup(clock, (cause: unknown) => {
      throw cause;
    }),
    folder,
    sync: 'normal',
    retention: { messages: MESSAGES * 2, bytes: 8e9 },
    report: () => {},
  });
  await fillJournal(journal, MESSAGES, clock);
  await journal.close();
}
