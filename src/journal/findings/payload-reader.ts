/**
 * Reads members of payloads that nobody has checked: a rule sees broken messages too. What is missing or of another type
 * is `undefined`. Paths have up to four names: a rest parameter would cost an array on each of millions of calls.
 */

export type Members = Readonly<Record<string, unknown>>;

const NOTHING: readonly unknown[] = [];

export function isObject(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value at a path of member names. */
export function valueAt(value: unknown, a: string, b?: string, c?: string, d?: string): unknown {
  let here = isObject(value) ? value[a] : undefined;
  if (b !== undefined) here = isObject(here) ? here[b] : undefined;
  if (c !== undefined) here = isObject(here) ? here[c] : undefined;
  if (d !== undefined) here = isObject(here) ? here[d] : undefined;
  return here;
}

export function textAt(value: unknown, a: string, b?: string, c?: string, d?: string): string | undefined {
  const found = valueAt(value, a, b, c, d);
  return typeof found === 'string' ? found : undefined;
}

export function numberAt(value: unknown, a: string, b?: string, c?: string, d?: string): number | undefined {
  const found = valueAt(value, a, b, c, d);
  return typeof found === 'number' ? found : undefined;
}

export function booleanAt(value: unknown, a: string, b?: string, c?: string, d?: string): boolean | undefined {
  const found = valueAt(value, a, b, c, d);
  return typeof found === 'boolean' ? found : undefined;
}

/** The elements of a list; none when there is no list. */
export function listAt(value: unknown, a: string, b?: string, c?: string, d?: string): readonly unknown[] {
  const found = valueAt(value, a, b, c, d);
  return Array.isArray(found) ? found : NOTHING;
}

/** The number of a Raw value (1.6 §7.43: a decimal as text). */
export function decimal(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  return isPlain(text) || /^[+-]?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(text) ? Number(text) : undefined;
}

/** Digits with at most one point between them, as nearly all values are. */
function isPlain(text: string): boolean {
  let points = 0;
  const last = text.length - 1;
  for (let at = 0; at <= last; at++) {
    const unit = text.charCodeAt(at);
    if (unit === POINT && at > 0 && at < last) points++;
    else if (unit < ZERO || unit > NINE) return false;
  }
  return last >= 0 && points <= 1;
}

const POINT = 0x2e;
const ZERO = 0x30;
const NINE = 0x39;
