import Type, { type Static } from 'typebox';
import { oneOf } from '../../../platform/schema/words.ts';
import { isV2, type OcppVersion } from '../../../protocols/ocpp/versions.ts';
import { defined, wrong } from './command.ts';

/** A charging profile in one shape for all versions. The names of purposes of 1.6 and 2.x are both taken. */
export const ProfileInput = Type.Object(
  {
    id: Type.Integer({ description: 'Profile id.' }),
    stackLevel: Type.Optional(Type.Integer({ minimum: 0, description: '0 when absent; the highest wins.' })),
    purpose: oneOf(
      [
        'ChargePointMaxProfile',
        'ChargingStationMaxProfile',
        'TxDefaultProfile',
        'TxProfile',
        'PriorityCharging',
        'LocalGeneration',
      ],
      { description: 'The first two are the same; the last two are 2.1.' },
    ),
    kind: Type.Optional(
      oneOf(['Absolute', 'Recurring', 'Relative', 'Dynamic'], { description: 'Relative when absent; Dynamic is 2.1.' }),
    ),
    recurrency: Type.Optional(oneOf(['Daily', 'Weekly'])),
    validFrom: Type.Optional(Type.String()),
    validTo: Type.Optional(Type.String()),
    transactionId: Type.Optional(Type.String({ description: 'For a TxProfile.' })),
    unit: oneOf(['A', 'W']),
    start: Type.Optional(Type.String({ description: 'For Absolute and Recurring.' })),
    durationS: Type.Optional(Type.Integer({ minimum: 1 })),
    minimumRate: Type.Optional(Type.Number()),
    periods: Type.Array(
      Type.Object(
        {
          startS: Type.Integer({ minimum: 0, description: 'Seconds after the start; the first is 0, then ascending.' }),
          limit: Type.Number({ description: 'In `unit`; A is per phase.' }),
          phases: Type.Optional(Type.Integer({ minimum: 1, maximum: 3 })),
        },
        { additionalProperties: false },
      ),
      { minItems: 1 },
    ),
  },
  { additionalProperties: false },
);
export type ProfileInput = Static<typeof ProfileInput>;

const ONLY_21: ReadonlySet<string> = new Set(['PriorityCharging', 'LocalGeneration', 'Dynamic']);

/** The profile as `csChargingProfiles` (1.6) or `chargingProfile` (2.x). */
export function chargingProfile(version: OcppVersion, input: ProfileInput): object {
  const { purpose, kind = 'Relative', periods } = input;
  if (version !== '2.1' && ONLY_21.has(purpose)) throw wrong('/profile/purpose', `${purpose} is of OCPP 2.1`);
  if (version !== '2.1' && ONLY_21.has(kind)) throw wrong('/profile/kind', `${kind} is of OCPP 2.1`);
  const first = periods[0]?.startS;
  if (first !== 0) throw wrong('/profile/periods/0/startS', 'must be 0');
  const schedule = {
    duration: input.durationS,
    startSchedule: input.start,
    chargingRateUnit: input.unit,
    minChargingRate: input.minimumRate,
    chargingSchedulePeriod: periods.map(({ startS, limit, phases }) =>
      defined({ startPeriod: startS, limit, numberPhases: phases }),
    ),
  };
  const common = {
    stackLevel: input.stackLevel ?? 0,
    chargingProfilePurpose: purposeIn(version, purpose),
    chargingProfileKind: kind,
    recurrencyKind: input.recurrency,
    validFrom: input.validFrom,
    validTo: input.validTo,
  };
  if (isV2(version)) {
    return defined({
      id: input.id,
      ...common,
      transactionId: input.transactionId,
      // Ids of schedules are unique within the profile; there is one.
      chargingSchedule: [defined({ id: input.id, ...schedule })],
    });
  }
  return defined({
    chargingProfileId: input.id,
    ...common,
    transactionId:
      input.transactionId === undefined ? undefined : transactionNumber(input.transactionId, '/profile/transactionId'),
    chargingSchedule: defined(schedule),
  });
}

export function purposeIn(version: OcppVersion, purpose: string): string {
  if (purpose === 'ChargePointMaxProfile' && isV2(version)) return 'ChargingStationMaxProfile';
  if (purpose === 'ChargingStationMaxProfile' && !isV2(version)) return 'ChargePointMaxProfile';
  return purpose;
}

/** Transaction ids of 1.6 are numbers. */
export function transactionNumber(id: string, pointer: string): number {
  const number = Number(id);
  if (!Number.isInteger(number)) throw wrong(pointer, 'is a whole number in OCPP 1.6');
  return number;
}
