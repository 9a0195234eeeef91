import { reservationEnded, reservationMade } from '../../reservations.ts';
import type { OutboundV2 } from '../handlers.ts';

/** H01. The same id replaces. */
export const reserveNow: OutboundV2<'ReserveNow'> = {
  changes: 'an active reservation, once Accepted',
  shows: '/stations/{id}/reservations',
  answered(context, { id, evseId, idToken, groupIdToken, expiryDateTime, connectorType }, { status }) {
    if (status !== 'Accepted') return;
    reservationMade(context, {
      id,
      evse: evseId,
      idToken: idToken.idToken,
      groupId: groupIdToken?.idToken,
      expiry: expiryDateTime,
      connectorType,
    });
  },
};

/** H02. */
export const cancelReservation: OutboundV2<'CancelReservation'> = {
  changes: 'the reservation is Cancelled, once Accepted',
  shows: '/stations/{id}/reservations',
  answered(context, { reservationId }, { status }) {
    if (status === 'Accepted') reservationEnded(context, reservationId, 'Cancelled');
  },
};
