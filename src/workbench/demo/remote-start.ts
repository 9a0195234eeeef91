import type { Demo } from './demo.ts';
import { atTheHub, byEmp, plugged, settled, startedByEmp, withoutDriver } from './roaming-scenes.ts';
import { act, type DemoStation, leaveFree, occupied, onStage } from './station-scenes.ts';

const STATION: DemoStation = 'CS-DEMO-2';

/** One session from the app of a provider to the bill: what somebody sees first. */
export const remoteStart: Demo = {
  id: 'remote-start',
  title: 'Remote start through roaming',
  summary: 'a driver starts and stops in the app of her provider: EMP, hub, CSMS and station, up to the bill',
  services: ['hub', 'emp', 'csms', 'station'],
  steps: [
    {
      id: 'plug',
      title: 'Plug in',
      says: 'A car is plugged in; the operator tells the hub that the EVSE is occupied.',
    },
    {
      id: 'start',
      title: 'Start',
      says: 'The EMP asks the hub, the hub asks the operator, the CSMS starts the station.',
    },
    { id: 'charge', title: 'Charge', says: 'Energy flows; the station tells its meter values.' },
    { id: 'stop', title: 'Stop', says: 'The EMP stops the session the same way.' },
    {
      id: 'bill',
      title: 'Bill',
      says: 'The charge detail record travels from the operator through the hub to the EMP.',
    },
  ],
  missing: async (world) => [...(await withoutDriver(world)), ...(await occupied(world, [STATION]))],
  async run(world, stage) {
    await stage.step('plug', async () => {
      await onStage(world, stage, [STATION]);
      await atTheHub(world, [STATION]);
      await plugged(world, stage, STATION, '2.0.1');
    });
    const begun = await stage.step('start', () => startedByEmp(world, stage, STATION));
    await stage.step('charge', () => begun.charge());
    await stage.step('stop', async () => {
      stage.tell('emp', 'She stops in the app.');
      await byEmp(world, { action: 'stop', sessionId: begun.sessionId });
    });
    await stage.step('bill', async () => {
      await settled(world, stage, begun.sessionId);
      await act(world, STATION, { type: 'unplug' });
    });
  },
  tidy: (world) => leaveFree(world, [STATION]),
};
