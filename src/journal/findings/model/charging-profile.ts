import { parseTime } from '../../../core/time.ts';
import type { Observation } from '../observation.ts';
import { booleanAt, isObject, listAt, numberAt, textAt, valueAt } from '../payload-reader.ts';

export interface SchedulePeriod {
  /** Seconds after the start of the schedule. */
  readonly startS: number;
  readonly limit: number;
}

export interface ChargingProfile {
  readonly id: number;
  /** Connector of 1.6, EVSE of 2.x; 0 is the station. Undefined when a remote start left it open. */
  readonly place: number | undefined;
  readonly purpose: string;
  readonly stackLevel: number;
  readonly kind: string;
  /** 24 hours or 7 days for Recurring. */
  readonly recurrenceS: number | undefined;
  readonly validFrom: number | undefined;
  readonly validTo: number | undefined;
  readonly transactionId: string | undefined;
  readonly dynUpdateIntervalS: number | undefined;
  readonly unit: string;
  /** Epoch milliseconds of startSchedule. */
  readonly startsAt: number | undefined;
  readonly durationS: number | undefined;
  readonly periods: readonly SchedulePeriod[];
  /** False for what a plain reading cannot judge: Dynamic, several schedules, set points, delays, local time, too long. */
  readonly isPlain: boolean;
  readonly seq: number;
}

const PERIODS = 1_500;
const DAY_S = 86_400;
const RECURRENCES: Readonly<Record<string, number>> = { Daily: DAY_S, Weekly: 7 * DAY_S };
/** Members of 2.1 that change a limit in ways that the traffic does not show. */
const CONDITIONS = ['limitAtSoC', 'randomizedDelay', 'useLocalTime'] as const;

/** Reads a profile of any version; undefined when it is none. */
export function profileFrom(member: unknown, place: number | undefined, o: Observation): ChargingProfile | undefined {
  const id = numberAt(member, 'id') ?? numberAt(member, 'chargingProfileId');
  if (id === undefined) return undefined;
  const schedules = schedulesOf(member);
  const [schedule] = schedules;
  const listed = listAt(schedule, 'chargingSchedulePeriod');
  const periods = listed.slice(0, PERIODS).map((each) => ({
    startS: numberAt(each, 'startPeriod') ?? 0,
    limit: numberAt(each, 'limit') ?? Number.POSITIVE_INFINITY,
  }));
  const kind = textAt(member, 'chargingProfileKind') ?? '';
  const transaction = valueAt(member, 'transactionId');
  return {
    id,
    place,
    purpose: textAt(member, 'chargingProfilePurpose') ?? '',
    stackLevel: numberAt(member, 'stackLevel') ?? 0,
    kind,
    recurrenceS: RECURRENCES[textAt(member, 'recurrencyKind') ?? ''],
    validFrom: timeAt(member, 'validFrom'),
    validTo: timeAt(member, 'validTo'),
    transactionId: transaction === undefined ? undefined : String(transaction),
    dynUpdateIntervalS: numberAt(member, 'dynUpdateInterval'),
    unit: textAt(schedule, 'chargingRateUnit') ?? '',
    startsAt: timeAt(schedule, 'startSchedule'),
    durationS: numberAt(schedule, 'duration'),
    periods,
    isPlain:
      /^(Absolute|Recurring|Relative)$/.test(kind) &&
      schedules.length === 1 &&
      listed.length <= PERIODS &&
      periods.every((each) => Number.isFinite(each.limit)) &&
      CONDITIONS.every((name) => valueAt(schedule, name) === undefined) &&
      booleanAt(member, 'invalidAfterOfflineDuration') === undefined &&
      numberAt(member, 'maxOfflineDuration') === undefined,
    seq: o.seq,
  };
}

/** One schedule in 1.6, a list of them in 2.x. */
export function schedulesOf(profile: unknown): readonly unknown[] {
  const schedule = isObject(profile) ? profile['chargingSchedule'] : undefined;
  return Array.isArray(schedule) ? schedule : schedule === undefined ? [] : [schedule];
}

export function isValidAt({ validFrom, validTo }: ChargingProfile, at: number): boolean {
  return (validFrom === undefined || validFrom <= at) && (validTo === undefined || at < validTo);
}

function timeAt(value: unknown, name: string): number | undefined {
  const text = textAt(value, name);
  return text === undefined ? undefined : parseTime(text);
}
