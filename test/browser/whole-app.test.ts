import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startWholeWorld, until, type World } from './world.ts';

/** What holds on every page of the whole world. */

let world: World;
beforeAll(async () => {
  world = await startWholeWorld();
  await world.act('CS-DEMO-1', {
    type: 'send-text',
    text: '[2,"bad-1","StatusNotification",{"connectorId":1,"errorCode":"NoSuchError"}]',
  });
  await until(async () => (await world.api('/findings')).items.length > 0);
});
afterAll(async () => {
  await world.stop();
});

const PAGES = [
  '/',
  '/traffic',
  '/m/1',
  '/sequence',
  '/sessions',
  '/findings',
  '/findings?show=rules',
  '/traces',
  '/logs',
  '/compose',
  '/simulator',
  '/simulator/scenarios',
  '/stations',
  '/stations/tokens',
  '/stations/CS-DEMO-2',
  '/stations/CS-DEMO-2/certificates',
  '/emp',
  '/hub',
  '/pnc',
  '/everest',
  '/apis',
  '/settings',
  '/settings?tab=journal',
  '/settings?tab=about',
];
const FORBIDDEN = /.{0,30}\b(certified|compliant)\b.{0,20}/gi;

describe('the words', () => {
  it('AC-51 no page and no export calls anything certified or compliant', async () => {
    const page = await world.page();
    const wrong: string[] = [];
    const look = (where: string, text: string): void => {
      expect(text.length, where).toBeGreaterThan(40);
      for (const [words] of text.matchAll(FORBIDDEN)) wrong.push(`${where}: ${words}`);
    };
    for (const path of PAGES) {
      await world.go(page, path);
      await page.locator('main').waitFor();
      await page.waitForTimeout(300);
      look(path, (await page.locator('body').textContent()) ?? '');
      // What stands behind tabs is read too.
      for (const tab of await page.getByRole('main').getByRole('tab').all()) {
        await tab.click();
        await page.waitForTimeout(100);
        look(`${path} ${await tab.textContent()}`, (await page.locator('body').textContent()) ?? '');
      }
    }
    for (const format of ['jsonl', 'oot', 'har'])
      look(format, await (await fetch(`${world.url}/api/v1/journal/export?format=${format}`)).text());
    look('findings', await (await fetch(`${world.url}/api/v1/findings?limit=500`)).text());
    look('rules', await (await fetch(`${world.url}/api/v1/rules`)).text());
    expect(wrong).toEqual([]);
    await page.context().close();
  }, 120_000);
});

describe('how it looks to those who look differently', () => {
  it('AC-55 with reduced motion nothing moves by itself', async () => {
    const page = await world.open('/', { reducedMotion: 'reduce' });
    for (const path of PAGES) {
      await world.go(page, path);
      await page.locator('main').waitFor();
      await page.waitForTimeout(200);
      const running = await page.evaluate(() =>
        document
          .getAnimations()
          .filter((each) => each.playState === 'running')
          .map((each) => ((each.effect as KeyframeEffect | null)?.target as Element | null)?.className ?? 'unknown'),
      );
      // SVG has animations of its own.
      const moving = await page.locator('animate, animateMotion, animateTransform').count();
      expect([path, running, moving]).toEqual([path, [], 0]);
    }
    await page.context().close();
  }, 60_000);

  it.each(['forced colours', 'grey'])(
    'AC-55 in %s protocol and severity are still text that can be seen',
    async (how) => {
      const page = await world.open('/traffic?q=id:bad-1', how === 'grey' ? {} : { forcedColors: 'active' });
      if (how === 'grey') await page.addStyleTag({ content: 'html { filter: grayscale(1) }' });
      const row = page.getByTestId('row').first();
      await row.getByText('OCPP 1.6').waitFor();
      await world.go(page, '/findings');
      const severity = page
        .locator('main')
        .getByText(/^errors?$|^error\b/i)
        .first();
      await severity.waitFor();
      // Not by colour alone, and not in the colour of what is behind it.
      const [ink, paper] = await severity.evaluate((element) => {
        let behind: Element | null = element;
        while (behind !== null && /rgba\(0, 0, 0, 0\)|transparent/.test(getComputedStyle(behind).backgroundColor))
          behind = behind.parentElement;
        return [getComputedStyle(element).color, getComputedStyle(behind ?? document.body).backgroundColor];
      });
      expect(ink).not.toBe(paper);
      const seq = (await world.api('/messages?q=id:bad-1')).items[0].s;
      await world.go(page, `/m/${seq}`);
      const mark = page.getByTestId('finding-mark').first();
      await mark.waitFor();
      expect(await mark.getAttribute('aria-label')).toMatch(/^error/);
      expect(await mark.locator('svg').count()).toBeGreaterThan(0);
      await page.context().close();
    },
  );
});
