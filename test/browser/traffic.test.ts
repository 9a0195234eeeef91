import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OwnStation } from './own-station.ts';
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

const rowCount = async (page: Page): Promise<number> =>
  Number(await page.getByTestId('grid').getAttribute('aria-rowcount'));
const seqs = (page: Page): Promise<number[]> =>
  page
    .getByTestId('row')
    .evaluateAll((rows) => rows.map((row) => Number((row as HTMLElement).dataset['seq'])).filter((seq) => seq > 0));
/** Messages come: a station is asked so many times for a heartbeat, one exchange each for the question and the heartbeat. */
async function traffic(times: number): Promise<void> {
  for (let index = 0; index < times; index++) await world.api('/stations/CS-DEMO-1/ocpp/GetLocalListVersion', {});
}
/** The workbench follows the journals of the services: it has a message a moment later. */
async function lastOf(filter: string): Promise<number> {
  const found = async () => (await world.api(`/messages?q=${encodeURIComponent(filter)}&limit=1`)).items[0]?.s;
  await until(async () => (await found()) !== undefined);
  return await found();
}

describe('a message by its address', () => {
  it('AC-06 has a heading with number, action and parties, in the title too', async () => {
    const seq = await lastOf('action:BootNotification station:CS-DEMO-2');
    const page = await world.open(`/m/${seq}`);
    const heading = page.getByRole('heading', { level: 1 });
    await heading.filter({ hasText: 'BootNotification' }).waitFor();
    const words = [`#${seq}`, 'BootNotification', 'CS-DEMO-2', 'CSMS'];
    const [title, text] = [await page.title(), await heading.textContent()];
    for (const word of words)
      expect([title, text]).toEqual([expect.stringContaining(word), expect.stringContaining(word)]);
    await page.context().close();
  });

  it('AC-07 shows and focuses the line of a pointer', async () => {
    const seq = await lastOf('action:BootNotification station:CS-DEMO-2');
    const page = await world.open(`/m/${seq}?ptr=/chargingStation/model`);
    const line = page.locator('[data-testid="json-line"].flash');
    await line.waitFor();
    expect(await line.getAttribute('data-pointer')).toBe('/chargingStation/model');
    await until(() => line.evaluate((element) => element === document.activeElement));
    const inView = await line.evaluate((element) => {
      const { top, bottom } = element.getBoundingClientRect();
      return top >= 0 && bottom <= innerHeight;
    });
    expect(inView).toBe(true);
    await page.context().close();
  });
});

describe('the filter', () => {
  it('AC-08 stands in the address: reload, back and forward keep it', async () => {
    const page = await world.open('/traffic');
    const input = page.getByTestId('filter-input');
    const steps = (): Promise<number> => page.evaluate(() => history.length);
    const before = await steps();
    // Key by key: only what was accepted is a step of history.
    await input.pressSequentially('action:BootNotification');
    await input.press('Enter');
    await until(async () => (await rowCount(page)) === 3);
    expect(await steps()).toBe(before + 1);
    await page.reload();
    await until(async () => (await rowCount(page)) === 3);
    expect(await input.inputValue()).toBe('action:BootNotification');
    await input.press('End');
    await input.pressSequentially(' station:CS-DEMO-1');
    await input.press('Enter');
    await until(async () => (await rowCount(page)) === 1);
    expect(await steps()).toBe(before + 2);
    await page.goBack();
    await until(async () => (await rowCount(page)) === 3);
    expect(await input.inputValue()).toBe('action:BootNotification');
    await page.goForward();
    await until(async () => (await rowCount(page)) === 1);
    expect(await input.inputValue()).toBe('action:BootNotification station:CS-DEMO-1');
    await page.context().close();
  });

  it('AC-21 says what is wrong where, and leaves the rows', async () => {
    const page = await world.open('/traffic?q=action:BootNotification');
    await until(async () => (await rowCount(page)) === 3);
    const input = page.getByTestId('filter-input');
    await input.fill('latency>abc');
    const error = page.getByTestId('filter-error');
    await error.waitFor();
    expect(await error.getAttribute('data-from')).toBe('8');
    expect(await error.getAttribute('data-to')).toBe('11');
    expect(await input.getAttribute('aria-invalid')).toBe('true');
    expect(await rowCount(page)).toBe(3);
    await page.context().close();
  });

  it('completes fields and the values that the journal has', async () => {
    const page = await world.open('/traffic');
    const input = page.getByTestId('filter-input');
    await input.pressSequentially('stat');
    await page.getByRole('option', { name: /station:/ }).waitFor();
    await input.fill('station:CS-DEMO-');
    await page.getByRole('option', { name: /CS-DEMO-3/ }).click();
    expect(await input.inputValue()).toBe('station:CS-DEMO-3');
    await page.context().close();
  });
});

describe('the list while messages come', () => {
  it('AC-13 follows: the last row is the newest', async () => {
    const page = await world.open('/traffic');
    await until(async () => (await seqs(page)).length > 0);
    await traffic(50);
    const newest = async (): Promise<number> =>
      (await world.api('/messages?entity=exchanges&limit=1')).items[0].s as number;
    await until(async () => (await seqs(page)).at(-1) === (await newest()));
    expect(await page.getByTestId('live-badge').getAttribute('data-state')).toBe('live');
    await until(() =>
      page.getByTestId('grid').evaluate((grid) => grid.scrollTop >= grid.scrollHeight - grid.clientHeight - 30),
    );
    await page.context().close();
  });

  it('AC-14 holds still when a row is selected, and counts what is new', async () => {
    const page = await world.open('/traffic?q=action:GetLocalListVersion');
    // Rows may still come: the one that is meant is named before it is clicked.
    await until(async () => (await seqs(page)).length > 9);
    const seq = (await seqs(page)).at(-4);
    const here = page.locator(`[data-testid="row"][data-seq="${seq}"]`);
    await here.click();
    await page.getByTestId('detail').waitFor();
    await until(async () => (await page.getByTestId('live-badge').getAttribute('data-state')) === 'held');
    const before = await here.boundingBox();
    await traffic(50);
    await page
      .getByTestId('new-pill')
      .filter({ hasText: /^50 new/ })
      .waitFor();
    const after = await here.boundingBox();
    expect(Math.abs((after?.y ?? 0) - (before?.y ?? 9_999))).toBeLessThanOrEqual(1);
    expect(await here.getAttribute('aria-selected')).toBe('true');
    await page.getByTestId('new-pill').click();
    await until(async () => (await page.getByTestId('live-badge').getAttribute('data-state')) === 'live');
    await page.context().close();
  });

  it('AC-09 AC-15 is frozen by f: nothing changes, the address shows the same elsewhere, f goes on', async () => {
    const page = await world.open('/traffic');
    await until(async () => (await seqs(page)).length > 5);
    await page.keyboard.press('f');
    await until(async () => (await page.getByTestId('live-badge').getAttribute('data-state')) === 'frozen');
    await until(async () => (await seqs(page)).length > 5);
    const asOf = new URL(page.url()).searchParams.get('asof') ?? '';
    expect(Number(asOf)).toBeGreaterThan(10);
    expect((await page.getByTestId('live-badge').textContent())?.replaceAll(/\D/g, '')).toContain(asOf);
    // What was asked for before the freeze has come.
    await page.waitForTimeout(400);
    const frozen = await page.getByTestId('grid').innerHTML();
    const count = await rowCount(page);
    await traffic(5);
    expect(await page.getByTestId('grid').innerHTML()).toBe(frozen);
    const other = await world.open(page.url());
    await until(async () => (await rowCount(other)) === count);
    await until(async () => JSON.stringify(await seqs(other)) === JSON.stringify(await seqs(page)));
    await other.context().close();
    await page.getByTestId('grid').focus();
    await page.keyboard.press('f');
    await until(async () => (await rowCount(page)) > count);
    await page.context().close();
  });

  it('AC-23 shows exchanges or frames, and keeps what is selected', async () => {
    const csms = await OwnStation.connect(world.csmsUrl, 'CS-OTHER', false);
    // One that stays without an answer, and answers that nobody asked for: a row each.
    void world.api('/stations/CS-OTHER/ocpp/ClearCache', {}).catch(() => undefined);
    csms.say('[3,"never-asked",{"status":"Accepted"}]');
    const count = async (entity: string): Promise<number> => {
      const view = await world.api('/views', { entity, q: 'station:CS-OTHER' });
      return view.count as number;
    };
    const kinds = async (kind: string): Promise<number> =>
      (await world.api(`/messages?entity=messages&limit=500&q=${encodeURIComponent(`station:CS-OTHER is:${kind}`)}`))
        .items.length;
    await until(async () => (await kinds('request')) >= 2 && (await kinds('response')) >= 2);
    const seq = await lastOf('station:CS-OTHER action:BootNotification is:request');
    const page = await world.open(`/traffic?q=station:CS-OTHER&sel=${seq}`);
    await until(async () => (await rowCount(page)) > 0);
    await until(async () => (await rowCount(page)) === (await count('exchanges')));
    const paired = (await world.api('/messages?entity=messages&limit=500&q=station:CS-OTHER')).items.filter(
      (row: { k: string; x?: { s?: number } }) => row.k === 'request' && row.x?.s !== undefined,
    ).length;
    const exchanges = await rowCount(page);
    await page.getByText('Frames', { exact: true }).click();
    await until(async () => (await rowCount(page)) === (await count('messages')));
    // Each answer that has its question stands in the question's row.
    expect(paired).toBeGreaterThan(0);
    expect((await rowCount(page)) - paired).toBe(exchanges);
    await page.locator(`[data-testid="row"][data-seq="${seq}"][aria-selected="true"]`).waitFor();
    csms.close();
    await page.context().close();
  });
});

describe('a message that is wrong', () => {
  it('AC-17 AC-18 carries its finding on the line, and shows a missing member where it belongs', async () => {
    await world.act('CS-DEMO-1', {
      type: 'send-text',
      text: '[2,"bad-1","StatusNotification",{"connectorId":1,"errorCode":"NoSuchError","timestamp":"2026-01-31T12:00:00Z"}]',
    });
    await until(async () => (await world.api('/messages?q=id:bad-1')).items.length === 1);
    const seq = await lastOf('id:bad-1');
    await until(async () => (await world.api(`/messages/${seq}`)).findings.length >= 2);
    const page = await world.open(`/m/${seq}`);
    const marked = page.locator('[data-testid="json-line"][data-pointer="/errorCode"] [data-testid="finding-mark"]');
    await marked.waitFor();
    expect(await marked.getAttribute('aria-label')).toMatch(/^error, /);
    await page.locator('[data-testid="json-line"][data-pointer="/status"][data-missing="true"]').waitFor();
    // The schema says connectorId, errorCode, info, status, timestamp, in this order.
    const lines = await page
      .getByTestId('json-line')
      .evaluateAll((all) => all.map((line) => (line as HTMLElement).dataset['pointer']));
    const members = lines.filter((pointer) => /^\/\w+$/.test(pointer ?? ''));
    expect(members).toEqual(['/connectorId', '/errorCode', '/status', '/timestamp']);
    await page.context().close();
  });

  it('AC-16 explains fields of 1.6, whose schemas describe none', async () => {
    const seq = await lastOf('action:StatusNotification station:CS-DEMO-1 -is:invalid');
    const page = await world.open(`/m/${seq}`);
    await page.locator('[data-testid="json-line"][data-pointer="/connectorId"]').click();
    const strip = page.getByTestId('schema-strip');
    await strip.getByText('integer').waitFor();
    const text = await strip.textContent();
    expect(text).toContain('required');
    expect(text).toContain('Number of the connector');
    await page.context().close();
  });

  it('AC-25 two selected TransactionEvents are compared by key: times can be ignored, the order of members is no difference', async () => {
    const own = await OwnStation.connect(world.csmsUrl, 'CS-TWICE', true, 'ocpp2.0.1');
    const event = (seqNo: number, second: number) => ({
      eventType: 'Updated',
      timestamp: `2026-01-31T12:00:0${second}Z`,
      triggerReason: 'MeterValuePeriodic',
      seqNo,
      transactionInfo: { transactionId: 'T-1', chargingState: 'Charging' },
    });
    own.call('one', 'TransactionEvent', event(1, 1));
    // The same members from the last to the first.
    own.call('two', 'TransactionEvent', Object.fromEntries(Object.entries(event(2, 2)).reverse()));
    const page = await world.open('/traffic?q=station:CS-TWICE action:TransactionEvent');
    await until(async () => (await seqs(page)).length === 2);
    await page.getByTestId('row').first().click();
    await page.getByTestId('detail').waitFor();
    await page
      .getByTestId('row')
      .last()
      .click({ modifiers: ['Shift'] });
    await page.keyboard.press('d');
    const changed = page.locator('[data-testid="diff-row"]');
    const pointers = (): Promise<(string | null)[]> =>
      changed.evaluateAll((rows) => rows.map((row) => row.getAttribute('data-pointer')).sort());
    await until(async () => (await pointers()).join() === '/seqNo,/timestamp');
    await page.getByLabel('Ignore times').check();
    await until(async () => (await pointers()).join() === '/seqNo');
    own.close();
    await page.context().close();
  });
});
