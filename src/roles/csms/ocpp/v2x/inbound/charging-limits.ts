import type { InboundV2 } from '../handlers.ts';

/** K11, K12: a limit that somebody else set (energy management, grid operator). One per EVSE and source. */
export const notifyChargingLimit: InboundV2<'NotifyChargingLimit'> = {
  changes: 'the external limit of that source on the EVSE or station',
  shows: '/stations/{id}/charging-limits',
  handle({ state, station, now, services }, { evseId, chargingLimit, chargingSchedule }) {
    const evse = evseId ?? 0;
    const id = limitId(evse, chargingLimit.chargingLimitSource);
    const value = { chargingLimit, chargingSchedule };
    const status = chargingLimit.chargingLimitSource;
    state.items.put({ station, kind: 'charging-limits', id, at: now, evse, status, value });
    services.changed({ what: 'item', station, kind: 'charging-limits', id });
    return {};
  },
};

/** K13: the limit was released. Without an EVSE it is released everywhere. */
export const clearedChargingLimit: InboundV2<'ClearedChargingLimit'> = {
  changes: 'removes the external limit of that source',
  shows: '/stations/{id}/charging-limits',
  handle({ state, station, services }, { evseId, chargingLimitSource }) {
    for (const item of state.items.all(station, 'charging-limits')) {
      if (item.status !== chargingLimitSource || (evseId !== undefined && item.evse !== evseId)) continue;
      state.items.delete(station, 'charging-limits', item.id);
      services.changed({ what: 'item', station, kind: 'charging-limits', id: item.id });
    }
    return {};
  },
};

function limitId(evse: number, source: string): string {
  return `${evse}-${source}`;
}
