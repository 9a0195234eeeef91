import type { Outbound } from '../../handler.ts';
import { reservationMade } from '../../reservations.ts';

/** 1.6 §5.13. */
export const reserveNow: Outbound<'1.6', 'ReserveNow'> = {
  changes: 'an active reservation, once Accepted',
  shows: '/stations/{id}/reservations',
  answered(context, { reservationId, connectorId, idTag, parentIdTag, expiryDate }, { status }) {
    if (status !== 'Accepted') return;
    reservationMade(context, {
      id: reservationId,
      evse: connectorId,
      idToken: idTag,
      groupId: parentIdTag,
      expiry: expiryDate,
    });
  },
};
