import { parseTime } from '../../../../../core/time.ts';
import type { InboundV2 } from '../handlers.ts';

/** G01: one connector of one EVSE; the others stay as they are (G01.FR.08). */
export const statusNotification: InboundV2<'StatusNotification'> = {
  changes: 'status and time of the connector',
  shows: '/stations/{id} evses[].connectors[]',
  handle(context, { evseId, connectorId, connectorStatus, timestamp }) {
    const { state, station, now, services } = context;
    const since = parseTime(timestamp) ?? now;
    state.stations.putConnector(station, evseId, { id: connectorId, status: connectorStatus, since }, now);
    services.changed({ what: 'connector', station, evse: evseId, connector: connectorId });
    return {};
  },
};
