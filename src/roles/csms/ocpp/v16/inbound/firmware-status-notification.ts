import type { Inbound } from '../../handler.ts';
import { jobProgress } from '../../jobs.ts';

/** 1.6 §4.5. */
export const firmwareStatusNotification: Inbound<'1.6', 'FirmwareStatusNotification'> = {
  changes: 'the firmware job and its steps',
  shows: '/stations/{id}/jobs',
  handle(context, request) {
    jobProgress(context, 'firmware', undefined, request.status);
    return {};
  },
};
