import { localListSent, localListVersionKnown } from '../../local-list.ts';
import type { OutboundV2 } from '../handlers.ts';

/** D01. Full replaces, an entry without idTokenInfo deletes (D01.FR.17). */
export const sendLocalList: OutboundV2<'SendLocalList'> = {
  changes: 'local list entries and version, once Accepted',
  shows: '/stations/{id}/local-list; /stations/{id} localListVersion',
  answered(context, { versionNumber, updateType, localAuthorizationList = [] }, { status }) {
    if (status !== 'Accepted') return;
    const entries = localAuthorizationList.map(({ idToken, idTokenInfo }) => ({
      idToken: idToken.idToken,
      type: idToken.type,
      info: idTokenInfo,
    }));
    localListSent(context, versionNumber, updateType, entries);
  },
};

/** D02: 0 when there is none. */
export const getLocalListVersion: OutboundV2<'GetLocalListVersion'> = {
  changes: 'local list version',
  shows: '/stations/{id} localListVersion',
  answered: (context, _request, { versionNumber }) => localListVersionKnown(context, versionNumber),
};
