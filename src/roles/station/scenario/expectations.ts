import type { Expected } from './format.ts';

/** A value of a view by its path; null where there is none. */
export function valueAt(view: unknown, pointer: string): unknown {
  let value: unknown = view;
  for (const part of pointer.split('/').filter((one) => one !== '')) {
    value = typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[part] : undefined;
  }
  return value ?? null;
}

/** Whether a value is what a step expects: itself, another, or within bounds. */
export function fits(actual: unknown, wanted: Expected): boolean {
  if (typeof wanted !== 'object' || wanted === null) return actual === wanted;
  if (wanted.not !== undefined && actual === wanted.not) return false;
  if (wanted.min !== undefined && !(typeof actual === 'number' && actual >= wanted.min)) return false;
  return wanted.max === undefined || (typeof actual === 'number' && actual <= wanted.max);
}
