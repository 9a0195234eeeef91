import type { Outbound } from '../../handler.ts';

/** 2.1 S02: the batteries themselves come by BatterySwap with the same request id. */
export const requestBatterySwap: Outbound<'2.1', 'RequestBatterySwap'> = {
  changes: 'a requested battery swap, once Accepted',
  shows: '/stations/{id}/battery-swaps',
  answered({ state, station, now, services }, { requestId, idToken }, { status }) {
    if (status !== 'Accepted') return;
    const id = String(requestId);
    const value = { requestId, idToken };
    state.items.put({ station, kind: 'battery-swaps', id, at: now, status: 'Requested', value });
    services.changed({ what: 'item', station, kind: 'battery-swaps', id });
  },
};
