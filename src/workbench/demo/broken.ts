import { CompoteError } from '../../core/errors.ts';
import { type Demo, type DemoWorld, type PlantedFault, type Stage, waitFor } from './demo.ts';
import {
  act,
  charged,
  type DemoStation,
  ended,
  heard,
  leaveFree,
  newest,
  occupied,
  onStage,
  type Page,
  started,
} from './station-scenes.ts';

const STATION: DemoStation = 'CS-DEMO-2';
const CARD = '04D3A1C0FFEE02';
/** Below every register: the meter counts from the first Wh of the station's life. */
const TOO_LOW_WH = 1;

const WRONG_ENUM: PlantedFault = {
  rule: 'OCPPJ-RPC-021',
  party: STATION,
  title: 'An enum value that does not exist',
  says: 'ClearCache is answered with the status “OK”; there are Accepted and Rejected. Whoever writes answers by hand does this.',
};
const ANSWERED_TWICE: PlantedFault = {
  rule: 'OCPPJ-RPC-009',
  party: STATION,
  title: 'A call that is answered twice',
  says: 'GetLocalListVersion gets the same answer again. A sender that repeats after a lost acknowledgement does this.',
};
const REGISTER_BACK: PlantedFault = {
  rule: 'OCPP2-TX-027',
  party: STATION,
  title: 'A register that goes back',
  says: `The meter falls to ${TOO_LOW_WH} Wh in mid-session, and the driver would be billed wrongly. A meter that restarts does this.`,
};
const WRONG_REASON: PlantedFault = {
  rule: 'OCPP2-TX-018',
  party: STATION,
  title: 'A wrong reason for the end',
  says: 'The operator stops remotely, and the station says that the vehicle was unplugged.',
};

const FAULTS = [WRONG_ENUM, ANSWERED_TWICE, REGISTER_BACK, WRONG_REASON];

/** One session in which a station does four things wrong; the journal must find these four and nothing else. */
export const broken: Demo = {
  id: 'broken',
  title: 'A broken session',
  summary: 'a 2.0.1 station does four things wrong on purpose; each is found, on the very line that is wrong',
  services: ['csms', 'station'],
  planted: FAULTS,
  steps: [
    { id: 'start', title: 'Start', says: 'A car is plugged in, and the operator starts remotely.' },
    { id: 'enum', title: 'Wrong value', says: WRONG_ENUM.says },
    { id: 'twice', title: 'Answered twice', says: ANSWERED_TWICE.says },
    { id: 'register', title: 'Register goes back', says: REGISTER_BACK.says },
    { id: 'reason', title: 'Wrong reason', says: WRONG_REASON.says },
    { id: 'judge', title: 'Found', says: 'The journal has a finding for each, with the party at fault and the place.' },
  ],
  missing: (world) => occupied(world, [STATION]),
  async run(world, stage) {
    const { counted, before, transactionId } = await stage.step('start', () => start(world, stage));
    await stage.step('enum', async () => {
      stage.tell(STATION, 'Planted: it answers ClearCache with “OK”, a word that OCPP does not have.');
      await act(world, STATION, { type: 'answer-with', action: 'ClearCache', status: 'OK' });
      await command(world, 'ClearCache');
      await found(world, WRONG_ENUM, counted);
    });
    await stage.step('twice', async () => {
      stage.tell(STATION, 'Planted: it answers GetLocalListVersion twice.');
      await act(world, STATION, { type: 'answer-with', action: 'GetLocalListVersion', duplicate: true });
      await command(world, 'GetLocalListVersion');
      await found(world, ANSWERED_TWICE, counted);
    });
    await stage.step('register', async () => {
      await charged(world, stage, STATION, before);
      // A true value first, below which the false one can fall.
      await command(world, 'TriggerMessage', { requestedMessage: 'TransactionEvent', evse: { id: 1 } });
      await heard(world, STATION, before);
      stage.tell(STATION, `Planted: its meter falls back to ${TOO_LOW_WH} Wh.`);
      await distort(world, 'TransactionEvent', { '/meterValue/0/sampledValue/0/value': TOO_LOW_WH });
      await command(world, 'TriggerMessage', { requestedMessage: 'TransactionEvent', evse: { id: 1 } });
      await found(world, REGISTER_BACK, counted);
    });
    await stage.step('reason', async () => {
      stage.tell(STATION, 'The operator stops remotely. Planted: the station says that the vehicle was unplugged.');
      await distort(world, 'TransactionEvent', { '/transactionInfo/stoppedReason': 'EVDisconnected' });
      await world.call('csms', 'POST', `/stations/${STATION}/commands/stop`, { transactionId });
      await ended(world, stage, STATION, before);
      await act(world, STATION, { type: 'unplug' });
    });
    await stage.step('judge', async () => {
      for (const fault of FAULTS) {
        await found(world, fault, counted);
        stage.tell('journal', `Found ${fault.rule}: ${fault.title}.`);
      }
    });
  },
  tidy: (world) => leaveFree(world, [STATION]),
};

interface Begun {
  /** Findings of each rule that were there before. */
  readonly counted: ReadonlyMap<string, number>;
  readonly before: string | undefined;
  readonly transactionId: string;
}

async function start(world: DemoWorld, stage: Stage): Promise<Begun> {
  await onStage(world, stage, [STATION]);
  const counted = await counts(world);
  const card = { idToken: CARD, type: 'ISO14443', status: 'Accepted', note: 'Demo: bob' };
  await world.call('csms', 'PUT', `/tokens/${CARD}`, card);
  const before = await newest(world, STATION);
  stage.tell(STATION, 'A car is plugged in (OCPP 2.0.1), and the operator starts remotely.');
  await act(world, STATION, { type: 'plug' });
  await world.call('csms', 'POST', `/stations/${STATION}/commands/start`, { idToken: CARD, evse: 1 });
  const { transactionId } = await started(world, stage, STATION, before);
  return { counted, before, transactionId };
}

function distort(world: DemoWorld, action: string, set: object): Promise<unknown> {
  return act(world, STATION, { type: 'distort', action, set });
}

/** The CSMS asks; that the answer is wrong is what the demo is about. */
async function command(world: DemoWorld, action: string, payload: object = {}): Promise<void> {
  await world.call('csms', 'POST', `/stations/${STATION}/ocpp/${action}`, payload).catch((cause: unknown) => {
    if (!(cause instanceof CompoteError && cause.code === 'STATION_ANSWER_INVALID')) throw cause;
  });
}

/** How many findings of a rule there are against the station. */
async function countOf(world: DemoWorld, rule: string): Promise<number> {
  const q = new URLSearchParams({ rule, party: STATION, limit: '1000' });
  return ((await world.call('csms', 'GET', `/findings?${q}`)) as Page<unknown>).items.length;
}

async function counts(world: DemoWorld): Promise<ReadonlyMap<string, number>> {
  const counted = new Map<string, number>();
  for (const { rule } of FAULTS) counted.set(rule, await countOf(world, rule));
  return counted;
}

async function found(world: DemoWorld, fault: PlantedFault, before: ReadonlyMap<string, number>): Promise<void> {
  await waitFor(
    world,
    `the finding of ${fault.rule}`,
    () => countOf(world, fault.rule),
    (count) => count > (before.get(fault.rule) ?? 0),
  );
}
