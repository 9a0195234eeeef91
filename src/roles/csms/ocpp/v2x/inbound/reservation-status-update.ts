import { reservationEnded } from '../../reservations.ts';
import type { InboundV2 } from '../handlers.ts';

/** H01.FR.16/17, H04: the station ends a reservation. */
export const reservationStatusUpdate: InboundV2<'ReservationStatusUpdate'> = {
  changes: 'the reservation is Expired, Removed or (2.1) NoTransaction',
  shows: '/stations/{id}/reservations',
  handle(context, { reservationId, reservationUpdateStatus }) {
    if (!reservationEnded(context, reservationId, reservationUpdateStatus)) {
      context.services.finding(context.call, context.station, {
        rule: 'csms.reservation.unknown',
        severity: 'info',
        text: `Reservation ${reservationId} is ${reservationUpdateStatus}, but it is not known here`,
        clause: 'H04',
      });
    }
    return {};
  },
};
