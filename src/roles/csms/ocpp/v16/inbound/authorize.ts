import { DEFERRED } from '../../../../../link/ocpp-link.ts';
import type { Inbound } from '../../handler.ts';
import { idTagInfo } from '../id-tag-info.ts';

/** 1.6 §4.1: may this tag charge? Asked before a transaction, so that concurrent use does not count yet. */
export const authorize: Inbound<'1.6', 'Authorize'> = {
  changes: 'nothing; the decision stands in the answer',
  shows: '/messages?q=action:Authorize',
  handle(context, request) {
    context.services.authorize(
      { token: { idToken: request.idTag }, station: context.station, starting: false },
      (authorization) => context.link.answer(context.call, { idTagInfo: idTagInfo(authorization) }),
    );
    return DEFERRED;
  },
};
