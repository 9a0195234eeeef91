import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cuttableLine } from './cuttable-line.ts';
import { startWorld, until, type World } from './world.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(async () => {
  await world.stop();
});

describe('the live link', () => {
  it.each([
    ['5 s', 5_000, 'reconnecting'],
    ['a minute', 62_000, 'offline'],
  ])(
    'AC-62 cut for %s and mended: says so, and then nothing is missing or twice',
    async (_words, cutMs, state) => {
      const line = await cuttableLine(Number(new URL(world.url).port));
      const context = await world.browser.newContext();
      const page = await context.newPage();
      await page.goto(`http://127.0.0.1:${line.port}/traffic?q=action:ClearCache`);
      await page.locator('[data-testid="live-badge"][data-state="live"]').waitFor();
      // A second try of this test finds the rows of the first.
      const before = await page.getByTestId('row').count();
      line.cut();
      await page.getByTestId('banner').waitFor();
      await page.getByText(/What you see was true at/).waitFor();
      for (let index = 0; index < 3; index++) await world.api('/stations/CS-DEMO-1/ocpp/ClearCache', {});
      await page.waitForTimeout(cutMs);
      await page.locator(`[data-testid="live-badge"][data-state="${state}"]`).waitFor({ timeout: 10_000 });
      line.mend();
      await page.locator('[data-testid="live-badge"][data-state="live"]').waitFor({ timeout: 15_000 });
      await page.getByText('Missed events: the page was read anew').waitFor();
      // Nothing else happens that could make the page look again: the rows come with the line.
      const { items } = await world.api('/messages?q=action:ClearCache&entity=exchanges&limit=100');
      const wanted = items.map(({ s }: { s: number }) => String(s)).reverse();
      expect(wanted.length).toBe(before + 3);
      const shown = () =>
        page.getByTestId('row').evaluateAll((rows) => rows.map((row) => (row as HTMLElement).dataset['seq']));
      await until(async () => JSON.stringify(await shown()) === JSON.stringify(wanted), 3_000);
      await context.close();
      await line.close();
    },
    120_000,
  );
});
