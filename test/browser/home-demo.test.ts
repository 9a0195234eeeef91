import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startWholeWorld, until, type World } from './world.ts';

/** The first minute: a demo from the empty home page, what it tells, and the broken session. */

let world: World;
beforeAll(async () => {
  world = await startWholeWorld();
});
afterAll(async () => {
  await world.stop();
});

interface Run {
  readonly id: string;
  readonly state: string;
  readonly sessions: readonly string[];
  readonly result: {
    readonly messages: number;
    readonly parties: readonly string[];
    readonly others: readonly object[];
  };
}

describe('a demo session', () => {
  it('AC-02 is run from an empty home, watched live, and explained when it has ended', async () => {
    const before = new Set((await world.api('/sessions?limit=100')).items.map((each: { id: string }) => each.id));
    const page = await world.open('/');
    const link = page.locator('[data-testid="edge"][data-edge="hub-csms"], [data-testid="edge"][data-edge="csms-hub"]');
    const states = recordStates(page);
    await page.getByTestId('demo-run').click();
    await page.locator('[data-testid="demo-strip"][data-state="running"]').waitFor();
    expect(await page.getByTestId('demo-step').count()).toBe(5);
    // The hop between operator and hub says what passes.
    await link
      .getByText(/AuthorizeRemoteStart|ChargingNotifications|ChargeDetailRecord|AuthorizeRemoteStop/)
      .first()
      .waitFor();
    await page.locator('[data-testid="demo-strip"][data-state="done"]').waitFor({ timeout: 55_000 });
    expect(await page.locator('[data-testid="demo-step"][data-state="done"]').count()).toBe(5);
    // Done in their order: none was done before the one in front of it.
    const seen = await states();
    expect(seen.length).toBeGreaterThan(2);
    for (const state of seen) expect(state).toMatch(/^(done )*((active|pending) )?(pending )*$/);

    const run: Run = (await world.api('/demo/runs')).items[0];
    expect(run.result.others).toEqual([]);
    expect(run.sessions).toHaveLength(1);
    const result = page.getByTestId('demo-result');
    const told = (await result.innerText()).replace(/[  ]/g, ' ');
    expect(told).toContain(`${run.result.messages} messages`);
    expect(told).toContain(`${run.result.parties.length} parties`);
    expect(told).toContain('1 session, 0 findings');
    await result.getByText('The bill equals the meter.').waitFor();
    expect(run.result.parties).toEqual(expect.arrayContaining(['CS-DEMO-2', 'csms', 'emp', 'hub']));

    const made = (await world.api('/sessions?limit=100')).items.filter((each: { id: string }) => !before.has(each.id));
    expect(made).toHaveLength(1);
    expect(made[0]).toMatchObject({ id: run.sessions[0], state: 'settled', kind: 'remote' });
    expect(made[0].steps.map((step: { state: string }) => step.state)).toEqual(Array(6).fill('done'));

    // What happened, in sentences.
    const story = page.getByRole('list', { name: /sentence by sentence/ });
    expect(await story.getByRole('listitem').count()).toBeGreaterThanOrEqual(5);
    await story.getByText('The record has arrived').waitFor();

    await page.getByRole('link', { name: 'See the story' }).click();
    await page.waitForURL(new RegExp(`/sessions/${run.sessions[0]}\\?show=sequence`));
    await page.getByTestId('seq-svg').waitFor();
    await until(async () => (await page.getByTestId('seq-arrow').count()) > 10);
    await page.context().close();
  });
});

/** Each change of the states of the steps, as words in their order. */
function recordStates(page: import('playwright-core').Page): () => Promise<string[]> {
  void page.evaluate(() => {
    const seen: string[] = [];
    (window as unknown as { seen: string[] }).seen = seen;
    new MutationObserver(() => {
      const now = [...document.querySelectorAll<HTMLElement>('[data-testid="demo-step"]')]
        .map((step) => `${step.dataset['state']} `)
        .join('');
      if (now !== '' && seen.at(-1) !== now) seen.push(now);
    }).observe(document.body, { subtree: true, childList: true, attributes: true, attributeFilter: ['data-state'] });
  });
  return () => page.evaluate(() => (window as unknown as { seen: string[] }).seen);
}
