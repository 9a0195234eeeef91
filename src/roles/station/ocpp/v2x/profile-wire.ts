import { parseTime } from '../../../../core/time.ts';
import type { v21 } from '../../../../protocols/ocpp/messages.ts';
import type { Profile, Purpose, RateUnit } from '../../smart-charging/profile.ts';
import { faultOf } from '../../smart-charging/profile-check.ts';
import type { Side2x } from './side.ts';

export type WireProfile = v21.ChargingProfileType;

export const PURPOSES = {
  ChargingStationMaxProfile: 'StationMax',
  ChargingStationExternalConstraints: 'External',
  TxDefaultProfile: 'TxDefault',
  TxProfile: 'Tx',
  PriorityCharging: 'Priority',
  LocalGeneration: 'LocalGeneration',
} as const satisfies Record<WireProfile['chargingProfilePurpose'], Purpose>;

const ms = (text: string | undefined): number | undefined => (text === undefined ? undefined : parseTime(text));

/** A 2.x profile in the neutral shape. The first schedule counts; more are for ISO 15118 to choose from. */
export function profile2x(wire: WireProfile, evseId: number, transactionId: string | undefined): Profile {
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

/** The units that this station takes limits in. */
export function unitsOf(side: Side2x): RateUnit[] {
  return side.model
    .list('SmartChargingCtrlr.RateUnit')
    .filter((unit): unit is RateUnit => unit === 'A' || unit === 'W');
}

/** What is wrong with a profile for this station; undefined = nothing (2.0.1 K01). */
export function checkProfile(
  side: Side2x,
  wire: WireProfile,
  profile: Profile,
): { readonly reason: string; readonly text: string } | undefined {
  const fault = faultOf(profile, side.core.profiles.all, {
    units: unitsOf(side),
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
    wire.maxOfflineDuration !== undefined ||
    wire.chargingSchedule.some((one) => one.chargingSchedulePeriod.some((period) => period.evseSleep === true))
  ) {
    return { reason: 'UnsupportedParam', text: 'maxOfflineDuration and evseSleep are not supported' };
  }
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
