import type { Observation } from '../observation.ts';
import { listAt, numberAt, textAt, valueAt } from '../payload-reader.ts';
import { variableKey } from './configuration.ts';

/** What a report says a variable may hold (2.x §2.51 VariableCharacteristicsType). */
export interface Characteristics {
  readonly dataType: string | undefined;
  readonly minLimit: number | undefined;
  readonly maxLimit: number | undefined;
  /** Undefined: any value. */
  readonly values: readonly string[] | undefined;
  readonly seq: number;
}

const LIMIT = 3_000;

/** Characteristics of the variables of a 2.x station, by `variableKey` in any case. */
export class Variables {
  readonly #byKey = new Map<string, Characteristics>();

  get(key: string): Characteristics | undefined {
    return this.#byKey.get(key.toLowerCase());
  }

  update(o: Observation): void {
    if (o.kind !== 'request') return;
    for (const item of listAt(o.payload, 'reportData')) {
      const characteristics = valueAt(item, 'variableCharacteristics');
      const key = variableKey(item).toLowerCase();
      if (characteristics === undefined || (this.#byKey.size >= LIMIT && !this.#byKey.has(key))) continue;
      this.#byKey.set(key, {
        dataType: textAt(characteristics, 'dataType'),
        minLimit: numberAt(characteristics, 'minLimit'),
        maxLimit: numberAt(characteristics, 'maxLimit'),
        values: itemsOf(textAt(characteristics, 'valuesList')),
        seq: o.seq,
      });
    }
  }
}

function itemsOf(list: string | undefined): readonly string[] | undefined {
  const items = list
    ?.split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
  return items?.length === 0 ? undefined : items;
}

const TYPES: Readonly<Record<string, RegExp>> = {
  boolean: /^(true|false)$/i,
  integer: /^-?\d+$/,
  decimal: /^-?\d+(\.\d+)?$/,
  dateTime: /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?(\.\d+)?(Z|[+-]\d\d:\d\d)?$/i,
};

/** Why a variable cannot hold a text, in words; undefined when it can. An empty text unsets a variable: never wrong here. */
export function misfit(value: string, characteristics: Characteristics): string | undefined {
  const { dataType = '', minLimit, maxLimit, values } = characteristics;
  if (value === '') return undefined;
  if (TYPES[dataType]?.test(value) === false) return `is no ${dataType}`;
  if (dataType === 'integer' || dataType === 'decimal') {
    if (minLimit !== undefined && Number(value) < minLimit) return `is below its minLimit ${minLimit}`;
    if (maxLimit !== undefined && Number(value) > maxLimit) return `is above its maxLimit ${maxLimit}`;
    return undefined;
  }
  if (dataType === 'string' && maxLimit !== undefined && value.length > maxLimit)
    return `has ${value.length} characters, and its maxLimit is ${maxLimit}`;
  if (values === undefined || !dataType.endsWith('List')) return undefined;
  const known = new Set(values.map((item) => item.toLowerCase()));
  const items = dataType === 'OptionList' ? [value] : value.split(',');
  const foreign = items.find((item) => !known.has(item.trim().toLowerCase()));
  return foreign === undefined ? undefined : `names ${foreign.trim()}, and its valuesList is ${values.join(',')}`;
}
