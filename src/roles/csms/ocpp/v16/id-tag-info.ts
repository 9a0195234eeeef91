import { isoTime } from '../../../../core/time.ts';
import type { v16 } from '../../../../protocols/ocpp/messages.ts';
import type { Authorization } from '../../state/authorization.ts';

type IdTagInfo = v16.AuthorizeResponse['idTagInfo'];

/** 1.6 knows five statuses; what only 2.x can say becomes the nearest one. */
const STATUS: Readonly<Record<Authorization['status'], IdTagInfo['status']>> = {
  Accepted: 'Accepted',
  Blocked: 'Blocked',
  ConcurrentTx: 'ConcurrentTx',
  Expired: 'Expired',
  Invalid: 'Invalid',
  NoCredit: 'Blocked',
  NotAllowedTypeEVSE: 'Invalid',
  NotAtThisLocation: 'Invalid',
  NotAtThisTime: 'Invalid',
  Unknown: 'Invalid',
};

export function idTagInfo(authorization: Authorization): IdTagInfo {
  const { status, expiresAt, groupId } = authorization;
  return {
    status: STATUS[status],
    ...(expiresAt === undefined ? {} : { expiryDate: isoTime(expiresAt) }),
    // A group id longer than an idTag cannot be said in 1.6.
    ...(groupId === undefined || groupId.length > 20 ? {} : { parentIdTag: groupId }),
  };
}
