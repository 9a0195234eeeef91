import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startWorld, until, type World } from './world.ts';

const TOKENS = {
  operator: 'operator-token-of-this-test',
  viewer: 'viewer-token-of-this-test',
  admin: 'admin-token-of-this-test',
};
const configured = Object.entries(TOKENS).map(([role, token]) => ({
  name: `the ${role}`,
  role,
  sha256: createHash('sha256').update(token).digest('hex'),
}));

let world: World;
beforeAll(async () => {
  world = await startWorld(
    [`access.tokens=${JSON.stringify(configured)}`, 'hub.port=0', 'emp.port=0'],
    TOKENS.operator,
    'hub,emp,csms,station,workbench',
  );
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

  it('AC-64 lets somebody of the EMP not send as the CSMS: the server says so, and the page before it', async () => {
    world.token = TOKENS.admin;
    const made = await world.api('/access/tokens', { name: 'eve of the EMP', role: 'operator', scope: 'emp' });
    const context = await world.browser.newContext();
    const page = await context.newPage();
    await page.goto(`${world.url}/login`);
    await page.getByLabel('Access token').fill(made.token);
    await page.getByRole('button', { name: 'Log in' }).click();
    await page.getByTestId('nav-traffic').waitFor();
    expect(await page.getByTestId('nav-stations').count()).toBe(0);
    const status = await page.evaluate(async () => {
      const body = { from: 'csms', to: 'CS-DEMO-1', proto: 'ocpp', mode: 'wire', action: 'ClearCache', payload: {} };
      const headers = { 'content-type': 'application/json' };
      const answer = await fetch('/api/v1/send', { method: 'POST', headers, body: JSON.stringify(body) });
      return [answer.status, ((await answer.json()) as { code: string }).code];
    });
    expect(status).toEqual([403, 'OUT_OF_SCOPE']);
    await page.goto(`${world.url}/compose?from=csms&to=CS-DEMO-1&action=ClearCache`);
    await page
      .getByTestId('may-not-send')
      .getByText(/CSMS belongs to the other half/)
      .waitFor();
    expect(await page.getByTestId('composer-send').isDisabled()).toBe(true);
    await page.goto(`${world.url}/stations`);
    await page.getByTestId('empty').getByText('Not in this scope').waitFor();
    await world.api('/access/tokens/eve%20of%20the%20EMP', undefined, 'DELETE');
    expect(await page.evaluate(async () => (await fetch('/api/v1/me')).status)).toBe(401);
    world.token = TOKENS.operator;
    await context.close();
  });
});
