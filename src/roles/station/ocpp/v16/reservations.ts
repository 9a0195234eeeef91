import { parseTime } from '../../../../core/time.ts';
import type { RequestOf, ResponseOf } from '../../../../protocols/ocpp/messages.ts';
import { cancelReservation, reserve } from '../../state/reservation.ts';
import type { Side16 } from './side.ts';
import { idTag } from './tokens.ts';

export function reserveNow(side: Side16, request: RequestOf<'1.6', 'ReserveNow'>): ResponseOf<'1.6', 'ReserveNow'> {
  const found = request.connectorId === 0 ? undefined : side.core.connector(request.connectorId);
  if (request.connectorId !== 0 && found === undefined) return { status: 'Rejected' };
  if (request.connectorId === 0 && !side.configuration.bool('ReserveConnectorZeroSupported'))
    return { status: 'Rejected' };
  const expiryMs = parseTime(request.expiryDate);
  if (expiryMs === undefined) return { status: 'Rejected' };
  return {
    status: reserve(side.core, {
      id: request.reservationId,
      token: idTag(request.idTag),
      group: request.parentIdTag === undefined ? undefined : idTag(request.parentIdTag),
      expiryMs,
      evseId: found?.evse.id,
      connectorId: found?.connector.id,
      connectorType: undefined,
    }),
  };
}

export function cancelReservation16(
  side: Side16,
  { reservationId }: RequestOf<'1.6', 'CancelReservation'>,
): ResponseOf<'1.6', 'CancelReservation'> {
  return { status: cancelReservation(side.core, reservationId) ? 'Accepted' : 'Rejected' };
}
