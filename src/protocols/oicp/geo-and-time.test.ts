import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dateTimeText, instantOf, offsetMinutesOf } from './date-time.ts';
import { convertCoordinates, coordinatesOf, distanceKm, pointOf } from './geo.ts';
import { GEO_FORMATS } from './schema/enums.ts';
import { GeoCoordinates } from './schema/structures.ts';
import { BodyValidator } from './validation/validator.ts';

describe('places', () => {
  it('one place in the three formats is the same place', () => {
    const point = { latitude: -21.573_1, longitude: 9.360_922 };
    expect(pointOf({ Google: { Coordinates: '-21.5731 9.360922' } })).toEqual(point);
    expect(pointOf({ Google: { Coordinates: '-21.5731,9.360922' } })).toEqual(point);
    expect(pointOf({ DecimalDegree: { Longitude: '9.360922', Latitude: '-21.5731' } })).toEqual(point);
    const dms = pointOf({ DegreeMinuteSeconds: { Longitude: "9°21'39.319''", Latitude: "-21°34'23.16''" } });
    expect(dms?.latitude).toBeCloseTo(point.latitude, 6);
    expect(dms?.longitude).toBeCloseTo(point.longitude, 6);
  });

  it('places outside the globe are none', () => {
    expect(pointOf({ DecimalDegree: { Longitude: '199.0', Latitude: '0.0' } })).toBeUndefined();
    expect(pointOf({ Google: { Coordinates: '91.0 0.0' } })).toBeUndefined();
    expect(pointOf({ DegreeMinuteSeconds: { Longitude: "9°61'0.0''", Latitude: "0°0'0.0''" } })).toBeUndefined();
    expect(pointOf({})).toBeUndefined();
  });

  const point = fc.record({
    latitude: fc.double({ min: -90, max: 90, noNaN: true }),
    longitude: fc.double({ min: -180, max: 180, noNaN: true }),
  });

  it('conversion gives the same point within 1e-5 degrees, in the format asked for, as the pattern wants it (HUB-32)', () => {
    const validator = new BodyValidator(GeoCoordinates);
    fc.assert(
      fc.property(point, fc.constantFrom(...GEO_FORMATS), fc.constantFrom(...GEO_FORMATS), (place, from, to) => {
        const converted = convertCoordinates(coordinatesOf(place, from), to);
        expect(Object.keys(converted)).toEqual([to]);
        expect(validator.read(converted, 'strict').findings).toEqual([]);
        const read = pointOf(converted);
        expect(Math.abs((read?.latitude ?? 999) - place.latitude)).toBeLessThan(1e-5);
        expect(Math.abs((read?.longitude ?? 999) - place.longitude)).toBeLessThan(1e-5);
      }),
    );
  });

  it('distances are great-circle kilometres', () => {
    const berlin = { latitude: 52.52, longitude: 13.405 };
    const paris = { latitude: 48.8566, longitude: 2.3522 };
    expect(distanceKm(berlin, paris)).toBeCloseTo(877.5, 0);
    // A degree of longitude on the equator, and across the date line.
    expect(distanceKm({ latitude: 0, longitude: 179.5 }, { latitude: 0, longitude: -179.5 })).toBeCloseTo(111.195, 2);
    expect(distanceKm(berlin, berlin)).toBe(0);
  });
});

/** 2025-06-01T06:00:00Z. */
const JUNE_1_6_UTC = 1_748_757_600_000;

describe('times', () => {
  it('offsets and fractions are read, the text stays', () => {
    expect(instantOf('2025-06-01T08:00:00+02:00')).toBe(JUNE_1_6_UTC);
    expect(instantOf('2025-06-01T06:00:00.039Z')).toBe(JUNE_1_6_UTC + 39);
    expect(offsetMinutesOf('2025-06-01T08:00:00-09:30')).toBe(-570);
    expect(offsetMinutesOf('2025-06-01T08:00:00Z')).toBe(0);
  });

  it.each([
    '2025-06-01T08:00:00',
    '2025-06-01 08:00:00Z',
    '2025-02-29T08:00:00Z',
    '2025-13-01T08:00:00Z',
    '2025-06-01T24:00:00Z',
    '2025-06-01T08:60:00Z',
    '2025-06-01T08:00:00+19:00',
    'yesterday',
  ])('%s is none', (text) => {
    expect(instantOf(text)).toBeUndefined();
  });

  it('a leap day is one', () => {
    expect(instantOf('2024-02-29T00:00:00Z')).toBe(1_709_164_800_000);
    expect(instantOf('2100-02-29T00:00:00Z')).toBeUndefined();
  });

  it('an instant at an offset reads back as the instant, to the second', () => {
    expect(dateTimeText(JUNE_1_6_UTC, 120)).toBe('2025-06-01T08:00:00+02:00');
    const seconds = fc.integer({ min: 0, max: 4_000_000_000 });
    fc.assert(
      fc.property(seconds, fc.integer({ min: -720, max: 840 }), (second, offset) => {
        const text = dateTimeText(second * 1000, offset);
        expect(instantOf(text)).toBe(second * 1000);
        expect(offsetMinutesOf(text)).toBe(offset);
      }),
    );
  });
});
