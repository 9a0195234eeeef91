import type { Inbound } from '../../handler.ts';
import { jobProgress } from '../../jobs.ts';

/** 1.6 §4.4. */
export const diagnosticsStatusNotification: Inbound<'1.6', 'DiagnosticsStatusNotification'> = {
  changes: 'the diagnostics job and its steps',
  shows: '/stations/{id}/jobs',
  handle(context, request) {
    jobProgress(context, 'diagnostics', undefined, request.status);
    return {};
  },
};
