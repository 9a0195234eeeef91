import { localTimeOfDay, parseTime } from '../../core/time.ts';
import { type FieldType, LEVELS, SEVERITIES } from './fields.ts';

const DURATION_MS: Readonly<Record<string, number>> = { ms: 1, s: 1e3, m: 6e4, min: 6e4, h: 36e5, d: 864e5 };
const BYTES: Readonly<Record<string, number>> = { '': 1, b: 1, kb: 1e3, mb: 1e6 };

/**
 * A word of a filter as the number that its field compares by, or undefined when it is none.
 *
 * @param nowMs the instant that `now`, `-5m` and bare clock times refer to.
 */
export function boundOf(word: string, type: FieldType, nowMs: number): number | undefined {
  switch (type) {
    case 'number':
      return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(word) ? Number(word) : undefined;
    case 'duration':
      return withUnit(/^(\d+(?:\.\d+)?)(ms|s|min|m|h|d)?$/i, word, DURATION_MS, 'ms');
    case 'bytes':
      return withUnit(/^(\d+(?:\.\d+)?)(b|kb|mb)?$/i, word, BYTES, '');
    case 'time':
      return instant(word, nowMs);
    case 'severity':
      return rank(SEVERITIES, word.toLowerCase() === 'warn' ? 'warning' : word);
    case 'level':
      return rank(LEVELS, word.toLowerCase() === 'warning' ? 'warn' : word);
    case 'word':
    case 'text':
      return undefined;
  }
}

function withUnit(
  pattern: RegExp,
  word: string,
  units: Readonly<Record<string, number>>,
  unit: string,
): number | undefined {
  const match = pattern.exec(word);
  if (match === null) return undefined;
  return Number(match[1]) * (units[(match[2] ?? unit).toLowerCase()] ?? 1);
}

function rank(order: readonly string[], word: string): number | undefined {
  const index = order.indexOf(word.toLowerCase());
  return index < 0 ? undefined : index;
}

function instant(word: string, nowMs: number): number | undefined {
  if (word.toLowerCase() === 'now') return nowMs;
  const ago = /^-(\d+(?:\.\d+)?)(ms|s|min|m|h|d)$/i.exec(word);
  if (ago !== null) return nowMs - Number(ago[1]) * (DURATION_MS[(ago[2] ?? '').toLowerCase()] ?? 1);
  const clock = /^(\d{1,2}):(\d{2})(?::(\d{2}(?:\.\d+)?))?$/.exec(word);
  if (clock !== null) {
    const seconds = Number(clock[3] ?? 0);
    const [hours, minutes] = [Number(clock[1]), Number(clock[2])];
    if (hours > 24 || minutes > 59 || seconds >= 60) return undefined;
    return localTimeOfDay(nowMs, hours, minutes, Math.floor(seconds)) + (seconds % 1) * 1_000;
  }
  return /^\d{4}-\d{2}(-\d{2}|$)/.test(word) ? parseTime(word) : undefined;
}
