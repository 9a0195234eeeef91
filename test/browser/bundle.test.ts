import { describe, expect, it } from 'vitest';

/** What the browser has to load, compressed. */

interface Part {
  readonly what: string;
  readonly scriptKB: number;
  readonly styleKB: number;
}

/** Hard limits of script that a page or a part may add to the start. */
const LIMITS: Readonly<Record<string, number>> = {
  'traffic-page': 46,
  'home-page': 75,
  'compose-page': 138,
  'json-editor': 201,
  'series-chart': 29,
  'emp-page': 57,
};

describe('the build', () => {
  it('AC-56 stays within its limits: the start, every page that is loaded later, and all of it together', async () => {
    const { bundleReport } = (await import(new URL('../../bench/ui/bundle.mjs', import.meta.url).href)) as {
      bundleReport(): readonly Part[];
    };
    const parts = new Map(bundleReport().map((part) => [part.what, part]));
    const start = parts.get('start');
    expect(start?.scriptKB).toBeGreaterThan(50);
    expect(start?.scriptKB).toBeLessThan(280);
    expect(start?.styleKB).toBeLessThan(40);
    for (const [what, limitKB] of Object.entries(LIMITS)) {
      expect(parts.get(what)?.scriptKB, what).toBeGreaterThan(1);
      expect(parts.get(what)?.scriptKB, what).toBeLessThan(limitKB);
    }
    for (const { what, scriptKB } of parts.values())
      if (!['start', 'everything'].includes(what)) expect(scriptKB, what).toBeLessThan(LIMITS[what] ?? 60);
    expect(parts.get('everything')?.scriptKB).toBeLessThan(900);
  });
});
