import { parseTime } from '../../../core/time.ts';
import type { TransactionReading } from './records.ts';

/** A sampled value of any version: 1.6 has text values and units, 2.x numbers and a unit of measure. */
export interface SampledValue {
  readonly value: string | number;
  readonly context?: string;
  readonly measurand?: string;
  readonly phase?: string;
  readonly location?: string;
  readonly unit?: string;
  readonly unitOfMeasure?: { readonly unit?: string; readonly multiplier?: number };
}

export interface MeterValue {
  readonly timestamp: string;
  readonly sampledValue: readonly SampledValue[];
}

type Quantity =
  | 'energyWh'
  | 'exportedWh'
  | 'powerW'
  | 'currentA'
  | 'voltageV'
  | 'socPercent'
  | 'frequencyHz'
  | 'temperatureC';

const QUANTITIES: Readonly<Record<string, Quantity>> = {
  'Energy.Active.Import.Register': 'energyWh',
  'Energy.Active.Export.Register': 'exportedWh',
  'Power.Active.Import': 'powerW',
  'Current.Import': 'currentA',
  Voltage: 'voltageV',
  SoC: 'socPercent',
  Frequency: 'frequencyHz',
  Temperature: 'temperatureC',
};
/** Quantities whose phases add up; of the others the mean is taken. */
const ADDITIVE: ReadonlySet<Quantity> = new Set(['energyWh', 'exportedWh', 'powerW']);
const KILO = /^k(Wh|W|VA|var|varh|vah)$/i;

/**
 * The newest reading in a list of meter values, in base units. Values without a phase win over per-phase values; energies
 * and powers of phases are added, currents and voltages averaged. Values that are not numbers are left out.
 */
export function readingOf(meterValues: readonly MeterValue[], receivedAt: number): TransactionReading | undefined {
  const last = meterValues.at(-1);
  if (last === undefined) return undefined;
  const reading: Mutable<TransactionReading> = { at: parseTime(last.timestamp) ?? receivedAt };
  let phases: Partial<Record<Quantity, { sum: number; count: number }>> | undefined;
  let found = false;
  for (const sample of last.sampledValue) {
    const { measurand, location, phase, context } = sample;
    const quantity = QUANTITIES[measurand ?? 'Energy.Active.Import.Register'];
    // What the grid or the car's inlet measures is not what the outlet delivers.
    if (quantity === undefined || (location !== undefined && location !== 'Outlet' && location !== 'EV')) continue;
    const value = baseValue(sample);
    if (value === undefined) continue;
    if (context !== undefined) reading.context ??= context;
    if (phase === undefined) {
      reading[quantity] = value;
      found = true;
    } else if (!phase.includes('-L')) {
      phases ??= {};
      const before = phases[quantity];
      if (before === undefined) phases[quantity] = { sum: value, count: 1 };
      else {
        before.sum += value;
        before.count++;
      }
    }
  }
  for (const quantity in phases) {
    const total = phases[quantity as Quantity];
    if (total === undefined || reading[quantity as Quantity] !== undefined) continue;
    reading[quantity as Quantity] = ADDITIVE.has(quantity as Quantity) ? total.sum : total.sum / total.count;
    found = true;
  }
  return found ? reading : undefined;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** A sample's number in Wh, W, A, V …, or `undefined` when it is not a number. */
export function baseValue(sample: SampledValue): number | undefined {
  const number =
    typeof sample.value === 'number' ? sample.value : sample.value.trim() === '' ? Number.NaN : Number(sample.value);
  if (!Number.isFinite(number)) return undefined;
  const unit = sample.unit ?? sample.unitOfMeasure?.unit ?? '';
  return number * (KILO.test(unit) ? 1_000 : 1) * 10 ** (sample.unitOfMeasure?.multiplier ?? 0);
}
