import { changeAvailability } from '../../state/availability.ts';
import { connectorOf } from '../../state/evse.ts';
import { unlock } from '../../state/transactions.ts';
import type { Side2x } from './side.ts';
import { type Answer, info, type Request } from './wire.ts';

export function changeAvailability2x(
  side: Side2x,
  { operationalStatus, evse }: Request<'ChangeAvailability'>,
): Answer<'ChangeAvailability'> {
  const status = changeAvailability(side.core, operationalStatus === 'Operative', evse?.id, evse?.connectorId);
  return status === 'Rejected' ? { status, ...info('UnknownEvse') } : { status };
}

/** An authorized transaction is left alone (2.0.1 F05.FR.02, the opposite of 1.6); tried even without a cable. */
export function unlockConnector(
  side: Side2x,
  { evseId, connectorId }: Request<'UnlockConnector'>,
): Answer<'UnlockConnector'> {
  const evse = side.core.evse(evseId);
  const connector = evse === undefined ? undefined : connectorOf(evse, connectorId);
  if (evse === undefined || connector === undefined) return { status: 'UnknownConnector' };
  if (evse.transaction !== undefined && evse.authorization !== undefined)
    return { status: 'OngoingAuthorizedTransaction' };
  if (connector.fault?.code === 'ConnectorLockFailure') return { status: 'UnlockFailed' };
  if (connector.template.fixedCable) return { status: 'UnlockFailed', ...info('FixedCable') };
  unlock(evse);
  return { status: 'Unlocked' };
}
