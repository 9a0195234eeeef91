import type { OutboundV2 } from '../handlers.ts';

/** I02: the running cost that the station shows. The answer has no status. */
export const costUpdated: OutboundV2<'CostUpdated'> = {
  changes: 'the cost that was sent; the transaction’s total cost',
  shows: '/stations/{id}/costs; /transactions/{station}/{id} totalCost',
  answered({ state, station, now, services }, { transactionId, totalCost }) {
    const value = { transactionId, totalCost };
    state.items.put({ station, kind: 'costs', id: transactionId, at: now, value });
    services.changed({ what: 'item', station, kind: 'costs', id: transactionId });
    const transaction = state.transactions.get(station, transactionId);
    if (transaction === undefined) return;
    transaction.totalCost = totalCost;
    state.transactions.save(transaction);
    services.changed({ what: 'transaction-updated', station, key: transaction.key });
  },
};
