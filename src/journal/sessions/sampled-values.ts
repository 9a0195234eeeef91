import { parseTime } from '../../core/time.ts';
import { isObject, type Members, numberIn, objectIn, objectsIn, textIn } from './members.ts';
import type { Reading } from './session-record.ts';

/** Readings of OCPP meter values: 1.6 has texts and `unit`, 2.x numbers and `unitOfMeasure` with a multiplier. */
export function readingsOf(meterValues: unknown, seq: number, fallbackTime: number): Reading[] {
  if (!Array.isArray(meterValues)) return [];
  return meterValues.filter(isObject).map((value) => readingOf(value, seq, fallbackTime));
}

const SCALES: Readonly<Record<string, number>> = { Wh: 1, kWh: 1_000, W: 1, kW: 1_000, A: 1, V: 1, Percent: 1 };

/** The measurands of a reading, and whether those of several phases are added up. */
const MEASURANDS: ReadonlyMap<string, readonly [value: Exclude<keyof Reading, 't' | 'seq'>, isSum: boolean]> = new Map([
  ['Energy.Active.Import.Register', ['energyWh', true]],
  ['Power.Active.Import', ['powerW', true]],
  ['Current.Import', ['currentA', true]],
  ['Voltage', ['voltageV', false]],
  ['SoC', ['socPercent', false]],
  ['Power.Offered', ['limitW', false]],
]);

/** A value without a phase stands for all phases, wherever it is; without one the phases are added, or the first counts. */
function readingOf(meterValue: Members, seq: number, fallbackTime: number): Reading {
  const reading: { -readonly [Name in keyof Reading]: Reading[Name] } = {
    t: parseTime(textIn(meterValue, 'timestamp') ?? '') ?? fallbackTime,
    seq,
  };
  const whole: string[] = [];
  for (const sample of objectsIn(meterValue, 'sampledValue')) {
    const row = MEASURANDS.get(textIn(sample, 'measurand') ?? 'Energy.Active.Import.Register');
    if (row === undefined || isElsewhere(sample['location'])) continue;
    const [name, isSum] = row;
    if (whole.includes(name)) continue;
    const value = scaled(sample);
    if (sample['phase'] === undefined) {
      whole.push(name);
      if (value === undefined) delete reading[name];
      else reading[name] = value;
    } else if (value !== undefined) {
      const before = reading[name];
      if (before === undefined || isSum) reading[name] = (before ?? 0) + value;
    }
  }
  return reading;
}

/** The outlet counts (the default, OCPP 1.6 §7.34); a second meter at the inlet says the same energy again. */
function isElsewhere(location: unknown): boolean {
  return location === 'Inlet' || location === 'Cable';
}

function scaled(sample: Members): number | undefined {
  const value = numberIn(sample, 'value');
  if (value === undefined) return undefined;
  const measure = objectIn(sample, 'unitOfMeasure');
  const unit = textIn(sample, 'unit') ?? textIn(measure, 'unit');
  return value * (SCALES[unit ?? 'Wh'] ?? 1) * 10 ** (numberIn(measure, 'multiplier') ?? 0);
}
