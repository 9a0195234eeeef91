import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startWorld, until, type World } from './world.ts';

/** A journal of a million messages on the screen; its times are measured by `npm run bench:ui`, not here. */

const MESSAGES = 1_000_000;

/** What the measurements use too. */
const bench = (file: string): Promise<Record<string, (...given: unknown[]) => Promise<unknown>>> =>
  import(new URL(`../../bench/${file}`, import.meta.url).href);

let world: World;
beforeAll(async () => {
  const data = mkdtempSync(join(tmpdir(), 'compote-million-'));
  await (await bench('fill-journal.mjs'))['fillFolder']?.(join(data, 'workbench', 'journal'), MESSAGES);
  const settings = [`journal.maxEntries=${MESSAGES * 2}`, 'journal.maxBytes=8000000000'];
  world = await startWorld(settings, undefined, undefined, undefined, undefined, data);
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
const heapBytes = (page: Page): Promise<number> =>
  page.evaluate(() => (performance as unknown as { memory: { usedJSHeapSize: number } }).memory.usedJSHeapSize);
/** Number and place of each row that is on the screen, in order. */
const places = (page: Page): Promise<{ seq: number; at: number }[]> =>
  page.getByTestId('row').evaluateAll((rows) =>
    rows
      .map((row) => ({
        seq: Number((row as HTMLElement).dataset['seq']),
        at: Number(row.getAttribute('aria-rowindex')),
      }))
      .filter(({ seq }) => seq > 0)
      .sort((one, other) => one.at - other.at),
  );

async function dragTo(page: Page, part: number): Promise<void> {
  await page.getByTestId('grid').evaluate((element, to) => {
    element.scrollTop = (element.scrollHeight - element.clientHeight) * to;
  }, part);
}

describe('a million messages', () => {
  it('AC-58 the thumb reaches the newest, Home the first, an address any between; the page does not grow with them', async () => {
    const page = await world.open('/traffic?view=frames');
    await until(async () => (await rowCount(page)) >= MESSAGES);
    await shown(page, MESSAGES).or(page.getByTestId('row')).first().waitFor();
    const before = await heapBytes(page);
    for (const part of [0.2, 0.4, 0.6, 0.8, 1]) await dragTo(page, part);
    await until(async () => {
      const last = (await places(page)).at(-1);
      return last !== undefined && last.at === (await rowCount(page)) && last.seq >= MESSAGES;
    });
    await page.getByTestId('grid').focus();
    await page.keyboard.press('Home');
    await shown(page, 1).waitFor();
    expect(await shown(page, 1).getAttribute('aria-rowindex')).toBe('1');
    await world.go(page, '/traffic?view=frames&sel=777777');
    const row = shown(page, 777_777);
    await row.waitFor();
    expect(await row.getAttribute('aria-rowindex')).toBe('777777');
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
    await page.waitForTimeout(500);
    const rows = await rowCount(page);
    expect(rows).toBeGreaterThan(0);
    await page.waitForTimeout(1_000);
    expect(await rowCount(page)).toBe(rows);
    await page.context().close();
  });

  it('AC-59 at 2,000 rows a second for ten seconds the list follows: every row is counted, none stands twice', async () => {
    const station = (await (
      await bench('ui/steady-station.mjs')
    )['steadyStation']?.(world.csmsUrl, 'CS-STEADY')) as unknown as {
      send(rate: number, seconds: number): Promise<{ sent: number }>;
      close(): void;
    };
    const page = await world.open('/traffic?q=station:CS-STEADY action:Heartbeat');
    const sending = station.send(2_000, 10);
    let looks = 0;
    const rising = async (): Promise<void> => {
      const rows = await places(page);
      for (const [index, { seq, at }] of rows.entries()) {
        const next = rows[index + 1];
        if (next !== undefined) expect([next.at, next.seq > seq]).toEqual([at + 1, true]);
      }
      looks += 1;
    };
    const done = sending.then(() => true);
    while (!(await Promise.race([done, page.waitForTimeout(300).then(() => false)]))) await rising();
    const { sent } = await sending;
    expect(sent).toBe(20_000);
    await until(async () => (await rowCount(page)) === sent, 60_000);
    expect(await page.getByTestId('live-badge').getAttribute('data-state')).toBe('live');
    await until(async () => (await places(page)).at(-1)?.at === sent);
    for (const part of [0, 0.25, 0.5, 0.75]) {
      await dragTo(page, part);
      await until(async () => (await places(page)).length > 20);
      await rising();
    }
    expect(looks).toBeGreaterThan(10);
    station.close();
    await page.context().close();
  }, 120_000);
});
