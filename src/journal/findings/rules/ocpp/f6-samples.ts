import { decimal, isObject, listAt, type Members, numberAt, valueAt } from '../../payload-reader.ts';
import { family, type Rule, type RuleContext, V16 } from '../../rule.ts';

/** One value of a MeterValues, with the defaults filled in (1.6 §7.43). */
export interface Sample {
  readonly measurand: string;
  readonly value: string;
  /** The value as a number; undefined for a signed one, and for what is no number. */
  readonly number: number | undefined;
  readonly unit: string | undefined;
  readonly context: string;
  readonly phase: string;
  readonly location: string;
  readonly signed: boolean;
  /** Its places in meterValue and in sampledValue. */
  readonly list: number;
  readonly place: number;
}

const ACTIVE_ENERGY = ['Wh', 'kWh'];
const REACTIVE_ENERGY = ['varh', 'kvarh'];
const ACTIVE_POWER = ['W', 'kW'];
const REACTIVE_POWER = ['var', 'kvar'];

/** Units that a measurand may have; those of Power.Factor, Frequency, RPM and SoC are free. */
const UNITS: ReadonlyMap<string, readonly string[]> = new Map([
  ...['Export.Register', 'Import.Register', 'Export.Interval', 'Import.Interval'].flatMap((of) => [
    [`Energy.Active.${of}`, ACTIVE_ENERGY] as const,
    [`Energy.Reactive.${of}`, REACTIVE_ENERGY] as const,
  ]),
  ['Power.Active.Export', ACTIVE_POWER],
  ['Power.Active.Import', ACTIVE_POWER],
  ['Power.Reactive.Export', REACTIVE_POWER],
  ['Power.Reactive.Import', REACTIVE_POWER],
  ['Power.Offered', ['W', 'kW', 'VA', 'kVA']],
  ['Current.Import', ['A']],
  ['Current.Export', ['A']],
  ['Current.Offered', ['A']],
  ['Voltage', ['V']],
  ['Temperature', ['Celsius', 'Celcius', 'Fahrenheit', 'K']],
]);
const RANGES: Readonly<Record<string, readonly [number, number]>> = {
  SoC: [0, 100],
  Voltage: [80, 1_500],
  Frequency: [45, 65],
  'Current.Import': [0, 1_000],
  'Current.Export': [0, 1_000],
  'Current.Offered': [0, 1_000],
};

/** Single values of MeterValues (1.6 §7.31 to §7.45). */
export const f6Samples: readonly Rule[] = family({ versions: V16, axis: 'conformance' }, [
  {
    id: 'OCPP16-MV-007',
    severity: 'warning',
    fault: 'station',
    title: 'A raw value is a decimal number',
    clause: '1.6 §7.43',
    causes: ['Decimal comma of the locale', 'A sensor without a value sends NaN or nothing'],
    next: ['Look at how the value is turned into text'],
    peer: 'tolerates',
    on: ['MeterValues.request'],
    check(c) {
      const wrong = samplesOf(c).find((sample) => !sample.signed && sample.number === undefined);
      if (wrong === undefined) return;
      const text = `The value ${JSON.stringify(wrong.value)} of ${wrong.measurand} is not a decimal number`;
      c.report({ text, object: wrong.measurand, pointer: `${pointerTo(wrong)}/value`, actual: wrong.value });
    },
  },
  {
    id: 'OCPP16-MV-008',
    severity: 'warning',
    fault: 'station',
    title: 'A unit fits its measurand',
    clause: '1.6 §7.45',
    causes: ['The unit is the default Wh for everything'],
    next: ['Look at the unit of this measurand'],
    peer: 'tolerates',
    on: ['MeterValues.request'],
    check(c) {
      for (const sample of samplesOf(c)) {
        const fitting = UNITS.get(sample.measurand);
        // Without a unit it is Wh.
        if (fitting === undefined || sample.signed || fitting.includes(sample.unit ?? 'Wh')) continue;
        const text =
          sample.unit === undefined
            ? `${sample.measurand} has no unit, which means Wh`
            : `${sample.measurand} has the unit ${sample.unit}`;
        return c.report({ text, object: sample.measurand, pointer: `${pointerTo(sample)}/unit`, expected: fitting });
      }
    },
  },
  {
    id: 'OCPP16-MV-009',
    severity: 'info',
    fault: 'station',
    axis: 'compatibility',
    title: 'Temperature is sent in Celcius',
    clause: '1.6 errata J 2.1',
    causes: ['The station uses the right spelling'],
    next: ['Some CSMS know only the misspelt form of the first schema'],
    peer: 'tolerates',
    on: ['MeterValues.request'],
    check(c) {
      const right = samplesOf(c).find((sample) => sample.unit === 'Celsius');
      if (right === undefined) return;
      c.report({
        text: 'The unit is Celsius; stations are advised to keep sending Celcius',
        pointer: `${pointerTo(right)}/unit`,
      });
    },
  },
  {
    id: 'OCPP16-MV-011',
    severity: 'error',
    fault: 'station',
    title: 'MeterValues holds values',
    clause: '1.6 §7.33',
    causes: ['The message is sent though nothing was measured'],
    next: ['Look at the configured measurands'],
    peer: 'tolerates',
    quirk: 'emptySampledValue',
    on: ['MeterValues.request'],
    check(c) {
      const values = valueAt(c.o.payload, 'meterValue');
      if (!Array.isArray(values)) return;
      const empty = values.findIndex((each) => listAt(each, 'sampledValue').length === 0);
      if (values.length > 0 && empty < 0) return;
      const pointer = values.length === 0 ? '/meterValue' : `/meterValue/${empty}/sampledValue`;
      c.report({ text: `MeterValues ${pointer} is empty`, object: numberAt(c.o.payload, 'connectorId') ?? 0, pointer });
    },
  },
  {
    id: 'OCPP16-MV-012',
    severity: 'warning',
    fault: 'station',
    title: 'A value stands once in a meter value, and begin and end stand in transactionData',
    clause: '1.6 §7.35',
    causes: ['Values of several contexts are collected in one list'],
    next: ['Look at measurand, phase, location and context of both'],
    peer: 'tolerates',
    quirk: 'beginInLive',
    on: ['MeterValues.request'],
    check(c) {
      const samples = samplesOf(c);
      for (let i = 0; i < samples.length; i++) {
        const sample = samples[i];
        if (sample === undefined) continue;
        if (sample.context === 'Transaction.Begin' || sample.context === 'Transaction.End') {
          const text = `MeterValues holds a value of context ${sample.context}`;
          return c.report({ text, object: sample.context, pointer: pointerTo(sample) });
        }
        for (let k = 0; k < i; k++) {
          const other = samples[k];
          if (other === undefined || !isSameValue(sample, other)) continue;
          const text = `${sample.measurand} ${sample.phase} stands twice in one meter value`;
          return c.report({ text, object: sample.measurand, pointer: pointerTo(sample) });
        }
      }
    },
  },
  {
    id: 'OCPP16-MV-013',
    severity: 'warning',
    fault: 'station',
    axis: 'consistency',
    title: 'A value is in a sane range',
    clause: 'ours',
    causes: ['A factor of 10 or 1000', 'A sensor without a value'],
    next: ['Compare with the display of the station'],
    peer: 'tolerates',
    on: ['MeterValues.request'],
    check(c) {
      for (const sample of samplesOf(c)) {
        const range = Object.hasOwn(RANGES, sample.measurand) ? RANGES[sample.measurand] : undefined;
        const value = sample.number;
        if (range === undefined || value === undefined || (value >= range[0] && value <= range[1])) continue;
        // No car, no voltage: a station that measures behind its contactor reads 0.
        if (sample.measurand === 'Voltage' && value === 0) continue;
        const text = `${sample.measurand} ${sample.phase} is ${sample.value}${sample.unit === undefined ? '' : ` ${sample.unit}`}`;
        return c.report({
          text: text.replace('  ', ' '),
          object: sample.measurand,
          pointer: `${pointerTo(sample)}/value`,
          expected: range,
          actual: value,
        });
      }
    },
  },
]);

/** All values of the message. Worked out once for all rules. */
export function samplesOf(c: RuleContext): readonly Sample[] {
  const { o } = c;
  if (o.facts === undefined) {
    const samples: Sample[] = [];
    const values = listAt(o.payload, 'meterValue');
    for (let i = 0; i < values.length; i++) {
      const sampled = listAt(values[i], 'sampledValue');
      for (let k = 0; k < sampled.length; k++) samples.push(sampleAt(sampled[k], i, k));
    }
    o.facts = samples;
  }
  return o.facts as readonly Sample[];
}

function sampleAt(value: unknown, list: number, place: number): Sample {
  const sample = isObject(value) ? value : NOTHING;
  const signed = sample['format'] === 'SignedData';
  const text = textOr(sample['value'], '');
  return {
    measurand: textOr(sample['measurand'], 'Energy.Active.Import.Register'),
    value: text,
    number: signed ? undefined : decimal(text),
    unit: typeof sample['unit'] === 'string' ? sample['unit'] : undefined,
    context: textOr(sample['context'], 'Sample.Periodic'),
    phase: textOr(sample['phase'], ''),
    location: textOr(sample['location'], 'Outlet'),
    signed,
    list,
    place,
  };
}

const NOTHING: Members = {};

function textOr(value: unknown, otherwise: string): string {
  return typeof value === 'string' ? value : otherwise;
}

function isSameValue(a: Sample, b: Sample): boolean {
  return (
    a.measurand === b.measurand &&
    a.phase === b.phase &&
    a.list === b.list &&
    a.location === b.location &&
    a.context === b.context &&
    a.unit === b.unit &&
    a.signed === b.signed
  );
}

export function pointerTo({ list, place }: Sample): string {
  return `/meterValue/${list}/sampledValue/${place}`;
}
