import { isoTime, parseTime } from '../../../../core/time.ts';
import type { v21 } from '../../../../protocols/ocpp/messages.ts';
import { compositeSchedule } from '../../smart-charging/composite.ts';
import { hardwareLimitOf } from '../../smart-charging/hardware.ts';
import type { Profile, Purpose, RateUnit } from '../../smart-charging/profile.ts';
import { faultOf } from '../../smart-charging/profile-check.ts';
import type { ProfileFilter } from '../../smart-charging/profile-store.ts';
import { relativeStartMs } from '../../state/charging.ts';
import { refresh } from '../../state/transactions.ts';
import { tellSchedule } from './charging-needs.ts';
import type { Side2x } from './side.ts';
import { armDynamic } from './smart-charging21.ts';
import { type Answer, info, type Request } from './wire.ts';

type Wire = v21.ChargingProfileType;

const PURPOSES = {
  ChargingStationMaxProfile: 'StationMax',
  ChargingStationExternalConstraints: 'External',
  TxDefaultProfile: 'TxDefault',
  TxProfile: 'Tx',
  PriorityCharging: 'Priority',
  LocalGeneration: 'LocalGeneration',
} as const satisfies Record<Wire['chargingProfilePurpose'], Purpose>;

const ms = (text: string | undefined): number | undefined => (text === undefined ? undefined : parseTime(text));

/** A 2.x profile in the neutral shape. The first schedule counts; more are for ISO 15118 to choose from. */
export function profile2x(wire: Wire, evseId: number, transactionId: string | undefined): Profile {
  const [schedule] = wire.chargingSchedule;
  const startMs = ms(schedule?.startSchedule);
  const validFromMs = ms(wire.validFrom);
  const validToMs = ms(wire.validTo);
  return {
    id: wire.id,
    evseId,
    stackLevel: wire.stackLevel,
    purpose: PURPOSES[wire.chargingProfilePurpose],
    kind: wire.chargingProfileKind,
    source: 'CSO',
    wire,
    ...(wire.recurrencyKind === undefined ? {} : { recurrency: wire.recurrencyKind }),
    ...(validFromMs === undefined ? {} : { validFromMs }),
    ...(validToMs === undefined ? {} : { validToMs }),
    ...(transactionId === undefined ? {} : { transactionId }),
    schedule: {
      unit: schedule?.chargingRateUnit ?? 'A',
      ...(startMs === undefined ? {} : { startMs }),
      ...(schedule?.duration === undefined ? {} : { durationS: schedule.duration }),
      ...(schedule?.minChargingRate === undefined ? {} : { minRate: schedule.minChargingRate }),
      periods: (schedule?.chargingSchedulePeriod ?? []).map((period) => {
        const limit = limitOf(period);
        return {
          startS: period.startPeriod,
          ...(limit === undefined ? {} : { limit }),
          ...(period.numberPhases === undefined ? {} : { phases: period.numberPhases }),
        };
      }),
    },
  };
}

/** 2.1: a setpoint is a limit too for a station that only charges; discharging is not simulated. */
function limitOf(period: v21.ChargingSchedulePeriodType): number | undefined {
  const { limit, setpoint } = period;
  if (setpoint === undefined) return limit;
  return Math.min(limit ?? Number.POSITIVE_INFINITY, Math.max(0, setpoint));
}

/** Energy from the car: what V2X would be (2.1 Q01). */
function discharges({ setpoint, dischargeLimit }: v21.ChargingSchedulePeriodType): boolean {
  return (setpoint ?? 0) < 0 || (dischargeLimit ?? 0) < 0;
}

function units(side: Side2x): RateUnit[] {
  return side.model
    .list('SmartChargingCtrlr.RateUnit')
    .filter((unit): unit is RateUnit => unit === 'A' || unit === 'W');
}

/** What is wrong with a profile for this station; undefined = nothing (2.0.1 K01). */
export function checkProfile(
  side: Side2x,
  wire: Wire,
  profile: Profile,
): { readonly reason: string; readonly text: string } | undefined {
  const fault = faultOf(profile, side.core.profiles.all, {
    units: units(side),
    maxStackLevel: side.model.int('SmartChargingCtrlr.ProfileStackLevel'),
    maxPeriods: side.model.int('SmartChargingCtrlr.PeriodsPerSchedule'),
    maxProfiles: 20,
    relativeHasNoStart: true,
  });
  if (fault !== undefined) return fault;
  if (wire.chargingSchedule.length > 1 && wire.chargingProfilePurpose !== 'TxProfile') {
    return { reason: 'InvalidSchedule', text: 'Several schedules belong into a TxProfile only' };
  }
  // Features that 2.1 stations may lack (K01.FR.120-126).
  const [schedule] = wire.chargingSchedule;
  if (
    schedule?.useLocalTime === true ||
    schedule?.randomizedDelay !== undefined ||
    schedule?.limitAtSoC !== undefined
  ) {
    return { reason: 'UnsupportedParam', text: 'useLocalTime, randomizedDelay and limitAtSoC are not supported' };
  }
  if (
    wire.chargingSchedule.some((one) => one.chargingSchedulePeriod.some((period) => period.phaseToUse !== undefined))
  ) {
    return { reason: 'UnsupportedParam', text: 'This station cannot switch phases' };
  }
  if (wire.chargingSchedule.some((one) => one.chargingSchedulePeriod.some(discharges))) {
    return { reason: 'UnsupportedParam', text: 'V2XChargingCtrlr is not available: this station discharges no car' };
  }
  const conflict = side.core.profiles.conflictOf(profile);
  if (conflict !== undefined) return { reason: 'DuplicateProfile', text: `Profile ${conflict.id} holds that place` };
  return undefined;
}

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
          chargingProfile: group.map((profile) => profile.wire as Wire),
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
  const unit = chargingRateUnit ?? units(side)[0] ?? 'A';
  if (!units(side).includes(unit)) return { status: 'Rejected', ...info('UnsupportedRateUnit') };
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
  const wire: Wire = {
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
