import { isoTime } from '../../../../core/time.ts';
import type { v21 } from '../../../../protocols/ocpp/messages.ts';
import { compositeSchedule } from '../../smart-charging/composite.ts';
import { hardwareLimitOf } from '../../smart-charging/hardware.ts';
import type { Profile, RateUnit } from '../../smart-charging/profile.ts';
import type { ProfileFilter } from '../../smart-charging/profile-store.ts';
import { relativeStartMs } from '../../state/charging.ts';
import { refresh } from '../../state/transactions.ts';
import { tellSchedule } from './charging-needs.ts';
import { checkProfile, PURPOSES, profile2x, unitsOf, type WireProfile } from './profile-wire.ts';
import type { Side2x } from './side.ts';
import { armDynamic } from './smart-charging21.ts';
import { type Answer, info, type Request } from './wire.ts';

export function installProfile(side: Side2x, profile: Profile): void {
  side.core.profiles.install(profile, 'id');
  profilesChanged(side);
}

export function profilesChanged(side: Side2x): void {
  side.host.touched('profiles');
  side.host.happened('charging-profiles', { installed: side.core.profiles.all.length });
  armDynamic(side);
  for (const evse of side.core.evses) refresh(side.core, evse);
}

export function setChargingProfile(
  side: Side2x,
  { evseId, chargingProfile: wire }: Request<'SetChargingProfile'>,
): Answer<'SetChargingProfile'> {
  const evse = evseId === 0 ? undefined : side.core.evse(evseId);
  if (evseId !== 0 && evse === undefined) return { status: 'Rejected', ...info('UnknownEvse') };
  const purpose = PURPOSES[wire.chargingProfilePurpose];
  // The CSMS sets no external constraints (K01.FR.22).
  if (purpose === 'External') return { status: 'Rejected', ...info('InvalidProfile') };
  if (purpose === 'Tx') {
    if (evse === undefined) return { status: 'Rejected', ...info('UnknownEvse') };
    if (wire.transactionId === undefined) return { status: 'Rejected', ...info('MissingParam') };
    if (evse.transaction?.id !== wire.transactionId) return { status: 'Rejected', ...info('TxNotFound') };
  }
  const profile = profile2x(wire, evseId, purpose === 'Tx' ? wire.transactionId : undefined);
  const fault = checkProfile(side, wire, profile);
  if (fault !== undefined) {
    side.host.happened('profile-refused', { reason: fault.text });
    return { status: 'Rejected', ...info(fault.reason, fault.text) };
  }
  side.host.afterAnswer(() => {
    installProfile(side, profile);
    if (purpose === 'Tx') tellSchedule(side, wire);
  });
  return { status: 'Accepted' };
}

export function clearChargingProfile(
  side: Side2x,
  request: Request<'ClearChargingProfile'>,
): Answer<'ClearChargingProfile'> {
  const { chargingProfileId, chargingProfileCriteria: criteria } = request;
  const filter: ProfileFilter = {
    ...(chargingProfileId === undefined ? {} : { id: chargingProfileId }),
    ...(criteria?.evseId === undefined ? {} : { evseId: criteria.evseId }),
    ...(criteria?.chargingProfilePurpose === undefined ? {} : { purpose: PURPOSES[criteria.chargingProfilePurpose] }),
    ...(criteria?.stackLevel === undefined ? {} : { stackLevel: criteria.stackLevel }),
  };
  if (side.core.profiles.clear(filter) === 0) return { status: 'Unknown' };
  side.host.afterAnswer(() => profilesChanged(side));
  return { status: 'Accepted' };
}

/** ReportChargingProfiles: one message per EVSE and source, `tbc` until the last (K09). */
export function getChargingProfiles(
  side: Side2x,
  request: Request<'GetChargingProfiles'>,
): Answer<'GetChargingProfiles'> {
  const { chargingProfile: criterion, evseId, requestId } = request;
  const sources = criterion.chargingLimitSource as Profile['source'][] | undefined;
  const found = side.core.profiles.find({
    ...(evseId === undefined ? {} : { evseId }),
    ...(criterion.chargingProfileId === undefined
      ? {
          ...(criterion.chargingProfilePurpose === undefined
            ? {}
            : { purpose: PURPOSES[criterion.chargingProfilePurpose] }),
          ...(criterion.stackLevel === undefined ? {} : { stackLevel: criterion.stackLevel }),
          ...(sources === undefined ? {} : { sources }),
        }
      : { ids: criterion.chargingProfileId }),
  });
  if (found.length === 0) return { status: 'NoProfiles' };
  const groups = new Map<string, Profile[]>();
  for (const profile of found) {
    const key = `${profile.evseId} ${profile.source}`;
    groups.set(key, [...(groups.get(key) ?? []), profile]);
  }
  side.host.afterAnswer(() => {
    let left = groups.size;
    for (const group of groups.values()) {
      const [first] = group;
      left--;
      if (first === undefined) continue;
      side.send(
        'ReportChargingProfiles',
        {
          requestId,
          chargingLimitSource: first.source,
          evseId: first.evseId,
          chargingProfile: group.map((profile) => profile.wire as WireProfile),
          tbc: left > 0,
        },
        'triggered',
      );
    }
  });
  return { status: 'Accepted' };
}

export function getCompositeSchedule(
  side: Side2x,
  request: Request<'GetCompositeSchedule'>,
): Answer<'GetCompositeSchedule'> {
  const { evseId, duration, chargingRateUnit } = request;
  const evse = evseId === 0 ? undefined : side.core.evse(evseId);
  if (evseId !== 0 && evse === undefined) return { status: 'Rejected', ...info('UnknownEvse') };
  const unit = chargingRateUnit ?? unitsOf(side)[0] ?? 'A';
  if (!unitsOf(side).includes(unit)) return { status: 'Rejected', ...info('UnsupportedRateUnit') };
  const startMs = Math.floor(side.host.now() / 1000) * 1000;
  const composite = compositeSchedule(
    side.core.profiles.all,
    {
      evseId,
      transactionId: evse?.transaction?.id,
      relativeStartMs: evse === undefined ? startMs : relativeStartMs(evse, startMs),
      priority: evse?.priority === true,
    },
    startMs,
    duration,
    unit,
    hardwareLimitOf(side.template, evse?.id),
  );
  return {
    status: 'Accepted',
    schedule: {
      evseId,
      duration,
      scheduleStart: isoTime(startMs),
      chargingRateUnit: unit,
      chargingSchedulePeriod: composite.periods.map((period) => ({
        startPeriod: period.startS,
        limit: period.limit,
        numberPhases: period.phases,
      })),
    },
  };
}

/** An energy manager in the house limits the station, or lets it go: told to the CSMS (K11, K13). */
export function setExternalLimit(
  side: Side2x,
  limit: { readonly unit: RateUnit; readonly limit: number; readonly source: 'EMS' | 'SO' } | undefined,
): void {
  const before = side.core.profiles.find({ purpose: 'External', evseId: 0 })[0];
  side.core.profiles.removeExternal(0);
  if (limit === undefined) {
    if (before !== undefined) side.send('ClearedChargingLimit', { chargingLimitSource: before.source }, 'normal');
    return profilesChanged(side);
  }
  const now = side.host.now();
  const schedule: v21.ChargingScheduleType = {
    id: 1,
    startSchedule: isoTime(now),
    chargingRateUnit: limit.unit,
    chargingSchedulePeriod: [{ startPeriod: 0, limit: limit.limit }],
  };
  const wire: WireProfile = {
    // External constraints have negative ids by convention (K01).
    id: -1,
    stackLevel: 0,
    chargingProfilePurpose: 'ChargingStationExternalConstraints',
    chargingProfileKind: 'Absolute',
    chargingSchedule: [schedule],
  };
  side.core.profiles.install({ ...profile2x(wire, 0, undefined), source: limit.source }, 'id');
  const old = before?.schedule.periods[0]?.limit;
  const changePercent = old === undefined || old === 0 ? 100 : (Math.abs(limit.limit - old) / old) * 100;
  if (changePercent > Number(side.model.text('SmartChargingCtrlr.LimitChangeSignificance'))) {
    side.send(
      'NotifyChargingLimit',
      {
        chargingLimit: { chargingLimitSource: limit.source },
        ...(side.model.bool('SmartChargingCtrlr.NotifyChargingLimitWithSchedules')
          ? { chargingSchedule: [schedule] }
          : {}),
      },
      'normal',
    );
  }
  profilesChanged(side);
  for (const evse of side.core.evses)
    if (evse.transaction !== undefined) refresh(side.core, evse, 'ChargingRateChanged');
}
