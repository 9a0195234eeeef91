/**
 * The grid at the station's door: nominal voltage with seeded noise. The voltage of a phase is constant within a slot, so
 * that any two readers of the same instant see the same value and energy can be summed up exactly.
 */

/** Voltage changes at most every ten seconds; slots are aligned to the epoch. */
export const GRID_SLOT_MS = 10_000;

export interface Grid {
  /** Nominal phase-to-neutral voltage in V. */
  readonly nominalV: number;
  /** Largest deviation as a share of the nominal voltage (0.01 = ±1 %). */
  readonly noise: number;
  readonly frequencyHz: number;
}

/** Voltage of phase 1, 2 or 3 at an instant, in V with one decimal. */
export function phaseVoltage(grid: Grid, seed: number, phase: number, atMs: number): number {
  const slot = Math.floor(atMs / GRID_SLOT_MS);
  const deviation = grid.noise * signedUnit(seed, slot, phase);
  return Math.round(grid.nominalV * (1 + deviation) * 10) / 10;
}

/** The end of the slot that contains `atMs`. */
export function slotEnd(atMs: number): number {
  return (Math.floor(atMs / GRID_SLOT_MS) + 1) * GRID_SLOT_MS;
}

/** A number in [-1, 1) that depends on nothing but its arguments. */
function signedUnit(seed: number, slot: number, phase: number): number {
  let h = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b);
  h = Math.imul(h ^ (slot >>> 0), 0xc2b2ae35);
  h = Math.imul(h ^ Math.floor(slot / 2 ** 32), 0x27d4eb2f);
  h = Math.imul(h ^ (h >>> 15) ^ (phase * 0x165667b1), 0x2c1b3c6d);
  h ^= h >>> 13;
  h = Math.imul(h, 0x297a2d39);
  h ^= h >>> 16;
  return (h >>> 0) / 2 ** 31 - 1;
}
