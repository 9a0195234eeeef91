import type { Inbound } from '../../handler.ts';

/** 2.1 C19-C22: the result of an ad hoc payment. The station makes the receipt, so the answer has none. */
export const notifySettlement: Inbound<'2.1', 'NotifySettlement'> = {
  changes: 'keeps the settlement under its payment reference; the transaction’s settlement',
  shows: '/stations/{id}/settlements; /transactions/{station}/{id} details.settlement',
  handle({ state, station, now, services }, request) {
    const { pspRef, status, transactionId } = request;
    state.items.put({ station, kind: 'settlements', id: pspRef, at: now, status, value: { ...request } });
    services.changed({ what: 'item', station, kind: 'settlements', id: pspRef });
    const transaction = transactionId === undefined ? undefined : state.transactions.get(station, transactionId);
    if (transaction !== undefined) {
      const { settlementAmount, settlementTime } = request;
      transaction.details = {
        ...transaction.details,
        settlement: { pspRef, status, settlementAmount, settlementTime },
      };
      state.transactions.save(transaction);
      services.changed({ what: 'transaction-updated', station, key: transaction.key });
    }
    return {};
  },
};
