import { isoTime, parseTime } from '../../../../core/time.ts';
import { RpcRefusal } from '../../../../link/ocpp-link.ts';
import type { RequestOf, ResponseOf, v16 } from '../../../../protocols/ocpp/messages.ts';
import { compositeSchedule } from '../../smart-charging/composite.ts';
import { hardwareLimitOf } from '../../smart-charging/hardware.ts';
import type { Profile, Purpose, RateUnit } from '../../smart-charging/profile.ts';
import { faultOf, type ProfileFault, type ProfileRules } from '../../smart-charging/profile-check.ts';
import type { ProfileFilter } from '../../smart-charging/profile-store.ts';
import { relativeStartMs } from '../../state/charging.ts';
import { refresh } from '../../state/transactions.ts';
import type { Side16 } from './side.ts';

type WireProfile = v16.SetChargingProfileRequest['csChargingProfiles'];

const PURPOSES = {
  ChargePointMaxProfile: 'StationMax',
  TxDefaultProfile: 'TxDefault',
  TxProfile: 'Tx',
} as const satisfies Record<WireProfile['chargingProfilePurpose'], Purpose>;

/** A 1.6 profile in the neutral shape. Connectors become EVSEs: limits belong to the current path. */
export function profile16(side: Side16, wire: WireProfile, evseId: number, transactionId: string | undefined): Profile {
  const schedule = wire.chargingSchedule;
  const startMs = schedule.startSchedule === undefined ? undefined : parseTime(schedule.startSchedule);
  const validFromMs = wire.validFrom === undefined ? undefined : parseTime(wire.validFrom);
  const validToMs = wire.validTo === undefined ? undefined : parseTime(wire.validTo);
  return {
    id: wire.chargingProfileId,
    evseId,
    stackLevel: wire.stackLevel,
    purpose: PURPOSES[wire.chargingProfilePurpose],
    kind: wire.chargingProfileKind,
    source: 'CSO',
    wire: { connectorId: evseId === 0 ? 0 : (side.core.evse(evseId)?.connectors[0]?.number ?? evseId), ...wire },
    ...(wire.recurrencyKind === undefined ? {} : { recurrency: wire.recurrencyKind }),
    ...(validFromMs === undefined ? {} : { validFromMs }),
    ...(validToMs === undefined ? {} : { validToMs }),
    ...(transactionId === undefined ? {} : { transactionId }),
    schedule: {
      unit: schedule.chargingRateUnit,
      ...(startMs === undefined ? {} : { startMs }),
      ...(schedule.duration === undefined ? {} : { durationS: schedule.duration }),
      ...(schedule.minChargingRate === undefined ? {} : { minRate: schedule.minChargingRate }),
      periods: schedule.chargingSchedulePeriod.map((period) => ({
        startS: period.startPeriod,
        limit: period.limit,
        ...(period.numberPhases === undefined ? {} : { phases: period.numberPhases }),
      })),
    },
  };
}

/** `Current` means A, `Power` means W (E 3.88). */
function allowedUnits(side: Side16): RateUnit[] {
  const words = side.configuration.list('ChargingScheduleAllowedChargingRateUnit');
  return [...(words.includes('Current') ? (['A'] as const) : []), ...(words.includes('Power') ? (['W'] as const) : [])];
}

export function faultOf16(side: Side16, profile: Profile): ProfileFault | undefined {
  const rules: ProfileRules = {
    units: allowedUnits(side),
    maxStackLevel: side.configuration.int('ChargeProfileMaxStackLevel'),
    maxPeriods: side.configuration.int('ChargingScheduleMaxPeriods'),
    maxProfiles: side.configuration.int('MaxChargingProfilesInstalled'),
    relativeHasNoStart: false,
  };
  return faultOf(profile, side.core.profiles.all, rules);
}

export function installProfile(side: Side16, profile: Profile): void {
  side.core.profiles.install(profile, 'id-or-same-place');
  profilesChanged(side);
}

function profilesChanged(side: Side16): void {
  side.host.touched('profiles');
  side.host.happened('charging-profiles', { installed: side.core.profiles.all.length });
  for (const evse of side.core.evses) refresh(side.core, evse);
}

export function setChargingProfile(
  side: Side16,
  { connectorId, csChargingProfiles: wire }: RequestOf<'1.6', 'SetChargingProfile'>,
): ResponseOf<'1.6', 'SetChargingProfile'> {
  const found = connectorId === 0 ? undefined : side.core.connector(connectorId);
  // A connector that is not there is a value that is not allowed (E 3.39).
  if (connectorId !== 0 && found === undefined) {
    throw new RpcRefusal('PropertyConstraint', `There is no connector ${connectorId}`);
  }
  const purpose = PURPOSES[wire.chargingProfilePurpose];
  const transaction = found?.evse.transaction;
  if (purpose === 'Tx' && transaction === undefined) return { status: 'Rejected' };
  if (purpose === 'Tx' && wire.transactionId !== undefined && wire.transactionId !== transaction?.number)
    return { status: 'Rejected' };
  const profile = profile16(side, wire, found?.evse.id ?? 0, purpose === 'Tx' ? transaction?.id : undefined);
  const fault = faultOf16(side, profile);
  if (fault !== undefined) {
    side.host.happened('profile-refused', { reason: fault.text });
    return { status: 'Rejected' };
  }
  side.host.afterAnswer(() => installProfile(side, profile));
  return { status: 'Accepted' };
}

/** With an id all other fields are ignored; else they are ANDed; none at all clears everything (E 3.25, 3.26). */
export function clearChargingProfile(
  side: Side16,
  request: RequestOf<'1.6', 'ClearChargingProfile'>,
): ResponseOf<'1.6', 'ClearChargingProfile'> {
  const { id, connectorId, chargingProfilePurpose, stackLevel } = request;
  const evseId =
    connectorId === undefined || connectorId === 0 ? connectorId : (side.core.connector(connectorId)?.evse.id ?? -1);
  const filter: ProfileFilter =
    id !== undefined
      ? { id }
      : {
          ...(evseId === undefined ? {} : { evseId }),
          ...(chargingProfilePurpose === undefined ? {} : { purpose: PURPOSES[chargingProfilePurpose] }),
          ...(stackLevel === undefined ? {} : { stackLevel }),
        };
  if (side.core.profiles.clear(filter) === 0) return { status: 'Unknown' };
  side.host.afterAnswer(() => profilesChanged(side));
  return { status: 'Accepted' };
}

export function getCompositeSchedule(
  side: Side16,
  { connectorId, duration, chargingRateUnit }: RequestOf<'1.6', 'GetCompositeSchedule'>,
): ResponseOf<'1.6', 'GetCompositeSchedule'> {
  const found = connectorId === 0 ? undefined : side.core.connector(connectorId);
  if (connectorId !== 0 && found === undefined) return { status: 'Rejected' };
  const unit = chargingRateUnit ?? allowedUnits(side)[0] ?? 'A';
  if (!allowedUnits(side).includes(unit)) return { status: 'Rejected' };
  const now = side.host.now();
  const startMs = Math.floor(now / 1000) * 1000;
  const evse = found?.evse;
  const composite = compositeSchedule(
    side.core.profiles.all,
    {
      evseId: evse?.id ?? 0,
      transactionId: evse?.transaction?.id,
      relativeStartMs: evse === undefined ? startMs : relativeStartMs(evse, startMs),
    },
    startMs,
    duration,
    unit,
    hardwareLimitOf(side.template, evse?.id),
  );
  return {
    status: 'Accepted',
    connectorId,
    // The start stands here, not in the schedule (E 3.57).
    scheduleStart: isoTime(startMs),
    chargingSchedule: {
      duration,
      chargingRateUnit: unit,
      chargingSchedulePeriod: composite.periods.map((period) => ({
        startPeriod: period.startS,
        limit: period.limit,
        numberPhases: period.phases,
      })),
    },
  };
}
