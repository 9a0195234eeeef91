import { jobProgress } from '../../jobs.ts';
import type { InboundV2 } from '../handlers.ts';

/** N01. */
export const logStatusNotification: InboundV2<'LogStatusNotification'> = {
  changes: 'the log job and its steps; the station’s diagnostics status',
  shows: '/stations/{id}/jobs; /stations/{id} diagnosticsStatus',
  handle(context, { status, requestId, statusInfo }) {
    jobProgress(context, 'log', requestId, status, statusInfo === undefined ? {} : { statusInfo });
    return {};
  },
};
