import { type Demo, type DemoWorld, type Narrator, waitFor } from './demo.ts';

interface Connector {
  readonly state: string;
  readonly word?: string;
  readonly meter?: { readonly energyWh?: number; readonly powerW?: number };
}
interface Session {
  readonly endedAt?: string;
  readonly stopReason?: string;
  readonly token?: { readonly value: string; readonly authorizationType?: string };
  readonly correlation: { readonly kind: string; readonly transactionId?: string };
}

const STATION = 'cp001';
const PLACE = `/everest/stations/${STATION}/connectors/1`;
const STEP_LIMIT_MS = 15_000;
const CARD = '0EFE5701';
const CONTRACT = 'DEHUBC0001';

/** An EVerest look-alike charges twice: by card and basic charging, then by contract (Plug & Charge). */
export const everest: Demo = {
  name: 'everest',
  summary: 'an EVerest look-alike: MQTT moves the car, OCPP tells the CSMS; by card, then Plug & Charge',
  services: ['csms', 'everest'],
  settings: [
    // A broker of this demo alone: it must not meet what runs on this machine.
    'everest.broker.look=false',
    'everest.broker.embeddedPort=0',
    'everest.lookAlike.on=true',
    `everest.stations=[{"id":"${STATION}"}]`,
  ],
  // Meters and heartbeats come each second: what was commanded and what changed is the story.
  shows: { csms: '', everest: 'from:everest or topic:*/state_string or topic:*/session_event' },
  async run(world, tell) {
    for (const [idToken, type] of [
      [CARD, 'ISO14443'],
      [CONTRACT, 'eMAID'],
    ]) {
      await world.call('csms', 'PUT', `/tokens/${idToken}`, {
        idToken,
        type,
        status: 'Accepted',
        note: 'Demo: may charge',
      });
    }
    await waitFor(
      world,
      'the station at the CSMS',
      STEP_LIMIT_MS,
      async () =>
        (await world.call('csms', 'GET', '/stations')) as {
          readonly items: readonly { readonly id: string; readonly boot: string }[];
        },
      ({ items }) => items.some(({ id, boot }) => id === STATION && boot === 'Accepted'),
    );
    await reached(world, 'idle');
    tell(STATION, 'EVerest speaks over MQTT, and OCPP 2.0.1 with the CSMS. The car is told to plug in (IEC 61851).');
    await world.call('everest', 'POST', `${PLACE}/ev/start`, { mode: 'ac-iec' });
    await reached(world, 'waitAuth');
    tell(STATION, `EVerest waits for a token. ${CARD} is presented.`);
    await world.call('everest', 'POST', `${PLACE}/authorize`, { idToken: CARD });
    await charged(world, tell);
    await unplug(world, tell);
    tell(STATION, 'The car plugs in again and speaks ISO 15118: it pays by its contract.');
    await world.call('everest', 'POST', `${PLACE}/ev/start`, { mode: 'ac-iso2', payment: 'contract' });
    await charged(world, tell);
    await unplug(world, tell);
  },
};

async function connector(world: DemoWorld): Promise<Connector> {
  return (await world.call('everest', 'GET', PLACE)) as Connector;
}

function reached(world: DemoWorld, state: string): Promise<Connector> {
  return waitFor(
    world,
    `${STATION} ${state}`,
    STEP_LIMIT_MS,
    () => connector(world),
    (seen) => seen.state === state,
  );
}

async function charged(world: DemoWorld, tell: Narrator): Promise<void> {
  const before = (await connector(world)).meter?.energyWh ?? 0;
  const { meter } = await waitFor(
    world,
    'energy in the car',
    STEP_LIMIT_MS,
    () => connector(world),
    (seen) => seen.state === 'charging' && (seen.meter?.energyWh ?? 0) >= before + 50,
  );
  tell(
    STATION,
    `Charging: ${(meter?.energyWh ?? 0) - before} Wh so far, ${((meter?.powerW ?? 0) / 1000).toFixed(1)} kW.`,
  );
}

async function unplug(world: DemoWorld, tell: Narrator): Promise<void> {
  await world.call('everest', 'POST', `${PLACE}/ev/unplug`, { force: true });
  await reached(world, 'idle');
  const ended = await waitFor(
    world,
    'the end of the session',
    STEP_LIMIT_MS,
    async () =>
      (
        (await world.call('everest', 'GET', `/everest/stations/${STATION}/sessions`)) as {
          readonly items: readonly Session[];
        }
      ).items.at(0),
    (session) => session?.endedAt !== undefined && session.correlation.kind === 'exact',
  );
  tell(
    STATION,
    `Unplugged (${ended?.stopReason ?? 'no reason'}). Token ${ended?.token?.value ?? ''} (${ended?.token?.authorizationType ?? ''}); ` +
      `its OCPP transaction is ${ended?.correlation.transactionId ?? ''}.`,
  );
}
