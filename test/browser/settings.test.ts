import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seriousFindings } from './axe.ts';
import { startWorld, until, type World } from './world.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(async () => {
  const { complaints } = world;
  await world.stop();
  expect(complaints).toEqual([]);
});

describe('settings', () => {
  it('are changed here: refused with the reason, kept for the next start, or in force at once; and taken back', async () => {
    const page = await world.open('/settings?tab=services');
    const row = (key: string) => page.getByRole('row', { name: new RegExp(`^${key.replaceAll('.', '\\.')} `) });
    const change = async (key: string, value: string): Promise<void> => {
      await page.getByRole('button', { name: `Change ${key}`, exact: true }).click();
      await page.getByRole('dialog').getByLabel('New value').fill(value);
      await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
    };
    await page.getByLabel('Find a key').fill('journal.max');
    await change('journal.maxEntries', '5');
    await page.getByRole('dialog').getByTestId('problem').getByText('/journal.maxEntries').waitFor();
    await page.getByRole('dialog').getByLabel('New value').fill('5000');
    await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
    await row('journal.maxEntries').getByText('5000 from the next start').waitFor();
    await page.getByRole('button', { name: 'Take back journal.maxEntries' }).click();
    await row('journal.maxEntries').getByText('from the next start').waitFor({ state: 'detached' });

    await page.getByLabel('Find a key').fill('log.level');
    await change('log.level', 'debug');
    await row('log.level').getByText('changed here').waitFor();
    await world.api('/stations/CS-DEMO-1/ocpp/ClearCache', {});
    await until(async () => {
      const { items } = await world.api('/services/csms/logs?level=debug&text=ClearCache');
      return items.some((line: { level: string }) => line.level === 'debug');
    });
    await page.context().close();
  });

  it('access tokens are made, shown once and revoked; the first one locks the door and its maker stays inside', async () => {
    const page = await world.open('/settings?tab=access');
    const make = async (name: string, role?: string): Promise<string> => {
      await page.getByRole('button', { name: 'Make a token' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByLabel('Whose token').fill(name);
      if (role !== undefined) await dialog.getByLabel('Role').selectOption(role);
      await dialog.getByRole('button', { name: 'Make it' }).click();
      const made = page.getByTestId('made-token');
      await made.getByText(name, { exact: true }).waitFor();
      const token = await made.locator('code').innerText();
      await made.getByRole('button', { name: 'I have it' }).click();
      await made.waitFor({ state: 'detached' });
      return token;
    };
    const admin = await make('the admin');
    world.token = admin;
    await page.getByText('You are the admin with the role admin').waitFor();
    const stranger = await world.open('/');
    await stranger.waitForURL(/\/login$/);

    const viewer = await make('ann', 'viewer');
    await stranger.getByLabel('Access token').fill(viewer);
    await stranger.getByRole('button', { name: 'Log in' }).click();
    await stranger.getByTestId('nav-traffic').waitFor();
    await page.reload();
    const row = page.getByRole('row', { name: /^ann viewer both halves/ });
    await row.waitFor();
    expect(await row.innerText()).not.toContain('not since the start');
    expect(await page.locator('body').innerText()).not.toContain(viewer);
    await row.getByRole('button', { name: 'Revoke the token of ann' }).click();
    await row.waitFor({ state: 'detached' });
    expect(await stranger.evaluate(async () => (await fetch('/api/v1/me')).status)).toBe(401);
    await stranger.context().close();

    await page.getByRole('button', { name: 'Revoke the token of the admin' }).click();
    world.token = undefined;
    await until(async () => (await fetch(`${world.url}/api/v1/me`)).status === 200);
    await page.context().close();
  });

  it.each(['light', 'dark'] as const)('AC-53 have no serious axe finding, %s, and fit a phone', async (colorScheme) => {
    for (const path of ['/settings?tab=services', '/settings?tab=access', '/settings?tab=about', '/apis', '/logs'])
      for (const width of [1440, 390]) {
        const viewport = { width, height: 900 };
        const page = await world.open(path, { colorScheme, viewport, reducedMotion: 'reduce', bypassCSP: true });
        await page.waitForTimeout(300);
        expect(await seriousFindings(page), `${path} ${width}`).toEqual([]);
        expect(await page.locator('main').evaluate((main) => main.scrollWidth - main.clientWidth), path).toBe(0);
        await page.context().close();
      }
  });
});
