import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OwnStation } from './own-station.ts';
import { startWorld, until, type World } from './world.ts';

/** Checks with a station that is not ours at the other end. */

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

describe('a station that is not ours', () => {
  it('AC-34 with any identity is listed, and its address works after a reload', async () => {
    const id = 'CP/1 ä';
    const own = await OwnStation.connect(world.csmsUrl, id);
    const page = await world.open('/stations');
    await page.getByRole('link', { name: id }).first().click();
    await page.getByRole('tab', { name: 'EVSEs' }).waitFor();
    await page.reload();
    await page.getByRole('heading', { level: 1 }).filter({ hasText: id }).waitFor();
    await page.getByRole('tab', { name: 'Messages' }).click();
    await until(async () => (await rowCount(page)) >= 1);
    expect(decodeURIComponent(page.url())).toContain(`/stations/${id}/messages`);
    own.close();
    await page.context().close();
  });

  it('AC-40 a message is handed in for it: nothing goes over its socket, the CSMS takes it, and it is marked', async () => {
    const own = await OwnStation.connect(world.csmsUrl, 'CS-REAL');
    await until(() => own.received.length === 1);
    const page = await world.open('/compose?from=CS-REAL&to=csms&action=StatusNotification');
    const how = page.getByTestId('how-it-is-sent');
    await how.getByText(/Nothing is sent.*CS-REAL is not simulated here/).waitFor();
    await page.getByTestId('composer').getByText('fits StatusNotification').waitFor();
    await page.getByRole('combobox', { name: /^status/ }).selectOption('Faulted');
    await page.getByTestId('composer-send').click();
    await page.getByTestId('composer-answer').waitFor();
    expect(own.received).toHaveLength(1);
    const { evses } = await world.api('/stations/CS-REAL');
    expect(JSON.stringify(evses)).toContain('Faulted');
    const found = async () =>
      (await world.api('/messages?q=is:synthetic%20action:StatusNotification%20station:CS-REAL&limit=1')).items[0];
    await until(async () => (await found()) !== undefined);
    expect((await world.api(`/messages/${(await found()).s}`)).origin.by).toBe('user');
    own.close();
    await page.context().close();
  });

  it('AC-24 a call that it does not answer waits, with its time, and is told as unanswered', async () => {
    const own = await OwnStation.connect(world.csmsUrl, 'CS-MUTE', false);
    await until(() => own.received.length === 1);
    const page = await world.open('/traffic?q=station:CS-MUTE action:ClearCache');
    const sent = world.api('/stations/CS-MUTE/ocpp/ClearCache', {});
    const row = page.getByTestId('row').filter({ hasText: 'ClearCache' });
    await row.getByText(/waiting/).waitFor();
    const first = await row.textContent();
    await until(async () => (await row.textContent()) !== first);
    await row.getByText('no answer (30 s)').waitFor({ timeout: 40_000 });
    await sent;
    await world.go(page, '/traffic?q=is:unanswered station:CS-MUTE');
    await until(async () => (await rowCount(page)) === 1);
    own.close();
    await page.context().close();
  });

  it('AC-17 a bad word of a list: one mark on its line, which names the words that are allowed', async () => {
    const own = await OwnStation.connect(world.csmsUrl, 'CS-ENUM');
    own.call('enum-1', 'StatusNotification', { connectorId: 1, errorCode: 'Nonsense', status: 'Available' });
    const found = async () => (await world.api('/messages?q=id:enum-1%20is:request')).items[0];
    await until(async () => (await found())?.fd !== undefined);
    const page = await world.open(`/m/${(await found()).s}`);
    const mark = page.getByTestId('finding-mark');
    await mark.first().waitFor();
    expect(await mark.count()).toBe(1);
    const line = page.locator('[data-testid="json-line"][data-pointer="/errorCode"]');
    expect(await line.getByTestId('finding-mark').count()).toBe(1);
    const name = (await mark.getAttribute('aria-label')) ?? '';
    expect(name).toMatch(/^error/);
    expect(name).toContain(String(await mark.getAttribute('data-rule')));
    expect(await line.textContent()).toMatch(/NoError/);
    own.close();
    await page.context().close();
  });
});

describe('the log', () => {
  it('AC-66 a level hides what is less', async () => {
    const page = await world.open('/logs');
    await page.getByTestId('log-line').first().waitFor();
    await world.go(page, '/logs?level=warn');
    await page.waitForTimeout(500);
    const levels = await page
      .getByTestId('log-line')
      .evaluateAll((lines) => lines.map((line) => (line as HTMLElement).dataset['level']));
    expect(levels.filter((level) => level !== 'warn' && level !== 'error')).toEqual([]);
    await page.context().close();
  });
});
