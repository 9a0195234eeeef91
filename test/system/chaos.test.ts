import { afterAll, expect, it } from 'vitest';
import { Random } from '../../src/core/random.ts';
import { HubLoad } from './chaos/hub-load.ts';
import type { Load } from './chaos/load.ts';
import { OcppLoad } from './chaos/ocpp-load.ts';
import { RestLoad } from './chaos/rest-load.ts';
import { SimulatorLoad } from './chaos/simulator-load.ts';
import { ChaosWorld, SERVICES, type Service } from './chaos/world.ts';
import { sleep } from './service-process.ts';

/**
 * All services under load; at seeded moments one of them is killed with SIGKILL and started again. Nothing that was
 * acknowledged may be missing afterwards, and nothing may stand twice with who received it. `npm run chaos`: 50 kills.
 */

const KILLS = Number(process.env['CHAOS_KILLS'] ?? 3);
const seed = process.env['CHAOS_SEED'] ?? 'chaos-1';
const random = new Random(seed);
/** A kill with its restart takes some seconds on a slow machine. */
const LIMIT_MS = 300_000 + KILLS * 20_000;

let world: ChaosWorld | undefined;
afterAll(() => world?.remove());

/** Each service about as often as the others, in no order that anybody could rely on. */
function victims(): Service[] {
  const left: Service[] = [];
  return Array.from({ length: KILLS }, () => {
    if (left.length === 0) left.push(...SERVICES);
    return left.splice(random.int(0, left.length - 1), 1)[0] ?? 'csms';
  });
}

it(`kill -9 of any service, ${KILLS} times, loses nothing acknowledged and doubles nothing (seed ${seed})`, {
  timeout: LIMIT_MS,
}, async () => {
  const here = await ChaosWorld.start((ports) => ({
    ...Object.fromEntries(SERVICES.map((service) => [service, { port: ports[service] }])),
    telemetry: 'off',
    csms: { port: ports.csms, oicp: { retry: { firstMs: 200, maxMs: 2_000 } } },
    hub: { port: ports.hub, cdrForwarding: { firstMs: 200, maxMs: 2_000, attempts: 1_000 } },
    everest: { port: ports.everest, broker: { look: false, embeddedPort: ports.broker } },
    station: { port: ports.station, stations: [] },
  }));
  world = here;
  const loads: Load[] = [new OcppLoad(16), new HubLoad(2), new RestLoad(), new SimulatorLoad(6)];
  const running = loads.map((load) => load.run(here));
  // A load that breaks must not go unheard while the kills go on.
  const broken = Promise.all(running).then(() => {});
  broken.catch(() => {});
  const kills = new Map<Service, number>();
  for (const service of victims()) {
    await Promise.race([sleep(random.int(300, 1_500)), broken]);
    await here.kill(service);
    kills.set(service, (kills.get(service) ?? 0) + 1);
  }
  await sleep(1_000);
  here.running = false;
  await broken;

  const rows: { load: string; checked: number; lost: number; doubled: number }[] = [];
  const faults: string[] = [];
  for (const load of loads) {
    const { checked, lost, doubled } = await load.verify(here);
    rows.push({ load: load.name, checked, lost: lost.length, doubled: doubled.length });
    faults.push(...lost.map((text) => `lost: ${text}`), ...doubled.map((text) => `doubled: ${text}`));
    expect(checked).toBeGreaterThan(0);
  }
  const killed = SERVICES.map((service) => `${service} ${kills.get(service) ?? 0}`).join(', ');
  console.log(`chaos: ${KILLS} kills (${killed}), seed ${seed}`);
  for (const { load, checked, lost, doubled } of rows)
    console.log(`chaos: ${load}: ${checked} acknowledgements checked, ${lost} lost, ${doubled} doubled`);
  expect(faults.slice(0, 20)).toEqual([]);
});
