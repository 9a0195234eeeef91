import type { Outbound } from '../../handler.ts';
import { reservationEnded } from '../../reservations.ts';

/** 1.6 §5.1. */
export const cancelReservation: Outbound<'1.6', 'CancelReservation'> = {
  changes: 'the reservation is Cancelled, once Accepted',
  shows: '/stations/{id}/reservations',
  answered(context, { reservationId }, { status }) {
    if (status === 'Accepted') reservationEnded(context, reservationId, 'Cancelled');
  },
};
