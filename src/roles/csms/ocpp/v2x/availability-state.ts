import type { ConnectorStatus } from '../../state/records.ts';
import type { InboundContext } from '../handler.ts';
import type { VariableName } from './variable-names.ts';

const STATES: ReadonlySet<string> = new Set(['Available', 'Occupied', 'Reserved', 'Unavailable', 'Faulted']);

/**
 * AvailabilityState of a connector, an EVSE or the station, as an event or in a report: 2.1 stations report their status so
 * instead of by StatusNotification (G01.FR.03). An EVSE as a whole is its connector 0, the station EVSE 0.
 */
export function availabilityStateSeen(context: InboundContext, name: VariableName, value: string, since: number): void {
  if (name.variable.toLowerCase() !== 'availabilitystate' || !STATES.has(value)) return;
  const place = placeOf(name);
  if (place === undefined) return;
  const { state, station, now, services } = context;
  const { evse, connector } = place;
  state.stations.putConnector(station, evse, { id: connector, status: value as ConnectorStatus, since }, now);
  services.changed({ what: 'connector', station, evse, connector });
}

function placeOf({ component, evse, connector }: VariableName): { evse: number; connector: number } | undefined {
  switch (component.toLowerCase()) {
    case 'connector':
      return evse === undefined || connector === undefined ? undefined : { evse, connector };
    case 'evse':
      return evse === undefined ? undefined : { evse, connector: 0 };
    case 'chargingstation':
      return { evse: 0, connector: 0 };
    default:
      return undefined;
  }
}
