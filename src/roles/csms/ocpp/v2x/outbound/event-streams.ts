import type { Outbound } from '../../handler.ts';
import { eventStreamOpen } from '../event-stream-records.ts';

/** 2.1 N14. */
export const adjustPeriodicEventStream: Outbound<'2.1', 'AdjustPeriodicEventStream'> = {
  changes: 'interval and number of values of the event stream, once Accepted',
  shows: '/stations/{id}/event-streams',
  answered({ state, station, now, services }, { id, params }, { status }) {
    const stream = state.items.get(station, 'event-streams', id);
    if (status !== 'Accepted' || stream === undefined) return;
    const before = stream.value['params'];
    const adjusted = { ...(typeof before === 'object' ? before : {}), ...params };
    state.items.put({ ...stream, at: now, value: { ...stream.value, params: adjusted } });
    services.changed({ what: 'item', station, kind: 'event-streams', id: String(id) });
  },
};

/** 2.1 N12: the list of open streams; others are closed. It may be absent when there is none. */
export const getPeriodicEventStream: Outbound<'2.1', 'GetPeriodicEventStream'> = {
  changes: 'open event streams as listed, others Closed',
  shows: '/stations/{id}/event-streams',
  answered(context, _request, { constantStreamData = [] }) {
    const { state, station, now, services } = context;
    const open = new Set(constantStreamData.map(({ id }) => String(id)));
    for (const stream of state.items.all(station, 'event-streams')) {
      if (stream.status === 'Closed' || open.has(stream.id)) continue;
      state.items.put({ ...stream, at: now, status: 'Closed' });
      services.changed({ what: 'item', station, kind: 'event-streams', id: stream.id });
    }
    for (const stream of constantStreamData) eventStreamOpen(context, stream);
  },
};
