import type { Inbound } from '../../handler.ts';

/** 2.1 S03: batteries went in or out, or were not taken. In and out of one swap have the same request id. */
export const batterySwap: Inbound<'2.1', 'BatterySwap'> = {
  changes: 'the battery swap: batteries that came in and went out',
  shows: '/stations/{id}/battery-swaps',
  handle({ state, station, now, services }, { eventType, idToken, requestId, batteryData }) {
    const id = String(requestId);
    const before = state.items.get(station, 'battery-swaps', id);
    const batteries = eventType === 'BatteryIn' ? { in: batteryData } : { out: batteryData };
    state.items.put({
      station,
      kind: 'battery-swaps',
      id,
      at: now,
      status: eventType,
      value: { ...before?.value, requestId, idToken, ...batteries },
    });
    services.changed({ what: 'item', station, kind: 'battery-swaps', id });
    return {};
  },
};
