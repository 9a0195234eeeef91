import { isoTime } from '../../../../../core/time.ts';
import { jobId, jobProgress } from '../../jobs.ts';
import type { InboundV2 } from '../handlers.ts';

/** L03: a local controller publishes firmware to the stations behind it. What is published is known by its checksum. */
export const publishFirmwareStatusNotification: InboundV2<'PublishFirmwareStatusNotification'> = {
  changes: 'the publishing job and its steps; the published firmware, once Published',
  shows: '/stations/{id}/jobs; /stations/{id}/published',
  handle(context, { status, requestId, location, statusInfo }) {
    const { state, station, now, services } = context;
    jobProgress(context, 'publish-firmware', requestId, status, {
      ...(location === undefined ? {} : { location }),
      ...(statusInfo === undefined ? {} : { statusInfo }),
    });
    if (status !== 'Published') return {};
    const request = state.items.get(station, 'jobs', jobId('publish-firmware', requestId))?.value['request'];
    const checksum = isRequest(request) ? request.checksum : undefined;
    // Without our request nobody knows the checksum: it is kept under its request id.
    const id = checksum ?? `request-${requestId ?? 'none'}`;
    const value = { checksum, location, publishedAt: isoTime(now) };
    state.items.put({ station, kind: 'published', id, at: now, status, value });
    services.changed({ what: 'item', station, kind: 'published', id });
    return {};
  },
};

function isRequest(value: unknown): value is { readonly checksum: string } {
  return typeof value === 'object' && value !== null && 'checksum' in value && typeof value.checksum === 'string';
}
