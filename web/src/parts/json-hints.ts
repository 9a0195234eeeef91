import { clockTime } from './format.ts';

/** What stands, muted, beside a value: the local time of an instant, kilowatts of watts, the parts of an EVSE id. */
export function hintOf(key: string | undefined, value: unknown, siblings: unknown): string | undefined {
  if (typeof value === 'string') return textHint(key, value, siblings);
  if (typeof value === 'number' && Number.isFinite(value)) return numberHint(key, value, siblings);
  return undefined;
}

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d/;

function textHint(key: string | undefined, value: string, siblings: unknown): string | undefined {
  if (INSTANT.test(value)) return `${clockTime(value, 0)} here`;
  if (key === 'value' && /^-?\d+(\.\d+)?$/.test(value)) return numberHint(key, Number(value), siblings);
  const evse = /^([A-Z]{2})\*?([A-Z0-9]{3})\*?E([A-Z0-9*]{1,30})$/.exec(value);
  if (evse !== null) return `country ${evse[1]}, operator ${evse[2]}, outlet ${evse[3]}`;
  if (value.startsWith('-----BEGIN CERTIFICATE')) return 'a certificate in PEM';
  return undefined;
}

function numberHint(key: string | undefined, value: number, siblings: unknown): string | undefined {
  const unit = unitOf(siblings) ?? (key !== undefined && /^meter(Start|Stop)$/.test(key) ? 'Wh' : undefined);
  if (key === 'value' || key?.startsWith('meter')) {
    if (unit === 'W' || unit === 'Wh') return `${(value / 1_000).toFixed(3)} k${unit}`;
    if (unit !== undefined) return unit;
  }
  if (key === 'interval' || key === 'duration') return value >= 120 ? `${Math.round(value / 60)} min` : `${value} s`;
  return undefined;
}

function unitOf(siblings: unknown): string | undefined {
  if (typeof siblings !== 'object' || siblings === null) return undefined;
  const { unit, unitOfMeasure, measurand } = siblings as Record<string, unknown>;
  if (typeof unit === 'string') return unit;
  if (typeof unitOfMeasure === 'object' && unitOfMeasure !== null) {
    const { unit: inner, multiplier } = unitOfMeasure as Record<string, unknown>;
    if (multiplier !== undefined && multiplier !== 0) return undefined;
    if (typeof inner === 'string') return inner;
  }
  // The default unit of a measurand that is an energy (OCPP 1.6 §7.43, 2.0.1 UnitOfMeasureType).
  const named = typeof measurand === 'string' ? measurand : 'Energy.Active.Import.Register';
  return named.startsWith('Energy.') && 'value' in siblings ? 'Wh' : undefined;
}
