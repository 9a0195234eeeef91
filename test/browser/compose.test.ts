import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startWorld, until, type World } from './world.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld(['csms.validation=strict']);
});
afterAll(async () => {
  const { complaints } = world;
  await world.stop();
  expect(complaints).toEqual([]);
});

const compose = async (query: string): Promise<Page> => {
  const page = await world.open(`/compose?${query}`);
  await page.locator('.form').first().waitFor({ state: 'attached' });
  return page;
};
const json = async (page: Page): Promise<Record<string, unknown>> =>
  JSON.parse(
    await page.locator('.cm-content').evaluate((content) => (content as HTMLElement & { cmTile?: unknown }).innerText),
  ) as Record<string, unknown>;
const answer = async (page: Page): Promise<string> => {
  const panel = page.getByTestId('composer-answer');
  await panel.waitFor();
  return (await panel.textContent()) ?? '';
};

describe('the composer', () => {
  it('AC-39 sends a command and shows the real answer as JSON', async () => {
    const page = await compose('from=csms&to=CS-DEMO-2&action=GetLocalListVersion');
    await page.getByTestId('composer-send').click();
    const text = await answer(page);
    expect(text).toContain('answered');
    expect(text).toContain('"versionNumber": 0');
    await page.getByRole('link', { name: /^sent #/ }).waitFor();
    await page.context().close();
  });

  it('AC-38 shows few fields of a large schema; form and JSON are one document, nothing gets lost', async () => {
    const page = await compose('from=CS-DEMO-3&to=csms&action=TransactionEvent');
    expect(await page.locator('.form-field').count()).toBeLessThanOrEqual(12);
    await page.getByRole('button', { name: '+ offline', exact: true }).click();
    await until(async () => (await json(page))['offline'] === false);
    const editor = page.locator('.cm-content');
    await editor.click();
    await page.keyboard.press('Control+Home');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.type('"unheardOf": 5,');
    await until(async () => (await json(page))['unheardOf'] === 5);
    await page.getByText('Other members, kept as they are:').waitFor();
    await page.getByLabel('seqNo').fill('7');
    await until(async () => (await json(page))['seqNo'] === 7);
    expect((await json(page))['unheardOf']).toBe(5);
    await page.context().close();
  });

  it('blocks what does not fit its schema, and says where', async () => {
    const page = await compose('from=csms&to=CS-DEMO-2&action=Reset');
    await page.getByTestId('composer').getByText('fits Reset').waitFor();
    const editor = page.locator('.cm-content');
    await editor.click();
    await page.keyboard.press('Control+a');
    await page.keyboard.type('{"type": "Sometimes"}');
    await page.getByTestId('composer').getByText('/type', { exact: true }).first().waitFor();
    expect(await page.getByTestId('composer-send').isDisabled()).toBe(true);
    await page.context().close();
  });

  it('AC-40 hands a message in for a station: marked, and nothing crosses the wire', async () => {
    const page = await compose('from=CS-DEMO-1&to=csms&action=Heartbeat');
    await page
      .getByTestId('how-it-is-sent')
      .getByText(/Nothing is sent/)
      .waitFor();
    await page.getByTestId('composer-send').click();
    expect(await answer(page)).toContain('currentTime');
    const { items } = await world.api('/messages?q=is:synthetic%20action:Heartbeat&limit=1');
    expect(items[0].fl).toContain('synthetic');
    expect((await world.api(`/messages/${items[0].s}`)).origin.by).toBe('user');
    await page.context().close();
  });

  it('AC-41 puts a fault in, names the reaction to expect, and compares it with the real one', async () => {
    const page = await compose('from=CS-DEMO-1&to=csms&action=StatusNotification');
    await page.getByTestId('inv-mode').check({ force: true });
    await page.getByRole('button', { name: 'Drop a required member' }).click();
    await page
      .getByTestId('expected')
      .getByText(/OccurenceConstraintViolation/)
      .waitFor();
    await page.getByTestId('composer-send').click();
    await answer(page);
    expect(await page.getByTestId('expected-verdict').getAttribute('data-met')).toBe('true');
    const { items } = await world.api('/messages?q=is:synthetic%20action:StatusNotification&limit=1');
    expect(items[0].fl).toContain('invalid');
    await page.context().close();
  });

  it('AC-19 edits a message of the traffic and sends it again', async () => {
    await world.api('/stations/CS-DEMO-2/ocpp/TriggerMessage', { requestedMessage: 'Heartbeat' });
    // The workbench follows the CSMS's journal: it has the message a moment later.
    const found = async () => (await world.api('/messages?q=action:TriggerMessage&limit=1')).items[0]?.s;
    await until(async () => (await found()) !== undefined);
    const page = await world.open(`/traffic?sel=${await found()}`);
    await page.getByTestId('detail').getByText('TriggerMessage').first().waitFor();
    await page.getByTestId('grid').focus();
    await page.keyboard.press('e');
    await page.waitForURL(/compose\?base=/);
    await page.getByLabel('requestedMessage').selectOption('LogStatusNotification');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+Enter');
    expect(await answer(page)).toContain('Accepted');
    await page.context().close();
  });

  it('keeps a message as a preset and brings it back', async () => {
    const page = await compose('from=csms&to=CS-DEMO-2&action=Reset');
    await page.getByTestId('composer').getByText('fits Reset').waitFor();
    await page.getByRole('button', { name: 'Presets' }).click();
    await page.getByLabel('Name of the preset').fill('Reset at once');
    await page.getByRole('button', { name: 'Keep', exact: true }).click();
    await until(async () => (await world.api('/presets')).items.length === 1);
    expect((await world.api('/presets')).items[0]).toMatchObject({
      id: 'reset-at-once',
      action: 'Reset',
      ver: '2.0.1',
    });
    await page.context().close();
  });

  it('AC-42 opens every action of every version without a complaint, and its least form fits', async () => {
    const { items } = await world.api('/actions');
    const stations = { '1.6': 'CS-DEMO-1', '2.0.1': 'CS-DEMO-2', '2.1': 'CS-DEMO-3' } as Record<string, string>;
    const wrong: string[] = [];
    for (const { ver, action, kinds } of items) {
      const kind = kinds.includes('send') ? 'send' : 'request';
      const { minimal } = await world.api(`/schemas/ocpp/${ver}/${action}/${kind}`);
      const { schema } = await world.api('/validate', { proto: 'ocpp', ver, action, kind, payload: minimal });
      if (schema.length > 0) wrong.push(`${ver} ${action}: ${schema[0].pointer} ${schema[0].text}`);
    }
    expect(wrong).toEqual([]);
    const page = await world.page();
    // Every tenth in the page itself: all of them would take minutes.
    for (const { ver, action, from } of items.filter((_: unknown, index: number) => index % 10 === 0)) {
      const [a, b] = from === 'csms' ? ['csms', stations[ver]] : [stations[ver], 'csms'];
      await world.go(page, `/compose?from=${a}&to=${b}&action=${action}`);
      await page.getByTestId('composer').getByText(`fits ${action}`).waitFor();
    }
    await page.context().close();
  }, 180_000);
});
