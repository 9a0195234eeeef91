import type { Outbound } from '../../handler.ts';
import { jobStarted } from '../../jobs.ts';

/** 1.6 §5.19: the answer has no status. */
export const updateFirmware: Outbound<'1.6', 'UpdateFirmware'> = {
  changes: 'a firmware job',
  shows: '/stations/{id}/jobs',
  answered: (context, request) => jobStarted(context, 'firmware', undefined, request),
};
