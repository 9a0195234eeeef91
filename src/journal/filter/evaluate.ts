import { parseTime } from '../../core/time.ts';
import { boundOf } from './bound.ts';
import type { Expression, Match, Operator, Path } from './expression.ts';
import type { Field } from './fields.ts';
import { isComparison } from './parse.ts';
import { valuesAt } from './path.ts';

/** A row as the evaluator sees it. Everything is asked for only when a term needs it. */
export interface FilterRow {
  /** All values of a field (a list may be empty). Times in epoch ms, durations in ms, sizes in bytes, severities as words. */
  values(field: string): readonly (string | number)[];
  flag(set: 'is' | 'has', flag: string): boolean;
  /** The payloads of a side: parsed JSON. `own` may be several in exchanges. */
  payloads(side: Path['side']): readonly unknown[];
  /** Where a bare text is looked for: summary, parties, action, raw message. */
  texts(): readonly string[];
}

export type ValueTest = (value: string | number) => boolean;

/** Makes a filter's expression a test of rows. @param nowMs what `now` and `-5m` refer to. */
export function compileFilter(expression: Expression, nowMs: number): (row: FilterRow) => boolean {
  switch (expression.op) {
    case 'all':
      return () => true;
    case 'and': {
      const tests = expression.items.map((item) => compileFilter(item, nowMs));
      return (row) => tests.every((test) => test(row));
    }
    case 'or': {
      const tests = expression.items.map((item) => compileFilter(item, nowMs));
      return (row) => tests.some((test) => test(row));
    }
    case 'not': {
      const test = compileFilter(expression.item, nowMs);
      return (row) => !test(row);
    }
    case 'flag': {
      const { set, flags } = expression;
      return (row) => flags.some((flag) => row.flag(set, flag));
    }
    case 'text': {
      const test = textTest(expression.match);
      return (row) => row.texts().some(test);
    }
    case 'field': {
      const { field, operator } = expression;
      const test = fieldTest(field, operator, expression.match, nowMs);
      const name = field.name;
      const any = (row: FilterRow): boolean => row.values(name).some(test);
      return isNegative(operator) ? (row) => !any(row) : any;
    }
    case 'path': {
      const { path, operator } = expression;
      const test = pathTest(operator, expression.match, nowMs);
      const any = (row: FilterRow): boolean =>
        row.payloads(path.side).some((payload) => valuesAt(payload, path.steps).some(test));
      return isNegative(operator) ? (row) => !any(row) : any;
    }
  }
}

/** `!=` and `!~` are true when no value matches. */
export function isNegative(operator: Operator): boolean {
  return operator === '!=' || operator === '!~';
}

/** The test of one value of a field, without the negation of `!=` and `!~`. */
export function fieldTest(field: Field, operator: Operator, match: Match, nowMs: number): ValueTest {
  if (match.kind === 'any') return () => true;
  if (match.kind === 'regex') return (value) => match.regex.test(String(value));
  if (field.type === 'text') {
    const test = textTest(match);
    return (value) => test(String(value));
  }
  if (field.type === 'word') return wordTest(match);
  const type = field.type;
  const toNumber = (value: string | number): number =>
    typeof value === 'number' ? value : (boundOf(value, type, nowMs) ?? Number.NaN);
  if (match.kind === 'range') {
    const low = match.low === undefined ? Number.NEGATIVE_INFINITY : (boundOf(match.low, type, nowMs) ?? Number.NaN);
    // Up to now includes what comes in while the filter is open.
    const open = match.high === undefined || (type === 'time' && match.high.toLowerCase() === 'now');
    const high = open ? Number.POSITIVE_INFINITY : (boundOf(match.high ?? '', type, nowMs) ?? Number.NaN);
    return (value) => {
      const number = toNumber(value);
      return number >= low && number <= high;
    };
  }
  const words = match.kind === 'literal' ? [match.text] : match.words;
  const bounds = words.map((word) => boundOf(word, type, nowMs) ?? Number.NaN);
  if (isComparison(operator)) {
    const compare = comparison(operator, bounds[0] ?? Number.NaN);
    return (value) => compare(toNumber(value));
  }
  return (value) => bounds.includes(toNumber(value));
}

function pathTest(operator: Operator, match: Match, nowMs: number): (value: unknown) => boolean {
  if (match.kind === 'any') return (value) => value !== undefined;
  if (match.kind === 'regex') return (value) => isScalar(value) && match.regex.test(String(value));
  if (match.kind === 'range') {
    const low = match.low === undefined ? undefined : toComparable(match.low, nowMs);
    const high = match.high === undefined ? undefined : toComparable(match.high, nowMs);
    return (value) => {
      const number = numberOf(value, (low ?? high)?.time === true);
      return (
        number >= (low?.number ?? Number.NEGATIVE_INFINITY) && number <= (high?.number ?? Number.POSITIVE_INFINITY)
      );
    };
  }
  if (isComparison(operator)) {
    const bound = toComparable(match.kind === 'literal' ? match.text : (match.words[0] ?? ''), nowMs);
    const compare = comparison(operator, bound.number);
    return (value) => compare(numberOf(value, bound.time));
  }
  const test = wordTest(match);
  const numbers = (match.kind === 'words' ? match.words : []).map((word) => boundOf(word, 'number', nowMs));
  return (value) => isScalar(value) && (test(String(value)) || (typeof value === 'number' && numbers.includes(value)));
}

function comparison(operator: Operator, bound: number): (value: number) => boolean {
  switch (operator) {
    case '>':
      return (value) => value > bound;
    case '>=':
      return (value) => value >= bound;
    case '<':
      return (value) => value < bound;
    default:
      return (value) => value <= bound;
  }
}

function toComparable(word: string, nowMs: number): { readonly number: number; readonly time: boolean } {
  const number = boundOf(word, 'number', nowMs);
  if (number !== undefined) return { number, time: false };
  return { number: boundOf(word, 'time', nowMs) ?? Number.NaN, time: true };
}

/** Payloads hold numbers also as text (OCPP 1.6 sampled values), and times always. */
function numberOf(value: unknown, time: boolean): number {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string' || value.trim() === '') return Number.NaN;
  return time ? (parseTime(value) ?? Number.NaN) : Number(value);
}

function isScalar(value: unknown): value is string | number | boolean | null {
  return value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}

/** Equal without regard to case; `*` in words is a wildcard. */
function wordTest(match: Match): ValueTest {
  if (match.kind === 'any') return () => true;
  if (match.kind === 'regex') return (value) => match.regex.test(String(value));
  if (match.kind === 'range') return () => false;
  if (match.kind === 'literal') {
    const wanted = match.text.toLowerCase();
    return (value) => String(value).toLowerCase() === wanted;
  }
  const plain = new Set(match.words.filter((word) => !word.includes('*')).map((word) => word.toLowerCase()));
  const wild = match.words.filter((word) => word.includes('*')).map((word) => wildcard(word.toLowerCase()));
  return (value) => {
    const lower = String(value).toLowerCase();
    return plain.has(lower) || wild.some((test) => test(lower));
  };
}

/** Matches `a*b*c` without a regular expression: no pattern of a user can make it slow. */
function wildcard(pattern: string): (text: string) => boolean {
  const parts = pattern.split('*');
  const first = parts[0] ?? '';
  const last = parts.at(-1) ?? '';
  const middle = parts.slice(1, -1).filter((part) => part !== '');
  return (text) => {
    if (text.length < first.length + last.length || !text.startsWith(first) || !text.endsWith(last)) return false;
    const end = text.length - last.length;
    let at = first.length;
    for (const part of middle) {
      const found = text.indexOf(part, at);
      if (found < 0 || found + part.length > end) return false;
      at = found + part.length;
    }
    return true;
  };
}

/** A substring without regard to case, or a regular expression. */
export function textTest(match: Match): (text: string) => boolean {
  if (match.kind === 'regex') return (text) => match.regex.test(text);
  const wanted = (match.kind === 'literal' ? [match.text] : match.kind === 'words' ? match.words : ['']).map((word) =>
    word.toLowerCase(),
  );
  return (text) => {
    const lower = text.toLowerCase();
    return wanted.some((word) => lower.includes(word));
  };
}
