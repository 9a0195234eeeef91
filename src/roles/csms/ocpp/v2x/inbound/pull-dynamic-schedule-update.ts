import { isoTime } from '../../../../../core/time.ts';
import type { Inbound } from '../../handler.ts';
import { dynamicLimits } from '../dynamic-schedule.ts';

/**
 * 2.1 K28: the station asks for the present limits of a Dynamic profile (K28.FR.07). They are those that were set or
 * updated last; another kind of profile, or none, is Rejected (K28.FR.10/12).
 */
export const pullDynamicScheduleUpdate: Inbound<'2.1', 'PullDynamicScheduleUpdate'> = {
  changes: 'when the station last asked for the limits of the profile',
  shows: '/stations/{id}/profiles value.pulledAt',
  handle({ state, station, now, services }, { chargingProfileId }) {
    const item = state.items.get(station, 'profiles', chargingProfileId);
    if (item === undefined) return { status: 'Rejected', statusInfo: { reasonCode: 'NotFound' } };
    if (item.value['kind'] !== 'Dynamic') return { status: 'Rejected', statusInfo: { reasonCode: 'InvalidProfile' } };
    state.items.put({ ...item, value: { ...item.value, pulledAt: isoTime(now) } });
    services.changed({ what: 'item', station, kind: 'profiles', id: item.id });
    return { status: 'Accepted', scheduleUpdate: dynamicLimits(item) };
  },
};
