import type { Inbound } from '../../handler.ts';
import { jobProgress } from '../../jobs.ts';

/** Security whitepaper L01. */
export const signedFirmwareStatusNotification: Inbound<'1.6', 'SignedFirmwareStatusNotification'> = {
  changes: 'the firmware job and its steps',
  shows: '/stations/{id}/jobs',
  handle(context, request) {
    jobProgress(context, 'firmware', request.requestId, request.status);
    return {};
  },
};
