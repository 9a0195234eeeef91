import type { v21 } from '../../../../protocols/ocpp/messages.ts';
import { NO_EXTRAS } from './extras21.ts';
import { type Monitor, replaceMonitor } from './monitoring.ts';
import type { Side2x } from './side.ts';
import { type Answer, info, type Request } from './wire.ts';

// Periodic event streams of 2.1: monitored values go out as SEND instead of NotifyEvent (N11 to N15).

export function openStream(side: Side2x, monitor: Monitor, params: v21.PeriodicEventStreamParamsType): void {
  const stream: v21.ConstantStreamDataType = { id: monitor.id, variableMonitoringId: monitor.id, params };
  side.host.afterAnswer(() =>
    side.send('OpenPeriodicEventStream', { constantStreamData: stream }, 'normal', { stream }),
  );
}

/** Rejected: the monitor falls back to NotifyEvent (2.1 N11). */
export function streamAnswered(
  side: Side2x,
  payload: Readonly<Record<string, unknown>>,
  note: Readonly<Record<string, unknown>>,
): void {
  const stream = note['stream'] as v21.ConstantStreamDataType;
  const monitor = side.monitors.find((one) => one.id === stream.variableMonitoringId);
  if (payload['status'] !== 'Accepted' || monitor === undefined) return;
  replaceMonitor(side, { ...monitor, stream: stream.id });
  keepStreams(side, [...streamsOf(side).filter((one) => one.id !== stream.id), stream]);
}

/** One value per SEND: nothing is buffered, so nothing is pending. */
export function streamValue(side: Side2x, id: number, value: string): void {
  side.host.sendUnanswered('NotifyPeriodicEventStream', {
    id,
    pending: 0,
    basetime: side.iso(),
    data: [{ t: 0, v: value }],
  } satisfies v21.NotifyPeriodicEventStreamRequest);
}

export function closeStream(side: Side2x, id: number): void {
  keepStreams(
    side,
    streamsOf(side).filter((one) => one.id !== id),
  );
  side.host.afterAnswer(() => side.send('ClosePeriodicEventStream', { id }, 'normal'));
}

export function getPeriodicEventStream(side: Side2x): Answer<'GetPeriodicEventStream'> {
  const streams = streamsOf(side);
  return streams.length === 0 ? {} : { constantStreamData: [...streams] };
}

export function adjustPeriodicEventStream(
  side: Side2x,
  { id, params }: Request<'AdjustPeriodicEventStream'>,
): Answer<'AdjustPeriodicEventStream'> {
  const stream = streamsOf(side).find((one) => one.id === id);
  if (stream === undefined) return { status: 'Rejected', ...info('NotFound') };
  keepStreams(
    side,
    streamsOf(side).map((one) => (one.id === id ? { ...one, params } : one)),
  );
  return { status: 'Accepted' };
}

function streamsOf(side: Side2x): readonly v21.ConstantStreamDataType[] {
  return side.extras21?.streams ?? NO_EXTRAS.streams;
}

function keepStreams(side: Side2x, streams: readonly v21.ConstantStreamDataType[]): void {
  side.extras21 = { ...(side.extras21 ?? NO_EXTRAS), streams };
  side.host.touched('extras');
}
