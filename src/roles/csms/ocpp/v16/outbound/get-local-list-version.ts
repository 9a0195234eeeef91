import type { Outbound } from '../../handler.ts';
import { localListVersionKnown } from '../../local-list.ts';

/** 1.6 §5.10: 0 is an empty list, -1 means not supported. */
export const getLocalListVersion: Outbound<'1.6', 'GetLocalListVersion'> = {
  changes: 'local list version',
  shows: '/stations/{id} localListVersion',
  answered: (context, _request, { listVersion }) => localListVersionKnown(context, listVersion),
};
