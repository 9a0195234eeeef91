import type { Outbound } from '../../handler.ts';

/** 1.6 §5.7. */
export const getCompositeSchedule: Outbound<'1.6', 'GetCompositeSchedule'> = {
  changes: 'the composite schedule as answered',
  shows: '/stations/{id}/composites',
  answered(context, request, { status, connectorId, scheduleStart, chargingSchedule }) {
    if (status !== 'Accepted') return;
    const { state, station, now } = context;
    const evse = connectorId ?? request.connectorId;
    const value = { duration: request.duration, scheduleStart, chargingSchedule };
    state.items.put({ station, kind: 'composites', id: String(evse), at: now, evse, status, value });
  },
};
