import { act, type DemoTransaction, transactions } from './charging.ts';
import { type Demo, type DemoWorld, type Narrator, waitFor } from './demo.ts';

/** Members of the answers that this demo reads. */
interface Page<T> {
  readonly items: readonly T[];
}
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
interface Waiting {
  readonly operation: string;
  readonly attempts: number;
}

const STEP_LIMIT_MS = 20_000;
/** Of the driver whom the EMP of the demo knows, and of the one whose contract is locked. */
const CARD = '044A2DAA856280';
const LOCKED_CARD = '04B7C2A1905080';
const CONTRACT = 'DE-DCB-C12345678-X';
const LOCAL_CARD = '04A1B2C3';
const OCPP_16 = 'CS-DEMO-1';
const OCPP_201 = 'CS-DEMO-2';

/** Station, CSMS, hub and EMP: each scene ends with its charge detail record at the EMP. */
export const roaming: Demo = {
  name: 'roaming',
  summary: 'foreign card, reservation, remote start by the EMP, a refused card, a hub that fails and comes back',
  services: ['hub', 'emp', 'csms', 'station'],
  // Each hop stands in the journal of its server: together they are the sequence of all parties.
  shows: { csms: '', hub: '', emp: '' },
  async run(world, tell) {
    await ready(world, tell);
    await reservation(world, tell);
    await foreignCard(world, tell);
    await remoteStart(world, tell);
    await refusedCard(world, tell);
    await hubOutage(world, tell);
  },
};

async function ready(world: DemoWorld, tell: Narrator): Promise<void> {
  const card = { idToken: LOCAL_CARD, type: 'ISO14443', status: 'Accepted', note: 'Demo: a card of the operator' };
  await world.call('csms', 'PUT', `/tokens/${LOCAL_CARD}`, card);
  for (const id of [OCPP_16, OCPP_201]) await evseIdOf(world, id);
  await waitFor(
    world,
    'EVSE data and status at the hub',
    STEP_LIMIT_MS,
    async () => (await world.call('hub', 'GET', '/hub/statuses')) as Page<unknown>,
    ({ items }) => items.length >= 2,
  );
  tell('hub', 'The operator has pushed its EVSEs with their status.');
}

async function reservation(world: DemoWorld, tell: Narrator): Promise<void> {
  const evseId = await evseIdOf(world, OCPP_201);
  tell('emp', `Ada reserves ${evseId} in the app of her provider.`);
  const { sessionId = '' } = await byEmp(world, { action: 'reserve', evseId, evcoId: CONTRACT, minutes: 99 });
  tell('emp', 'Reserved. She changes her mind and cancels.');
  await byEmp(world, { action: 'cancel', sessionId });
  await settled(world, tell, sessionId);
}

async function foreignCard(world: DemoWorld, tell: Narrator): Promise<void> {
  const before = await newest(world, OCPP_16);
  tell(OCPP_16, `A car is plugged in, and Ada shows her card ${CARD}, which the operator does not know (OCPP 1.6).`);
  await act(world, OCPP_16, { type: 'plug' });
  await act(world, OCPP_16, { type: 'swipe', token: CARD });
  await charged(world, OCPP_16, before, tell);
  const session = await sessionAt(world, OCPP_16);
  tell(OCPP_16, 'She shows the card again to stop.');
  await act(world, OCPP_16, { type: 'swipe', token: CARD });
  await settled(world, tell, session);
  await act(world, OCPP_16, { type: 'unplug' });
}

async function remoteStart(world: DemoWorld, tell: Narrator): Promise<void> {
  const before = await newest(world, OCPP_201);
  const evseId = await evseIdOf(world, OCPP_201);
  tell(OCPP_201, 'A car is plugged in (OCPP 2.0.1).');
  await act(world, OCPP_201, { type: 'plug' });
  await status(world, evseId, 'Occupied');
  tell('emp', `Ada starts ${evseId} in the app.`);
  const { sessionId = '' } = await byEmp(world, { action: 'start', evseId, evcoId: CONTRACT });
  await charged(world, OCPP_201, before, tell);
  tell('emp', 'She stops in the app.');
  await byEmp(world, { action: 'stop', sessionId });
  await settled(world, tell, sessionId);
  await act(world, OCPP_201, { type: 'unplug' });
}

async function refusedCard(world: DemoWorld, tell: Narrator): Promise<void> {
  tell(OCPP_16, `Bob shows his card ${LOCKED_CARD}; his contract is locked.`);
  const refusal = await refused(world, OCPP_16, LOCKED_CARD);
  tell(OCPP_16, `Refused: ${refusal}.`);
}

async function hubOutage(world: DemoWorld, tell: Narrator): Promise<void> {
  const before = await newest(world, OCPP_16);
  tell(OCPP_16, 'Ada charges again with her card.');
  await act(world, OCPP_16, { type: 'plug' });
  await act(world, OCPP_16, { type: 'swipe', token: CARD });
  await charged(world, OCPP_16, before, tell);
  const session = await sessionAt(world, OCPP_16);
  tell('hub', 'The hub fails: every call of the operator is answered with 503.');
  await world.call('hub', 'PUT', '/hub/faults/demo-outage', { kind: 'error', status: 503, partner: 'csms' });
  const other = await newest(world, OCPP_201);
  tell(OCPP_201, 'A driver with a card of the operator charges as if nothing had happened.');
  await act(world, OCPP_201, { type: 'plug' });
  await act(world, OCPP_201, { type: 'swipe', token: LOCAL_CARD });
  await charged(world, OCPP_201, other, tell);
  await act(world, OCPP_201, { type: 'swipe', token: LOCAL_CARD });
  tell(OCPP_16, 'Ada stops. Her record has to wait.');
  await act(world, OCPP_16, { type: 'swipe', token: CARD });
  const { attempts } = await waitFor(
    world,
    'a record that waits',
    STEP_LIMIT_MS,
    async () => {
      const { items } = (await world.call('csms', 'GET', '/roaming/outbox')) as Page<Waiting>;
      const isWaiting = items.some(({ operation }) => operation === 'ChargeDetailRecord');
      return isWaiting ? { attempts: Math.max(...items.map((item) => item.attempts)) } : { attempts: 0 };
    },
    (seen) => seen.attempts > 0,
  );
  tell('hub', `The operator has tried ${attempts} times. The hub comes back.`);
  await world.call('hub', 'DELETE', '/hub/faults/demo-outage');
  await settled(world, tell, session);
}

/** What the EMP does through the hub, and its session. @throws when the hub or the operator refuses */
async function byEmp(world: DemoWorld, wish: object): Promise<{ readonly sessionId?: string }> {
  const { done, session, steps } = (await world.call('emp', 'POST', '/emp/actions', wish)) as ActionResult;
  if (!done) throw new Error(`The EMP could not do ${JSON.stringify(wish)}: ${JSON.stringify(steps)}`);
  return session === undefined ? {} : { sessionId: session.id };
}

/** Waits until the record of a session is at the EMP. */
async function settled(world: DemoWorld, tell: Narrator, sessionId: string): Promise<void> {
  await waitFor(
    world,
    `the record of ${sessionId} at the EMP`,
    STEP_LIMIT_MS,
    async () => JSON.stringify(await world.call('emp', 'GET', '/emp/cdrs')),
    (cdrs) => cdrs.includes(sessionId),
  );
  const { cdr } = await waitFor(
    world,
    `the record of ${sessionId} accepted`,
    STEP_LIMIT_MS,
    async () => (await world.call('csms', 'GET', `/roaming/sessions/${sessionId}`)) as RoamingSession,
    (session) => session.cdr?.state === 'accepted',
  );
  tell('emp', `The record has arrived: ${cdr?.record.ConsumedEnergy ?? 0} kWh, session ${sessionId}.`);
}

/** Shows a card and waits for the refusal. Resolves with what the CSMS answered. */
async function refused(world: DemoWorld, station: string, token: string): Promise<string> {
  await act(world, station, { type: 'swipe', token });
  const q = new URLSearchParams({ q: `station:${station} action:Authorize text:${token}`, entity: 'exchanges' });
  await waitFor(
    world,
    'the answer about the card',
    STEP_LIMIT_MS,
    async () => (await world.call('csms', 'GET', `/messages?${q}`)) as Page<unknown>,
    ({ items }) => items.length > 0,
  );
  const running = (await transactions(world, station)).filter(({ state }) => state === 'active');
  if (running.length > 0) throw new Error(`${station} charges for a card that was refused`);
  return 'no transaction was started';
}

async function evseIdOf(world: DemoWorld, station: string): Promise<string> {
  const { items } = await waitFor(
    world,
    `the EVSE id of ${station}`,
    STEP_LIMIT_MS,
    async () =>
      (await world.call('csms', 'GET', `/evse-map?station=${station}`)) as Page<{ evse: number; evseId: string }>,
    (page) => page.items.some(({ evse }) => evse === 1),
  );
  return items.find(({ evse }) => evse === 1)?.evseId ?? '';
}

async function status(world: DemoWorld, evseId: string, wanted: string): Promise<void> {
  await waitFor(
    world,
    `${evseId} ${wanted}`,
    STEP_LIMIT_MS,
    async () => (await world.call('csms', 'GET', `/evse-map/${encodeURIComponent(evseId)}`)) as { status?: string },
    (entry) => entry.status === wanted,
  );
}

async function sessionAt(world: DemoWorld, station: string): Promise<string> {
  const { items } = (await world.call('csms', 'GET', '/roaming/sessions?state=charging')) as Page<RoamingSession>;
  return items.find((session) => session.station === station)?.sessionId ?? '';
}

async function newest(world: DemoWorld, id: string): Promise<string | undefined> {
  return (await transactions(world, id)).at(0)?.transactionId;
}

async function charged(world: DemoWorld, id: string, before: string | undefined, tell: Narrator): Promise<void> {
  const found = await waitFor(
    world,
    `energy in the car at ${id}`,
    STEP_LIMIT_MS,
    async (): Promise<DemoTransaction | undefined> => (await transactions(world, id)).at(0),
    (transaction) =>
      transaction !== undefined && transaction.transactionId !== before && (transaction.energyWh ?? 0) >= 50,
  );
  tell(id, `Charging: ${found?.energyWh ?? 0} Wh so far.`);
}
