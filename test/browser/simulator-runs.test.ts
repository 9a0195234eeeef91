import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seriousFindings } from './axe.ts';
import { startWorld, until, type World } from './world.ts';

/** Simulator: scenarios with their variables, runs step by step, fleets in numbers. */

let world: World;
beforeAll(async () => {
  // In real time: a run must be seen while it waits.
  world = await startWorld([], undefined, 'csms,station,workbench', 'system');
});
afterAll(async () => {
  await world.stop();
});

/** Waits for a session that never comes: nobody shows a card. */
const NEVER = {
  name: 'nobody pays',
  description: 'A car is plugged in and nobody shows a card.',
  variables: { patience: 6 },
  steps: [{ do: 'plug', soCPercent: 30 }, { until: 'transaction-started', within: '${patience}' }, { do: 'unplug' }],
};

describe('a scenario', () => {
  it('AC-44 whose wait cannot be met says what it waits for and for how long, then why it failed, with its last message', async () => {
    await world.api('/sim/scenarios/nobody-pays', NEVER, 'PUT');
    const page = await world.open('/simulator/scenarios');
    await page.getByRole('link', { name: 'nobody-pays' }).click();
    await page.getByText('until transaction-started, within ${patience} s').waitFor();
    await page.getByRole('textbox', { name: 'patience' }).fill('4');
    await page.getByRole('button', { name: 'Run it' }).click();
    await page.waitForURL(/\/simulator\/runs\/.+/);
    const waiting = page.locator('[data-testid="run-step"][data-path="2"]').getByTestId('run-waiting');
    await waiting.waitFor();
    const first = await waiting.innerText();
    expect(first).toMatch(/waiting for the event transaction-started: \d of 4 s/);
    // The seconds go on by themselves.
    await until(async () => (await waiting.count()) > 0 && (await waiting.innerText()) !== first, 5_000);
    expect(await page.locator('[data-testid="run-step"][data-state="pending"]').count()).toBe(1);
    expect(await page.locator('[data-testid="detail"] [data-testid="run-state"]').getAttribute('data-state')).toBe(
      'running',
    );

    await page.locator('[data-testid="detail"] [data-testid="run-state"][data-state="failed"]').waitFor();
    const failed = page.locator('[data-testid="run-step"][data-state="failed"]');
    expect(await failed.count()).toBe(1);
    expect(await failed.getAttribute('data-path')).toBe('2');
    expect(await failed.getByTestId('run-reason').innerText()).toContain('transaction-started did not happen in time');
    const last = page.getByTestId('run-last-message');
    await last.waitFor();

    // The message that the journal has as the station's last one before the step had failed.
    const run = (await world.api('/sim/runs')).items[0];
    expect(run).toMatchObject({ state: 'failed', variables: { patience: 4 } });
    const { items } = await world.api(
      `/messages?q=${encodeURIComponent(`station:${run.station}`)}&limit=20&entity=messages`,
    );
    const ended = run.steps.at(-1).endedAt;
    const expected = items.find((row: { t: number }) => row.t <= ended);
    await last.click();
    await page.waitForURL(new RegExp(`/m/${expected.s}$`));
    await page.context().close();
  });

  it('that ships is run, passes step by step, and is kept with its verdict; one’s own is made as text and deleted', async () => {
    const page = await world.open('/simulator/scenarios');
    const rows = page.getByRole('table', { name: 'Scenarios' }).locator('tbody tr');
    await until(async () => (await rows.count()) >= 13);
    await page.getByRole('button', { name: 'New scenario' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Name in the list').fill('quick');
    await dialog.getByLabel('Steps as JSON').fill('{"name":"quick","steps":[{"jump":1}]}');
    await dialog.getByRole('button', { name: 'Save' }).click();
    // What is wrong is said at its place.
    await dialog.getByText('/steps/0').waitFor();
    await dialog.getByLabel('Steps as JSON').fill(
      JSON.stringify({
        name: 'quick',
        variables: { token: '04AA11BB22CC33' },
        steps: [{ do: 'plug' }, { do: 'swipe', token: '${token}' }, { until: 'transaction-started', within: 20 }],
      }),
    );
    await dialog.getByRole('button', { name: 'Save' }).click();
    await page.waitForURL(/\/simulator\/scenarios\/quick$/);
    // Nobody knows the card of the scenario: the CSMS learns it first.
    await page.getByLabel('Our CSMS accepts 04AA11BB22CC33 first').waitFor();
    await page.getByRole('button', { name: 'Run it' }).click();
    await page.locator('[data-testid="detail"] [data-testid="run-state"][data-state="passed"]').waitFor();
    expect(await page.locator('[data-testid="run-step"][data-state="done"]').count()).toBe(4);
    await page.getByText('swipe, token 04AA11BB22CC33').waitFor();
    await page.getByRole('link', { name: 'Its messages' }).click();
    await until(async () => Number(await page.getByTestId('grid').getAttribute('aria-rowcount')) > 2);

    await world.go(page, '/simulator/scenarios/quick');
    await page.getByRole('button', { name: 'Delete' }).click();
    await page.waitForURL(/\/simulator\/scenarios$/);
    await until(async () => !(await rows.allInnerTexts()).some((row) => row.startsWith('quick')));
    await page.context().close();
  });
});

describe('a fleet', () => {
  it('is started, counts itself live, is hit by a storm, and stopped', async () => {
    const page = await world.open('/simulator/fleets');
    await page.getByTestId('empty').getByRole('button', { name: 'Start a fleet' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('How many stations').fill('12');
    await dialog.getByLabel('Drivers').selectOption('idle');
    await dialog.getByRole('button', { name: 'Start it' }).click();
    const fleet = page.getByTestId('fleet');
    const number = (label: string): Promise<string> => fleet.locator(`[data-number="${label}"]`).innerText();
    await until(async () => (await fleet.count()) === 1 && (await number('accepted')) === '12');
    expect(await number('connections refused')).toBe('0');
    await fleet.getByRole('button', { name: 'Storm' }).click();
    await page.getByRole('menuitem', { name: 'All connections cut for 5 s' }).click();
    await until(async () => (await number('connections lost')) === '12');
    await fleet.getByRole('button', { name: 'Stop all' }).click();
    await page.locator('[data-testid="fleet"][data-state="stopped"]').waitFor();
    await fleet.getByRole('button', { name: 'Forget' }).click();
    await page.getByTestId('empty').waitFor();
    await page.context().close();
  });
});

describe('the pages of the simulator', () => {
  it.each(['light', 'dark'] as const)('AC-53 have no serious axe finding, %s, and fit a phone', async (colorScheme) => {
    const { items } = await world.api('/sim/runs');
    const paths = ['/simulator/scenarios/session-by-card', `/simulator/runs/${items[0].id}`, '/simulator/fleets'];
    for (const path of paths) {
      for (const width of [1440, 390]) {
        const viewport = { width, height: 900 };
        const page = await world.open(path, { colorScheme, viewport, reducedMotion: 'reduce', bypassCSP: true });
        await page.locator('[data-testid="detail"], [data-testid="empty"]').first().waitFor();
        expect(await seriousFindings(page), `${path} ${width}`).toEqual([]);
        expect(await page.evaluate(() => document.documentElement.scrollWidth), path).toBeLessThanOrEqual(width);
        await page.context().close();
      }
    }
    expect(world.complaints).toEqual([]);
  });
});
