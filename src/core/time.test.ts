import fc from 'fast-check';
import { IsDateTime } from 'typebox/format';
import { describe, expect, it } from 'vitest';
import { isPlainTime } from './time.ts';

describe('a plain time', () => {
  it('is UTC with Z, in whole seconds or milliseconds', () => {
    for (const text of ['2026-01-31T12:00:00Z', '2026-12-31T23:59:59.999Z']) expect(isPlainTime(text)).toBe(true);
    for (const text of [
      '2026-01-31T12:00:00z',
      '2026-01-31t12:00:00Z',
      '2026-01-31T12:00:00.0Z',
      '2026-01-31T12:00:00+00:00',
      '2026-01-31T12:00:00',
      '2026-01-31 12:00:00Z',
      '',
    ])
      expect(isPlainTime(text)).toBe(false);
  });

  it('exists: month, day, hour, minute and second are in their bounds', () => {
    for (const text of ['2026-00-01', '2026-13-01', '2026-04-31', '2026-02-30', '2026-01-00', '2026-01-32'])
      expect(isPlainTime(`${text}T12:00:00Z`)).toBe(false);
    for (const text of ['24:00:00', '12:60:00', '12:00:60']) expect(isPlainTime(`2026-01-31T${text}Z`)).toBe(false);
  });

  it('is always a date-time of RFC 3339', () => {
    const digits = (length: number) =>
      fc.array(fc.nat(9), { minLength: length, maxLength: length }).map((d) => d.join(''));
    const texts = fc
      .tuple(
        digits(4),
        ...Array.from({ length: 5 }, () => digits(2)),
        fc.constantFrom('', '.000', '.5'),
        fc.constantFrom('Z', 'z', ''),
      )
      .map(
        ([year, month, day, hour, minute, second, part, zone]) =>
          `${year}-${month}-${day}T${hour}:${minute}:${second}${part}${zone}`,
      );
    const moments = fc.date({ min: new Date(0), max: new Date('2100-01-01T00:00:00Z'), noInvalidDate: true });
    fc.assert(fc.property(texts, (text) => !isPlainTime(text) || IsDateTime(text)));
    fc.assert(
      fc.property(moments, (moment) => isPlainTime(moment.toISOString()) || /-02-29T/.test(moment.toISOString())),
    );
  });
});
