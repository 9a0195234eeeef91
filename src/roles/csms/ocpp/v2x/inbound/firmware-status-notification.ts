import { jobProgress } from '../../jobs.ts';
import type { InboundV2 } from '../handlers.ts';

/** L01, L02. */
export const firmwareStatusNotification: InboundV2<'FirmwareStatusNotification'> = {
  changes: 'the firmware job and its steps; the station’s firmware status',
  shows: '/stations/{id}/jobs; /stations/{id} firmwareStatus',
  handle(context, { status, requestId, statusInfo }) {
    jobProgress(context, 'firmware', requestId, status, statusInfo === undefined ? {} : { statusInfo });
    return {};
  },
};
