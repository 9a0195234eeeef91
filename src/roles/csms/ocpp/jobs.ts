import { isoTime } from '../../../core/time.ts';
import type { StationItem } from '../state/station-items.ts';
import type { InboundContext, OutboundContext } from './handler.ts';

/** What a station does for a while after a command: it reports how far it has come. */
export type JobType = 'firmware' | 'log' | 'diagnostics' | 'publish-firmware';

/** Status steps kept per job. */
const MAX_STEPS = 60;
const FINAL =
  /^(Installed|InstallationFailed|InstallVerificationFailed|InvalidSignature|DownloadFailed|Uploaded|UploadFailed|UploadFailure|BadMessage|PermissionDenied|NotSupportedOperation|AcceptedCanceled|Published|PublishFailed|Idle|InvalidChecksum)$/;

interface Step {
  readonly status: string;
  readonly at: string;
}

/** Without a request id (1.6 classic) a job type has one job at a time. */
export function jobId(type: JobType, requestId: number | undefined): string {
  return requestId === undefined ? type : `${type}-${requestId}`;
}

/** A station accepted the job. */
export function jobStarted(
  context: OutboundContext,
  type: JobType,
  requestId: number | undefined,
  request: object,
  extra: object = {},
): void {
  const { state, station, now, services } = context;
  const id = jobId(type, requestId);
  const steps: Step[] = [{ status: 'Accepted', at: isoTime(now) }];
  state.items.put({
    station,
    kind: 'jobs',
    id,
    at: now,
    status: 'Accepted',
    value: { type, requestId, request, ...extra, steps },
  });
  services.changed({ what: 'item', station, kind: 'jobs', id });
}

/** A status notification came: the step is added to its job, which comes to exist if nobody asked for it. */
export function jobProgress(
  context: InboundContext,
  type: JobType,
  requestId: number | undefined,
  status: string,
  extra: object = {},
): void {
  const { state, station, now, services } = context;
  const change = { status, at: now, ...(requestId === undefined ? {} : { requestId }) };
  if (type === 'firmware') state.stations.update(station, { firmwareStatus: change });
  else if (type !== 'publish-firmware') state.stations.update(station, { diagnosticsStatus: change });
  // Idle without a request id only says that nothing is going on.
  if (status === 'Idle' && requestId === undefined) return services.changed({ what: 'station', station });
  const id = jobId(type, requestId);
  const before: StationItem | undefined = state.items.get(station, 'jobs', id);
  const steps = [...stepsOf(before), { status, at: isoTime(now) }].slice(-MAX_STEPS);
  state.items.put({
    station,
    kind: 'jobs',
    id,
    at: now,
    status,
    value: { type, requestId, ...before?.value, ...extra, steps, finished: FINAL.test(status) },
  });
  services.changed({ what: 'item', station, kind: 'jobs', id });
}

function stepsOf(item: StationItem | undefined): Step[] {
  const steps = item?.value['steps'];
  return Array.isArray(steps) ? (steps as Step[]) : [];
}
