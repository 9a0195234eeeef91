import { CompoteError } from '../../core/errors.ts';
import { type DemoWorld, type Missing, type Stage, waitFor } from './demo.ts';
import { act, charged, newest, type Page } from './station-scenes.ts';

interface RoamingSession {
  readonly sessionId: string;
  readonly state: string;
  readonly station: string;
  readonly cdr?: { readonly state: string; readonly record: { readonly ConsumedEnergy: number } };
}
interface ActionResult {
  readonly done: boolean;
  readonly steps: unknown;
  readonly session?: { readonly id: string };
}

/** The driver whom the EMP of the demo world knows. */
export const CONTRACT = 'DE-DCB-C12345678-X';

/** The EMP must know the driver. */
export async function withoutDriver(world: DemoWorld): Promise<Missing[]> {
  const contracts = (await world.call('emp', 'GET', '/emp/contracts?limit=1000')) as Page<object>;
  if (JSON.stringify(contracts).includes(CONTRACT)) return [];
  return [
    {
      kind: 'setting',
      name: 'emp.demoData',
      text: `The EMP does not know the contract ${CONTRACT} of the demo’s driver.`,
      hint: 'Start the EMP with `emp.demoData: true`, or make that contract on the page of the EMP.',
    },
  ];
}

/** Waits until the operator has pushed its EVSEs to the hub. */
export async function atTheHub(world: DemoWorld, stations: readonly string[]): Promise<void> {
  for (const id of stations) {
    const evseId = await evseIdOf(world, id);
    await waitFor(
      world,
      `data and status of ${evseId} at the hub`,
      async () => (await world.call('hub', 'GET', '/hub/statuses?limit=1000')) as Page<object>,
      ({ items }) => JSON.stringify(items).includes(evseId),
    );
  }
}

/** What the EMP does through the hub, and its session. @throws when the hub or the operator refuses */
export async function byEmp(world: DemoWorld, wish: object): Promise<{ readonly sessionId?: string }> {
  const { done, session, steps } = (await world.call('emp', 'POST', '/emp/actions', wish)) as ActionResult;
  if (!done) {
    throw new CompoteError('CONFLICT', {
      detail: `the EMP could not do ${JSON.stringify(wish)}: ${JSON.stringify(steps)}`,
    });
  }
  return session === undefined ? {} : { sessionId: session.id };
}

/** The EMP starts at a station where a car is plugged in; `charge` waits until energy flows. */
export async function startedByEmp(
  world: DemoWorld,
  stage: Stage,
  station: string,
): Promise<{ readonly sessionId: string; charge(): Promise<void> }> {
  const before = await newest(world, station);
  const evseId = await evseIdOf(world, station);
  stage.tell('emp', `Ada starts ${evseId} in the app of her provider.`);
  const { sessionId = '' } = await byEmp(world, { action: 'start', evseId, evcoId: CONTRACT });
  stage.session({ sessionId });
  return {
    sessionId,
    charge: async () => {
      await charged(world, stage, station, before);
    },
  };
}

/** A car is plugged in, and the whole way up to the hub knows. */
export async function plugged(world: DemoWorld, stage: Stage, station: string, version: string): Promise<void> {
  stage.tell(station, `A car is plugged in (OCPP ${version}).`);
  await act(world, station, { type: 'plug' });
  const evseId = await evseIdOf(world, station);
  await waitFor(
    world,
    `${evseId} Occupied`,
    async () => (await world.call('csms', 'GET', `/evse-map/${encodeURIComponent(evseId)}`)) as { status?: string },
    (entry) => entry.status === 'Occupied',
  );
}

/** Waits until the record of a session is at the EMP. */
export async function settled(world: DemoWorld, stage: Stage, sessionId: string): Promise<void> {
  await waitFor(
    world,
    `the record of ${sessionId} at the EMP`,
    async () => JSON.stringify(await world.call('emp', 'GET', '/emp/cdrs')),
    (cdrs) => cdrs.includes(sessionId),
  );
  const { cdr } = await waitFor(
    world,
    `the record of ${sessionId} accepted`,
    async () => (await world.call('csms', 'GET', `/roaming/sessions/${sessionId}`)) as RoamingSession,
    (session) => session.cdr?.state === 'accepted',
  );
  stage.tell('emp', `The record has arrived: ${cdr?.record.ConsumedEnergy ?? 0} kWh, session ${sessionId}.`);
}

/** The roaming session that charges at a station. */
export async function sessionAt(world: DemoWorld, station: string): Promise<string> {
  const { items } = (await world.call('csms', 'GET', '/roaming/sessions?state=charging')) as Page<RoamingSession>;
  return items.find((session) => session.station === station)?.sessionId ?? '';
}

export async function evseIdOf(world: DemoWorld, station: string): Promise<string> {
  const { items } = await waitFor(
    world,
    `the EVSE id of ${station}`,
    async () =>
      (await world.call('csms', 'GET', `/evse-map?station=${station}`)) as Page<{ evse: number; evseId: string }>,
    (page) => page.items.some(({ evse }) => evse === 1),
  );
  return items.find(({ evse }) => evse === 1)?.evseId ?? '';
}
