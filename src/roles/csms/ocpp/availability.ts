import type { OutboundContext } from './handler.ts';

/**
 * The station took a change of availability: at once (Accepted) or after its transaction (Scheduled). The status itself
 * follows by StatusNotification; here stands what was asked for. No EVSE, or 0, is the whole station.
 */
export function availabilityChanged(
  context: OutboundContext,
  target: { readonly evse?: number | undefined; readonly connector?: number | undefined },
  operational: 'Operative' | 'Inoperative',
): void {
  const { state, station, now, services } = context;
  const { evse = 0, connector } = target;
  const targets = state.stations
    .connectorsOf(station, evse)
    .filter((each) => connector === undefined || each.connector.id === connector);
  for (const each of targets)
    state.stations.putConnector(station, each.evse, { id: each.connector.id, operational }, now);
  // An EVSE that has not reported yet comes to exist by being switched.
  if (targets.length === 0)
    state.stations.putConnector(station, evse, { id: connector ?? (evse === 0 ? 0 : 1), operational }, now);
  services.changed({ what: 'station', station });
}
