import type { TransactionRecord } from '../state/records.ts';
import type { InboundContext, OutboundContext } from './handler.ts';

/** A transaction consumes its reservation (1.6 §5.13; 2.x H01.FR.15). */
export function reservationUsed(context: InboundContext, reservationId: number, transaction: TransactionRecord): void {
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

/** A reservation that the station accepted; the same id replaces (1.6 §5.13, 2.x H01.FR.02). */
export function reservationMade(
  context: OutboundContext,
  reservation: {
    readonly id: number;
    readonly evse?: number | undefined;
    readonly idToken: string;
    readonly groupId?: string | undefined;
    readonly expiry: string;
    readonly connectorType?: string | undefined;
  },
): void {
  const { state, station, now, services } = context;
  const { id, evse, ...value } = reservation;
  state.items.put({
    station,
    kind: 'reservations',
    id: String(id),
    at: now,
    status: 'Active',
    value,
    ...(evse === undefined ? {} : { evse }),
  });
  services.changed({ what: 'item', station, kind: 'reservations', id: String(id) });
}

/** The reservation is over: cancelled, expired or removed by the station. Returns whether it was known here. */
export function reservationEnded(
  context: InboundContext | OutboundContext,
  reservationId: number,
  status: 'Cancelled' | 'Expired' | 'Removed' | 'NoTransaction',
): boolean {
  const { state, station, now, services } = context;
  const reservation = state.items.get(station, 'reservations', reservationId);
  if (reservation === undefined) return false;
  state.items.put({ ...reservation, at: now, status });
  services.changed({ what: 'item', station, kind: 'reservations', id: reservation.id });
  return true;
}
