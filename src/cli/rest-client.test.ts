import { expect, it } from 'vitest';
import { serviceOfPath } from './rest-client.ts';

it('`compote api` finds the service by the first part of the path', () => {
  const owners = [
    'stations',
    'emp/media',
    'hub/partners',
    'pnc/faults',
    'everest',
    'sim/fleets',
    'services/hub/logs',
    'demo',
  ];
  expect(owners.map((path) => serviceOfPath(`/api/v1/${path}`))).toEqual([
    'csms',
    'emp',
    'hub',
    'trust',
    'everest',
    'station',
    'workbench',
    'workbench',
  ]);
  expect(serviceOfPath('/api/v1/hubs')).toBe('csms');
});
