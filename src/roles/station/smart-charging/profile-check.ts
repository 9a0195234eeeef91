import type { Profile, RateUnit } from './profile.ts';

/** What this station can take (1.6 keys of the SmartCharging profile, 2.x SmartChargingCtrlr). */
export interface ProfileRules {
  readonly units: readonly RateUnit[];
  readonly maxStackLevel: number;
  readonly maxPeriods: number;
  readonly maxProfiles: number;
  /** 2.x: a Relative schedule must not name its start (K01.FR.41). */
  readonly relativeHasNoStart: boolean;
}

/** Why a profile is refused; the reason codes of the 2.x appendix where one fits. */
export interface ProfileFault {
  readonly reason: 'InvalidSchedule' | 'InvalidStackLevel' | 'UnsupportedRateUnit' | 'InvalidProfile' | 'OutOfStorage';
  readonly text: string;
}

/** Checks what needs no knowledge of transactions (1.6 §5.16, 2.0.1 K01.FR.26-49). Undefined: nothing is wrong. */
export function faultOf(
  profile: Profile,
  installed: readonly Profile[],
  rules: ProfileRules,
): ProfileFault | undefined {
  const { schedule } = profile;
  if (!rules.units.includes(schedule.unit)) {
    return { reason: 'UnsupportedRateUnit', text: `The unit ${schedule.unit} is not supported` };
  }
  if (profile.stackLevel < 0 || profile.stackLevel > rules.maxStackLevel) {
    return {
      reason: 'InvalidStackLevel',
      text: `Stack levels go from 0 to ${rules.maxStackLevel}, not ${profile.stackLevel}`,
    };
  }
  if (schedule.periods.length === 0 || schedule.periods.length > rules.maxPeriods) {
    return { reason: 'InvalidSchedule', text: `1 to ${rules.maxPeriods} periods, not ${schedule.periods.length}` };
  }
  if (schedule.periods[0]?.startS !== 0) return { reason: 'InvalidSchedule', text: 'The first period must start at 0' };
  for (let i = 1; i < schedule.periods.length; i++) {
    if ((schedule.periods[i]?.startS ?? 0) <= (schedule.periods[i - 1]?.startS ?? 0)) {
      return { reason: 'InvalidSchedule', text: `Period ${i} does not start after period ${i - 1}` };
    }
  }
  if (
    profile.validFromMs !== undefined &&
    profile.validToMs !== undefined &&
    profile.validToMs <= profile.validFromMs
  ) {
    return { reason: 'InvalidProfile', text: 'validTo is not after validFrom' };
  }
  if (profile.kind === 'Recurring' && profile.recurrency === undefined) {
    return { reason: 'InvalidProfile', text: 'A recurring profile needs recurrencyKind' };
  }
  if (profile.kind !== 'Recurring' && profile.recurrency !== undefined) {
    return { reason: 'InvalidProfile', text: 'recurrencyKind belongs to recurring profiles only' };
  }
  if ((profile.kind === 'Absolute' || profile.kind === 'Recurring') && schedule.startMs === undefined) {
    return { reason: 'InvalidSchedule', text: `A profile of kind ${profile.kind} needs startSchedule` };
  }
  if (rules.relativeHasNoStart && profile.kind === 'Relative' && schedule.startMs !== undefined) {
    return { reason: 'InvalidSchedule', text: 'A relative profile must not have startSchedule' };
  }
  if (profile.purpose === 'StationMax' && profile.evseId !== 0) {
    return { reason: 'InvalidProfile', text: 'A profile for the whole station goes to 0' };
  }
  if (rules.relativeHasNoStart && profile.purpose === 'StationMax' && profile.kind === 'Relative') {
    return { reason: 'InvalidProfile', text: 'A profile for the whole station cannot be relative' };
  }
  if (!installed.some((old) => old.id === profile.id) && installed.length >= rules.maxProfiles) {
    return { reason: 'OutOfStorage', text: `${rules.maxProfiles} profiles are installed already` };
  }
  return undefined;
}
