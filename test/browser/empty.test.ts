import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startWorld, until, type World } from './world.ts';

/** A world in which nobody has said anything: no station, no message, and neither hub nor EMP. */

let world: World;
let page: Page;
beforeAll(async () => {
  world = await startWorld(
    ['station.stations=[]', 'csms.tokens=[]'],
    undefined,
    'csms,station,workbench',
    'scaled:60',
    0,
  );
  page = await world.page();
});
afterAll(async () => {
  await world.stop();
});

describe('an empty world', () => {
  // What a page says, and the first thing to do about it.
  it.each([
    ['/', /No stations yet/, 'Add a simulated one'],
    ['/traffic', 'Nothing recorded yet', 'See how to connect a station'],
    ['/sequence', 'Nothing recorded yet', 'See how to connect a station'],
    ['/sessions', 'No sessions yet', 'Start one on a simulated station'],
    ['/findings', 'No open findings', 'What is checked?'],
    ['/findings?show=muted', 'Nothing is muted', 'Show the problems'],
    ['/traces', 'No action has crossed several parties yet', 'See what runs'],
    ['/simulator', 'No simulated station', 'Add one'],
    ['/simulator/runs', 'No scenario was run yet', 'Choose a scenario'],
    ['/simulator/fleets', 'No fleet', 'Start a fleet'],
    ['/stations', 'No station yet', 'Simulate a station'],
    ['/stations/tokens', 'No token yet', 'Add one'],
    ['/stations/refused', 'Nobody was turned away', 'Connect a station'],
    ['/compose', 'Nobody can be spoken to yet', 'Simulate a station'],
    ['/emp', 'does not run', /Copy/],
    ['/hub', 'does not run', /Copy/],
    ['/pnc', 'does not run', /Copy/],
    ['/everest', 'does not run', /Copy/],
  ] as const)('AC-03 %s says why it is empty and what to do', async (path, says, action) => {
    await world.go(page, path);
    const main = page.locator('main');
    await main.getByText(says).first().waitFor();
    const first = main
      .getByRole('button', { name: action })
      .or(main.getByRole('link', { name: action }))
      .first();
    await first.waitFor();
    await page.waitForTimeout(1_200);
    // Nothing is still awaited.
    await until(async () => (await main.locator('[aria-busy="true"]').count()) === 0);
  });

  it.each(['/logs', '/apis', '/settings', '/settings?tab=journal', '/settings?tab=services'])(
    'AC-03 %s is not empty, and waits for nothing',
    async (path) => {
      await world.go(page, path);
      const main = page.locator('main');
      await until(async () => (await main.innerText()).length > 60);
      await page.waitForTimeout(1_200);
      expect(await main.locator('[aria-busy="true"]').count()).toBe(0);
    },
  );
});
