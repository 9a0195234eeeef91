import { parseTime } from '../../core/time.ts';
import { isObject, type Members, numberIn, objectsIn, textIn } from './members.ts';
import type { Reading } from './session-record.ts';

/** Readings of OCPP meter values: 1.6 has texts and `unit`, 2.x numbers and `unitOfMeasure` with a multiplier. */
export function readingsOf(meterValues: unknown, seq: number, fallbackTime: number): Reading[] {
  if (!Array.isArray(meterValues)) return [];
  return meterValues.filter(isObject).map((value) => readingOf(value, seq, fallbackTime));
}

const SCALES: Readonly<Record<string, number>> = { Wh: 1, kWh: 1_000, W: 1, kW: 1_000, A: 1, V: 1, Percent: 1 };

function readingOf(meterValue: Members, seq: number, fallbackTime: number): Reading {
  const samples = objectsIn(meterValue, 'sampledValue').filter(({ location }) => !isElsewhere(location));
  const energyWh = measured(samples, 'Energy.Active.Import.Register');
  const powerW = measured(samples, 'Power.Active.Import');
  const currentA = measured(samples, 'Current.Import');
  const voltageV = measured(samples, 'Voltage', 'first');
  const socPercent = measured(samples, 'SoC', 'first');
  const limitW = measured(samples, 'Power.Offered', 'first');
  return {
    t: parseTime(textIn(meterValue, 'timestamp') ?? '') ?? fallbackTime,
    seq,
    ...(energyWh === undefined ? {} : { energyWh }),
    ...(powerW === undefined ? {} : { powerW }),
    ...(currentA === undefined ? {} : { currentA }),
    ...(voltageV === undefined ? {} : { voltageV }),
    ...(socPercent === undefined ? {} : { socPercent }),
    ...(limitW === undefined ? {} : { limitW }),
  };
}

/** The outlet counts (the default, OCPP 1.6 §7.34); a second meter at the inlet says the same energy again. */
function isElsewhere(location: unknown): boolean {
  return location === 'Inlet' || location === 'Cable';
}

function measured(samples: readonly Members[], measurand: string, phases: 'sum' | 'first' = 'sum'): number | undefined {
  const ours = samples.filter((each) => (textIn(each, 'measurand') ?? 'Energy.Active.Import.Register') === measurand);
  const whole = ours.find(({ phase }) => phase === undefined);
  if (whole !== undefined) return scaled(whole);
  const each = ours.map(scaled).filter((value) => value !== undefined);
  if (each.length === 0) return undefined;
  return phases === 'first' ? each[0] : each.reduce((sum, value) => sum + value, 0);
}

function scaled(sample: Members): number | undefined {
  const value = numberIn(sample, 'value');
  if (value === undefined) return undefined;
  const measure = isObject(sample['unitOfMeasure']) ? sample['unitOfMeasure'] : {};
  const unit = textIn(sample, 'unit') ?? textIn(measure, 'unit');
  return value * (SCALES[unit ?? 'Wh'] ?? 1) * 10 ** (numberIn(measure, 'multiplier') ?? 0);
}
