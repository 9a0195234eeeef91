import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startWorld, until, type World } from './world.ts';

/** The journal as a file: what leaves it, and what comes back. */

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(async () => {
  const { complaints } = world;
  await world.stop();
  expect(complaints).toEqual([]);
});

const rowCount = async (page: Page): Promise<number> =>
  Number(await page.getByTestId('grid').getAttribute('aria-rowcount'));
const exported = async (query: string): Promise<string> =>
  (await fetch(`${world.url}/api/v1/journal/export${query}`)).text();

describe('the journal as a file', () => {
  it('AC-26 a masked export holds no token; a cleared journal comes back by undo, and cleared again by import, marked and with its own times', async () => {
    const token = '04A2B3C4D5';
    await world.act('CS-DEMO-2', { type: 'plug', soCPercent: 30 });
    await world.act('CS-DEMO-2', { type: 'swipe', token });
    await until(async () => (await world.api('/messages?q=action:TransactionEvent')).items.length > 0);
    expect(await exported('')).toContain(token);
    const menu = await world.open('/traffic?q=station:CS-DEMO-2');
    await menu.getByTestId('row').first().waitFor();
    let file = '';
    for (const [form, start] of [
      ['Table (CSV)', 'seq,time,protocol'],
      ['Open OCPP Trace', '{"schemaVersion"'],
      ['HTTP archive (HAR)', '{"log"'],
      ['JSON Lines, to read in again', '{"seq"'],
    ] as const) {
      await menu.getByRole('button', { name: 'Export what is shown' }).click();
      const saved = menu.waitForEvent('download');
      await menu.getByRole('menuitem', { name: form }).click();
      file = '';
      for await (const chunk of await (await saved).createReadStream()) file += chunk;
      expect([form, file.startsWith(start), file.includes(token)]).toEqual([form, true, false]);
    }
    await menu.context().close();
    const lines = file.trim().split('\n');
    expect(lines.length).toBeGreaterThan(5);
    const page = await world.open('/settings?tab=journal');
    const clear = async (): Promise<void> => {
      await page.getByRole('button', { name: 'Clear the journal …' }).click();
      await page.getByRole('button', { name: /^Forget/ }).click();
      await page.getByText('a new epoch began').waitFor();
    };
    const { count, epoch } = await world.api('/journal');
    await clear();
    expect((await world.api('/journal')).count).toBeLessThan(count);
    await page.getByRole('button', { name: /^Undo/ }).click();
    await page.getByText('The messages are back.').waitFor();
    const after = await world.api('/journal');
    expect(after.epoch).toBe(epoch);
    expect(after.count).toBeGreaterThanOrEqual(count);

    await clear();
    await page
      .locator('input[type=file]')
      .setInputFiles({ name: 'j.jsonl', mimeType: 'application/jsonl', buffer: Buffer.from(file) });
    await page.getByText(`${lines.length} messages taken in`).waitFor();
    await world.go(page, '/traffic?q=is:imported&view=frames');
    await until(async () => (await rowCount(page)) === lines.length);
    await page.getByTestId('row').first().getByText('IMP').waitFor();
    const query = '/messages?entity=messages&order=oldest&limit=500&q=is:imported';
    const items = (await world.api(query)).items as { t: number }[];
    // A file keeps whole milliseconds.
    const apart = lines.map((line, index) => Math.abs(timeOf(line) - (items[index]?.t ?? 0)));
    expect([items.length, Math.max(...apart) <= 1]).toEqual([lines.length, true]);
    await page.context().close();
  });
});

/** Epoch milliseconds of an exported message. */
const timeOf = (line: string): number => Date.parse((JSON.parse(line) as { time: { received: string } }).time.received);
