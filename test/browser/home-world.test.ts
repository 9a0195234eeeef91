import { createHash } from 'node:crypto';
import { networkInterfaces } from 'node:os';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { startWorld, until, type World } from './world.ts';

/** Home where the services are open to other machines: somebody else's charger comes, and parties are reached by keys. */

const TOKEN = 'operator-token-of-this-test';
const tokens = [{ name: 'the operator', role: 'operator', sha256: createHash('sha256').update(TOKEN).digest('hex') }];

let world: World;
beforeAll(async () => {
  world = await startWorld([`access.tokens=${JSON.stringify(tokens)}`, 'host=0.0.0.0'], TOKEN);
});
afterAll(async () => {
  await world.stop();
});

async function home() {
  const page = await world.open('/');
  await page.waitForURL(/\/login$/);
  await page.getByLabel('Access token').fill(TOKEN);
  await page.getByRole('button', { name: 'Log in' }).click();
  await page.locator('[data-testid="party-node"][data-party="csms"]').waitFor();
  return page;
}

describe('a charger of somebody else', () => {
  const outside = Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .find(({ internal, family }) => !internal && family === 'IPv4');

  it.runIf(outside !== undefined)(
    'AC-05 connects to the address that the dialog gives, and stands in the picture as real',
    async () => {
      const page = await home();
      await page.getByRole('button', { name: 'Connect your own system' }).click();
      const shown = page.getByRole('dialog').locator('code', { hasText: `ws://${outside?.address}:` });
      const url = (await shown.innerText()).replace('YOUR-STATION-ID', 'CS-THEIRS');
      await page.keyboard.press('Escape');
      const stations = page.locator('[data-testid="party-node"][data-party="stations"]');
      await stations.waitFor();
      expect(await stations.getAttribute('data-mode')).toBe('simulated');

      const socket = new WebSocket(url, ['ocpp1.6']);
      await new Promise((resolve, reject) => {
        socket.once('open', resolve);
        socket.once('error', reject);
      });
      socket.send('[2,"1","BootNotification",{"chargePointVendor":"Theirs","chargePointModel":"One"}]');
      await page.locator('[data-testid="party-node"][data-party="stations"][data-mode="real"]').waitFor();
      await stations.getByRole('link', { name: /CS-THEIRS/ }).waitFor();
      socket.close();
      await page.context().close();
    },
  );
});

describe('a party of the picture', () => {
  it('has a menu: its page, its traffic, to compose as it, its address', async () => {
    const page = await home();
    await page.getByRole('button', { name: 'What can be done with CSMS' }).click();
    for (const item of ['Open its page', 'Copy its address', 'Connect a real station …', 'Replace by a real system …'])
      await page.getByRole('menuitem', { name: item }).waitFor();
    await page.getByRole('menuitem', { name: 'Compose as CSMS' }).click();
    await page.waitForURL(/\/compose\?from=csms$/);
    await world.go(page, '/');
    await page.getByRole('button', { name: 'What can be done with CSMS' }).click();
    await page.getByRole('menuitem', { name: 'Show its traffic' }).click();
    await page.waitForURL(/\/traffic\?q=party%3Acsms$/);
    await until(async () => Number(await page.getByTestId('grid').getAttribute('aria-rowcount')) > 3);
    await page.context().close();
  });

  it('is reached by Tab; Enter opens its page, t its traffic', async () => {
    const page = await home();
    const tabTo = async (name: string): Promise<void> => {
      await page.locator('h1').focus();
      for (let presses = 0; presses < 60; presses++) {
        await page.keyboard.press('Tab');
        const label = await page.evaluate(() => document.activeElement?.getAttribute('aria-label'));
        if (label?.startsWith(name) === true) return;
      }
      throw new Error(`${name} was not reached`);
    };
    await tabTo('CSMS,');
    await page.keyboard.press('t');
    await page.waitForURL(/\/traffic\?q=party%3Acsms$/);
    await world.go(page, '/');
    await page.locator('[data-testid="party-node"][data-party="csms"]').waitFor();
    await tabTo('CSMS,');
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/stations$/);
    await page.context().close();
  });
});

describe('a demo where tokens are asked for', () => {
  it('runs in the name of who started it', async () => {
    const page = await home();
    await page.getByRole('button', { name: 'Choose a demo' }).click();
    await page.getByRole('menuitem', { name: /A broken session/ }).click();
    await page
      .locator('[data-testid="demo-strip"][data-demo="broken"][data-state="done"]')
      .waitFor({ timeout: 55_000 });
    expect(await page.locator('[data-testid="planted"][data-found="true"]').count()).toBe(4);
    // Hub and EMP do not run in this world: their demos say so, and cannot be chosen.
    await page.getByRole('button', { name: 'Choose a demo' }).click();
    const roaming = page.getByRole('menuitem', { name: /Roaming, the whole story/ });
    await roaming.getByText(/E-roaming hub .*compote/).waitFor();
    expect(await roaming.isDisabled()).toBe(true);
    await page.context().close();
  });
});
