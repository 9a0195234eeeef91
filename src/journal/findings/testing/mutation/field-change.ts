import type { Random } from '../../../../core/random.ts';
import { HOUR_MS, isoTime, parseTime } from '../../../../core/time.ts';
import { isObject } from '../../payload-reader.ts';

/** How a member is changed: another value of its type, a value of another type, or it is gone. */
export const CHANGES = ['value', 'type', 'missing'] as const;
export type ChangeForm = (typeof CHANGES)[number];

/** A leaf of a payload: no object, no list. */
export interface Field {
  /** JSON pointer. */
  readonly pointer: string;
  readonly path: readonly (string | number)[];
  readonly value: unknown;
}

export interface FieldChange extends Field {
  readonly form: ChangeForm;
  readonly now: unknown;
  apply(payload: unknown): unknown;
}

export function fieldsOf(payload: unknown, path: readonly (string | number)[] = []): readonly Field[] {
  if (Array.isArray(payload)) return (payload as unknown[]).flatMap((each, index) => fieldsOf(each, [...path, index]));
  if (isObject(payload)) return Object.entries(payload).flatMap(([name, each]) => fieldsOf(each, [...path, name]));
  return path.length === 0 ? [] : [{ pointer: `/${path.join('/')}`, path, value: payload }];
}

export function changeOf(field: Field, random: Random, form: ChangeForm = random.pick(CHANGES)): FieldChange {
  const now =
    form === 'missing' ? undefined : form === 'type' ? otherType(field.value) : otherValue(field.value, random);
  return { ...field, form, now, apply: (payload) => replaced(payload, field.path, now) };
}

function otherType(value: unknown): unknown {
  return typeof value === 'string' ? 7 : String(value);
}

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d/;

/** Another value of the same type: a time some hours off, a text with another end, a number within ten times of it. */
function otherValue(value: unknown, random: Random): unknown {
  if (typeof value === 'boolean') return !value;
  if (typeof value === 'number') {
    const other = random.int(-1, Math.max(10, 10 * Math.abs(Math.ceil(value))));
    return other === value ? value + 1 : other;
  }
  if (typeof value !== 'string') return 'null';
  if (TIME.test(value)) {
    const hours = random.pick([-24, -3, -1, 1, 3, 24]);
    return isoTime((parseTime(value) ?? 0) + hours * HOUR_MS);
  }
  if (/^-?\d+(\.\d+)?$/.test(value)) return String(otherValue(Number(value), random));
  const last = value.slice(-1);
  return `${value.slice(0, -1)}${last === 'x' ? 'y' : 'x'}`;
}

function replaced(value: unknown, [name, ...rest]: readonly (string | number)[], now: unknown): unknown {
  if (name === undefined) return now;
  if (Array.isArray(value)) {
    const list = (value as unknown[]).map((each, index) => (index === name ? replaced(each, rest, now) : each));
    return list.filter((each) => each !== undefined);
  }
  const changed = { ...(value as Record<string, unknown>) };
  const member = replaced(changed[name], rest, now);
  if (member === undefined) delete changed[name];
  else changed[name] = member;
  return changed;
}
