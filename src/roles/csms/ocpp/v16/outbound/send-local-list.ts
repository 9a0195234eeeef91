import type { Outbound } from '../../handler.ts';
import { localListSent } from '../../local-list.ts';

/** 1.6 §5.15. */
export const sendLocalList: Outbound<'1.6', 'SendLocalList'> = {
  changes: 'local list entries and version, once Accepted',
  shows: '/stations/{id}/local-list; /stations/{id} localListVersion',
  answered(context, { listVersion, updateType, localAuthorizationList }, { status }) {
    if (status !== 'Accepted') return;
    const entries = (localAuthorizationList ?? []).map(({ idTag, idTagInfo }) => ({ idToken: idTag, info: idTagInfo }));
    localListSent(context, listVersion, updateType, entries);
  },
};
