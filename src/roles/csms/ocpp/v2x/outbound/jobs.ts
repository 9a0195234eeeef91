import { jobStarted } from '../../jobs.ts';
import type { OutboundV2 } from '../handlers.ts';

/** N01. AcceptedCanceled: an earlier upload gave way. */
export const getLog: OutboundV2<'GetLog'> = {
  changes: 'a log job, unless Rejected',
  shows: '/stations/{id}/jobs',
  answered(context, request, { status, filename }) {
    if (status !== 'Rejected') jobStarted(context, 'log', request.requestId, request, { filename });
  },
};

/** L01, L02. */
export const updateFirmware: OutboundV2<'UpdateFirmware'> = {
  changes: 'a firmware job, once Accepted',
  shows: '/stations/{id}/jobs',
  answered(context, request, { status }) {
    if (status === 'Accepted' || status === 'AcceptedCanceled')
      jobStarted(context, 'firmware', request.requestId, request);
  },
};

/** L03. */
export const publishFirmware: OutboundV2<'PublishFirmware'> = {
  changes: 'a publishing job, once Accepted',
  shows: '/stations/{id}/jobs',
  answered(context, request, { status }) {
    if (status === 'Accepted') jobStarted(context, 'publish-firmware', request.requestId, request);
  },
};

/** L04. NoFirmware: it is not there either. */
export const unpublishFirmware: OutboundV2<'UnpublishFirmware'> = {
  changes: 'removes the published firmware, once Unpublished or NoFirmware',
  shows: '/stations/{id}/published',
  answered({ state, station, services }, { checksum }, { status }) {
    if (status === 'DownloadOngoing') return;
    state.items.delete(station, 'published', checksum);
    services.changed({ what: 'item', station, kind: 'published', id: checksum });
  },
};
