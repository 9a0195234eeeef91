import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startWorld, until, type World } from './world.ts';

/** A hub of its own process, which goes away while the workbench looks at it. */

const data = mkdtempSync(join(tmpdir(), 'compote-hub-'));
let world: World;
let hub: ChildProcess | undefined;
let port = 0;
beforeAll(async () => {
  port = await freePort();
  world = await startWorld([`hub.port=${port}`]);
});
afterAll(async () => {
  const { complaints } = world;
  await world.stop();
  hub?.kill('SIGKILL');
  rmSync(data, { recursive: true, force: true });
  expect(complaints).toEqual([]);
});

async function startHub(): Promise<ChildProcess> {
  const main = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
  const child = spawn(process.execPath, [main, 'hub', '--data', data, '--port', String(port)], {
    stdio: 'ignore',
    env: { ...process.env, NO_COLOR: '1' },
  });
  await until(async () => (await fetch(`http://127.0.0.1:${port}/api/v1/health`).catch(() => undefined))?.ok === true);
  return child;
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}

describe('the interfaces', () => {
  it('AC-67 with the hub stopped the others list their operations; its last document stands there with its date and opens in the composer', async () => {
    const running = await startHub();
    hub = running;
    const page = await world.open('/apis');
    const choice = page.getByLabel('Document');
    const names = async (): Promise<string[]> => choice.locator('option').allInnerTexts();
    await until(async () => (await names()).some((name) => name.startsWith('E-roaming hub')));
    const ended = new Promise((resolve) => running.once('exit', resolve));
    running.kill('SIGTERM');
    await ended;
    await until(async () => {
      const { items } = await world.api('/apis');
      return items.some((each: { service: string; answers: boolean }) => each.service === 'hub' && !each.answers);
    });
    await world.go(page, '/apis');
    await until(async () => (await names()).some((name) => /E-roaming hub.*does not answer/.test(name)));
    // Every other document is as alive as before.
    for (const name of (await names()).filter((each) => !each.includes('does not answer'))) {
      await choice.selectOption({ label: name });
      await until(async () => (await page.getByTestId('operation').count()) > 3);
      expect(await page.getByTestId('stale-document').count()).toBe(0);
    }
    const hubs = (await names()).find((each) => each.includes('does not answer'));
    await choice.selectOption({ label: String(hubs) });
    const stale = page.getByTestId('stale-document');
    await stale.waitFor();
    expect(await stale.innerText()).toMatch(/does not answer.*its document of .*\d{1,2}:\d{2}/s);
    const operation = page.getByTestId('operation').filter({ hasText: 'authorize/start' }).first();
    await operation.locator('summary').click();
    await operation.getByRole('link', { name: 'Open in the composer' }).click();
    await page.waitForURL(/\/compose\?from=csms&to=hub&action=AuthorizeStart/);
    await page.getByTestId('composer').getByText('fits AuthorizeStart').waitFor();
    await until(
      async () => (await page.getByRole('combobox', { name: 'To', exact: true }).inputValue()) === 'Hub (does not run)',
    );
    await page.context().close();
  });
});
