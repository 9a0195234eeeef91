import { createHash } from 'node:crypto';
import { networkInterfaces } from 'node:os';
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cuttableLine } from './cuttable-line.ts';
import { startWorld, until, type World } from './world.ts';

/** Many tabs of one browser, on this machine and over the network, where the page has no secure context. */

const TOKEN = 'operator-token-of-this-test';
const tokens = [{ name: 'the operator', role: 'operator', sha256: createHash('sha256').update(TOKEN).digest('hex') }];
const outside = Object.values(networkInterfaces())
  .flatMap((addresses) => addresses ?? [])
  .find(({ internal, family }) => !internal && family === 'IPv4')?.address;

let world: World;
beforeAll(async () => {
  world = await startWorld([`access.tokens=${JSON.stringify(tokens)}`, 'host=0.0.0.0'], TOKEN);
});
afterAll(async () => {
  await world.stop();
});

async function logIn(context: BrowserContext, base: string): Promise<Page> {
  const page = await context.newPage();
  await page.goto(base);
  await page.getByLabel('Access token').fill(TOKEN);
  await page.getByRole('button', { name: 'Log in' }).click();
  await page.locator('[data-testid="party-node"][data-party="csms"]').waitFor();
  return page;
}

describe('ten tabs', () => {
  it.each(['localhost', ...(outside === undefined ? [] : [outside])])(
    'AC-60 at http://%s share one event stream at the server, all of them hear, and copying works',
    async (host) => {
      const line = await cuttableLine(Number(new URL(world.url).port), '0.0.0.0');
      const base = `http://${host}:${line.port}`;
      const context = await world.browser.newContext({ viewport: { width: 1440, height: 900 } });
      const first = await logIn(context, base);
      const pages = [first];
      for (let index = 1; index < 10; index++) pages.push(await context.newPage());
      for (const page of pages) {
        await page.goto(`${base}/traffic?q=action:GetLocalListVersion`);
        await page.locator('[data-testid="live-badge"][data-state="live"]').waitFor();
      }
      await until(() => line.streams() === 1, 5_000).catch(() => expect(line.streams()).toBe(1));
      const { length: before } = (await world.api('/messages?q=action:GetLocalListVersion&limit=500')).items;
      await world.api('/stations/CS-DEMO-1/ocpp/GetLocalListVersion', {});
      const newest = async () => (await world.api('/messages?q=action:GetLocalListVersion&limit=500')).items;
      await until(async () => (await newest()).length > before);
      const { s: seq } = (await newest())[0];
      for (const page of pages) {
        await page.bringToFront();
        await page.locator(`[data-testid="row"][data-seq="${seq}"]`).waitFor();
      }
      expect(line.streams()).toBe(1);

      await first.bringToFront();
      await first.goto(base);
      await first.getByRole('button', { name: 'What can be done with CSMS' }).click();
      await first.getByRole('menuitem', { name: 'Copy its address' }).click();
      await first.goto(`${base}/traffic`);
      await first.getByTestId('filter-input').focus();
      await first.keyboard.press('Control+V');
      await until(async () => /^(http|ws):\/\//.test(await first.getByTestId('filter-input').inputValue()));
      await context.close();
      await line.close();
    },
    120_000,
  );
});
