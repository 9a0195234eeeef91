import { isoTime } from '../../../../../core/time.ts';
import type { Outbound } from '../../handler.ts';
import { profileInstalled, profilesCleared } from '../../profiles.ts';
import { withDynamicLimits } from '../dynamic-schedule.ts';
import type { OutboundV2 } from '../handlers.ts';
import { profileFacts } from '../profile-facts.ts';

/** K01: the same id replaces (K01.FR.05), nothing else does (K01.FR.06). */
export const setChargingProfile: OutboundV2<'SetChargingProfile'> = {
  changes: 'the installed profile, once Accepted',
  shows: '/stations/{id}/profiles',
  answered(context, { evseId, chargingProfile }, { status }) {
    if (status === 'Accepted') profileInstalled(context, evseId, profileFacts(chargingProfile), chargingProfile, 'set');
  },
};

/** K10. Unknown: nothing matched, nothing changed. */
export const clearChargingProfile: OutboundV2<'ClearChargingProfile'> = {
  changes: 'removes the profiles that were selected, once Accepted',
  shows: '/stations/{id}/profiles',
  answered(context, { chargingProfileId: id, chargingProfileCriteria: criteria }, { status }) {
    if (status !== 'Accepted') return;
    profilesCleared(context, {
      id,
      evse: criteria?.evseId,
      purpose: criteria?.chargingProfilePurpose,
      stackLevel: criteria?.stackLevel,
    });
  },
};

/** K08. */
export const getCompositeSchedule: OutboundV2<'GetCompositeSchedule'> = {
  changes: 'the composite schedule as answered, once Accepted',
  shows: '/stations/{id}/composites',
  answered({ state, station, now, services }, { evseId: evse, duration }, { status, schedule }) {
    if (status !== 'Accepted') return;
    const value = { duration, schedule };
    state.items.put({ station, kind: 'composites', id: String(evse), at: now, evse, status, value });
    services.changed({ what: 'item', station, kind: 'composites', id: String(evse) });
  },
};

/** 2.1 K28: new limits in a Dynamic profile, effective at once. */
export const updateDynamicSchedule: Outbound<'2.1', 'UpdateDynamicSchedule'> = {
  changes: 'the limits in the Dynamic profile, once Accepted',
  shows: '/stations/{id}/profiles value.profile',
  answered({ state, station, now, services }, { chargingProfileId, scheduleUpdate }, { status }) {
    const item = state.items.get(station, 'profiles', chargingProfileId);
    if (status !== 'Accepted' || item === undefined) return;
    state.items.put(withDynamicLimits(item, scheduleUpdate, { ms: now, text: isoTime(now) }));
    services.changed({ what: 'item', station, kind: 'profiles', id: item.id });
  },
};
