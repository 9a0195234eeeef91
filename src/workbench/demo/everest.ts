import { type Demo, type DemoWorld, type Stage, waitFor } from './demo.ts';
import { bootStatus, type Page } from './station-scenes.ts';

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
const CARD = '0EFE5701';
const CONTRACT = 'DEHUBC0001';

/** An EVerest look-alike charges twice: by card and basic charging, then by contract (Plug & Charge). */
export const everest: Demo = {
  id: 'everest',
  title: 'EVerest over MQTT',
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
  shows: '-proto:mqtt or from:everest or topic:*/state_string or topic:*/session_event',
  steps: [
    { id: 'ready', title: 'Ready', says: 'EVerest speaks MQTT, and OCPP 2.0.1 with the CSMS.' },
    { id: 'card', title: 'By card', says: 'A car with basic charging (IEC 61851) waits for a token.' },
    { id: 'contract', title: 'By contract', says: 'A car that speaks ISO 15118 pays by its contract.' },
  ],
  async missing(world) {
    const seen = (await world.call('everest', 'GET', '/everest')) as { readonly lookAlike: boolean };
    const connector = await world.call('everest', 'GET', PLACE).catch(() => undefined);
    if (seen.lookAlike && connector !== undefined) return [];
    const text = `No EVerest look-alike with the station ${STATION} runs here.`;
    const hint = `Start the world with \`everest.lookAlike.on: true\`; \`compote demo everest\` does it alone.`;
    return [{ kind: 'setting', name: 'everest.lookAlike.on', text, hint }];
  },
  async run(world, stage) {
    await stage.step('ready', () => ready(world));
    await stage.step('card', async () => {
      stage.tell(
        STATION,
        'EVerest speaks over MQTT, and OCPP 2.0.1 with the CSMS. The car is told to plug in (IEC 61851).',
      );
      await world.call('everest', 'POST', `${PLACE}/ev/start`, { mode: 'ac-iec' });
      await reached(world, 'waitAuth');
      stage.tell(STATION, `EVerest waits for a token. ${CARD} is presented.`);
      await world.call('everest', 'POST', `${PLACE}/authorize`, { idToken: CARD });
      await charged(world, stage);
      await unplug(world, stage);
    });
    await stage.step('contract', async () => {
      stage.tell(STATION, 'The car plugs in again and speaks ISO 15118: it pays by its contract.');
      await world.call('everest', 'POST', `${PLACE}/ev/start`, { mode: 'ac-iso2', payment: 'contract' });
      await charged(world, stage);
      await unplug(world, stage);
    });
  },
  async tidy(world) {
    await world.call('everest', 'POST', `${PLACE}/ev/unplug`, { force: true }).catch(() => undefined);
  },
};

async function ready(world: DemoWorld): Promise<void> {
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
    () => bootStatus(world, STATION),
    (status) => status === 'Accepted',
  );
  await reached(world, 'idle');
}

async function connector(world: DemoWorld): Promise<Connector> {
  return (await world.call('everest', 'GET', PLACE)) as Connector;
}

function reached(world: DemoWorld, state: string): Promise<Connector> {
  return waitFor(
    world,
    `${STATION} ${state}`,
    () => connector(world),
    (seen) => seen.state === state,
  );
}

async function charged(world: DemoWorld, stage: Stage): Promise<void> {
  const before = (await connector(world)).meter?.energyWh ?? 0;
  const { meter } = await waitFor(
    world,
    'energy in the car',
    () => connector(world),
    (seen) => seen.state === 'charging' && (seen.meter?.energyWh ?? 0) >= before + 50,
  );
  stage.tell(
    STATION,
    `Charging: ${(meter?.energyWh ?? 0) - before} Wh so far, ${((meter?.powerW ?? 0) / 1000).toFixed(1)} kW.`,
  );
}

async function unplug(world: DemoWorld, stage: Stage): Promise<void> {
  await world.call('everest', 'POST', `${PLACE}/ev/unplug`, { force: true });
  await reached(world, 'idle');
  const ended = await waitFor(
    world,
    'the end of the session',
    async () =>
      ((await world.call('everest', 'GET', `/everest/stations/${STATION}/sessions`)) as Page<Session>).items.at(0),
    (session) => session?.endedAt !== undefined && session.correlation.kind === 'exact',
  );
  const transactionId = ended?.correlation.transactionId;
  if (transactionId !== undefined) stage.session({ station: STATION, transactionId });
  stage.tell(
    STATION,
    `Unplugged (${ended?.stopReason ?? 'no reason'}). Token ${ended?.token?.value ?? ''} (${ended?.token?.authorizationType ?? ''}); ` +
      `its OCPP transaction is ${ended?.correlation.transactionId ?? ''}.`,
  );
}
