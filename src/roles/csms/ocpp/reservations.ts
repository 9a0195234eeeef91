import type { TransactionRecord } from '../state/records.ts';
import type { InboundContext } from './handler.ts';

/** A transaction consumes its reservation (1.6 §5.13; 2.x H01.FR.15). */
export function useReservation(context: InboundContext, reservationId: number, transaction: TransactionRecord): void {
  const reservation = context.state.items.get(context.station, 'reservations', reservationId);
  if (reservation === undefined) {
    // Some firmware sends 0 when there is no reservation.
    if (reservationId !== 0)
      context.state.transactions.remark(transaction, `Reservation ${reservationId} is not known here`);
    return;
  }
  context.state.items.put({
    ...reservation,
    at: context.now,
    status: 'Used',
    value: { ...reservation.value, transactionId: transaction.transactionId },
  });
  context.services.changed({ what: 'item', station: context.station, kind: 'reservations', id: reservation.id });
}
