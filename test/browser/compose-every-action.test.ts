import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { follow } from './by-keys.ts';
import { startWholeWorld, type World } from './world.ts';

let world: World;
beforeAll(async () => {
  world = await startWholeWorld();
});
afterAll(async () => {
  await world.stop();
});

interface Row {
  readonly proto: string;
  readonly ver: string;
  readonly action: string;
  readonly from: string;
  readonly to: string;
}
const STATIONS: Readonly<Record<string, string>> = { '1.6': 'CS-DEMO-1', '2.0.1': 'CS-DEMO-2', '2.1': 'CS-DEMO-3' };

describe('the composer', () => {
  it.each([
    ['1.6', 20],
    ['2.0.1', 50],
    ['2.1', 60],
    ['2.3', 20],
  ] as const)(
    'AC-42 opens every action of %s without a complaint, and its least form fits',
    async (ver, atLeast) => {
      world.complaints.length = 0;
      const every: Row[] = (await world.api(ver === '2.3' ? '/actions?proto=oicp' : '/actions')).items;
      const actions = every.filter((row) => row.ver === ver);
      expect(actions.length).toBeGreaterThan(atLeast);
      const page = await world.open('/compose');
      const wrong: string[] = [];
      for (const { proto, action, from, to } of actions) {
        const station = STATIONS[ver] ?? '';
        const [a, b] = proto === 'oicp' ? [from, to] : from === 'csms' ? ['csms', station] : [station, 'csms'];
        await follow(page, `/compose?from=${a}&to=${b}&action=${action}`);
        const fits = page
          .getByTestId('compose-verdict')
          .getByText(`✓ fits ${action} of ${proto === 'oicp' ? 'OICP' : 'OCPP'} ${ver}`, { exact: true });
        await fits.waitFor().catch(async () => {
          wrong.push(`${action} ${a} to ${b}: ${await page.getByTestId('compose-verdict').innerText()}`);
        });
        if ((await page.getByTestId('composer-send').isDisabled()) === true) wrong.push(`${action}: cannot be sent`);
        if (wrong.length > 3) break;
      }
      expect(wrong).toEqual([]);
      expect(world.complaints).toEqual([]);
      await page.context().close();
    },
    300_000,
  );
});
