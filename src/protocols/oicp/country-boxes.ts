import type { Point } from './geo.ts';

/** South, north, west, east in whole degrees, rounded outwards. By ISO 3166-1 alpha-3. */
const BOXES: Readonly<Record<string, readonly [south: number, north: number, west: number, east: number]>> = {
  AUT: [46, 50, 9, 18],
  BEL: [49, 52, 2, 7],
  BGR: [41, 45, 22, 29],
  CHE: [45, 48, 5, 11],
  CZE: [48, 52, 12, 19],
  DEU: [47, 56, 5, 16],
  DNK: [54, 58, 8, 16],
  ESP: [27, 44, -19, 5],
  EST: [57, 60, 21, 29],
  FIN: [59, 71, 19, 32],
  FRA: [41, 52, -6, 10],
  GBR: [49, 61, -9, 2],
  GRC: [34, 42, 19, 30],
  HRV: [42, 47, 13, 20],
  HUN: [45, 49, 16, 23],
  IRL: [51, 56, -11, -5],
  ITA: [35, 48, 6, 19],
  LTU: [53, 57, 20, 27],
  LUX: [49, 51, 5, 7],
  LVA: [55, 59, 20, 29],
  NLD: [50, 54, 3, 8],
  NOR: [57, 72, 4, 32],
  POL: [48, 55, 14, 25],
  PRT: [30, 43, -32, -6],
  ROU: [43, 49, 20, 30],
  SVK: [47, 50, 16, 23],
  SVN: [45, 47, 13, 17],
  SWE: [55, 70, 10, 25],
};

/** Whether a point lies outside its country, and inside it with latitude and longitude exchanged. */
export function isSwapped({ latitude, longitude }: Point, country: string): boolean {
  const box = BOXES[country.toUpperCase()];
  if (box === undefined) return false;
  const [south, north, west, east] = box;
  const within = (lat: number, lon: number): boolean => lat >= south && lat <= north && lon >= west && lon <= east;
  return !within(latitude, longitude) && within(longitude, latitude);
}
