import { heapBytes, recordedFrames, recordFrames } from './in-page.mjs';

const FILTERS = [
  { what: 'metadata filter', filter: 'station:CS-7 action:MeterValues is:request', first: 100, complete: 500 },
  { what: 'path in every message', filter: '$.seqNo>1000 $.evseId:3', first: 300, complete: 6_000 },
];

/** A journal of many messages on the screen: its first rows, filters, scrolling, any message by its number. */
export async function measureMillion(browser, url, messages, row) {
  const page = await (await browser.newContext({ viewport: { width: 1440, height: 900 } })).newPage();
  page.setDefaultTimeout(120_000);
  let began = performance.now();
  const lap = () => performance.now() - began;
  const shown = page.locator('[data-testid="row"][data-seq]').first();
  await page.goto(`${url}/traffic`);
  await shown.waitFor();
  row('first rows, the journal just opened', lap(), 'ms');
  await page.waitForFunction(async () => (await (await fetch('/api/v1/journal')).json()).complete);
  await page.goto('about:blank');
  began = performance.now();
  await page.goto(`${url}/traffic?view=frames`);
  await shown.waitFor();
  row('first rows, page loaded anew', lap(), 'ms', 1_000);
  const paint = () => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? Number.NaN;
  row('first contentful paint', await page.evaluate(paint), 'ms', 600);

  for (const { what, filter, first, complete } of FILTERS) {
    const input = page.getByTestId('filter-input');
    await input.fill(filter);
    began = performance.now();
    await input.press('Enter');
    await page.waitForFunction((q) => new URLSearchParams(location.search).get('q') === q, filter);
    await shown.waitFor();
    row(`${what}: first rows`, lap(), 'ms', first);
    await page.getByTestId('filter-count').getByText('✓').waitFor();
    row(`${what}: complete`, lap(), 'ms', complete);
  }

  await page.goto(`${url}/traffic?view=frames`);
  await shown.waitFor();
  const before = await heapBytes(page);
  const grid = page.getByTestId('grid');
  const box = await grid.boundingBox();
  await page.mouse.move(box.x + 200, box.y + 200);
  await recordFrames(page);
  for (let tick = 0; tick < 150; tick++) {
    await page.mouse.wheel(0, tick % 10 === 9 ? -4_000 : -400);
    await page.waitForTimeout(30);
  }
  const wheel = await recordedFrames(page);
  row('scrolling by wheel: frames', wheel.fps, '/s', 60);
  row('scrolling by wheel: 95 % of frames within', wheel.p95, 'ms', 33);
  await recordFrames(page);
  for (let step = 0; step <= 50; step++) {
    await grid.evaluate((element, part) => {
      element.scrollTop = (element.scrollHeight - element.clientHeight) * part;
    }, step / 50);
    await page.waitForTimeout(60);
  }
  row('thumb from top to end: frames', (await recordedFrames(page)).fps, '/s', 30);
  const some = Math.round(messages * 0.777777);
  began = performance.now();
  await page.goto(`${url}/traffic?view=frames&sel=${some}`);
  await page.locator(`[data-testid="row"][data-seq="${some}"][aria-selected="true"]`).waitFor();
  await page.getByTestId('detail').waitFor();
  row(`message ${some} by its address`, lap(), 'ms');
  row('heap after all this, more than before', ((await heapBytes(page)) - before) / 1e6, 'MB', 60);
  await page.context().close();
}
