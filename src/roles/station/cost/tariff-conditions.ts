import { isoTime } from '../../../core/time.ts';
import type { v21 } from '../../../protocols/ocpp/messages.ts';

/** How far a transaction is, and what flows, when a price is looked for. */
export interface UsageAt {
  /** Epoch ms. Times of day are read in UTC: the simulated stations live there. */
  readonly atMs: number;
  readonly evseKind: v21.EvseKindEnumType;
  /** Since the start of the transaction. */
  readonly energyWh: number;
  readonly elapsedS: number;
  readonly chargingS: number;
  readonly idleS: number;
  /** Now; the current is the sum over the phases. */
  readonly powerW: number;
  readonly currentA: number;
}

type Conditions = v21.TariffConditionsType & v21.TariffConditionsFixedType;

const DAYS: readonly v21.DayOfWeekEnumType[] = [
  'Sunday',
  'Monday',
  'Tuesday',
  'Wednesday',
  'Thursday',
  'Friday',
  'Saturday',
];
const MINUTES_A_DAY = 1440;

/** What a station without a payment terminal cannot judge (2.1 I07: ConditionNotSupported). */
export function isSupported(conditions: Conditions | undefined): boolean {
  return conditions === undefined || !('paymentBrand' in conditions || 'paymentRecognition' in conditions);
}

/** Whether all conditions of a price hold: from its least value on, and below its greatest (TariffConditionsType). */
export function holds(conditions: Conditions | undefined, usage: UsageAt): boolean {
  if (conditions === undefined) return true;
  const time = new UtcTime(usage.atMs);
  const within = (value: number, least: number | undefined, greatest: number | undefined): boolean =>
    (least === undefined || value >= least) && (greatest === undefined || value < greatest);
  return (
    (conditions.evseKind === undefined || conditions.evseKind === usage.evseKind) &&
    (conditions.dayOfWeek === undefined || conditions.dayOfWeek.includes(time.day)) &&
    (conditions.validFromDate === undefined || time.date >= conditions.validFromDate) &&
    (conditions.validToDate === undefined || time.date < conditions.validToDate) &&
    isTimeOfDay(time.minute, conditions.startTimeOfDay, conditions.endTimeOfDay) &&
    within(usage.energyWh, conditions.minEnergy, conditions.maxEnergy) &&
    within(usage.currentA, conditions.minCurrent, conditions.maxCurrent) &&
    within(usage.powerW, conditions.minPower, conditions.maxPower) &&
    within(usage.elapsedS, conditions.minTime, conditions.maxTime) &&
    within(usage.chargingS, conditions.minChargingTime, conditions.maxChargingTime) &&
    within(usage.idleS, conditions.minIdleTime, conditions.maxIdleTime)
  );
}

/** An end before the start lies on the next day; `00:00` as end is the end of the day. */
function isTimeOfDay(minute: number, startText: string | undefined, endText: string | undefined): boolean {
  const start = startText === undefined ? 0 : minuteOf(startText);
  const end = endText === undefined || endText === '00:00' ? MINUTES_A_DAY : minuteOf(endText);
  return start <= end ? minute >= start && minute < end : minute >= start || minute < end;
}

function minuteOf(text: string): number {
  const [hours = 0, minutes = 0] = text.split(':').map(Number);
  return hours * 60 + minutes;
}

/** The parts of an instant in UTC, without the platform's calendar: days are counted from a Thursday. */
class UtcTime {
  readonly #atMs: number;

  constructor(atMs: number) {
    this.#atMs = atMs;
  }

  get minute(): number {
    return Math.floor(this.#atMs / 60_000) % MINUTES_A_DAY;
  }

  get day(): v21.DayOfWeekEnumType {
    return DAYS[(Math.floor(this.#atMs / 86_400_000) + 4) % 7] ?? 'Sunday';
  }

  get date(): string {
    return isoTime(this.#atMs).slice(0, 10);
  }
}
