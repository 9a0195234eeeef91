import { describe, expect, it } from 'vitest';
import { topologyOf, type World } from './topology.ts';
import { poolClients } from './world.ts';

const NOTHING: World = {
  services: [
    { name: 'csms', title: 'CSMS', health: 'ok', url: 'http://127.0.0.1:8001' },
    { name: 'hub', title: 'Hub', health: 'ok' },
    { name: 'trust', title: 'Plug & Charge', health: 'ok' },
  ],
  stations: [{ id: 'CS-1', link: 'connected', evses: [] }],
  stationCount: 1,
  routes: [],
  rates: [],
  simulated: new Set(),
  aliases: new Map(),
  replaced: new Map(),
  findings: new Map(),
};

describe('the picture of the world', () => {
  it('says how many stations are somebody else’s', () => {
    const stations = ['CS-1', 'CS-2'].map((id) => ({ id, link: 'connected', evses: [] }));
    const nodeFor = (simulated: readonly string[]) =>
      topologyOf({ ...NOTHING, stations, stationCount: 2, simulated: new Set(simulated) }).nodes.find(
        ({ id }) => id === 'stations',
      );
    expect(nodeFor(['CS-1', 'CS-2'])).toMatchObject({ mode: 'simulated', real: 0 });
    expect(nodeFor(['CS-1'])).toMatchObject({ mode: 'real', real: 1 });
  });

  it('shows somebody else’s system at its address, also where ours does not run', () => {
    const services = [{ name: 'hub', title: 'Hub', health: 'off' }] as const;
    const { nodes } = topologyOf({ ...NOTHING, services, replaced: new Map([['hub', 'https://hub.example']]) });
    expect(nodes[0]).toMatchObject({ id: 'hub', mode: 'real', endpoint: 'https://hub.example' });
  });

  it('has one link between two parties of a protocol, whoever calls whom', () => {
    const { edges } = topologyOf({
      ...NOTHING,
      routes: [
        { a: 'csms', b: 'hub', proto: 'oicp', messages: 10, errors: 1 },
        { a: 'hub', b: 'csms', proto: 'oicp', messages: 4, errors: 2 },
        { a: 'CS-1', b: 'csms', proto: 'ocpp', messages: 3, errors: 0 },
      ],
    });
    expect(edges.map(({ a, b, messages, errors, q }) => ({ a, b, messages, errors, q }))).toEqual([
      { a: 'csms', b: 'hub', messages: 14, errors: 3, q: 'proto:oicp party:csms party:hub' },
      { a: 'stations', b: 'csms', messages: 3, errors: 0, q: 'proto:ocpp role:cs party:csms' },
    ]);
  });

  it('knows a service by the client id under which it asks the pools; somebody else’s stays a party of its own', () => {
    const aliases = poolClients({ csms: { pnc: { clientId: 'cpo-demo' } }, emp: {} });
    const { nodes, edges } = topologyOf({
      ...NOTHING,
      aliases,
      routes: [
        { a: 'cpo-demo', b: 'pnc', proto: 'pnc', messages: 2, errors: 0 },
        { a: 'other-cpo', b: 'pnc', proto: 'pnc', messages: 1, errors: 0 },
      ],
    });
    expect(nodes.map(({ id }) => id)).toEqual(['csms', 'hub', 'pnc', 'stations', 'other-cpo']);
    expect(edges[0]).toMatchObject({ a: 'csms', b: 'pnc', q: 'proto:pnc (party:csms or party:cpo-demo) party:pnc' });
  });
});
