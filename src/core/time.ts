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

/**
 * True for RFC 3339 in UTC as nearly everybody writes it: `2026-01-31T12:00:00Z`, or with three fraction digits. False only
 * says that the text needs a closer look: the 29th of February, leap seconds and small letters do.
 */
export function isPlainTime(text: string): boolean {
  const { length } = text;
  if (length !== 24 && length !== 20) return false;
  for (let at = 0; at < length - 1; at++) {
    const unit = text.charCodeAt(at);
    const wanted = MARKS[at];
    if (wanted === 0 ? unit < ZERO || unit > NINE : unit !== wanted) return false;
  }
  return (
    text.charCodeAt(length - 1) === 0x5a &&
    within(text, 5, 1, 12) &&
    within(text, 8, 1, DAYS[twoDigits(text, 5)] ?? 0) &&
    within(text, 11, 0, 23) &&
    within(text, 14, 0, 59) &&
    within(text, 17, 0, 59)
  );
}

/** What stands where in a plain time; 0 for a digit. */
const MARKS = Array.from('0000-00-00T00:00:00.000', (mark) => (mark === '0' ? 0 : mark.charCodeAt(0)));
const ZERO = 0x30;
const NINE = 0x39;

/** Of a month, 1 to 12, of any year. */
const DAYS = [0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

function within(text: string, at: number, least: number, most: number): boolean {
  const value = twoDigits(text, at);
  return value >= least && value <= most;
}

function twoDigits(text: string, at: number): number {
  return (text.charCodeAt(at) - ZERO) * 10 + text.charCodeAt(at + 1) - ZERO;
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
