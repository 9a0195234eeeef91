import { readingOf } from '../../../state/meter.ts';
import type { Inbound } from '../../handler.ts';

/** 1.6 §4.7: always answered, even when the content is nonsense. */
export const meterValues: Inbound<'1.6', 'MeterValues'> = {
  changes: 'latest reading of the connector; energy and curve of its transaction',
  shows: '/stations/{id} evses[].reading; /transactions/{station}/{id} energyWh, curve',
  handle(context, request) {
    const { state, station, now, services } = context;
    const reading = readingOf(request.meterValue, now);
    if (reading !== undefined) state.stations.putReading(station, request.connectorId, reading);
    const { transactionId } = request;
    if (transactionId === undefined) return {};
    const transaction =
      state.transactions.get(station, transactionId) ??
      // Errata 3.18: -1 from a station that never received the id of its transaction.
      (transactionId <= 0 ? state.transactions.activeOn(station, request.connectorId)[0] : undefined);
    if (transaction === undefined) return {};
    transaction.events += 1;
    if (reading !== undefined) state.transactions.addReading(transaction, reading);
    state.transactions.addSigned(transaction, request.meterValue, now);
    state.transactions.save(transaction);
    services.changed({ what: 'transaction-updated', station, key: transaction.key });
    return {};
  },
};
