import { parseTime } from '../../../../core/time.ts';
import { cancelReservation, type Reservation, reserve } from '../../state/reservation.ts';
import type { Side2x } from './side.ts';
import { tokenOf } from './tokens.ts';
import { type Answer, info, type Request } from './wire.ts';

export function reserveNow(side: Side2x, request: Request<'ReserveNow'>): Answer<'ReserveNow'> {
  if (!side.model.bool('ReservationCtrlr.Enabled')) return { status: 'Rejected', ...info('NotEnabled') };
  if (request.evseId === undefined && !side.model.bool('ReservationCtrlr.NonEvseSpecific')) {
    return { status: 'Rejected', ...info('UnsupportedParam', 'evseId is needed') };
  }
  const expiryMs = parseTime(request.expiryDateTime);
  if (expiryMs === undefined) return { status: 'Rejected', ...info('InvalidValue') };
  return {
    status: reserve(side.core, {
      id: request.id,
      token: tokenOf(request.idToken),
      group: request.groupIdToken === undefined ? undefined : tokenOf(request.groupIdToken),
      expiryMs,
      evseId: request.evseId,
      // All connectors of the EVSE are reserved (H01.FR.23).
      connectorId: undefined,
      connectorType: request.connectorType,
    }),
  };
}

export function cancelReservation2x(
  side: Side2x,
  { reservationId }: Request<'CancelReservation'>,
): Answer<'CancelReservation'> {
  return cancelReservation(side.core, reservationId)
    ? { status: 'Accepted' }
    : { status: 'Rejected', ...info('NotFound') };
}

/** Expired and removed ones are told; a use stands in the TransactionEvent, a cancellation came from the CSMS (H01, H04). */
export function reservationOver2x(
  side: Side2x,
  reservation: Reservation,
  why: 'expired' | 'removed' | 'used' | 'cancelled',
): void {
  side.host.happened('reservation-over', { reservationId: reservation.id, why });
  if (why !== 'expired' && why !== 'removed') return;
  side.send(
    'ReservationStatusUpdate',
    { reservationId: reservation.id, reservationUpdateStatus: why === 'expired' ? 'Expired' : 'Removed' },
    'normal',
  );
}
