import type { Outbound } from '../../handler.ts';
import { jobStarted } from '../../jobs.ts';

/** 1.6 §5.9: without a file name there is nothing to upload, and no upload follows. */
export const getDiagnostics: Outbound<'1.6', 'GetDiagnostics'> = {
  changes: 'a diagnostics job, when the station has something to upload',
  shows: '/stations/{id}/jobs',
  answered(context, request, { fileName }) {
    if (fileName !== undefined) jobStarted(context, 'diagnostics', undefined, request, { fileName });
  },
};
