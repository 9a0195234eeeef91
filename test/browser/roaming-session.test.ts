import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pageFaults } from './axe.ts';
import { startWorld, until, type World } from './world.ts';

/** One session through roaming whose bill is wrong, in a quiet world: its numbers stand still and can be followed. */

let world: World;
let page: Page;
let session = '';
beforeAll(async () => {
  world = await startWorld(['hub.port=0', 'emp.port=0'], undefined, 'hub,emp,csms,station,workbench', 'system');
  page = await world.open('/');
  await page.getByRole('button', { name: 'Choose a demo' }).click();
  await page.getByRole('menuitem', { name: /A bill that is too high/ }).click();
  await page
    .locator('[data-testid="demo-strip"][data-demo="wrong-bill"][data-state="done"]')
    .waitFor({ timeout: 90_000 });
  session = (await world.api('/demo/runs')).items[0].sessions[0];
}, 120_000);
afterAll(async () => {
  const { complaints } = world;
  await world.stop();
  expect(complaints).toEqual([]);
});

const rowsOf = async (): Promise<number> =>
  Number(await page.locator('main [aria-rowcount]').first().getAttribute('aria-rowcount'));
const number = (text: string | null): number =>
  Number(/\d[\d\s,\u2009\u202f\u00a0]*/.exec(text ?? '')?.[0].replaceAll(/\D/g, ''));

describe('the bill', () => {
  it('is told as wrong, with both faults that were planted', async () => {
    await page.getByTestId('demo-result').getByText('The bill differs from the meter.').waitFor();
    expect(await page.locator('[data-testid="planted"][data-found="true"]').count()).toBe(2);
    await page.getByTestId('demo-result').getByText('0 findings beside the planted ones').waitFor();
  });

  it('AC-30 differs by 0.420 kWh in the reconciliation, and each value leads to a message that says it', async () => {
    await world.go(page, `/sessions/${session}?show=reconcile`);
    const energy = page.getByTestId('reconcile').locator('[data-item="energy"]');
    await energy.getByText('✗ differs by 0.420 kWh').waitFor();
    const cells = await energy
      .getByRole('link')
      .evaluateAll((links) =>
        links.map((link) => ({ text: link.textContent ?? '', to: link.getAttribute('href') ?? '' })),
      );
    expect(cells.length).toBeGreaterThanOrEqual(4);
    const said = new Set(cells.map(({ text }) => text));
    expect(said.size).toBe(2);
    for (const { text, to } of cells) {
      const kWh = number(text.replace('.', '')) / 1_000;
      const message = await world.api(`/messages/${/\/m\/(\d+)/.exec(to)?.[1]}`);
      const numbers = [...JSON.stringify(message.payload).matchAll(/-?\d+(?:\.\d+)?/g)].map(([digits]) =>
        Number(digits),
      );
      // In kWh on the way of the record, in Wh at the station, which counts finer than is told.
      const holds = numbers.some((each) => Math.abs(each - kWh) < 1e-9 || Math.abs(each - kWh * 1_000) < 0.5);
      expect(holds, `${text} in message ${to}`).toBe(true);
    }
    await energy.getByRole('link').last().click();
    await page.waitForURL(/\/m\/\d+\?ptr=%2FConsumedEnergy$/);
    await page.locator('.json-line.flash[data-pointer="/ConsumedEnergy"]').waitFor();
  });
});

describe('its story', () => {
  it('AC-31 has an arrow for each message, folded or not, over at least four parties, in their order', async () => {
    const { messages } = await world.api(`/sessions/${session}`);
    await world.go(page, `/sessions/${session}?show=sequence`);
    await page.getByTestId('seq-svg').waitFor();
    expect(await page.getByTestId('lifeline').count()).toBeGreaterThanOrEqual(4);
    const folded = await page
      .getByTestId('seq-fold')
      .evaluateAll((folds) => folds.reduce((sum, fold) => sum + Number(fold.getAttribute('data-messages')), 0));
    const order = await page
      .getByTestId('seq-arrow')
      .evaluateAll((arrows) => arrows.map((arrow) => Number(arrow.getAttribute('data-seq'))));
    expect(order.length + folded).toBe(messages);
    expect(order).toEqual([...order].sort((a, b) => a - b));
    expect(order.length).toBeGreaterThan(10);
  });

  it('AC-65 its trace has spans of four parties, each child inside its parent or drawn as later; OTLP parses', async () => {
    const { ids } = await world.api(`/sessions/${session}`);
    const trace = await world.api(`/traces/${ids.trace}`);
    expect(
      new Set(trace.spans.flatMap((span: { party: string; from: string }) => [span.party, span.from])).size,
    ).toBeGreaterThanOrEqual(4);
    await world.go(page, `/traces/${ids.trace}`);
    await page.getByTestId('span').first().waitFor();
    const drawn = await page
      .getByTestId('span')
      .evaluateAll((spans) =>
        spans.map((span) => ({ seq: Number(span.getAttribute('data-seq')), later: span.getAttribute('data-later') })),
      );
    expect(drawn).toHaveLength(trace.spans.length);
    const spans: readonly { id: string; parent?: string; seq: number; start: number; ms: number }[] = trace.spans;
    let inside = 0;
    for (const span of spans) {
      const parent = spans.find(({ id }) => id === span.parent);
      const isLater = drawn.find(({ seq }) => seq === span.seq)?.later === 'true';
      if (parent === undefined || isLater) continue;
      inside += 1;
      expect(span.start).toBeGreaterThanOrEqual(parent.start);
      expect(span.start + span.ms).toBeLessThanOrEqual(parent.start + parent.ms);
    }
    expect(inside).toBeGreaterThanOrEqual(2);
    const saved = page.waitForEvent('download');
    await page.getByRole('button', { name: 'OTLP' }).click();
    let text = '';
    for await (const chunk of await (await saved).createReadStream()) text += chunk;
    const { resourceSpans } = JSON.parse(text);
    const exported = resourceSpans.flatMap((each: { scopeSpans: readonly { spans: readonly object[] }[] }) =>
      each.scopeSpans.flatMap((scope) => scope.spans),
    );
    expect(exported.length).toBeGreaterThanOrEqual(spans.length);
  });
});

describe('its report', () => {
  it('AC-72 is one file that shows sequence, messages and curve from disk, and asks nobody for anything', async () => {
    await world.go(page, `/sessions/${session}`);
    await page.getByRole('button', { name: 'More' }).click();
    const saved = page.waitForEvent('download');
    await page.getByRole('menuitem', { name: 'Report, one HTML file' }).click();
    const file = join(mkdtempSync(join(tmpdir(), 'compote-report-')), `${session}.html`);
    await (await saved).saveAs(file);
    const context = await world.browser.newContext({ offline: true });
    const report = await context.newPage();
    const asked: string[] = [];
    report.on('request', (request) => asked.push(request.url()));
    const complaints: string[] = [];
    report.on('console', (line) => complaints.push(line.text()));
    await report.goto(`file://${file}`);
    await report.getByRole('heading', { name: `Session ${session}` }).waitFor();
    const { messages } = await world.api(`/sessions/${session}`);
    expect(await report.locator('#messages details').count()).toBe(messages);
    for (const name of ['CS-DEMO-2', 'csms', 'hub', 'emp'])
      await report.locator('#sequence svg text', { hasText: name }).first().waitFor();
    expect(await report.locator('#sequence svg .tip').count()).toBeGreaterThan(10);
    const points = await report.locator('#chart polyline').last().getAttribute('points');
    expect(points?.split(' ').length).toBeGreaterThanOrEqual(2);
    expect(await report.locator('#chart circle').count()).toBeGreaterThanOrEqual(2);
    await report.locator('#chart text', { hasText: 'kWh' }).first().waitFor();
    await report.getByText('differs 420 Wh').waitFor();
    await report.locator('#messages summary', { hasText: 'ChargeDetailRecord' }).first().click();
    await report.locator('#messages details[open] pre', { hasText: '"ConsumedEnergy"' }).waitFor();
    expect(asked).toEqual([`file://${file}`]);
    expect(complaints).toEqual([]);
    await context.close();
    rmSync(dirname(file), { recursive: true });
  });
});

describe('every number on Home', () => {
  it.each(['diagram', 'list'] as const)('AC-12 leads to a list of just so many rows, as a %s', async (as) => {
    await world.go(page, `/?as=${as}`);
    await page.getByTestId('party-node').first().waitFor();
    const links = page.locator('.home-world a, .home-side a');
    const found = await links.evaluateAll((all) =>
      all.map((link) => ({ text: link.textContent ?? '', to: link.getAttribute('href') ?? '' })),
    );
    // Numbers that count: of findings, of errors, of messages, of stations.
    const counting = found.filter(
      ({ text, to }) => /^\D{0,10}\(?\d[\d\s,]*\)?\D?$/.test(text.trim()) && !to.includes('/m/'),
    );
    expect(counting.map(({ to }) => to).join('\n')).toContain('/stations');
    expect(counting.map(({ to }) => to).join('\n')).toContain('party=hub');
    for (const { text, to } of counting) {
      await world.go(page, to);
      await until(async () => (await rowsOf()) === number(text), 5_000).catch(async () => {
        throw new Error(`${text} leads to ${to} with ${await rowsOf()} rows`);
      });
    }
  });

  it('AC-12 also of the links in the picture: all their messages', async () => {
    await world.go(page, '/');
    const edges = page.getByTestId('edge');
    await until(async () => (await edges.count()) >= 3);
    const all = await edges.count();
    for (let index = 0; index < all; index++) {
      await world.go(page, '/');
      await page.getByTestId('edge').nth(index).click();
      const item = page.getByRole('menuitem', { name: /Show its traffic/ });
      const messages = number(await item.textContent());
      await item.click();
      await page.waitForURL(/\/traffic/);
      await until(async () => (await rowsOf()) === messages, 5_000).catch(async () => {
        throw new Error(`${messages} leads to ${page.url()} with ${await rowsOf()} rows`);
      });
    }
  });
});

describe('a link of Home', () => {
  it('AC-37 leads to its traffic, and to the composer with both ends, protocol and version set', async () => {
    await world.go(page, '/');
    await page.locator('[data-testid="edge"][data-edge="stations-csms"]').click();
    await page.getByRole('menuitem', { name: 'CSMS → CS-DEMO-1' }).click();
    await page.waitForURL(/\/compose\?from=csms&to=CS-DEMO-1/);
    const composer = page.getByTestId('composer');
    await composer.waitFor();
    const input = (label: string) => composer.getByLabel(label, { exact: true }).and(page.locator('input'));
    expect(await input('From').inputValue()).toBe('CSMS');
    expect(await input('To').inputValue()).toBe('CS-DEMO-1');
    await composer.getByText('OCPP 1.6', { exact: true }).waitFor();
    await input('Action').click();
    await page.getByRole('option', { name: 'Reset', exact: true }).waitFor();
    const offered = await page.getByRole('option').allTextContents();
    expect(offered).toEqual(expect.arrayContaining(['RemoteStartTransaction', 'GetConfiguration', 'TriggerMessage']));
    const ofStations = [
      'Authorize',
      'BootNotification',
      'Heartbeat',
      'MeterValues',
      'StartTransaction',
      'StatusNotification',
    ];
    expect(offered.filter((action) => ofStations.includes(action))).toEqual([]);
  });
});

describe('a party of Home', () => {
  it('is replaced by a real system: tried, told, shown at its address, with what to enter there; and ours again', async () => {
    const theirs = createServer((_request, response) => response.end());
    await new Promise<void>((resolve) => theirs.listen(0, '127.0.0.1', resolve));
    const host = `127.0.0.1:${(theirs.address() as AddressInfo).port}`;
    await world.go(page, '/');
    await page.getByRole('button', { name: 'What can be done with Hub' }).click();
    await page.getByRole('menuitem', { name: 'Replace by a real system …' }).click();
    const dialog = page.getByTestId('replace');
    await dialog.getByText('A real system').click();
    await dialog.getByLabel('Its address').fill('hub.example');
    await dialog.getByRole('button', { name: 'Use it' }).click();
    await dialog.getByText(/give one like https:\/\/hub\.example/).waitFor();
    await dialog.getByLabel('Its address').fill(`http://${host}`);
    await dialog.getByRole('button', { name: 'Try to reach it' }).click();
    await dialog
      .locator('[data-testid="reach-step"][data-ok="true"]')
      .getByText('It answers: HTTP/1.1 200 OK')
      .waitFor();
    expect(await dialog.getByTestId('to-enter').count()).toBeGreaterThanOrEqual(4);
    await dialog.getByTestId('to-enter').getByText('DE*ABC').waitFor();
    await dialog.getByRole('button', { name: 'Use it' }).click();
    const node = page.locator('[data-testid="party-node"][data-party="hub"]');
    await node.and(page.locator('[data-mode="real"]')).waitFor({ state: 'attached' });
    await node.getByText(host).waitFor();
    expect((await world.api('/services/csms/peers')).items[0]).toMatchObject({
      url: `http://${host}`,
      source: 'chosen',
    });
    await dialog.getByText('Ours, simulated').click();
    await dialog.getByRole('button', { name: 'Use ours' }).click();
    await node.and(page.locator('[data-mode="simulated"]')).waitFor({ state: 'attached' });
    theirs.close();
  });
});

describe.each(['light', 'dark'] as const)('what a session leaves to look at, %s', (colorScheme) => {
  it('AC-53 AC-57 AC-69 has no serious axe finding, asks nobody else, and fits a phone', async () => {
    const { ids } = await world.api(`/sessions/${session}`);
    const { items } = await world.api('/findings?limit=1');
    const paths = [
      ...['overview', 'messages', 'sequence', 'trace', 'energy', 'reconcile'].map(
        (tab) => `/sessions/${session}?show=${tab}`,
      ),
      '/sessions',
      '/traces',
      `/traces/${ids.trace}`,
      `/findings/${items[0].id}`,
      `/findings/rules/${items[0].rule}`,
      '/findings?by=each',
      `/m/${items[0].seq}`,
      '/?replace=hub',
      '/',
    ];
    expect(await pageFaults(world, paths, colorScheme)).toEqual([]);
  }, 240_000);
});
