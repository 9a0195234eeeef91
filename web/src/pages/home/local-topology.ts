import type { Page, Station, Topology } from '../../api/shapes.ts';
import { ENTRY } from '../../app/entry-settings.ts';

/** The picture of the world from the stations of a CSMS that stands alone. */
export function localTopology({ items }: Page<Station>): Topology {
  const down = items.filter((station) => station.link === 'disconnected').length;
  const count: Record<string, number> = {};
  for (const station of items) count[station.link] = (count[station.link] ?? 0) + 1;
  return {
    nodes: [
      {
        id: 'stations',
        role: 'cs',
        name: `Stations (${items.length})`,
        mode: items.length === 0 ? 'off' : 'real',
        health: items.length === 0 ? 'off' : down === items.length ? 'down' : down > 0 ? 'degraded' : 'ok',
        rate: 0,
        findings: 0,
        count,
        children: items.slice(0, 6).map((station) => ({
          id: station.id,
          state: station.link,
          ...(station.version === undefined ? {} : { version: station.version }),
          connectors: station.evses.filter((evse) => evse.id > 0).map((evse) => evse.status),
        })),
      },
      {
        id: 'csms',
        role: 'csms',
        name: 'CSMS',
        mode: 'simulated',
        health: 'ok',
        rate: 0,
        findings: 0,
        endpoint: `${location.origin}${ENTRY.base}`,
      },
    ],
    edges: [{ a: 'stations', b: 'csms', proto: 'ocpp', rate: 0, messages: 0, errors: 0, q: 'proto:ocpp' }],
  };
}
