import type { Outbound } from '../../handler.ts';
import { jobStarted } from '../../jobs.ts';

/** Security whitepaper N01. */
export const getLog: Outbound<'1.6', 'GetLog'> = {
  changes: 'a log job, unless Rejected',
  shows: '/stations/{id}/jobs',
  answered(context, request, { status, filename }) {
    if (status !== 'Rejected') jobStarted(context, 'log', request.requestId, request, { filename });
  },
};
