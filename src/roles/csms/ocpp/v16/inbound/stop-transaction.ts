import { parseTime } from '../../../../../core/time.ts';
import { DEFERRED } from '../../../../../link/ocpp-link.ts';
import { readingOf } from '../../../state/meter.ts';
import type { TransactionRecord } from '../../../state/records.ts';
import type { Inbound, InboundContext } from '../../handler.ts';
import { idTagInfo } from '../id-tag-info.ts';

/**
 * 1.6 §4.10: the CSMS cannot prevent a stop and always answers; a transaction that it does not know (its start was lost, or
 * -1 because the station never got an id) is kept as one that only ended.
 */
export const stopTransaction: Inbound<'1.6', 'StopTransaction'> = {
  changes: 'ends the transaction: meter, time, reason, energy',
  shows: '/transactions/{station}/{id}',
  handle(context, request) {
    const { state, station, now, services } = context;
    const endedAt = parseTime(request.timestamp) ?? now;
    const transaction =
      state.transactions.get(station, request.transactionId) ?? orphan(context, request.transactionId, endedAt);
    const repeated = transaction.state === 'ended' && transaction.meterStopWh !== undefined;
    if (!repeated) {
      if (request.transactionData !== undefined) {
        const reading = readingOf(request.transactionData, now);
        if (reading !== undefined) state.transactions.addReading(transaction, reading);
        state.transactions.addSigned(transaction, request.transactionData, now);
      }
      transaction.state = 'ended';
      transaction.endedAt = endedAt;
      transaction.meterStopWh = request.meterStop;
      transaction.stoppedReason = request.reason ?? 'Local';
      transaction.events += 1;
      delete transaction.chargingState;
      if (transaction.meterStartWh !== undefined) transaction.energyWh = request.meterStop - transaction.meterStartWh;
      if ((transaction.energyWh ?? 0) < 0)
        state.transactions.remark(transaction, 'The meter at the end is below the meter at the start');
      transaction.curve.push({ at: endedAt, energyWh: request.meterStop, context: 'Transaction.End' });
      state.transactions.save(transaction);
      services.changed({ what: 'transaction-ended', station, key: transaction.key });
    }
    const { idTag } = request;
    if (idTag === undefined) return {};
    services.authorize(
      { token: { idToken: idTag }, station, starting: false, transactionKey: transaction.key, call: context.call },
      (authorization) => context.link.answer(context.call, { idTagInfo: idTagInfo(authorization) }),
    );
    return DEFERRED;
  },
};

/** A stop without a start. -1 and 0 are no ids of ours (errata 3.18): each such stop gets a record of its own. */
function orphan(context: InboundContext, transactionId: number, endedAt: number): TransactionRecord {
  const { state, station } = context;
  const [running] = transactionId === -1 ? state.transactions.activeOn(station) : [];
  if (running !== undefined) {
    state.transactions.remark(running, 'Stopped with transaction id -1: the station never received its id');
    return running;
  }
  const id = transactionId > 0 ? String(transactionId) : `${transactionId}@${endedAt}`;
  const transaction = state.transactions.create({ station, transactionId: id, version: '1.6', startedAt: endedAt });
  state.transactions.remark(transaction, 'Stopped, but its start is not known here');
  return transaction;
}
