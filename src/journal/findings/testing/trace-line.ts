import { parseTime, SECOND_MS } from '../../../core/time.ts';

/** The day of all traces. */
const DAY = '2026-03-01T';
export const TRACE_BEGINS_MS = parseTime(`${DAY}10:00:00Z`) ?? 0;

/** One line of a trace of exchanges: when it is, its first word, and what follows. */
export interface TraceLine {
  readonly at: number;
  /** `wait`: the time passes without a message. */
  readonly word: string;
  readonly rest: string;
}

/** Lines are a second apart, unless they begin with a time (`10:05:00`) or a distance in seconds (`+60`). Undefined: a remark. */
export function readTraceLine(line: string, now: number): TraceLine | undefined {
  if (line === '' || line.startsWith('//')) return undefined;
  const parts = /^(?:(\d\d:\d\d:\d\d(?:\.\d+)?|\+[\d.]+)\s+)?(\S+)\s*(.*)$/.exec(line);
  if (parts === null) throw new Error(`No line of a trace: ${line}`);
  const [, time, word = '', rest = ''] = parts;
  if (word === 'wait') return { at: now + Number(rest) * SECOND_MS, word, rest };
  if (time === undefined) return { at: now + SECOND_MS, word, rest };
  const at = time.startsWith('+') ? now + Number(time.slice(1)) * SECOND_MS : (parseTime(`${DAY}${time}Z`) ?? now);
  return { at, word, rest };
}
