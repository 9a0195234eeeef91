import { isoTime, parseTime, SECOND_MS } from '../../../../../core/time.ts';
import type { Inbound, InboundSend } from '../../handler.ts';
import { eventStreamOpen } from '../event-stream-records.ts';

/** Values kept per stream; the journal has all frames. */
const MAX_VALUES = 500;

/** 2.1 N11: values of a monitor come as a stream from now on. */
export const openPeriodicEventStream: Inbound<'2.1', 'OpenPeriodicEventStream'> = {
  changes: 'an open event stream',
  shows: '/stations/{id}/event-streams',
  handle(context, { constantStreamData }) {
    const taken = eventStreamOpen(context, constantStreamData);
    return taken ? { status: 'Accepted' } : { status: 'Rejected', statusInfo: { reasonCode: 'TooManyElements' } };
  },
};

/** 2.1 N13: from now on the monitor reports by NotifyEvent again. */
export const closePeriodicEventStream: Inbound<'2.1', 'ClosePeriodicEventStream'> = {
  changes: 'the event stream is Closed',
  shows: '/stations/{id}/event-streams',
  handle({ state, station, now, services }, { id }) {
    const stream = state.items.get(station, 'event-streams', id);
    if (stream !== undefined) state.items.put({ ...stream, at: now, status: 'Closed' });
    services.changed({ what: 'item', station, kind: 'event-streams', id: String(id) });
    return {};
  },
};

/** 2.1 N15, a SEND: never answered (N15.FR.02). Offsets are seconds from the base time. */
export const notifyPeriodicEventStream: InboundSend<'2.1', 'NotifyPeriodicEventStream'> = {
  changes: 'the latest values of the event stream',
  shows: '/stations/{id}/event-streams value.values',
  handle({ state, station, now, services }, { id, pending, basetime, data }) {
    const stream = state.items.get(station, 'event-streams', id);
    const base = parseTime(basetime);
    const values = data.map(({ t, v }) => ({ at: base === undefined ? basetime : isoTime(base + t * SECOND_MS), v }));
    const before = stream?.value['values'];
    state.items.put({
      station,
      kind: 'event-streams',
      id: String(id),
      at: now,
      status: stream?.status ?? 'Unknown',
      value: {
        ...stream?.value,
        pending,
        values: [...(Array.isArray(before) ? (before as unknown[]) : []), ...values].slice(-MAX_VALUES),
      },
    });
    services.changed({ what: 'item', station, kind: 'event-streams', id: String(id) });
  },
};
