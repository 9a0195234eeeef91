import type { Inbound } from '../../handler.ts';
import { derControlsSuperseded } from '../der-controls.ts';

/** 2.1 R05: a grid event began or ended. */
export const notifyDERAlarm: Inbound<'2.1', 'NotifyDERAlarm'> = {
  changes: 'keeps the alarm',
  shows: '/stations/{id}/der-events',
  handle({ state, station, now, services }, request) {
    const status = request.alarmEnded === true ? 'AlarmEnded' : 'Alarm';
    state.items.append({ station, kind: 'der-events', at: now, status, value: { ...request } });
    services.changed({ what: 'item', station, kind: 'der-events', id: request.controlType });
    return {};
  },
};

/** 2.1 R04.FR.20-22: a scheduled control began or ended, and pushed others aside. */
export const notifyDERStartStop: Inbound<'2.1', 'NotifyDERStartStop'> = {
  changes: 'keeps the event; the DER control is Started or Ended, those it pushed aside Superseded',
  shows: '/stations/{id}/der-events; /stations/{id}/der-controls',
  handle(context, request) {
    const { state, station, now, services } = context;
    const { controlId, started, supersededIds = [] } = request;
    const status = started ? 'Started' : 'Ended';
    state.items.append({ station, kind: 'der-events', at: now, status, value: { ...request } });
    const control = state.items.get(station, 'der-controls', controlId);
    if (control !== undefined) state.items.put({ ...control, at: now, status });
    derControlsSuperseded(context, supersededIds);
    services.changed({ what: 'item', station, kind: 'der-events', id: controlId });
    return {};
  },
};
