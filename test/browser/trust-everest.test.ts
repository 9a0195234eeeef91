import { connectAsync } from 'mqtt';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pageFaults } from './axe.ts';
import { startWholeWorld, until, type World } from './world.ts';

let world: World;
beforeAll(async () => {
  world = await startWholeWorld();
});
afterAll(async () => {
  const { complaints } = world;
  await world.stop();
  expect(complaints).toEqual([]);
});

describe('Plug & Charge', () => {
  it('AC-03 an empty pool of contracts says why it is empty and what to do', async () => {
    const page = await world.open('/pnc/contracts');
    await page.getByTestId('empty').getByRole('heading', { name: 'No contract is in the pool' }).waitFor();
    await page.getByRole('button', { name: 'First a vehicle' }).first().waitFor();
    await page.context().close();
  });

  it('AC-48 a revoked contract certificate: the ladder stands still at it', async () => {
    const page = await world.open('/pnc/vehicles');
    await page.getByRole('button', { name: 'Make a vehicle' }).first().click();
    await page.getByRole('dialog').getByRole('button', { name: 'Make it' }).click();
    await page.getByRole('row', { name: /WMIV1234567890ABCX/ }).waitFor();
    await world.go(page, '/pnc/contracts');
    await page.getByRole('button', { name: 'Make a contract' }).first().click();
    await page.getByRole('dialog').getByRole('button', { name: 'Make it' }).click();
    await page.getByRole('link', { name: 'DEDCBC12345678X' }).click();
    const detail = page.getByTestId('detail');
    await detail.getByRole('button', { name: 'Explain its verification' }).click();
    await detail.getByText('certificateStatus Accepted').waitFor();
    expect(await page.locator('[data-testid="ladder-step"][data-ok="false"]').count()).toBe(0);
    await detail.getByRole('button', { name: 'Revoke' }).click();
    await page.getByRole('menuitem', { name: 'keyCompromise' }).click();
    await detail.getByText(/Revoked .*keyCompromise/).waitFor();
    await detail.getByRole('button', { name: 'Explain its verification' }).click();
    await detail.getByText('certificateStatus CertificateRevoked').waitFor();
    const failed = page.locator('[data-testid="ladder-step"][data-ok="false"]');
    expect(await failed.first().getAttribute('data-check')).toBe('revocation');
    await page.context().close();
  });

  it('AC-48 a driver whose contract is revoked is refused at the station, and the responder lists who asked', async () => {
    const { id } = await world.api('/demo', { kind: 'pnc' });
    await until(async () => {
      const { state } = await world.api(`/demo/runs/${id}`);
      if (state === 'failed') throw new Error('the demo failed');
      return state === 'done';
    }, 90_000);
    const q = encodeURIComponent('text:"CertificateRevoked"');
    expect((await world.api(`/messages?q=${q}`)).items.length).toBeGreaterThan(0);
    const page = await world.open('/pnc/ocsp');
    await page.getByRole('table', { name: 'OCSP questions' }).getByText('revoked', { exact: true }).first().waitFor();
    await page.context().close();
  }, 120_000);

  it('says on every tab that it misbehaves on purpose', async () => {
    const page = await world.open('/pnc/faults');
    await page.getByLabel('The OCSP responder').selectOption('stale');
    await page.getByRole('button', { name: 'Set', exact: true }).click();
    await world.go(page, '/pnc/vehicles');
    await page
      .getByTestId('on-purpose')
      .getByText(/OCSP stale/)
      .waitFor();
    await world.go(page, '/pnc/faults');
    await page.getByRole('button', { name: 'Behave again' }).click();
    await page.getByTestId('on-purpose').waitFor({ state: 'detached' });
    await page.context().close();
  });
});

describe('EVerest', () => {
  it('AC-52 Start IEC publishes the car’s commands, and the card follows the state', async () => {
    const page = await world.open('/everest');
    const card = page.locator('[data-testid="everest-connector"][data-n="1"]');
    await card.getByTestId('everest-state').waitFor();
    await card.getByRole('button', { name: 'Start IEC' }).click();
    await card
      .getByTestId('published')
      .getByText(/carsim\/cmd\/execute_charging_session/)
      .waitFor();
    await card.getByRole('button', { name: 'Authorise' }).click();
    await card.getByTestId('everest-state').filter({ hasText: 'Charging' }).waitFor({ timeout: 20_000 });
    const { items } = await world.api('/everest/topics');
    const sent = items.find(({ topic }: { topic: string }) => topic.endsWith('1/carsim/cmd/execute_charging_session'));
    expect(sent.payload).toContain('iec_wait_pwr_ready');
    // The journal has the message itself: its topic and payload in the dialect of the station.
    const q = encodeURIComponent(`proto:mqtt action:"${sent.topic}"`);
    await until(async () => (await world.api(`/messages?q=${q}`)).items.length > 0);
    const message = await world.api(`/messages/${(await world.api(`/messages?q=${q}&limit=1`)).items[0].s}`);
    expect(message.raw).toBe(sent.payload);
    expect(message.action).toBe(sent.topic);
    await card.getByRole('button', { name: 'Unplug' }).click();
    await card.getByTestId('everest-state').filter({ hasText: 'Unplugged' }).waitFor({ timeout: 20_000 });
    await page.context().close();
  });

  it('AC-52 a state that is published changes its card', async () => {
    const page = await world.open('/everest');
    const state = page.locator('[data-testid="everest-connector"][data-n="2"]').getByTestId('everest-state');
    await state.waitFor();
    const topic = 'everest_external/nodered/2/state/state_string';
    // As EVerest does it: a client of the built-in broker.
    const { broker } = await world.api('/everest');
    const client = await connectAsync(/mqtts?:\/\/[^ ,)]+/.exec(broker.text)?.[0] ?? '');
    await client.publishAsync(topic, 'Car Paused');
    await client.endAsync();
    await state.filter({ hasText: /paused/i }).waitFor();
    await page.context().close();
  });

  it('AC-52 publishes any topic, and shows it in the tree', async () => {
    const page = await world.open('/everest/topics');
    await page
      .getByRole('textbox', { name: 'Topic', exact: true })
      .fill('everest_external/nodered/7/state/state_string');
    await page.getByLabel('Payload').fill('Charging');
    await page.getByRole('button', { name: 'Publish' }).click();
    await page.locator('[data-topic="everest_external/nodered/7/state/state_string"]').click();
    await page.getByTestId('detail').getByText('this adapter').waitFor();
    await page.context().close();
  });
});

const ROUTES = [
  '/pnc',
  '/pnc/certificates',
  '/pnc/pools/access',
  '/pnc/contracts',
  '/pnc/vehicles',
  '/pnc/ocsp',
  '/pnc/faults',
  '/everest',
  '/everest/topics',
  '/everest/sessions',
  '/everest/timeline',
];

describe.each(['light', 'dark'] as const)('every page of Plug & Charge and EVerest, %s', (colorScheme) => {
  it('AC-53 AC-57 AC-69 no serious axe finding, nobody else asked, no scrolling sideways on a phone', async () => {
    world.complaints.length = 0;
    expect(await pageFaults(world, ROUTES, colorScheme)).toEqual([]);
    expect(world.complaints).toEqual([]);
  }, 180_000);
});
