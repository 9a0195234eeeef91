import { type DemoWorld, type Missing, type SessionRef, type Stage, waitFor } from './demo.ts';

/** Members of the answers that demos read. */
export interface Page<T> {
  readonly items: readonly T[];
}
export interface DemoTransaction {
  readonly station: string;
  readonly transactionId: string;
  readonly state: 'active' | 'ended';
  readonly energyWh?: number;
  readonly idToken?: string;
  readonly stoppedReason?: string;
}
interface SimStation {
  readonly identity: string;
  readonly evses: readonly {
    readonly powerW: number;
    readonly transaction?: { readonly energyWh: number };
    readonly connectors: readonly { readonly id: number; readonly plug: string }[];
  }[];
}

/** The stations of the demos, as the configuration of the simulator has them too. */
const STATIONS = {
  'CS-DEMO-1': { version: '1.6', template: 'ac-22-duo' },
  'CS-DEMO-2': { version: '2.0.1', template: 'ac-22-duo' },
  'CS-DEMO-3': { version: '2.1', template: 'dc-150' },
} as const;
export type DemoStation = keyof typeof STATIONS;

/** Energy that makes a session worth looking at. */
const ENOUGH_WH = 50;

export function act(world: DemoWorld, id: string, action: object): Promise<unknown> {
  return world.call('station', 'POST', `/sim/stations/${id}/actions`, action);
}

function simulated(world: DemoWorld, id: string): Promise<SimStation> {
  return world.call('station', 'GET', `/sim/stations/${id}`) as Promise<SimStation>;
}

/** Stations that somebody charges at: a demo must not disturb them. A station that does not exist yet is no obstacle. */
export async function occupied(world: DemoWorld, ids: readonly DemoStation[]): Promise<Missing[]> {
  const { items } = (await world.call('station', 'GET', '/sim/stations?limit=500')) as Page<SimStation>;
  return items
    .filter(({ identity }) => (ids as readonly string[]).includes(identity))
    .filter(({ evses }) => evses.some((evse) => evse.connectors.some(({ plug }) => plug !== 'empty')))
    .map(({ identity }) => ({
      kind: 'state' as const,
      name: identity,
      text: `A car is plugged in at ${identity}, which this demo needs free.`,
      hint: `Unplug it on the page of the simulator: /simulator/${identity}.`,
    }));
}

/** Waits until the stations are accepted by the CSMS; makes those that are not there. */
export async function onStage(world: DemoWorld, stage: Stage, ids: readonly DemoStation[]): Promise<void> {
  const { items } = (await world.call('station', 'GET', '/sim/stations?limit=500')) as Page<SimStation>;
  for (const id of ids) {
    if (items.some(({ identity }) => identity === id)) continue;
    stage.tell(id, `There is no ${id} yet: it is made.`);
    await world.call('station', 'POST', '/sim/stations', { identity: id, ...STATIONS[id] });
  }
  for (const id of ids) {
    await waitFor(
      world,
      `${id} accepted`,
      () => bootStatus(world, id),
      (status) => status === 'Accepted',
    );
  }
}

/** Nobody is left plugged in, and the stations behave again. What cannot be put back is as it was. */
export async function leaveFree(world: DemoWorld, ids: readonly DemoStation[]): Promise<void> {
  for (const id of ids) {
    for (const type of ['clear-faults', 'unplug']) await act(world, id, { type }).catch(() => undefined);
  }
}

export async function bootStatus(world: DemoWorld, id: string): Promise<string> {
  const { items } = (await world.call('csms', 'GET', '/stations?limit=500')) as Page<{
    readonly id: string;
    readonly boot: string;
  }>;
  return items.find((station) => station.id === id)?.boot ?? 'not connected';
}

/** The latest transaction of a station, so that an earlier one is not taken for this demo's. */
export async function newest(world: DemoWorld, id: string): Promise<string | undefined> {
  return (await transactions(world, id)).at(0)?.transactionId;
}

export async function transactions(world: DemoWorld, id: string): Promise<readonly DemoTransaction[]> {
  return ((await world.call('csms', 'GET', `/stations/${id}/transactions?limit=10`)) as Page<DemoTransaction>).items;
}

/** Waits until a new transaction has begun, and tells whose session it is. */
export async function started(
  world: DemoWorld,
  stage: Stage,
  id: string,
  before: string | undefined,
): Promise<DemoTransaction> {
  const transaction = await latest(world, id, 'a transaction', before, () => true);
  stage.session(refOf(transaction));
  return transaction;
}

/** Waits until the new transaction has put some energy into the car. */
export async function charged(
  world: DemoWorld,
  stage: Stage,
  id: string,
  before: string | undefined,
): Promise<DemoTransaction> {
  const transaction = await started(world, stage, id, before);
  // The station knows at every moment; the CSMS hears it at the station's interval.
  const { evses } = await waitFor(
    world,
    `energy in the car at ${id}`,
    () => simulated(world, id),
    (seen) => seen.evses.some((evse) => (evse.transaction?.energyWh ?? 0) >= ENOUGH_WH),
  );
  const energyWh = Math.max(...evses.map((evse) => evse.transaction?.energyWh ?? 0));
  const powerKw = evses.reduce((sum, evse) => sum + evse.powerW, 0) / 1000;
  stage.tell(id, `Charging: ${energyWh} Wh so far, ${powerKw.toFixed(1)} kW.`);
  return transaction;
}

/** Waits until the CSMS has heard of that energy. */
export async function heard(world: DemoWorld, id: string, before: string | undefined): Promise<void> {
  await latest(world, id, 'energy at the CSMS', before, ({ energyWh = 0 }) => energyWh >= ENOUGH_WH);
}

export async function ended(
  world: DemoWorld,
  stage: Stage,
  id: string,
  before: string | undefined,
): Promise<DemoTransaction> {
  const transaction = await latest(world, id, 'the end of the transaction', before, ({ state }) => state === 'ended');
  const { energyWh, stoppedReason } = transaction;
  stage.tell(id, `Ended (${stoppedReason ?? 'no reason given'}): ${energyWh ?? 0} Wh.`);
  return transaction;
}

function refOf({ station, transactionId }: DemoTransaction): SessionRef {
  return { station, transactionId };
}

async function latest(
  world: DemoWorld,
  id: string,
  what: string,
  before: string | undefined,
  holds: (transaction: DemoTransaction) => boolean,
): Promise<DemoTransaction> {
  const fits = (transaction: DemoTransaction | undefined): transaction is DemoTransaction =>
    transaction !== undefined && transaction.transactionId !== before && holds(transaction);
  const found = await waitFor(world, `${what} at ${id}`, async () => (await transactions(world, id)).at(0), fits);
  if (!fits(found)) throw new Error('waitFor returned what does not fit');
  return found;
}
