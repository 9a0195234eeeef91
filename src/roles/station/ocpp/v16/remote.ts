import type { RequestOf, ResponseOf } from '../../../../protocols/ocpp/messages.ts';
import { begin, chooseEvse, grant } from '../../state/driver.ts';
import { isReservedForOther } from '../../state/reservation.ts';
import { endAuthorization, mayBegin } from '../../state/transactions.ts';
import type { Side16 } from './side.ts';
import { faultOf16, installProfile, profile16 } from './smart-charging.ts';
import { idTag } from './tokens.ts';

/** RemoteStartTransaction: Accepted means "will try" (1.6 §5.11). Nothing is sent when it lapses. */
export function remoteStart(
  side: Side16,
  request: RequestOf<'1.6', 'RemoteStartTransaction'>,
): ResponseOf<'1.6', 'RemoteStartTransaction'> {
  const { core, host } = side;
  // Forbidden while Pending (1.6 §4.2).
  if (!host.online) return { status: 'Rejected' };
  const token = idTag(request.idTag);
  const asked = request.connectorId === undefined ? undefined : core.connector(request.connectorId);
  if (request.connectorId !== undefined && asked === undefined) return { status: 'Rejected' };
  if (asked?.connector.fault !== undefined) return { status: 'Rejected' };
  const group = core.knownGroup(token);
  const evse = chooseEvse(core, asked?.evse, token, group);
  if (evse === undefined || !mayBegin(core, evse)) return { status: 'Rejected' };
  if (isReservedForOther(core, evse, token, group)) return { status: 'Rejected' };
  const wire = request.chargingProfile;
  const useProfile = wire !== undefined && side.template.features.smartCharging;
  if (useProfile) {
    const profile = profile16(side, wire, evse.id, undefined);
    const refusal =
      wire.chargingProfilePurpose !== 'TxProfile' || wire.transactionId !== undefined
        ? 'Rejected'
        : faultOf16(side, profile);
    if (refusal !== undefined) return { status: 'Rejected' };
    host.afterAnswer(() => installProfile(side, profile));
  }
  host.afterAnswer(() => {
    if (side.settings.authorizeRemote) begin(core, evse, token, undefined);
    else
      grant(core, evse, token, { status: 'Accepted', ...(group === undefined ? {} : { group }) }, 'remote', undefined);
  });
  return { status: 'Accepted' };
}

export function remoteStop(
  side: Side16,
  { transactionId }: RequestOf<'1.6', 'RemoteStopTransaction'>,
): ResponseOf<'1.6', 'RemoteStopTransaction'> {
  if (!side.host.online) return { status: 'Rejected' };
  const evse = side.core.evses.find((one) => one.transaction?.number === transactionId);
  if (evse === undefined) return { status: 'Rejected' };
  side.host.afterAnswer(() => endAuthorization(side.core, evse, 'Remote', 'RemoteStop'));
  return { status: 'Accepted' };
}
