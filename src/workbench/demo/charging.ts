import { type Demo, type DemoWorld, type Narrator, waitFor } from './demo.ts';

/** Members of the answers that this demo reads. */
interface Page<T> {
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
  readonly evses: readonly { readonly powerW: number }[];
}

const STEP_LIMIT_MS = 10_000;
/** Cards by the UID that a reader sees: 7 bytes, as ISO/IEC 14443 has them. */
const CARD = {
  alice: '04D3A1C0FFEE01',
  bob: '04D3A1C0FFEE02',
  carol: '04D3A1C0FFEE03',
  stolen: '04D3A1C0FFEE0B',
} as const;

/** A 1.6, a 2.0.1 and a 2.1 station charge: by card, by remote start, and after a card was refused. */
export const charging: Demo = {
  name: 'charging',
  summary: 'a 1.6, a 2.0.1 and a 2.1 station charge: card, remote start, a refused card',
  services: ['csms', 'station'],
  shows: { csms: '' },
  async run(world, tell) {
    for (const [name, idToken] of Object.entries(CARD)) {
      const status = name === 'stolen' ? 'Blocked' : 'Accepted';
      await world.call('csms', 'PUT', `/tokens/${idToken}`, {
        idToken,
        type: 'ISO14443',
        status,
        note: `Demo: ${name}`,
      });
    }
    for (const id of ['CS-DEMO-1', 'CS-DEMO-2', 'CS-DEMO-3']) {
      await waitFor(
        world,
        `${id} accepted`,
        STEP_LIMIT_MS,
        () => bootStatus(world, id),
        (status) => status === 'Accepted',
      );
    }
    await Promise.all([byCard(world, tell), byRemoteStart(world, tell), afterRefusedCard(world, tell)]);
  },
};

async function byCard(world: DemoWorld, tell: Narrator): Promise<void> {
  const id = 'CS-DEMO-1';
  const before = await newest(world, id);
  tell(id, 'A car is plugged in (OCPP 1.6).');
  await act(world, id, { type: 'plug' });
  tell(id, 'Alice shows her card.');
  await act(world, id, { type: 'swipe', token: CARD.alice });
  await charged(world, id, before, tell);
  tell(id, 'Alice shows the card again to stop.');
  await act(world, id, { type: 'swipe', token: CARD.alice });
  await ended(world, id, before, tell);
  await act(world, id, { type: 'unplug' });
}

async function byRemoteStart(world: DemoWorld, tell: Narrator): Promise<void> {
  const id = 'CS-DEMO-2';
  const before = await newest(world, id);
  tell(id, 'A car is plugged in (OCPP 2.0.1).');
  await act(world, id, { type: 'plug' });
  tell(id, 'The operator starts remotely for Bob.');
  await world.call('csms', 'POST', `/stations/${id}/commands/start`, { idToken: CARD.bob, evse: 1 });
  const running = await charged(world, id, before, tell);
  tell(id, 'The operator stops it remotely.');
  await world.call('csms', 'POST', `/stations/${id}/commands/stop`, { transactionId: running.transactionId });
  await ended(world, id, before, tell);
  await act(world, id, { type: 'unplug' });
}

async function afterRefusedCard(world: DemoWorld, tell: Narrator): Promise<void> {
  const id = 'CS-DEMO-3';
  const before = await newest(world, id);
  tell(id, 'A car is plugged in (OCPP 2.1).');
  await act(world, id, { type: 'plug' });
  tell(id, 'A stolen card is shown: it must be refused.');
  await act(world, id, { type: 'swipe', token: CARD.stolen });
  const q = new URLSearchParams({
    q: `station:${id} action:Authorize res.idTokenInfo.status:Blocked`,
    entity: 'exchanges',
  });
  await waitFor(
    world,
    'the refusal',
    STEP_LIMIT_MS,
    async () => (await world.call('csms', 'GET', `/messages?${q}`)) as Page<unknown>,
    ({ items }) => items.length > 0,
  );
  tell(id, 'Refused, and nothing was started. Carol shows hers.');
  await act(world, id, { type: 'swipe', token: CARD.carol });
  await charged(world, id, before, tell);
  tell(id, 'Carol shows her card again to stop.');
  await act(world, id, { type: 'swipe', token: CARD.carol });
  await ended(world, id, before, tell);
  await act(world, id, { type: 'unplug' });
}

export function act(world: DemoWorld, id: string, action: object): Promise<unknown> {
  return world.call('station', 'POST', `/sim/stations/${id}/actions`, action);
}

export async function bootStatus(world: DemoWorld, id: string): Promise<string> {
  const { items } = (await world.call('csms', 'GET', '/stations')) as Page<{
    readonly id: string;
    readonly boot: string;
  }>;
  return items.find((station) => station.id === id)?.boot ?? 'not connected';
}

/** The latest transaction of a station, so that an earlier demo's is not taken for this one's. */
export async function newest(world: DemoWorld, id: string): Promise<string | undefined> {
  return (await transactions(world, id)).at(0)?.transactionId;
}

export async function transactions(world: DemoWorld, id: string): Promise<readonly DemoTransaction[]> {
  return ((await world.call('csms', 'GET', `/stations/${id}/transactions?limit=10`)) as Page<DemoTransaction>).items;
}

/** Waits until the new transaction has taken some energy. */
export async function charged(
  world: DemoWorld,
  id: string,
  before: string | undefined,
  tell: Narrator,
): Promise<DemoTransaction> {
  const transaction = await latest(world, id, 'energy in the car', before, ({ energyWh = 0 }) => energyWh >= 50);
  const { evses } = (await world.call('station', 'GET', `/sim/stations/${id}`)) as SimStation;
  const powerKw = evses.reduce((sum, evse) => sum + evse.powerW, 0) / 1000;
  tell(id, `Charging: ${transaction.energyWh} Wh so far, ${powerKw.toFixed(1)} kW.`);
  return transaction;
}

export async function ended(world: DemoWorld, id: string, before: string | undefined, tell: Narrator): Promise<void> {
  const { energyWh, stoppedReason } = await latest(
    world,
    id,
    'the end of the transaction',
    before,
    ({ state }) => state === 'ended',
  );
  tell(id, `Ended (${stoppedReason ?? 'no reason given'}): ${energyWh ?? 0} Wh.`);
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
  const found = await waitFor(
    world,
    `${what} at ${id}`,
    STEP_LIMIT_MS,
    async () => (await transactions(world, id)).at(0),
    fits,
  );
  if (!fits(found)) throw new Error('waitFor returned what does not fit');
  return found;
}
