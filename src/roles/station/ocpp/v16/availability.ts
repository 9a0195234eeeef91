import type { RequestOf, ResponseOf } from '../../../../protocols/ocpp/messages.ts';
import { changeAvailability } from '../../state/availability.ts';
import { endAuthorization, unlock } from '../../state/transactions.ts';
import type { Side16 } from './side.ts';
import { sendChangedStatuses } from './status.ts';

/** ChangeAvailability: connector 0 is the whole station (1.6 §5.2). */
export function changeAvailability16(
  side: Side16,
  { connectorId, type }: RequestOf<'1.6', 'ChangeAvailability'>,
): ResponseOf<'1.6', 'ChangeAvailability'> {
  const found = connectorId === 0 ? undefined : side.core.connector(connectorId);
  if (connectorId !== 0 && found === undefined) return { status: 'Rejected' };
  const operative = type === 'Operative';
  // The station and all connectors follow connector 0; a connector by itself made Inoperative comes back with it.
  if (connectorId === 0) {
    for (const evse of side.core.evses) {
      for (const connector of evse.connectors) changeAvailability(side.core, operative, evse.id, connector.id);
    }
  }
  const status = changeAvailability(side.core, operative, found?.evse.id, found?.connector.id);
  side.host.afterAnswer(() => side.host.online && sendChangedStatuses(side));
  return { status };
}

/** A running transaction is finished first (1.6 §5.18). A lock that is not there is NotSupported, as an unknown connector (E 3.87). */
export function unlockConnector(
  side: Side16,
  { connectorId }: RequestOf<'1.6', 'UnlockConnector'>,
): ResponseOf<'1.6', 'UnlockConnector'> {
  const found = side.core.connector(connectorId);
  if (found === undefined || !found.connector.template.lock) return { status: 'NotSupported' };
  const { evse, connector } = found;
  const stuck = connector.fault?.code === 'ConnectorLockFailure';
  side.host.afterAnswer(() => {
    if (evse.transaction !== undefined || evse.authorization !== undefined) {
      endAuthorization(side.core, evse, 'UnlockCommand', 'UnlockCommand');
    }
    if (!stuck) unlock(evse);
  });
  return { status: stuck ? 'UnlockFailed' : 'Unlocked' };
}
