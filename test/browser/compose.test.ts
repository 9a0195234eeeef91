import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startWholeWorld, until, type World } from './world.ts';

let world: World;
beforeAll(async () => {
  world = await startWholeWorld(['csms.validation=strict']);
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
  it('AC-39 sends a Reset and shows the real answer as JSON, the time that it took, and the way to it', async () => {
    const page = await compose('from=csms&to=CS-DEMO-2&action=Reset');
    await page.getByTestId('composer').getByText('fits Reset').waitFor();
    await page.locator('.compose-body label', { hasText: /^OnIdle$/ }).click();
    await page.getByTestId('composer-send').click();
    const text = await answer(page);
    expect(text).toContain('answered');
    expect(text).toMatch(/after [\d.,]+ ?m?s/);
    const shown = await page.getByTestId('composer-answer').locator('pre').innerText();
    expect(JSON.parse(shown)).toEqual({ status: 'Accepted' });
    await page.getByRole('link', { name: /^answer #/ }).click();
    await page.waitForURL(/\/m\/\d+$/);
    await page.getByTestId('detail').getByText('Accepted').first().waitFor();
    // The station starts anew, and is there again for what comes.
    await until(async () => {
      const { link } = await world.api('/stations/CS-DEMO-2');
      return link === 'connected';
    });
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

  it('AC-41 puts a fault in, names the reaction to expect, and compares it; what it breaks stands on it and counts against nobody', async () => {
    const page = await compose('from=CS-DEMO-1&to=csms&action=StatusNotification');
    await page.getByTestId('inv-mode').check({ force: true });
    await page.getByRole('button', { name: 'Drop a required member' }).click();
    await page
      .getByTestId('expected')
      .getByText(/OccurenceConstraintViolation/)
      .waitFor();
    const open = async (): Promise<number> => (await world.api('/findings?status=open&limit=500')).items.length;
    const before = await open();
    await page.getByTestId('composer-send').click();
    await answer(page);
    expect(await page.getByTestId('expected-verdict').getAttribute('data-met')).toBe('true');
    const q = encodeURIComponent('is:synthetic is:invalid action:StatusNotification');
    const find = async () => (await world.api(`/messages?q=${q}&limit=1`)).items[0];
    await until(async () => (await find()) !== undefined);
    const { s: seq } = await find();
    await until(async () => (await world.api(`/messages/${seq}`)).findings.length > 0);
    const { findings } = await world.api(`/messages/${seq}`);
    expect(findings.map(({ status, mute }: { status: string; mute: string }) => [status, mute])).toEqual([
      ['muted', 'on-purpose'],
    ]);
    expect(await open()).toBe(before);
    await page.getByRole('link', { name: /^sent #/ }).click();
    await page.waitForURL(new RegExp(`/m/${seq}$`));
    await page.getByTestId('detail').getByText('INV', { exact: true }).first().waitFor();
    await page.locator('[data-testid="json-line"][data-missing="true"]').first().waitFor();
    await world.go(page, `/findings/${findings[0].id}`);
    await page.getByTestId('finding-detail').getByText('nobody: a person handed the message in').waitFor();
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
    const base = new URL(page.url()).searchParams.get('base');
    await page.getByRole('link', { name: /^sent #/ }).click();
    await page.getByRole('link', { name: `edited from #${base}` }).click();
    await page.getByTestId('diff-row').first().waitFor();
    const changed = page.getByTestId('diff-row');
    expect(await changed.evaluateAll((rows) => rows.map((row) => row.getAttribute('data-pointer')))).toEqual([
      '/requestedMessage',
    ]);
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

  it('sends OICP as the EMP, and shows what the hub said', async () => {
    const page = await compose('from=emp&to=hub&action=PullEvseStatus');
    await page
      .getByTestId('how-it-is-sent')
      .getByText(/POST to the Hub as the EMP/)
      .waitFor();
    await page.getByTestId('composer').getByText('fits PullEvseStatus').waitFor();
    await page.getByTestId('composer-send').click();
    expect(await answer(page)).toContain('accepted');
    await until(async () => (await world.api('/messages?q=action:PullEvseStatus')).items.length > 0);
    await page.context().close();
  });

  it('AC-70 a message inside DataTransfer has a form; it travels as JSON text, and its faults are marked inside that', async () => {
    const page = await compose('from=CS-DEMO-1&to=csms&action=DataTransfer');
    await page.getByRole('button', { name: 'Fill' }).click();
    await page.getByRole('menuitem', { name: 'Plug & Charge: Authorize' }).click();
    const inner = page.getByTestId('inner-form');
    await inner.waitFor();
    const data = async () => JSON.parse(String((await json(page))['data']));
    await until(async () => typeof (await json(page))['data'] === 'string');
    await inner.getByRole('button', { name: '+ certificate', exact: true }).click();
    await inner.getByRole('textbox', { name: 'certificate' }).fill('-----BEGIN');
    await until(async () => (await data()).certificate === '-----BEGIN');
    await page.getByTestId('composer').getByText('fits DataTransfer').waitFor();

    const editor = page.locator('.cm-content');
    await editor.click();
    await page.keyboard.press('Control+a');
    await page.keyboard.insertText(
      JSON.stringify({
        vendorId: 'org.openchargealliance.iso15118pnc',
        messageId: 'Authorize',
        data: '{"idToken":{"idToken":"A"},"certificate":5}',
      }),
    );
    await inner.getByText(/./).first().waitFor();
    await page.getByTestId('composer').getByText('/data/certificate', { exact: true }).first().waitFor();
    // What is underlined is the value inside the string, not the string.
    await until(async () => (await page.locator('.cm-lintRange').allTextContents()).includes('5'));
    await page.context().close();
  });

  it('AC-71 the drawer sends beside a session: the page behind keeps its place, and gets the new messages', async () => {
    await world.act('CS-DEMO-1', { type: 'plug', soCPercent: 30 });
    await world.act('CS-DEMO-1', { type: 'swipe', token: '04A2B3C4D5' });
    const find = async () => (await world.api('/sessions?q=station:CS-DEMO-1')).items[0];
    await until(async () => (await find())?.state === 'charging');
    const session = await find();
    const page = await world.open(`/sessions/${session.id}?show=messages`);
    const row = page.getByTestId('row').nth(2);
    await row.click();
    const seq = await row.getAttribute('data-seq');
    await page.getByTestId('detail').waitFor();
    const before = await row.boundingBox();
    const count = Number(await page.getByTestId('grid').getAttribute('aria-rowcount'));
    await page.getByTestId('grid').focus();
    await page.keyboard.press('c');
    const drawer = page.getByRole('dialog', { name: 'Compose' });
    await drawer.getByTestId('composer').waitFor();
    await drawer.getByPlaceholder('Choose what to say …').click();
    await page.getByRole('option', { name: 'TriggerMessage', exact: true }).click();
    await drawer.getByLabel('requestedMessage').selectOption('MeterValues');
    await drawer.getByText('fits TriggerMessage').waitFor();
    await page.keyboard.press('Control+Enter');
    await drawer.getByTestId('composer-answer').getByText('"Accepted"').waitFor();
    await drawer.getByRole('button', { name: 'Close the composer' }).click();
    await until(async () => Number(await page.getByTestId('grid').getAttribute('aria-rowcount')) > count);
    const here = page.locator(`[data-testid="row"][data-seq="${seq}"]`);
    expect(await here.getAttribute('aria-selected')).toBe('true');
    expect(Math.abs(((await here.boundingBox())?.y ?? 0) - (before?.y ?? 9_999))).toBeLessThanOrEqual(1);
    await world.act('CS-DEMO-1', { type: 'swipe', token: '04A2B3C4D5' });
    await page.context().close();
  });
});
