import { parseTime } from '../../../../../core/time.ts';
import type { Inbound } from '../../handler.ts';

/** 1.6 §4.9: connector 0 is the station as a whole; any other number is a connector, whatever its number. */
export const statusNotification: Inbound<'1.6', 'StatusNotification'> = {
  changes: 'status, error and time of the connector; charging state of its transaction',
  shows: '/stations/{id} evses[].connectors[]',
  handle(context, request) {
    const { state, station, now, services } = context;
    const { connectorId, status, errorCode, info, vendorErrorCode, timestamp } = request;
    const connector = connectorId === 0 ? 0 : 1;
    const since = (timestamp === undefined ? undefined : parseTime(timestamp)) ?? now;
    state.stations.putConnector(
      station,
      connectorId,
      {
        id: connector,
        status,
        since,
        errorCode,
        ...(info === undefined ? {} : { info }),
        ...(vendorErrorCode === undefined ? {} : { vendorErrorCode }),
      },
      now,
    );
    if (status === 'Charging' || status === 'SuspendedEV' || status === 'SuspendedEVSE') {
      for (const transaction of state.transactions.activeOn(station, connectorId)) {
        transaction.chargingState = status;
        state.transactions.save(transaction);
      }
    }
    services.changed({ what: 'connector', station, evse: connectorId, connector });
    return {};
  },
};
