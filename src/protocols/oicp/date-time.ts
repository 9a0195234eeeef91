import { isoTime, parseTime } from '../../core/time.ts';

/**
 * OICP date-times stay the text that was received: they are stored and forwarded unchanged, offset and fractions
 * included. These functions read them.
 */

const FORM = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})(?:\.\d+)?(Z|([+-])(\d{2}):(\d{2}))$/;

/**
 * Epoch milliseconds (to the millisecond; further fraction digits are cut), or `undefined` when the text does not have
 * the form or names a day or time that does not exist.
 */
export function instantOf(text: string): number | undefined {
  const match = FORM.exec(text);
  if (match === null) return undefined;
  const [, year, month, day, hour, minute, second, , , offsetHour = 0, offsetMinute = 0] = match.map(Number);
  if (!isCalendarDay(year ?? 0, month ?? 0, day ?? 0)) return undefined;
  if ((hour ?? 0) > 23 || (minute ?? 0) > 59 || (second ?? 0) > 59) return undefined;
  if (!Number.isNaN(offsetHour) && (offsetHour > 18 || offsetMinute > 59)) return undefined;
  return parseTime(text);
}

/** Minutes east of UTC that the text names (`+02:00` -> 120, `Z` -> 0); `undefined` when it has none. */
export function offsetMinutesOf(text: string): number | undefined {
  const match = FORM.exec(text);
  if (match === null) return undefined;
  if (match[7] === 'Z') return 0;
  const minutes = Number(match[9]) * 60 + Number(match[10]);
  return match[8] === '-' ? -minutes : minutes;
}

const MINUTE_MS = 60_000;

/**
 * The text of an instant at an offset, as OICP wants it (seconds, offset, no fractions): a CPO sends the offset of the
 * charging site. `instantOf` of it is the instant cut to the second.
 */
export function dateTimeText(epochMs: number, offsetMinutes: number): string {
  const local = isoTime(epochMs + offsetMinutes * MINUTE_MS).slice(0, 19);
  const sign = offsetMinutes < 0 ? '-' : '+';
  const two = (n: number): string => String(n).padStart(2, '0');
  const distance = Math.abs(offsetMinutes);
  return `${local}${sign}${two(Math.floor(distance / 60))}:${two(distance % 60)}`;
}

const DAYS_IN_MONTH = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

function isCalendarDay(year: number, month: number, day: number): boolean {
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const days = month === 2 && leap ? 29 : (DAYS_IN_MONTH[month - 1] ?? 0);
  return day >= 1 && day <= days;
}
