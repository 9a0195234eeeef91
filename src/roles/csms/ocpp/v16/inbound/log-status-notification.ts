import type { Inbound } from '../../handler.ts';
import { jobProgress } from '../../jobs.ts';

/** Security whitepaper N01. */
export const logStatusNotification: Inbound<'1.6', 'LogStatusNotification'> = {
  changes: 'the log job and its steps',
  shows: '/stations/{id}/jobs',
  handle(context, request) {
    jobProgress(context, 'log', request.requestId, request.status);
    return {};
  },
};
