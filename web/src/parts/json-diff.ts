import { escapePointer } from './json-lines.ts';

export interface Difference {
  readonly pointer: string;
  readonly kind: 'added' | 'removed' | 'changed' | 'same';
  readonly before?: unknown;
  readonly after?: unknown;
}

export interface DiffOptions {
  readonly ignoreTimes?: boolean;
  readonly ignoreIds?: boolean;
}

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d/;
const ID_NAME = /(^|[a-z])(id|Id|ID|seqNo|uuid)$/;

/** What differs between two JSON values; members by name whatever their order, array items by their place. */
export function differences(before: unknown, after: unknown, options: DiffOptions = {}): Difference[] {
  const list: Difference[] = [];
  const walk = (a: unknown, b: unknown, pointer: string, name: string): void => {
    if (isObject(a) && isObject(b) && Array.isArray(a) === Array.isArray(b)) {
      for (const key of new Set([...Object.keys(a), ...Object.keys(b)])) {
        const at = `${pointer}/${escapePointer(key)}`;
        if (!Object.hasOwn(a, key)) leaves(b[key], at, 'added');
        else if (!Object.hasOwn(b, key)) leaves(a[key], at, 'removed');
        else walk(a[key], b[key], at, key);
      }
      return;
    }
    const same = JSON.stringify(a) === JSON.stringify(b);
    const ignored =
      (options.ignoreTimes === true &&
        typeof a === 'string' &&
        typeof b === 'string' &&
        TIME.test(a) &&
        TIME.test(b)) ||
      (options.ignoreIds === true && ID_NAME.test(name));
    list.push({ pointer, kind: same || ignored ? 'same' : 'changed', before: a, after: b });
  };
  const leaves = (value: unknown, pointer: string, kind: 'added' | 'removed'): void => {
    if (isObject(value) && Object.keys(value).length > 0) {
      for (const [key, inner] of Object.entries(value)) leaves(inner, `${pointer}/${escapePointer(key)}`, kind);
      return;
    }
    list.push(kind === 'added' ? { pointer, kind, after: value } : { pointer, kind, before: value });
  };
  walk(before, after, '', '');
  return list;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
