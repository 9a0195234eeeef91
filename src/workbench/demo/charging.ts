import { type Demo, type DemoWorld, type Stage, waitFor } from './demo.ts';
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
} from './station-scenes.ts';

/** Cards by the UID that a reader sees: 7 bytes, as ISO/IEC 14443 has them. */
const CARD = {
  alice: '04D3A1C0FFEE01',
  bob: '04D3A1C0FFEE02',
  carol: '04D3A1C0FFEE03',
  stolen: '04D3A1C0FFEE0B',
} as const;
const STATIONS: readonly DemoStation[] = ['CS-DEMO-1', 'CS-DEMO-2', 'CS-DEMO-3'];

/** A 1.6, a 2.0.1 and a 2.1 station charge: by card, by remote start, and after a card was refused. */
export const charging: Demo = {
  id: 'charging',
  title: 'Three stations charge',
  summary: 'a 1.6, a 2.0.1 and a 2.1 station charge: card, remote start, a refused card',
  services: ['csms', 'station'],
  steps: [
    { id: 'cards', title: 'Cards', says: 'The operator knows three cards, and one that was stolen.' },
    { id: 'card', title: 'By card', says: 'A 1.6 station: Alice shows her card to start and to stop.' },
    { id: 'remote', title: 'Remote', says: 'A 2.0.1 station: the operator starts and stops for Bob.' },
    { id: 'refused', title: 'Refused, then charged', says: 'A 2.1 station refuses a stolen card and takes Carol’s.' },
  ],
  missing: (world) => occupied(world, STATIONS),
  async run(world, stage) {
    await stage.step('cards', async () => {
      for (const [name, idToken] of Object.entries(CARD)) {
        const status = name === 'stolen' ? 'Blocked' : 'Accepted';
        await world.call('csms', 'PUT', `/tokens/${idToken}`, {
          idToken,
          type: 'ISO14443',
          status,
          note: `Demo: ${name}`,
        });
      }
      await onStage(world, stage, STATIONS);
    });
    await Promise.all([
      stage.step('card', () => byCard(world, stage)),
      stage.step('remote', () => byRemoteStart(world, stage)),
      stage.step('refused', () => afterRefusedCard(world, stage)),
    ]);
  },
  tidy: (world) => leaveFree(world, STATIONS),
};

async function byCard(world: DemoWorld, stage: Stage): Promise<void> {
  const id = 'CS-DEMO-1';
  const before = await newest(world, id);
  stage.tell(id, 'A car is plugged in (OCPP 1.6).');
  await act(world, id, { type: 'plug' });
  stage.tell(id, 'Alice shows her card.');
  await act(world, id, { type: 'swipe', token: CARD.alice });
  await charged(world, stage, id, before);
  stage.tell(id, 'Alice shows the card again to stop.');
  await act(world, id, { type: 'swipe', token: CARD.alice });
  await ended(world, stage, id, before);
  await act(world, id, { type: 'unplug' });
}

async function byRemoteStart(world: DemoWorld, stage: Stage): Promise<void> {
  const id = 'CS-DEMO-2';
  const before = await newest(world, id);
  stage.tell(id, 'A car is plugged in (OCPP 2.0.1).');
  await act(world, id, { type: 'plug' });
  stage.tell(id, 'The operator starts remotely for Bob.');
  await world.call('csms', 'POST', `/stations/${id}/commands/start`, { idToken: CARD.bob, evse: 1 });
  const running = await charged(world, stage, id, before);
  stage.tell(id, 'The operator stops it remotely.');
  await world.call('csms', 'POST', `/stations/${id}/commands/stop`, { transactionId: running.transactionId });
  await ended(world, stage, id, before);
  await act(world, id, { type: 'unplug' });
}

async function afterRefusedCard(world: DemoWorld, stage: Stage): Promise<void> {
  const id = 'CS-DEMO-3';
  const before = await newest(world, id);
  const asked = await refusals(world, id);
  stage.tell(id, 'A car is plugged in (OCPP 2.1).');
  await act(world, id, { type: 'plug' });
  stage.tell(id, 'A stolen card is shown: it must be refused.');
  await act(world, id, { type: 'swipe', token: CARD.stolen });
  await waitFor(
    world,
    'the refusal',
    () => refusals(world, id),
    (count) => count > asked,
  );
  stage.tell(id, 'Refused, and nothing was started. Carol shows hers.');
  await act(world, id, { type: 'swipe', token: CARD.carol });
  await charged(world, stage, id, before);
  stage.tell(id, 'Carol shows her card again to stop.');
  await act(world, id, { type: 'swipe', token: CARD.carol });
  await ended(world, stage, id, before);
  await act(world, id, { type: 'unplug' });
}

async function refusals(world: DemoWorld, id: string): Promise<number> {
  const q = new URLSearchParams({
    q: `station:${id} action:Authorize res.idTokenInfo.status:Blocked`,
    entity: 'exchanges',
    limit: '1000',
  });
  return ((await world.call('csms', 'GET', `/messages?${q}`)) as Page<unknown>).items.length;
}
