import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startWorld, until, type World } from './world.ts';

const TOKENS = { operator: 'operator-token-of-this-test', viewer: 'viewer-token-of-this-test' };
const configured = Object.entries(TOKENS).map(([role, token]) => ({
  name: `the ${role}`,
  role,
  sha256: createHash('sha256').update(token).digest('hex'),
}));

let world: World;
beforeAll(async () => {
  world = await startWorld([`access.tokens=${JSON.stringify(configured)}`], TOKENS.operator);
});
afterAll(async () => {
  await world.stop();
});

describe('with access tokens', () => {
  it('asks for one, and then shows the whole world in that name', async () => {
    const page = await world.open('/traffic');
    await page.waitForURL(/\/login$/);
    await page.getByLabel('Access token').fill('wrong');
    await page.getByRole('button', { name: 'Log in' }).click();
    await page.getByTestId('problem').waitFor();
    await page.getByLabel('Access token').fill(TOKENS.operator);
    await page.getByRole('button', { name: 'Log in' }).click();
    await page
      .getByRole('link', { name: /CS-DEMO-2/ })
      .first()
      .waitFor();
    await page.locator('[data-testid="live-badge"][data-state="live"]').waitFor();
    await page.getByTestId('nav-traffic').click();
    await page.getByTestId('row').first().waitFor();
    const before = Number(await page.getByTestId('grid').getAttribute('aria-rowcount'));
    await world.api('/stations/CS-DEMO-1/ocpp/ClearCache', {});
    await until(async () => Number(await page.getByTestId('grid').getAttribute('aria-rowcount')) > before);
    await page.context().close();
  });

  it('AC-64 lets a viewer look, and the servers refuse him to act', async () => {
    const context = await world.browser.newContext();
    const page = await context.newPage();
    await page.goto(`${world.url}/login`);
    await page.getByLabel('Access token').fill(TOKENS.viewer);
    await page.getByRole('button', { name: 'Log in' }).click();
    await page.getByTestId('nav-stations').click();
    await page.getByRole('link', { name: 'CS-DEMO-1' }).first().waitFor();
    const status = await page.evaluate(async () => {
      const answer = await fetch('/api/v1/send', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
          from: 'csms',
          to: 'CS-DEMO-1',
          proto: 'ocpp',
          mode: 'wire',
          action: 'ClearCache',
          payload: {},
        }),
      });
      return [answer.status, ((await answer.json()) as { code: string }).code];
    });
    expect(status).toEqual([403, 'FORBIDDEN']);
    await context.close();
  });
});
