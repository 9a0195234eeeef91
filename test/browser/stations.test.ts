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

describe('stations', () => {
  it('AC-34 any identity has an address that works', async () => {
    const id = 'CP/1 ä';
    await world.api(`/stations/${encodeURIComponent(id)}`, {}, 'PUT');
    const page = await world.open('/stations');
    await page.getByRole('link', { name: id }).first().click();
    await page.getByRole('tab', { name: 'EVSEs' }).waitFor();
    await page.reload();
    await page.getByRole('heading', { level: 1 }).filter({ hasText: id }).waitFor();
    await page.getByRole('tab', { name: 'Identity' }).click();
    await page.getByText('First seen').waitFor();
    expect(decodeURIComponent(page.url())).toContain(`/stations/${id}/identity`);
    await page.context().close();
  });

  it('AC-35 a key of 1.6 is read and changed; a read-only one refuses with its reason', async () => {
    const page = await world.open('/stations/CS-DEMO-1/config');
    await page.getByRole('button', { name: /Read/ }).first().click();
    await page.getByText('MeterValueSampleInterval', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Change MeterValueSampleInterval' }).click();
    await page.getByLabel('New value of MeterValueSampleInterval').fill('15');
    await page.getByRole('button', { name: 'Set', exact: true }).click();
    await page
      .getByRole('row', { name: /^MeterValueSampleInterval 15/ })
      .getByText('Accepted')
      .waitFor();
    // The page has the answer before the merged journal has the message.
    const changes = async () => (await world.api('/messages?q=action:ChangeConfiguration&limit=1')).items;
    await until(async () => (await changes()).length === 1);
    const items = await changes();
    expect((await world.api(`/messages/${items[0].s}`)).payload).toEqual({
      key: 'MeterValueSampleInterval',
      value: '15',
    });
    const fixed = page.getByRole('button', { name: 'Change NumberOfConnectors' });
    expect(await fixed.isDisabled()).toBe(true);
    expect(await fixed.getAttribute('title')).toMatch(/only be read/);
    await page.context().close();
  });

  it('AC-36 the device model of 2.x is read to the end and changed', async () => {
    const page = await world.open('/stations/CS-DEMO-2/config');
    const name = 'SampledDataCtrlr · TxUpdatedInterval';
    await page.getByRole('button', { name: `Change ${name}` }).click();
    await page.getByLabel(`New value of ${name}`).fill('20');
    await page.getByRole('button', { name: 'Set', exact: true }).click();
    await page
      .getByRole('row', { name: new RegExp(`^${name} 20`) })
      .getByText('Accepted')
      .waitFor();
    await page.context().close();
  });

  it('lists every command of the version, and leads to the composer', async () => {
    const page = await world.open('/stations/CS-DEMO-3/commands');
    await page.getByRole('link', { name: 'SetChargingProfile', exact: true }).click();
    await page.waitForURL(/compose\?from=csms&to=CS-DEMO-3&action=SetChargingProfile/);
    await page.getByTestId('composer').getByText('SetChargingProfile').first().waitFor();
    await page.context().close();
  });
});

describe('the simulator', () => {
  it('AC-43 plug, card, wait, card, unplug: the states come in order and the session ends', async () => {
    const page = await world.open('/simulator/CS-DEMO-1');
    const evse = page.locator('[data-testid="evse-card"][data-evse="1"]');
    const status = evse.getByTestId('sim-status');
    await evse.getByRole('button', { name: 'Plug in' }).click();
    await status.filter({ hasText: 'Preparing' }).waitFor();
    await evse.getByLabel('Token on the card').fill('04A2B3C4D5');
    await evse.getByRole('button', { name: 'Swipe' }).click();
    await status.filter({ hasText: 'Charging' }).waitFor();
    await evse.getByText(/in transaction/).waitFor();
    await evse.getByRole('button', { name: 'Stop button' }).click();
    await status.filter({ hasText: 'Finishing' }).waitFor();
    await evse.getByRole('button', { name: 'Unplug' }).click();
    await status.filter({ hasText: 'Available' }).waitFor();
    await until(async () => (await world.api('/transactions?state=ended')).items.length === 1);
    await page.getByText('StopTransaction').first().waitFor();
    await page.context().close();
  });

  it('AC-46 a token that is set to Blocked is refused and begins nothing', async () => {
    const before = (await world.api('/transactions')).items.length;
    const page = await world.open('/stations/tokens');
    const row = page.getByRole('row', { name: /^04C0FFEE01/ });
    await row.waitFor();
    await row.getByRole('button', { name: 'Change 04C0FFEE01' }).click();
    await page.getByRole('dialog').getByLabel('What Authorize answers').selectOption('Blocked');
    await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
    await row.getByText('Blocked').waitFor();
    await world.go(page, '/simulator/CS-DEMO-2');
    const evse = page.locator('[data-testid="evse-card"][data-evse="1"]');
    await evse.getByRole('button', { name: 'Plug in' }).click();
    await evse.getByLabel('Token on the card').fill('04C0FFEE01');
    await evse.getByRole('button', { name: 'Swipe' }).click();
    await until(async () => {
      const { items } = await world.api('/messages?q=action:Authorize%20station:CS-DEMO-2&limit=1');
      return items[0]?.x?.st === 'Blocked';
    });
    expect((await world.api('/transactions')).items.length).toBe(before);
    await evse.getByRole('button', { name: 'Unplug' }).click();
    await world.api('/tokens/04C0FFEE01', { type: 'ISO14443', status: 'Accepted', note: 'Second card' }, 'PUT');
    await page.context().close();
  });

  it('makes new stations that connect', async () => {
    const page = await world.open('/simulator');
    await page.getByRole('button', { name: 'Add stations' }).click();
    await page.getByLabel('Identity').fill('CS-MADE');
    await page.getByLabel('How many').fill('2');
    await page.getByRole('button', { name: /^Make 2/ }).click();
    await page.waitForURL(/simulator\/CS-MADE-1$/);
    await page.getByTestId('sim-panel').getByText('connected', { exact: true }).waitFor();
    await page.context().close();
  });
});

describe('a session', () => {
  it('AC-29 has its curve with a table, its messages, and its story', async () => {
    await world.act('CS-DEMO-3', { type: 'plug', soCPercent: 30 });
    await world.act('CS-DEMO-3', { type: 'swipe', token: '04C0FFEE01' });
    const find = async () =>
      (await world.api('/transactions')).items.find((each: { station: string }) => each.station === 'CS-DEMO-3');
    await until(async () => ((await find())?.events ?? 0) >= 6, 30_000);
    await world.act('CS-DEMO-3', { type: 'swipe', token: '04C0FFEE01' });
    await until(async () => (await find()).state === 'ended');
    const { transactionId } = await find();
    const { id } = await world.api(`/sessions/by/ocpp/CS-DEMO-3/${transactionId}`);
    const page = await world.open(`/sessions/by/ocpp/CS-DEMO-3/${transactionId}?show=energy`);
    await page.waitForURL(`**/sessions/${id}?show=energy`);
    await page.locator('canvas').waitFor();
    // The last values are in the merged journal a moment later.
    await until(async () => {
      const { points } = await world.api(`/sessions/${id}/series`);
      return (
        points.length >= 4 && (await page.getByTestId('energy-table').locator('tbody tr').count()) === points.length
      );
    });

    await world.go(page, `/sessions/${id}?show=sequence`);
    await page.getByTestId('seq-svg').waitFor();
    const fold = page.getByTestId('seq-fold').first();
    await fold.waitFor();
    await fold.click();
    await until(async () => (await page.getByTestId('seq-fold').count()) === 0);
    await until(async () => {
      const { messages } = await world.api(`/sessions/${id}`);
      return (await page.getByTestId('seq-arrow').count()) === messages;
    });
    const order = await page
      .getByTestId('seq-arrow')
      .evaluateAll((arrows) => arrows.map((arrow) => Number(arrow.getAttribute('data-seq'))));
    expect(order).toEqual([...order].sort((a, b) => a - b));
    await page.context().close();
  });

  it('AC-32 twenty updates are one row, which a click unfolds; heartbeats are absent until they are asked for', async () => {
    const station = await OwnStation.connect(world.csmsUrl, 'CS-FOLD', true, 'ocpp2.0.1');
    await until(() => station.received.some(([, id]) => id === 'boot'));
    const event = (seqNo: number, eventType: string, triggerReason: string) =>
      station.ask(`event-${seqNo}`, 'TransactionEvent', {
        eventType,
        timestamp: new Date().toISOString(),
        triggerReason,
        seqNo,
        transactionInfo: { transactionId: 'tx-fold' },
        ...(seqNo === 0 ? { evse: { id: 1, connectorId: 1 } } : {}),
      });
    await event(0, 'Started', 'CablePluggedIn');
    for (let seqNo = 1; seqNo <= 10; seqNo++) await event(seqNo, 'Updated', 'MeterValuePeriodic');
    await station.ask('beat', 'Heartbeat', {});
    for (let seqNo = 11; seqNo <= 20; seqNo++) await event(seqNo, 'Updated', 'MeterValuePeriodic');
    await event(21, 'Ended', 'EVCommunicationLost');
    station.close();

    const page = await world.open('/sequence?q=station:CS-FOLD');
    const fold = page.getByTestId('seq-fold').filter({ hasText: '20 × TransactionEvent Updated' });
    await fold.waitFor();
    expect(await page.getByTestId('seq-fold').count()).toBe(1);
    const labelled = (what: RegExp) => page.getByTestId('seq-arrow').and(page.getByLabel(what)).count();
    expect(await labelled(/request TransactionEvent, Updated/)).toBe(0);
    expect(await labelled(/request TransactionEvent, (Started|Ended)/)).toBe(2);
    await fold.click();
    await until(async () => (await labelled(/request TransactionEvent, Updated/)) === 20);
    expect(await page.getByTestId('seq-fold').count()).toBe(0);
    expect(await labelled(/Heartbeat/)).toBe(0);
    await page.getByRole('button', { name: 'Heartbeats' }).click();
    await until(async () => (await labelled(/Heartbeat/)) === 2);
    await page.context().close();
  });

  it('AC-33 the diagram is saved as an SVG that needs nothing else', async () => {
    const page = await world.open('/sequence?q=station:CS-DEMO-1');
    await page.getByTestId('seq-svg').waitFor();
    await page.getByRole('button', { name: 'Export' }).click();
    const saved = page.waitForEvent('download');
    await page.getByRole('menuitem', { name: 'SVG' }).click();
    const stream = await (await saved).createReadStream();
    let svg = '';
    for await (const chunk of stream) svg += chunk;
    expect(svg).toContain('>CS-DEMO-1</text>');
    expect(svg).toContain('>CSMS</text>');
    expect(svg).not.toMatch(/foreignObject|href=|url\(/);
    const wellFormed = await page.evaluate(
      (text) => new DOMParser().parseFromString(text, 'image/svg+xml').querySelector('parsererror') === null,
      svg,
    );
    expect(wellFormed).toBe(true);
    await page.context().close();
  });
});
