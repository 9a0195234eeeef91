import { parseTime } from '../../../../../core/time.ts';
import { DEFERRED } from '../../../../../link/ocpp-link.ts';
import { Transactions } from '../../../state/transactions.ts';
import type { Inbound } from '../../handler.ts';
import { reservationUsed } from '../../reservations.ts';
import { idTagInfo } from '../id-tag-info.ts';

/**
 * 1.6 §4.8: always answered, with a transaction id; a refused tag is said in idTagInfo, and the transaction exists all the
 * same. A repetition (same connector, tag, time and meter) gets the same id: the station did not hear the first answer.
 */
export const startTransaction: Inbound<'1.6', 'StartTransaction'> = {
  changes: 'a running transaction; the reservation that it uses',
  shows: '/transactions',
  handle(context, request) {
    const { state, station, now, call, link, services } = context;
    const { connectorId, idTag, meterStart, timestamp, reservationId } = request;
    const fingerprint = JSON.stringify([connectorId, idTag, meterStart, timestamp]);
    const repeated = state.transactions.activeOn(station).find((each) => each.startFingerprint === fingerprint);
    const transactionId = repeated === undefined ? state.transactions.nextNumber() : Number(repeated.transactionId);
    const key = Transactions.keyOf(station, String(transactionId));

    services.authorize(
      { token: { idToken: idTag }, station, evse: connectorId, starting: true, transactionKey: key, call },
      (authorization) => {
        if (repeated === undefined) {
          for (const forgotten of state.transactions.activeOn(station, connectorId)) {
            state.transactions.remark(
              forgotten,
              `Transaction ${transactionId} started on the same connector before this one was stopped`,
            );
            state.transactions.save(forgotten);
          }
          const startedAt = parseTime(timestamp) ?? now;
          const transaction = state.transactions.create({
            station,
            transactionId: String(transactionId),
            version: '1.6',
            startedAt,
          });
          transaction.evse = connectorId;
          transaction.connector = 1;
          transaction.idToken = idTag;
          transaction.authorization = authorization.status;
          transaction.meterStartWh = meterStart;
          transaction.energyWh = 0;
          transaction.chargingState = 'Charging';
          transaction.startFingerprint = fingerprint;
          transaction.events = 1;
          transaction.curve.push({ at: startedAt, energyWh: meterStart, context: 'Transaction.Begin' });
          if (authorization.groupId !== undefined) transaction.groupId = authorization.groupId;
          if (reservationId !== undefined) {
            transaction.reservationId = reservationId;
            reservationUsed(context, reservationId, transaction);
          }
          if (authorization.status !== 'Accepted')
            state.transactions.remark(transaction, `The token was refused: ${authorization.reason}`);
          state.transactions.save(transaction);
          services.changed({ what: 'transaction-started', station, key: transaction.key });
        }
        link.answer(call, { transactionId, idTagInfo: idTagInfo(authorization) });
      },
    );
    return DEFERRED;
  },
};
