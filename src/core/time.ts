/**
 * Wall-clock text. The only place outside the clocks that touches `Date`.
 *
 * Instants are epoch milliseconds (fractions allowed); text is RFC 3339 in UTC with at most three fraction digits
 * (OCPP 2.0.1 Part 2 §2.1.4).
 */

let lastMs = Number.NaN;
let lastText = '';

/** RFC 3339 text of an epoch-millisecond instant, for example `2026-01-31T12:00:00.000Z`. */
export function isoTime(epochMs: number): string {
  const ms = Math.floor(epochMs);
  if (ms !== lastMs) {
    lastText = new Date(ms).toISOString();
    lastMs = ms;
  }
  return lastText;
}

let lastParsedText = '';
let lastParsed: number | undefined;

/** Epoch milliseconds of an ISO 8601 / RFC 3339 text, or `undefined` when it is not a date and time. */
export function parseTime(text: string): number | undefined {
  // State, statistics and rules read the same time stamp one after another.
  if (text !== lastParsedText) {
    const ms = Date.parse(text);
    lastParsed = Number.isNaN(ms) ? undefined : ms;
    lastParsedText = text;
  }
  return lastParsed;
}

/** Hours, minutes and seconds of an instant in the machine's own time zone, for terminals: `10:14:03.120`. */
export function localClockTime(epochMs: number): string {
  const date = new Date(epochMs);
  const two = (n: number): string => String(n).padStart(2, '0');
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}.${String(date.getMilliseconds()).padStart(3, '0')}`;
}

/** Epoch milliseconds of today's (the day of `nowMs`, machine's time zone) hh:mm:ss. */
export function localTimeOfDay(nowMs: number, hours: number, minutes: number, seconds: number): number {
  const date = new Date(nowMs);
  date.setHours(hours, minutes, seconds, 0);
  return date.getTime();
}

export const SECOND_MS = 1_000;
export const MINUTE_MS = 60_000;
export const HOUR_MS = 3_600_000;
export const DAY_MS = 86_400_000;

/** The whole second of an instant as a `Date`, for ASN.1 times (RFC 5280 section 4.1.2.5.2 forbids fractions). */
export function wholeSecondDate(epochMs: number): Date {
  return new Date(Math.floor(epochMs / 1_000) * 1_000);
}
