import { flowAt } from '../physical/meter.ts';
import { type Evse, usedConnector } from './evse.ts';

/** What can start and stop a transaction (2.0.1 TxStartPoint and TxStopPoint; 1.6 uses two fixed sets of the same). */
export const FACTS = {
  ParkingBayOccupancy: 1,
  EVConnected: 2,
  Authorized: 4,
  PowerPathClosed: 8,
  EnergyTransfer: 16,
  DataSigned: 32,
} as const;
export type FactName = keyof typeof FACTS;

/** The bits of a list of names; unknown names are ignored. */
export function factMask(names: readonly string[]): number {
  let mask = 0;
  for (const name of names) if (Object.hasOwn(FACTS, name)) mask |= FACTS[name as FactName];
  return mask;
}

/** What is true at this EVSE at `atMs`. */
export function factsOf(evse: Evse, atMs: number): number {
  const used = usedConnector(evse);
  let facts = 0;
  if (evse.parked || used?.plug === 'ev') facts |= FACTS.ParkingBayOccupancy;
  if (used?.plug === 'ev') facts |= FACTS.EVConnected;
  if (evse.authorization !== undefined) facts |= FACTS.Authorized;
  // PowerPathClosed = EVConnected and Authorized (2.0.1 E01 table).
  if (used?.plug === 'ev' && evse.authorization !== undefined) facts |= FACTS.PowerPathClosed;
  if (evse.path.closed && flowAt(evse.path, atMs).powerW > 0) facts |= FACTS.EnergyTransfer | FACTS.DataSigned;
  return facts;
}
