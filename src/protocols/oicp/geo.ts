import type { GEO_FORMATS } from './schema/enums.ts';
import type { GeoCoordinates } from './schema/structures.ts';

export type GeoFormatName = (typeof GEO_FORMATS)[number];

/** Degrees, north and east positive. */
export interface Point {
  readonly latitude: number;
  readonly longitude: number;
}

const GOOGLE = /^(-?\d+\.\d+)\s*,?\s*(-?\d+\.\d+)$/;
const DMS = /^(-?)(\d+)° ?(\d+)' ?(\d+\.\d+)''$/;

/** The point in any of the three formats; `undefined` when it cannot be read or lies outside the globe. */
export function pointOf(coordinates: GeoCoordinates): Point | undefined {
  const point = readPoint(coordinates);
  if (point === undefined) return undefined;
  return Math.abs(point.latitude) <= 90 && Math.abs(point.longitude) <= 180 ? point : undefined;
}

function readPoint({ Google, DecimalDegree, DegreeMinuteSeconds }: GeoCoordinates): Point | undefined {
  if (Google !== undefined) {
    const match = GOOGLE.exec(Google.Coordinates.trim());
    return match === null ? undefined : { latitude: Number(match[1]), longitude: Number(match[2]) };
  }
  if (DecimalDegree !== undefined) {
    const latitude = Number(DecimalDegree.Latitude);
    const longitude = Number(DecimalDegree.Longitude);
    return Number.isNaN(latitude) || Number.isNaN(longitude) ? undefined : { latitude, longitude };
  }
  if (DegreeMinuteSeconds !== undefined) {
    const latitude = degreesOf(DegreeMinuteSeconds.Latitude);
    const longitude = degreesOf(DegreeMinuteSeconds.Longitude);
    return latitude === undefined || longitude === undefined ? undefined : { latitude, longitude };
  }
  return undefined;
}

function degreesOf(text: string): number | undefined {
  const match = DMS.exec(text);
  if (match === null) return undefined;
  const [, sign, degrees, minutes, seconds] = match;
  if (Number(minutes) >= 60 || Number(seconds) >= 60) return undefined;
  const value = Number(degrees) + Number(minutes) / 60 + Number(seconds) / 3600;
  return sign === '-' ? -value : value;
}

/** The point written in one format: decimals to 1e-6 degrees, seconds to 1e-3 (both nearer than a metre). */
export function coordinatesOf({ latitude, longitude }: Point, format: GeoFormatName): GeoCoordinates {
  switch (format) {
    case 'Google':
      return { Google: { Coordinates: `${decimalText(latitude)} ${decimalText(longitude)}` } };
    case 'DecimalDegree':
      return { DecimalDegree: { Longitude: decimalText(longitude), Latitude: decimalText(latitude) } };
    case 'DegreeMinuteSeconds':
      return { DegreeMinuteSeconds: { Longitude: dmsText(longitude), Latitude: dmsText(latitude) } };
  }
}

/** The same place in another format; unchanged when it already has it or cannot be read. */
export function convertCoordinates(coordinates: GeoCoordinates, format: GeoFormatName): GeoCoordinates {
  if (coordinates[format] !== undefined) return coordinates;
  const point = pointOf(coordinates);
  return point === undefined ? coordinates : coordinatesOf(point, format);
}

/** One to six decimals, as the pattern wants them. */
function decimalText(degrees: number): string {
  const text = degrees.toFixed(6).replace(/0{1,5}$/, '');
  return text === '-0.0' ? '0.0' : text;
}

function dmsText(degrees: number): string {
  // Whole thousandths of a second first: rounding must not give 60 seconds.
  const total = Math.round(Math.abs(degrees) * 3_600_000);
  const sign = degrees < 0 && total > 0 ? '-' : '';
  const wholeDegrees = Math.floor(total / 3_600_000);
  const minutes = Math.floor((total % 3_600_000) / 60_000);
  const seconds = ((total % 60_000) / 1000).toFixed(3);
  return `${sign}${wholeDegrees}°${minutes}'${seconds}''`;
}

const EARTH_RADIUS_KM = 6371.0088;

/** Great-circle distance in km (haversine on the mean earth radius). */
export function distanceKm(a: Point, b: Point): number {
  const phi1 = radians(a.latitude);
  const phi2 = radians(b.latitude);
  const half = Math.sin((phi2 - phi1) / 2) ** 2;
  const across = Math.cos(phi1) * Math.cos(phi2) * Math.sin(radians(b.longitude - a.longitude) / 2) ** 2;
  return 2 * EARTH_RADIUS_KM * Math.asin(Math.min(1, Math.sqrt(half + across)));
}

const radians = (degrees: number): number => (degrees * Math.PI) / 180;
