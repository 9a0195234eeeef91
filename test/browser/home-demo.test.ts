import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seriousFindings } from './axe.ts';
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
    const told = ((await result.textContent()) ?? '').replace(/[  ]/g, ' ');
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

describe('a broken session', () => {
  it('AC-04 shows the four planted faults and no other, and leads to the line that is wrong', async () => {
    const page = await world.open('/');
    expect(await page.getByTestId('findings-badge').count()).toBe(0);
    await page.getByRole('button', { name: 'Choose a demo' }).click();
    await page.getByRole('menuitem', { name: /A broken session/ }).click();
    await page
      .locator('[data-testid="demo-strip"][data-demo="broken"][data-state="done"]')
      .waitFor({ timeout: 55_000 });
    expect(await page.locator('[data-testid="planted"][data-found="true"]').count()).toBe(4);
    expect(await page.locator('[data-testid="planted"][data-found="false"]').count()).toBe(0);
    await page.getByTestId('demo-result').getByText('0 findings beside the planted ones').waitFor();
    await page.locator('[data-testid="findings-badge"]', { hasText: /^4$/ }).waitFor();

    const planted = ['OCPP2-TX-018', 'OCPP2-TX-027', 'OCPPJ-RPC-009', 'OCPPJ-RPC-021'];
    const { items } = await world.api('/findings?limit=100');
    expect(items.map((finding: { rule: string }) => finding.rule).sort()).toEqual(planted);
    const told = await page.getByTestId('planted').locator('code').allInnerTexts();
    expect(told.sort()).toEqual(planted);

    await page.getByTestId('planted').getByRole('link').first().click();
    const line = page.locator('.json-line.flash');
    await line.waitFor();
    expect(await line.getAttribute('data-pointer')).toBe('/status');
    expect(await line.textContent()).toContain('OK');
    // Nobody may take it for a defect of the station.
    await page.getByTestId('message-note').getByText('Planted by the demo “A broken session”').waitFor();
    await page.context().close();
  });
});

describe('the first minute without a pointer', () => {
  it('AC-54 is reached by keys alone, and the focus is never lost', async () => {
    const page = await world.open('/');
    const focus = (): Promise<string> =>
      page.evaluate(() => `${document.activeElement?.tagName} ${document.activeElement?.textContent}`);
    const at = async (): Promise<string> => {
      const seen = await focus();
      expect(seen).not.toMatch(/^(BODY|null|undefined)/);
      return seen;
    };
    const tabTo = async (name: RegExp): Promise<void> => {
      for (let presses = 0; presses < 60; presses++) {
        await page.keyboard.press('Tab');
        if (name.test(await at())) return;
      }
      throw new Error(`${name} was not reached by Tab`);
    };
    const ends = page.locator('[data-testid="demo-strip"][data-demo="remote-start"][data-state="done"]');
    if ((await page.getByTestId('demo-strip').count()) > 0) {
      await tabTo(/^BUTTON Close/);
      await page.keyboard.press('Enter');
      await page.getByTestId('demo-strip').waitFor({ state: 'detached' });
      await at();
    }
    await page.locator('h1').focus();
    await tabTo(/^BUTTON Run a demo session/);
    await page.keyboard.press('Enter');
    await page.locator('[data-testid="demo-strip"][data-state="running"]').waitFor();
    await at();
    await ends.waitFor({ timeout: 55_000 });
    expect(await at()).toContain('Run a demo session');
    // A hint goes away by its own button, and leaves the focus on the page.
    const hint = page.getByTestId('hint');
    await hint.waitFor();
    const shown = await hint.getAttribute('data-hint');
    await page.keyboard.press('Escape');
    await until(async () => (await page.locator(`[data-hint="${shown}"]`).count()) === 0);
    await at();

    await tabTo(/^A See the story/);
    await page.keyboard.press('Enter');
    await page.waitForURL(/show=sequence/);
    await page.getByTestId('seq-arrow').first().waitFor();
    await at();
    await page.keyboard.press('g');
    await page.keyboard.press('h');
    await page.waitForURL((url) => url.pathname === '/');
    await ends.waitFor();
    await at();
    await tabTo(/^BUTTON Now a broken one/);
    await page.keyboard.press('Enter');
    await page.locator('[data-testid="demo-strip"][data-state="running"]').waitFor();
    await at();
    await page.getByTestId('planted').nth(3).waitFor({ timeout: 55_000 });
    await at();
    await tabTo(/^A ✓ An enum value/);
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/m\/\d+\?ptr=/);
    await page.locator('.json-line.flash').waitFor();
    await until(async () => (await focus()).includes('OK'));
    await page.context().close();
  });
});

describe('what a demo leaves on the page', () => {
  it.each(['light', 'dark'] as const)('AC-53 has no serious axe finding, %s, wide and narrow', async (colorScheme) => {
    for (const viewport of [
      { width: 1440, height: 900 },
      { width: 390, height: 844 },
    ]) {
      const page = await world.open('/', { colorScheme, viewport, reducedMotion: 'reduce', bypassCSP: true });
      await page.getByTestId('planted').first().waitFor();
      await page.getByTestId('hint').waitFor();
      expect(await seriousFindings(page)).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(viewport.width);
      await page.context().close();
    }
    expect(world.complaints).toEqual([]);
  });

  it('a hint that was dismissed stays away; one that was put off comes back', async () => {
    const page = await world.open('/');
    const hint = page.getByTestId('hint');
    await hint.waitFor();
    expect(await hint.count()).toBe(1);
    const first = await hint.getAttribute('data-hint');
    await page.keyboard.press('Escape');
    await page.locator(`[data-hint="${first}"]`).waitFor({ state: 'detached' });
    await page.reload();
    await page.locator(`[data-hint="${first}"]`).getByRole('button').click();
    await page.locator(`[data-hint="${first}"]`).waitFor({ state: 'detached' });
    await page.reload();
    await page.getByTestId('demo-run').waitFor();
    await page.getByTestId('planted').first().waitFor();
    expect(await page.locator(`[data-hint="${first}"]`).count()).toBe(0);
    await page.context().close();
  });
});
