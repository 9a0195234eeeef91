import { CompoteError } from '../../core/errors.ts';
import type { Row } from '../../journal/index.ts';
import { type Demo, type DemoWorld, type Stage, waitFor } from './demo.ts';
import {
  atTheHub,
  byEmp,
  CONTRACT,
  evseIdOf,
  plugged,
  sessionAt,
  settled,
  startedByEmp,
  withoutDriver,
} from './roaming-scenes.ts';
import {
  act,
  charged,
  type DemoStation,
  ended,
  leaveFree,
  newest,
  occupied,
  onStage,
  type Page,
  transactions,
} from './station-scenes.ts';

interface Waiting {
  readonly operation: string;
  readonly attempts: number;
}

/** Of the driver whom the EMP of the demo knows, and of the one whose contract is locked. */
const CARD = '044A2DAA856280';
const LOCKED_CARD = '04B7C2A1905080';
const LOCAL_CARD = '04A1B2C3';
const OCPP_16: DemoStation = 'CS-DEMO-1';
const OCPP_201: DemoStation = 'CS-DEMO-2';
const A_WHILE_MS = 2_100;
const OUTAGE = '/hub/faults/demo-outage';

/** Station, CSMS, hub and EMP: each scene ends with its charge detail record at the EMP. */
export const roaming: Demo = {
  id: 'roaming',
  title: 'Roaming, the whole story',
  summary: 'foreign card, reservation, remote start by the EMP, a refused card, a hub that fails and comes back',
  services: ['hub', 'emp', 'csms', 'station'],
  steps: [
    { id: 'ready', title: 'EVSEs', says: 'The operator pushes its EVSEs and their status to the hub.' },
    { id: 'reservation', title: 'Reservation', says: 'The provider reserves an EVSE, and cancels.' },
    { id: 'card', title: 'Foreign card', says: 'A card that only the provider knows charges at a 1.6 station.' },
    { id: 'remote', title: 'Remote start', says: 'The provider starts and stops a 2.0.1 station.' },
    { id: 'refused', title: 'Refused', says: 'A locked contract is refused.' },
    { id: 'outage', title: 'Outage', says: 'The hub fails; charging goes on; the record arrives when it is back.' },
  ],
  missing: async (world) => [...(await withoutDriver(world)), ...(await occupied(world, [OCPP_16, OCPP_201]))],
  async run(world, stage) {
    await stage.step('ready', () => ready(world, stage));
    await stage.step('reservation', () => reservation(world, stage));
    await stage.step('card', () => foreignCard(world, stage));
    await stage.step('remote', () => remoteStart(world, stage));
    await stage.step('refused', () => refusedCard(world, stage));
    await stage.step('outage', () => hubOutage(world, stage));
  },
  async tidy(world) {
    await world.call('hub', 'DELETE', OUTAGE).catch(() => undefined);
    await leaveFree(world, [OCPP_16, OCPP_201]);
  },
};

async function ready(world: DemoWorld, stage: Stage): Promise<void> {
  const card = { idToken: LOCAL_CARD, type: 'ISO14443', status: 'Accepted', note: 'Demo: a card of the operator' };
  await world.call('csms', 'PUT', `/tokens/${LOCAL_CARD}`, card);
  await onStage(world, stage, [OCPP_16, OCPP_201]);
  await atTheHub(world, [OCPP_16, OCPP_201]);
  stage.tell('hub', 'The operator has pushed its EVSEs with their status.');
}

async function reservation(world: DemoWorld, stage: Stage): Promise<void> {
  const evseId = await evseIdOf(world, OCPP_201);
  stage.tell('emp', `Ada reserves ${evseId} in the app of her provider.`);
  const { sessionId = '' } = await byEmp(world, { action: 'reserve', evseId, evcoId: CONTRACT, minutes: 99 });
  stage.tell('emp', 'Reserved. She changes her mind and cancels.');
  await byEmp(world, { action: 'cancel', sessionId });
  await settled(world, stage, sessionId);
}

async function foreignCard(world: DemoWorld, stage: Stage): Promise<void> {
  const before = await newest(world, OCPP_16);
  stage.tell(
    OCPP_16,
    `A car is plugged in, and Ada shows her card ${CARD}, which the operator does not know (OCPP 1.6).`,
  );
  await act(world, OCPP_16, { type: 'plug' });
  await act(world, OCPP_16, { type: 'swipe', token: CARD });
  await charged(world, stage, OCPP_16, before);
  const session = await sessionAt(world, OCPP_16);
  stage.tell(OCPP_16, 'She shows the card again to stop.');
  await act(world, OCPP_16, { type: 'swipe', token: CARD });
  await settled(world, stage, session);
  await act(world, OCPP_16, { type: 'unplug' });
}

async function remoteStart(world: DemoWorld, stage: Stage): Promise<void> {
  await plugged(world, stage, OCPP_201, '2.0.1');
  const { sessionId, charge } = await startedByEmp(world, stage, OCPP_201);
  await charge();
  stage.tell('emp', 'She stops in the app.');
  await byEmp(world, { action: 'stop', sessionId });
  await settled(world, stage, sessionId);
  await act(world, OCPP_201, { type: 'unplug' });
}

async function refusedCard(world: DemoWorld, stage: Stage): Promise<void> {
  stage.tell(OCPP_16, `Bob shows his card ${LOCKED_CARD}; his contract is locked.`);
  const refusal = await refused(world, OCPP_16, LOCKED_CARD);
  stage.tell(OCPP_16, `Refused: ${refusal}.`);
}

async function hubOutage(world: DemoWorld, stage: Stage): Promise<void> {
  const before = await newest(world, OCPP_16);
  // Sooner it would be a card that is held once and authorized twice (OCPP16-AU-001).
  await world.clock.sleep(A_WHILE_MS);
  stage.tell(OCPP_16, 'Ada charges again with her card.');
  await act(world, OCPP_16, { type: 'plug' });
  await act(world, OCPP_16, { type: 'swipe', token: CARD });
  await charged(world, stage, OCPP_16, before);
  const session = await sessionAt(world, OCPP_16);
  stage.tell('hub', 'The hub fails: every call of the operator is answered with 503.');
  await world.call('hub', 'PUT', OUTAGE, { kind: 'error', status: 503, partner: 'csms' });
  const other = await newest(world, OCPP_201);
  stage.tell(OCPP_201, 'A driver with a card of the operator charges as if nothing had happened.');
  await act(world, OCPP_201, { type: 'plug' });
  await act(world, OCPP_201, { type: 'swipe', token: LOCAL_CARD });
  await charged(world, stage, OCPP_201, other);
  await act(world, OCPP_201, { type: 'swipe', token: LOCAL_CARD });
  await ended(world, stage, OCPP_201, other);
  await act(world, OCPP_201, { type: 'unplug' });
  stage.tell(OCPP_16, 'Ada stops. Her record has to wait.');
  await act(world, OCPP_16, { type: 'swipe', token: CARD });
  const { attempts } = await waitFor(
    world,
    'a record that waits',
    async () => {
      const { items } = (await world.call('csms', 'GET', '/roaming/outbox')) as Page<Waiting>;
      const isWaiting = items.some(({ operation }) => operation === 'ChargeDetailRecord');
      return isWaiting ? { attempts: Math.max(...items.map((item) => item.attempts)) } : { attempts: 0 };
    },
    (seen) => seen.attempts > 0,
  );
  stage.tell('hub', `The operator has tried ${attempts} times. The hub comes back.`);
  await world.call('hub', 'DELETE', OUTAGE);
  await settled(world, stage, session);
  await act(world, OCPP_16, { type: 'unplug' });
}

/** Shows a card and waits for the refusal. Resolves with what the CSMS answered. */
async function refused(world: DemoWorld, station: string, token: string): Promise<string> {
  const q = new URLSearchParams({
    q: `station:${station} action:Authorize text:${token}`,
    entity: 'exchanges',
    limit: '1000',
  });
  const answered = async (): Promise<number> => {
    const { items } = (await world.call('csms', 'GET', `/messages?${q}`)) as Page<Pick<Row, 'x'>>;
    return items.filter(({ x }) => x?.k === 'response').length;
  };
  const before = await answered();
  await act(world, station, { type: 'swipe', token });
  await waitFor(world, 'the answer about the card', answered, (count) => count > before);
  const running = (await transactions(world, station)).filter(({ state }) => state === 'active');
  if (running.length > 0)
    throw new CompoteError('CONFLICT', { detail: `${station} charges for a card that was refused` });
  return 'no transaction was started';
}
