import type { Outbound } from '../../handler.ts';
import { jobStarted } from '../../jobs.ts';

/** Security whitepaper L01. */
export const signedUpdateFirmware: Outbound<'1.6', 'SignedUpdateFirmware'> = {
  changes: 'a firmware job, once Accepted',
  shows: '/stations/{id}/jobs',
  answered(context, request, { status }) {
    if (status === 'Accepted' || status === 'AcceptedCanceled')
      jobStarted(context, 'firmware', request.requestId, request);
  },
};
