import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tabTo } from './by-keys.ts';
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

const CONTRACT = 'DE-DCB-C12345678-X';
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

describe('a world in which nothing has happened', () => {
  it.each([
    ['/emp', 'The EMP has no EVSE yet', 'Pull now'],
    ['/emp/sessions', 'No session yet', 'Start one on the map'],
    ['/hub/sessions', 'No session yet', 'Start one as the EMP'],
    ['/hub/faults', 'The hub behaves', 'Set'],
    ['/pnc/contracts', 'No contract is in the pool', 'First a vehicle'],
  ])('AC-03 %s says why it is empty and what to do', async (path, title, action) => {
    const page = await world.open(path);
    await page.getByTestId('empty').getByRole('heading', { name: title }).waitFor();
    await page.getByRole('button', { name: action }).first().waitFor();
    await page.context().close();
  });
});

describe('the EMP', () => {
  it('AC-45 finds EVSEs on a map without tiles, and charges at one by keys alone', async () => {
    const page = await world.open('/emp');
    await page.getByRole('button', { name: 'Pull now' }).waitFor();
    await page.locator('h1').focus();
    await tabTo(page, 'main button');
    while (!(await page.evaluate(() => document.activeElement?.textContent?.includes('Pull now'))))
      await tabTo(page, 'main button');
    await page.keyboard.press('Enter');
    await page.getByTestId('map-marker').first().waitFor();
    const { items } = await world.api('/emp/evses');
    expect(await page.getByTestId('map-marker').count()).toBe(items.length);
    expect(items.length).toBeGreaterThan(5);

    await world.act('CS-DEMO-2', { type: 'plug', soCPercent: 30 });
    await page.locator('h1').focus();
    await tabTo(page, '[data-testid="map-marker"][data-evse="DE*ABC*ECS*DEMO*2*1"]');
    await page.keyboard.press('Enter');
    await page.getByTestId('detail').getByRole('heading', { name: 'DE*ABC*ECS*DEMO*2*1' }).waitFor();
    const here = page.getByTestId('charge-here');
    const press = async (name: string): Promise<void> => {
      await here.getByRole('button', { name }).waitFor();
      for (let presses = 0; presses < 20; presses++) {
        await tabTo(page, '[data-testid="charge-here"] button');
        if (await here.getByRole('button', { name }).evaluate((button) => button === document.activeElement)) break;
      }
      await page.keyboard.press('Enter');
    };
    await press('Start');
    await page.locator('[data-testid="action-step"][data-ok="true"]').getByText('AuthorizeRemoteStart').waitFor();
    await until(async () => {
      const sessions = await world.api('/sessions?q=station:CS-DEMO-2');
      return sessions.items[0]?.state === 'charging';
    });
    await press('Stop');
    await here.getByRole('button', { name: 'Start' }).waitFor({ timeout: 20_000 });
    await world.act('CS-DEMO-2', { type: 'unplug' });
    await page.context().close();
  });

  it('AC-27 AC-28 the session holds OCPP and OICP, and each of its ids leads to it', async () => {
    const { items } = await world.api('/sessions?q=kind:remote');
    const session = items[0];
    const page = await world.open(`/sessions/by/oicp/${session.ids.oicp}`);
    await page.waitForURL(`**/sessions/${session.id}`);
    await world.go(page, `/sessions/by/ocpp/CS-DEMO-2/${session.ids.ocppTx}`);
    await page.waitForURL(`**/sessions/${session.id}`);
    await page.locator('[data-testid="lane"][data-proto="oicp"]').waitFor();
    const protocols = await page
      .getByTestId('lane')
      .evaluateAll((lanes) => lanes.map((lane) => lane.getAttribute('data-proto')));
    expect(protocols).toEqual(expect.arrayContaining(['ocpp', 'oicp']));
    await page.getByTestId('session-tab-messages').click();
    await page.getByTestId('grid').waitFor();
    expect(await page.getByTestId('session-messages').textContent()).toBe(`${session.messages} messages`);
    await page.getByTestId('session-tab-reconcile').click();
    const energy = page.getByTestId('reconcile').locator('[data-item="energy"]');
    await energy.getByRole('link').first().waitFor();
    await energy.getByRole('link').first().click();
    await page.waitForURL(/\/m\/\d+/);
    await page.context().close();
  });

  it('keeps contracts and media', async () => {
    const page = await world.open('/emp/contracts');
    await page.getByRole('button', { name: 'Add a contract' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('EVCO id').fill('nonsense');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog
      .getByTestId('problem')
      .getByText(/is not an EVCO id/)
      .first()
      .waitFor();
    await dialog.getByLabel('EVCO id').fill('DE-DCB-C00000001-X');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('row', { name: /DE-DCB-C00000001-X/ }).waitFor();
    await page.getByRole('button', { name: 'Delete DE-DCB-C00000001-X' }).click();
    await until(async () => (await world.api('/emp/contracts')).items.length === 2);
    await page.context().close();
  });
});

describe('the hub', () => {
  it('AC-47 without its contract a remote start is refused with 210, and the EMP’s page says who said it', async () => {
    const page = await world.open('/hub/contracts');
    await page.getByRole('button', { name: 'End contract csms.all.Authorization' }).click();
    await until(async () =>
      (await world.api('/hub/contracts')).items.every(({ id }: { id: string }) => id !== 'csms.all.Authorization'),
    );
    await world.go(page, `/emp/map/${encodeURIComponent('DE*ABC*ECS*DEMO*3*1')}`);
    await page.getByTestId('charge-here').getByRole('button', { name: 'Start' }).click();
    const step = page.locator('[data-testid="action-step"][data-ok="false"]');
    await step.getByText(/210 .*said by the hub/).waitFor();
    // The first check that failed is the contract; those before it passed, those after it were not looked at.
    const verdicts = (of: Page) =>
      of
        .getByTestId('check-step')
        .evaluateAll((steps) => steps.map((each) => [each.getAttribute('data-check'), each.getAttribute('data-ok')]));
    await step.getByTestId('check-step').first().waitFor();
    const told = await verdicts(page);
    const at = told.findIndex(([, ok]) => ok === 'false');
    expect(told[at]).toEqual(['contract', 'false']);
    expect(told.slice(0, at).every(([, ok]) => ok === 'true')).toBe(true);
    expect(told.slice(at + 1).every(([, ok]) => ok === null)).toBe(true);
    await world.go(page, '/hub/refusals');
    await page.getByRole('table', { name: 'Refused calls' }).getByRole('link').first().click();
    await page.getByTestId('detail').getByTestId('check-step').first().waitFor();
    expect(await verdicts(page)).toEqual(told);
    await world.api('/hub/contracts', { offerer: 'csms', subscriber: '*', service: 'eRoamingAuthorization' });
    await page.context().close();
  });

  it('misbehaves when it is told to, and stops', async () => {
    const page = await world.open('/hub/faults');
    await page.getByLabel('At operation').selectOption('AuthorizeRemoteStart');
    await page.getByLabel('Code').selectOption('022');
    await page.getByRole('button', { name: 'Set', exact: true }).click();
    await page.getByRole('row', { name: /Refuses with a code \(022\)/ }).waitFor();
    const { done, steps } = await world.api('/emp/actions', {
      action: 'start',
      evseId: 'DE*ABC*ECS*DEMO*3*1',
      evcoId: CONTRACT,
    });
    expect({ done, code: steps[0].code }).toEqual({ done: false, code: '022' });
    await page.getByRole('row', { name: /used up/ }).waitFor();
    await page.getByRole('button', { name: 'Take all away' }).click();
    await page.getByTestId('empty').getByText('The hub behaves').waitFor();
    await page.context().close();
  });

  it('takes a partner of one’s own and tells what to enter there', async () => {
    const page = await world.open('/hub');
    await page.getByRole('button', { name: 'Add your system' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Short name').fill('mine');
    await dialog.getByLabel(/^Name/).fill('My EMP');
    await dialog.getByLabel('Provider ids').fill('DE-XYZ');
    await dialog.getByLabel('Base address').fill('http://127.0.0.1:9');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await page.waitForURL('**/hub/partners/mine');
    await page.getByTestId('detail').getByText('It calls').waitFor();
    await page.getByTestId('detail').getByRole('button', { name: 'Take out' }).click();
    await page.waitForURL('**/hub');
    await page.context().close();
  });
});

describe('Plug & Charge', () => {
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
    const { id } = await world.api('/demo', { kind: 'plug-and-charge' });
    await until(async () => {
      const { state } = await world.api(`/demo/runs/${id}`);
      if (state === 'failed') throw new Error('the demo failed');
      return state === 'done';
    }, 50_000);
    const q = encodeURIComponent('action:Authorize is:response text:"CertificateRevoked"');
    expect((await world.api(`/messages?q=${q}`)).items.length).toBeGreaterThan(0);
    const page = await world.open('/pnc/ocsp');
    await page.getByRole('table', { name: 'OCSP questions' }).getByText('revoked', { exact: true }).first().waitFor();
    await page.context().close();
  });

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
    const { items } = await world.api('/everest/topics');
    const topic = items.map((each: { topic: string }) => each.topic).find((each: string) => /\/2\/.*state/.test(each));
    await world.api('/everest/publish', { topic, payload: 'ChargingPausedEV' });
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

describe('on a phone', () => {
  it('AC-69 sessions and findings are cards', async () => {
    const page = await world.open('/sessions', { viewport: { width: 390, height: 844 } });
    const table = page.locator('table.records').first();
    await table.locator('tbody tr').first().waitFor();
    expect(await table.locator('thead').isVisible()).toBe(false);
    expect(
      await table
        .locator('tbody tr')
        .first()
        .evaluate((row) => getComputedStyle(row).display),
    ).toBe('block');
    await world.act('CS-DEMO-3', { type: 'send-text', text: '[2,"card-1","Heartbeat",{"a":1}]' });
    await until(async () => (await world.api('/findings?station=CS-DEMO-3')).items.length > 0);
    await world.go(page, '/findings');
    const card = page.getByTestId('finding-group').first();
    await card.waitFor();
    expect((await card.boundingBox())?.width).toBeLessThanOrEqual(390);
    expect(await page.locator('main').evaluate((main) => main.scrollWidth - main.clientWidth)).toBeLessThanOrEqual(0);
    await page.context().close();
  });
});

describe('the log', () => {
  it('AC-66 a line leads to its message', async () => {
    const page = await world.open('/logs?service=hub&level=debug');
    const line = page
      .getByTestId('log-line')
      .filter({ hasText: /PullEvseData of emp/ })
      .first();
    await line.getByRole('link').click();
    await page.waitForURL(/\/m\/\d+$/);
    await page.getByRole('heading', { level: 1 }).filter({ hasText: 'PullEvseData' }).waitFor();
    await page.context().close();
  });
});

describe('halves of the world', () => {
  it.each([
    ['CSMS', '/ui/', 'cpo', ['stations', 'traffic'], ['emp'], '/emp/cdrs', 'EMP'],
    ['EMP', '/gui/', 'emp', ['emp', 'traffic'], ['stations', 'simulator', 'everest'], '/stations', 'Stations'],
  ] as const)(
    'AC-63 the %s serves its own: its menu, a word on foreign pages, 403 from foreign routes',
    async (name, base, scope, shown, hidden, route, title) => {
      const origin = name === 'CSMS' ? world.csmsUrl : world.empUrl;
      const page = await world.open(`${origin}${base}`);
      for (const id of shown) await page.getByTestId(`nav-${id}`).waitFor();
      for (const id of hidden) expect(await page.getByTestId(`nav-${id}`).count()).toBe(0);
      expect(await page.locator('html').getAttribute('data-scope')).toBe(scope);
      await world.go(page, `${origin}${base}${route.slice(1)}`);
      await page.getByTestId('empty').getByRole('heading', { name: 'Not in this scope' }).waitFor();
      await page.getByTestId('empty').getByText(`${title} belongs to the other half`).waitFor();
      const answer = await page.evaluate(async (path) => {
        const response = await fetch(path);
        return [response.status, ((await response.json()) as { code: string }).code];
      }, `/api/v1${route}`);
      expect(answer).toEqual([403, 'OUT_OF_SCOPE']);
      await page.context().close();
    },
  );
});

describe('traces', () => {
  it('AC-65 a remote start: every child lies inside its parent or is drawn as later; OTLP can be read', async () => {
    const { items } = await world.api('/traces?limit=100');
    const trace = items.find(
      ({ root, errors }: { root: string; errors: number }) => root === 'AuthorizeRemoteStart' && errors === 0,
    );
    const page = await world.open('/traces');
    await page.getByRole('link', { name: 'AuthorizeRemoteStart' }).first().waitFor();
    await world.go(page, `/traces/${trace.id}`);
    await page.getByTestId('span').first().waitFor();
    expect(await page.getByTestId('span').count()).toBe(trace.spans.length);
    const shown = new Map(trace.spans.map((span: { id: string }) => [span.id, span]));
    for (const span of trace.spans) {
      const parent = shown.get(span.parent) as { start: number; ms: number } | undefined;
      if (parent === undefined) continue;
      expect(span.start).toBeGreaterThanOrEqual(parent.start);
      expect(span.start + span.ms).toBeLessThanOrEqual(parent.start + parent.ms);
    }
    const saved = page.waitForEvent('download');
    await page.getByRole('button', { name: 'OTLP' }).click();
    const stream = await (await saved).createReadStream();
    let text = '';
    for await (const chunk of stream) text += chunk;
    expect(JSON.parse(text).resourceSpans.length).toBeGreaterThan(0);
    await page.getByTestId('span').first().getByRole('link').click();
    await page.waitForURL(/\/m\/\d+/);
    await page.context().close();
  });
});

const ROUTES = [
  '/emp',
  `/emp/map/${encodeURIComponent('DE*ABC*ECS*DEMO*1*1')}`,
  '/emp/evses',
  '/emp/contracts',
  '/emp/media',
  '/emp/sessions',
  '/emp/cdrs',
  '/emp/notifications',
  '/emp/authorisations',
  '/hub',
  '/hub/partners/csms',
  '/hub/contracts',
  '/hub/evses',
  '/hub/sessions',
  '/hub/cdrs',
  '/hub/limits',
  '/hub/faults',
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
  '/traces',
  '/sessions',
];

describe.each(['light', 'dark'] as const)('every page of the roles, %s', (colorScheme) => {
  it('AC-53 AC-57 AC-69 no serious axe finding, nobody else asked, no scrolling sideways on a phone', async () => {
    world.complaints.length = 0;
    const wrong: string[] = [];
    for (const viewport of [
      { width: 1440, height: 900 },
      { width: 390, height: 844 },
    ]) {
      const page = await world.page({ colorScheme, viewport, reducedMotion: 'reduce', bypassCSP: true });
      for (const path of ROUTES) {
        await world.go(page, path);
        await page.waitForTimeout(300);
        await page.addScriptTag({ content: axe });
        const { violations } = (await page.evaluate('axe.run(document, { resultTypes: ["violations"] })')) as {
          violations: readonly { id: string; impact: string; nodes: readonly { target: readonly string[] }[] }[];
        };
        for (const { id, impact, nodes } of violations)
          if (impact === 'serious' || impact === 'critical')
            wrong.push(`${path} ${viewport.width}: ${id} ${nodes.slice(0, 2).map((node) => node.target.join(' '))}`);
        const sideways = await page.locator('main').evaluate((main) => main.scrollWidth - main.clientWidth);
        if (sideways > 0) wrong.push(`${path} ${viewport.width}: scrolls sideways by ${sideways} px`);
      }
      await page.context().close();
    }
    expect(wrong).toEqual([]);
    expect(world.complaints).toEqual([]);
  }, 180_000);
});
