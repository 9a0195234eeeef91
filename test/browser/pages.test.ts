import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seriousFindings } from './axe.ts';
import { startWorld, until, type World } from './world.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(async () => {
  await world.stop();
});

const ROUTES = [
  '/',
  '/?as=list',
  '/traffic',
  '/traffic?sel=1',
  '/m/1',
  '/diff?a=1&b=3',
  '/sequence',
  '/sessions',
  '/findings',
  '/logs',
  '/compose',
  '/compose?from=csms&to=CS-DEMO-2&action=Reset',
  '/simulator',
  '/stations',
  '/stations/tokens',
  '/stations/refused',
  '/stations/CS-DEMO-2',
  '/stations/CS-DEMO-2/config',
  '/stations/CS-DEMO-2/commands',
  '/stations/CS-DEMO-2/messages',
  '/stations/CS-DEMO-2/identity',
  '/apis',
  '/settings',
  '/settings?tab=journal',
  '/settings?tab=services',
  '/?connect=yes',
  '/findings?show=rules',
  '/findings?show=muted',
  '/simulator/scenarios',
  '/simulator/runs',
  '/simulator/fleets',
  '/simulator/CS-DEMO-1',
  '/stations/CS-DEMO-1',
  '/stations/CS-DEMO-1/config',
  '/login',
  '/nonsense',
];

describe.each(['light', 'dark'] as const)('every page, %s', (colorScheme) => {
  let page: Page;
  beforeAll(async () => {
    page = await world.page({ colorScheme, reducedMotion: 'reduce', bypassCSP: true });
  });
  afterAll(() => page.context().close());

  it.each(ROUTES)('AC-53 AC-57 %s has no serious axe finding and asks nobody else', async (path) => {
    world.complaints.length = 0;
    await world.go(page, path);
    await page.waitForTimeout(300);
    expect(await seriousFindings(page)).toEqual([]);
    expect(world.complaints).toEqual([]);
  });
});

describe('home', () => {
  it('AC-01 shows the parties with their health, and the stations by name', async () => {
    const page = await world.open('/');
    for (const id of ['CS-DEMO-1', 'CS-DEMO-2', 'CS-DEMO-3'])
      await page
        .getByRole('link', { name: new RegExp(id) })
        .first()
        .waitFor();
    const csms = page.locator('[data-testid="party-node"][data-party="csms"]');
    expect(await csms.getAttribute('data-health')).toBe('ok');
    await page.getByRole('heading', { name: /whole e-mobility world/ }).waitFor();
    await page.context().close();
  });

  it('AC-05 gives the address to enter into a charger, and says when only this machine reaches it', async () => {
    const page = await world.open('/');
    await page.getByRole('button', { name: 'Connect your own system' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText(/ws:\/\/127\.0\.0\.1:\d+\/ocpp\//).waitFor();
    await dialog.getByText('this machine only').first().waitFor();
    await page.context().close();
  });

  it('AC-05 lists who was refused, with what is served', async () => {
    const { WebSocket } = await import('ws');
    const socket = new WebSocket(`${world.csmsUrl.replace('http', 'ws')}/ocpp/CS-WRONG`, ['ocpp9.9']);
    await new Promise((resolve) => {
      socket.once('error', resolve);
      socket.once('close', resolve);
    });
    const page = await world.open('/stations/refused');
    await page.getByText('CS-WRONG').waitFor();
    await page
      .getByText(/ocpp2\.0\.1/)
      .first()
      .waitFor();
    await page.context().close();
  });
});

describe('addresses', () => {
  it('AC-11 a later page says so, an unknown one too', async () => {
    const page = await world.open('/load');
    await page.getByText('Not in this release').waitFor();
    await page.getByRole('button', { name: 'Simulate stations' }).waitFor();
    await world.go(page, '/nonsense');
    await page.getByText('There is no such page').waitFor();
    const palette = page.getByRole('combobox', { name: 'Go to' });
    await until(() => palette.evaluate((input) => input === document.activeElement));
    await page.context().close();
  });

  it('AC-10 a link over another journal explains itself and shows no message', async () => {
    const { epoch } = await world.api('/meta');
    const page = await world.open('/m/1?j=k3v9x2ab');
    await page.getByTestId('empty').getByText('k3v9x2ab').waitFor();
    for (const name of ['Load a recording', 'See the present traffic'])
      await page.getByTestId('empty').getByRole('button', { name }).waitFor();
    expect(await page.getByTestId('detail').count()).toBe(0);
    await world.go(page, '/traffic?q=action:BootNotification&j=k3v9x2ab');
    await page.getByRole('button', { name: 'Open the same filter' }).click();
    await until(async () => Number(await page.getByTestId('grid').getAttribute('aria-rowcount')) === 3);
    await world.go(page, `/m/1?j=${epoch}`);
    await page.getByTestId('detail').waitFor();
    await page.context().close();
  });

  it('AC-63 the CSMS alone serves its stations under /ui', async () => {
    const page = await world.open(`${world.csmsUrl}/ui/`);
    await page.getByTestId('nav-stations').waitFor();
    await page
      .getByRole('link', { name: /CS-DEMO-1/ })
      .first()
      .waitFor();
    expect(await page.getByTestId('nav-simulator').count()).toBe(0);
    await world.go(page, `${world.csmsUrl}/ui/stations/CS-DEMO-2`);
    await page.getByText('EVSE 1').waitFor();
    await page.context().close();
  });

  it('AC-68 choices are kept; a hidden page still opens', async () => {
    const page = await world.open('/settings');
    await page.getByText('Dark', { exact: true }).click();
    await page.getByText('Comfortable', { exact: true }).click();
    await world.go(page, '/settings?tab=navigation');
    await page.getByLabel('Logs').uncheck();
    await page.reload();
    await page.getByTestId('app').waitFor();
    expect(await page.getByTestId('nav-logs').count()).toBe(0);
    const root = page.locator('html');
    expect(await root.getAttribute('data-mantine-color-scheme')).toBe('dark');
    expect(await root.getAttribute('data-density')).toBe('comfortable');
    await world.go(page, '/logs');
    await page.getByTestId('log-line').first().waitFor();
    await world.go(page, '/traffic');
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox', { name: 'Go to' }).fill('Logs');
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/logs$/);
    await page.context().close();
  });

  it('AC-69 on a phone: a menu, cards, no scrolling sideways', async () => {
    for (const path of ['/', '/traffic', '/stations', '/sessions', '/findings', '/simulator', '/settings', '/apis']) {
      const page = await world.open(path, { viewport: { width: 390, height: 844 } });
      await page.waitForTimeout(400);
      expect(await page.evaluate(() => document.documentElement.scrollWidth), path).toBeLessThanOrEqual(390);
      expect(
        await page.locator('main').evaluate((main) => main.scrollWidth - main.clientWidth),
        path,
      ).toBeLessThanOrEqual(0);
      await page.context().close();
    }
    const page = await world.open('/', { viewport: { width: 390, height: 844 } });
    await page.getByRole('button', { name: 'Menu' }).click();
    await page.getByRole('dialog').getByTestId('nav-stations').click();
    await page.waitForURL(/\/stations$/);
    await page.context().close();
  });

  it('Ctrl K finds pages, stations and messages; ? lists the keys', async () => {
    const page = await world.open('/');
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox', { name: 'Go to' }).fill('CS-DEMO-3');
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/stations\/CS-DEMO-3$/);
    await page.keyboard.press('g');
    await page.keyboard.press('t');
    await page.waitForURL(/\/traffic$/);
    await page.keyboard.press('?');
    await page.getByRole('dialog').getByText('Next message').first().waitFor();
    await page.context().close();
  });
});
