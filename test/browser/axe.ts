import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';
import type { World } from './world.ts';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

interface AxeResult {
  readonly violations: readonly {
    readonly id: string;
    readonly impact: string;
    readonly nodes: readonly { readonly target: readonly string[]; readonly failureSummary?: string }[];
  }[];
}

/** Density changes sizes and distances alone: these rules may find another thing then, all others cannot. */
const SIZES = ['color-contrast', 'scrollable-region-focusable'];
const RUNS = {
  compact: { resultTypes: ['violations'] },
  comfortable: { resultTypes: ['violations'], runOnly: { type: 'rule', values: SIZES } },
};

/** What axe calls serious or critical on a page that was opened with `bypassCSP`, in both densities. */
export async function seriousFindings(page: Page): Promise<string[]> {
  await page.addScriptTag({ content: axe });
  const found: string[] = [];
  for (const [density, options] of Object.entries(RUNS)) {
    await page.evaluate((name) => document.documentElement.setAttribute('data-density', name), density);
    const { violations } = (await page.evaluate(`axe.run(document, ${JSON.stringify(options)})`)) as AxeResult;
    for (const { id, impact, nodes } of violations) {
      if (impact !== 'serious' && impact !== 'critical') continue;
      const where = nodes.slice(0, 3).map((node) => node.target.join(' '));
      found.push(`${density}: ${id}: ${where.join(' | ')}`);
    }
  }
  return found;
}

/** What is wrong with pages, wide and on a phone: serious findings of axe, and pages that scroll sideways. */
export async function pageFaults(
  world: World,
  paths: readonly string[],
  colorScheme: 'light' | 'dark',
): Promise<string[]> {
  const wrong: string[] = [];
  for (const viewport of [
    { width: 1440, height: 900 },
    { width: 390, height: 844 },
  ]) {
    const page = await world.page({ colorScheme, viewport, reducedMotion: 'reduce', bypassCSP: true });
    for (const path of paths) {
      await world.go(page, path);
      await page.waitForTimeout(300);
      for (const finding of await seriousFindings(page)) wrong.push(`${path} ${viewport.width}: ${finding}`);
      const sideways = await page.locator('main').evaluate((main) => main.scrollWidth - main.clientWidth);
      if (sideways > 0) wrong.push(`${path} ${viewport.width}: scrolls sideways by ${sideways} px`);
    }
    await page.context().close();
  }
  return wrong;
}
