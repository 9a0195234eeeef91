import { begin, chooseEvse, grant } from '../../state/driver.ts';
import { isReservedForOther } from '../../state/reservation.ts';
import { endAuthorization, mayBegin } from '../../state/transactions.ts';
import { checkProfile, profile2x } from './profile-wire.ts';
import type { Side2x } from './side.ts';
import { installProfile } from './smart-charging.ts';
import { tokenOf } from './tokens.ts';
import { type Answer, info, type Request } from './wire.ts';

/** RequestStartTransaction (2.0.1 F01, F02). */
export function requestStart(
  side: Side2x,
  request: Request<'RequestStartTransaction'>,
): Answer<'RequestStartTransaction'> {
  const { core, host } = side;
  if (!host.online) return { status: 'Rejected', ...info('CSNotAccepted') };
  const asked = request.evseId === undefined ? undefined : core.evse(request.evseId);
  if (request.evseId !== undefined && asked === undefined) return { status: 'Rejected', ...info('UnknownEvse') };
  const token = tokenOf(request.idToken);
  const group = request.groupIdToken === undefined ? core.knownGroup(token) : tokenOf(request.groupIdToken);
  const evse = chooseEvse(core, asked, token, group);
  if (evse === undefined || !mayBegin(core, evse)) {
    return {
      status: 'Rejected',
      ...info(asked?.authorization === undefined ? 'NoCable' : 'TxInProgress', 'No EVSE can start now'),
    };
  }
  if (isReservedForOther(core, evse, token, group))
    return { status: 'Rejected', ...info('TxInProgress', 'Reserved for another token') };
  const wire = request.chargingProfile;
  if (wire !== undefined && side.template.features.smartCharging) {
    const profile = profile2x(wire, evse.id, evse.transaction?.id);
    const fault =
      wire.chargingProfilePurpose !== 'TxProfile' || wire.transactionId !== undefined
        ? 'InvalidProfile'
        : checkProfile(side, wire, profile)?.reason;
    if (fault !== undefined) return { status: 'Rejected', ...info(fault) };
    host.afterAnswer(() => installProfile(side, profile));
  }
  // A transaction that began with the cable is told at once (F01.FR.13).
  const transactionId = evse.transaction?.id;
  host.afterAnswer(() => {
    evse.webPaymentUntilMs = 0;
    if (side.settings.authorizeRemote) begin(core, evse, token, request.remoteStartId);
    else
      grant(
        core,
        evse,
        token,
        { status: 'Accepted', ...(group === undefined ? {} : { group }) },
        'remote',
        request.remoteStartId,
      );
  });
  return { status: 'Accepted', ...(transactionId === undefined ? {} : { transactionId }) };
}

export function requestStop(
  side: Side2x,
  { transactionId }: Request<'RequestStopTransaction'>,
): Answer<'RequestStopTransaction'> {
  if (!side.host.online) return { status: 'Rejected', ...info('CSNotAccepted') };
  const found = side.core.transactionOf(transactionId);
  if (found === undefined) return { status: 'Rejected', ...info('TxNotFound') };
  side.host.afterAnswer(() => endAuthorization(side.core, found.evse, 'Remote', 'RemoteStop'));
  return { status: 'Accepted' };
}
