import type { Demo, DemoWorld, PlantedFault } from './demo.ts';
import { remoteStart } from './remote-start.ts';

/** The fault of the hub, under an id of its own so that nobody else’s is taken away with it. */
const FAULT = '/hub/faults/demo-wrong-bill';
const KWH = 0.42;

const NOT_THE_METER: PlantedFault = {
  rule: 'oicp.cdr.energy-mismatch',
  party: 'hub',
  title: 'A bill above the meter',
  says: `The record that reaches the EMP bills ${KWH} kWh more than the meter counted.`,
};
const CHANGED_ON_THE_WAY: PlantedFault = {
  rule: 'oicp.hub.cdr-changed',
  party: 'hub',
  title: 'A record that was changed on its way',
  says: 'The hub passes on another energy than the operator sent. Whoever rounds or converts units in between does this.',
};

/** The first minute once more, with a bill that nobody measured: who said what about the energy. */
export const wrongBill: Demo = {
  ...remoteStart,
  id: 'wrong-bill',
  title: 'A bill that is too high',
  summary: `a session through roaming whose record is changed on its way to the EMP: ${KWH} kWh too much`,
  planted: [NOT_THE_METER, CHANGED_ON_THE_WAY],
  async run(world, stage) {
    await world.call('hub', 'PUT', FAULT, { kind: 'wrong-energy', kWh: KWH, times: 1 });
    stage.tell('hub', `Planted: the next record that the hub forwards bills ${KWH} kWh more than it was sent.`);
    await remoteStart.run(world, stage);
    await takeAway(world);
  },
  async tidy(world) {
    await takeAway(world);
    await remoteStart.tidy(world);
  },
};

async function takeAway(world: DemoWorld): Promise<void> {
  const { items } = (await world.call('hub', 'GET', '/hub/faults')) as { items: readonly { readonly id: string }[] };
  if (items.some(({ id }) => FAULT.endsWith(id))) await world.call('hub', 'DELETE', FAULT);
}
