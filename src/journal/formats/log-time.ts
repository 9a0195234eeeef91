import { parseTime } from '../../core/time.ts';

const TIME = /\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d)?/;

export function timeIn(line: string): { time?: number } {
  const found = TIME.exec(line)?.[0];
  return found === undefined ? {} : timeOf(found);
}

/** Times without a zone are taken as UTC: what counts is the time between messages. */
export function timeOf(text: string): { time?: number } {
  const iso = text.replace(' ', 'T').replace(',', '.');
  const time = parseTime(/(Z|[+-]\d\d:?\d\d)$/.test(iso) ? iso : `${iso}Z`);
  return time === undefined ? {} : { time };
}
