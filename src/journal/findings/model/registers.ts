import type { Observation } from '../observation.ts';
import { decimal, listAt, numberAt, textAt } from '../payload-reader.ts';

/** A value of a register that must not decrease within a transaction. */
export interface RegisterValue {
  /** Measurand and what tells it apart from others of the same measurand. */
  readonly series: string;
  readonly value: number;
}

/** The register values of a MeterValues or TransactionEvent. Worked out once: rules and model both ask. */
export function registersIn(o: Observation): readonly RegisterValue[] {
  o.registers ??= readRegisters(o);
  return o.registers;
}

function readRegisters(o: Observation): RegisterValue[] {
  const found: RegisterValue[] = [];
  const is16 = o.link.version === '1.6';
  for (const meterValue of listAt(o.payload, 'meterValue')) {
    for (const sample of listAt(meterValue, 'sampledValue')) {
      const series = is16 ? seriesOf16(sample) : seriesOf2x(sample);
      if (series === undefined) continue;
      const value = is16 ? decimal(textAt(sample, 'value')) : numberAt(sample, 'value');
      if (value !== undefined) found.push({ series, value });
    }
  }
  return found;
}

/** Undefined for samples of no register, and for Begin: it may be repeated with each message (quirk beginInLive). */
function measurandOf(sample: unknown): string | undefined {
  const measurand = textAt(sample, 'measurand') ?? 'Energy.Active.Import.Register';
  return measurand.endsWith('.Register') && textAt(sample, 'context') !== 'Transaction.Begin' ? measurand : undefined;
}

function seriesOf16(sample: unknown): string | undefined {
  const measurand = measurandOf(sample);
  if (measurand === undefined || textAt(sample, 'format') === 'SignedData') return undefined;
  // Clock-aligned values may be of another instant than those around them.
  const aligned = textAt(sample, 'context') === 'Sample.Clock' ? ' aligned' : '';
  const unit = textAt(sample, 'unit') ?? 'Wh';
  return named(measurand, unit === 'Wh' ? '' : ` ${unit}`, sample, aligned);
}

function seriesOf2x(sample: unknown): string | undefined {
  const measurand = measurandOf(sample);
  if (measurand === undefined) return undefined;
  const unit = textAt(sample, 'unitOfMeasure', 'unit') ?? 'Wh';
  const multiplier = numberAt(sample, 'unitOfMeasure', 'multiplier') ?? 0;
  return named(measurand, unit === 'Wh' && multiplier === 0 ? '' : ` ${unit} ${multiplier}`, sample, '');
}

/** Most values are plain: then the measurand is the name, and no text is put together. */
function named(measurand: string, unit: string, sample: unknown, aligned: string): string {
  const phase = textAt(sample, 'phase');
  const location = textAt(sample, 'location') ?? 'Outlet';
  if (unit === '' && phase === undefined && location === 'Outlet' && aligned === '') return measurand;
  return `${measurand}${unit}${phase === undefined ? '' : ` ${phase}`}${location === 'Outlet' ? '' : ` ${location}`}${aligned}`;
}
