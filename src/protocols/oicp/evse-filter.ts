import { convertCoordinates, distanceKm, type GeoFormatName, type Point, pointOf } from './geo.ts';
import { canonicalOperatorId } from './identifiers/operator-id.ts';
import type { PullEvseData, PullEvseDataRecord } from './schema/evse-data.ts';
import type { SearchCenter } from './schema/structures.ts';

/** A test for records, built once for many. */
export type EvseFilter = (record: PullEvseDataRecord) => boolean;

/**
 * The filters of PullEvseData: all must hold; of the values of one list one must. A record that lacks what a filter asks
 * for does not pass it.
 */
export function evseFilter(request: PullEvseData): EvseFilter {
  const tests: EvseFilter[] = [];
  const { SearchCenter, CountryCodes, OperatorIds, AuthenticationModes, Accessibility } = request;
  if (SearchCenter !== undefined) {
    const inside = withinRadius(SearchCenter);
    tests.push((record) => inside(pointOf(record.GeoCoordinates)));
  }
  if (CountryCodes !== undefined) {
    const countries = new Set(CountryCodes.map((code) => code.toUpperCase()));
    tests.push((record) => countries.has(record.Address.Country.toUpperCase()));
  }
  if (OperatorIds !== undefined) {
    const operators = new Set(OperatorIds.map(canonicalOperatorId));
    tests.push((record) => operators.has(canonicalOperatorId(record.OperatorID)));
  }
  if (AuthenticationModes !== undefined) {
    const modes = new Set(AuthenticationModes);
    tests.push((record) => record.AuthenticationModes?.some((mode) => modes.has(mode)) === true);
  }
  if (Accessibility !== undefined) {
    const allowed = new Set<string | undefined>(Accessibility);
    tests.push((record) => allowed.has(record.Accessibility));
  }
  if (request.CalibrationLawDataAvailability !== undefined) {
    const allowed = new Set<string | undefined>(request.CalibrationLawDataAvailability);
    tests.push((record) => allowed.has(record.CalibrationLawDataAvailability));
  }
  for (const flag of ['RenewableEnergy', 'IsHubjectCompatible', 'IsOpen24Hours'] as const) {
    const wanted = request[flag];
    if (wanted !== undefined) tests.push((record) => record[flag] === wanted);
  }
  return (record) => tests.every((test) => test(record));
}

/** Whether a place lies within the circle; the radius is in km along the great circle. An unreadable place does not. */
export function withinRadius(center: SearchCenter): (point: Point | undefined) => boolean {
  const middle = pointOf(center.GeoCoordinates);
  return (point) => middle !== undefined && point !== undefined && distanceKm(middle, point) <= center.Radius;
}

/** The record with its coordinates in the format that the caller asked for. */
export function inGeoFormat(record: PullEvseDataRecord, format: GeoFormatName): PullEvseDataRecord {
  const converted = { ...record, GeoCoordinates: convertCoordinates(record.GeoCoordinates, format) };
  const entrance = record.GeoChargingPointEntrance;
  if (entrance === undefined) return converted;
  return { ...converted, GeoChargingPointEntrance: convertCoordinates(entrance, format) };
}
