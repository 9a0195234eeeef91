import { curveShare, type Ev, isSated, MIN_CURRENT_A, soCOf } from './ev.ts';
import { type Grid, phaseVoltage } from './grid.ts';

/** What an EVSE can do at most; part of a template. */
export interface EvseRating {
  readonly dc: boolean;
  /** AC: current per phase in A. DC: largest output current. */
  readonly maxCurrentA: number;
  readonly maxPowerW: number;
  readonly phases: 1 | 2 | 3;
}

/** What the EVSE offers to the car now. Infinity = no limit of that kind. */
export interface Offer {
  /** Per phase (AC) or output (DC), in A. */
  readonly currentA: number;
  /** Sum of the phases, in W. */
  readonly powerW: number;
  readonly phases: 1 | 2 | 3;
}

/** What flows now. Per phase for AC; DC stands in `l1`. All agree: W = V × A, total = sum. */
export interface Flow {
  readonly powerW: number;
  readonly phases: number;
  readonly voltsV: readonly [number, number, number];
  readonly ampsA: readonly [number, number, number];
}

const ZERO: readonly [number, number, number] = [0, 0, 0];

/** Nominal watts of an offer in A, or amperes of an offer in W. */
export function wattsOf(currentA: number, nominalV: number, phases: number): number {
  return currentA * nominalV * phases;
}

/** True when the offer is too small for any car: the EVSE holds charging back. */
export function offersNothing(offer: Offer, rating: EvseRating, nominalV: number): boolean {
  if (rating.dc) return offer.powerW <= 0 || offer.currentA <= 0;
  const byPowerA = offer.powerW / (nominalV * offer.phases);
  return Math.min(offer.currentA, byPowerA) < MIN_CURRENT_A;
}

/** What the car draws under this offer at this instant. The limits hold at the actual voltage, not only at the nominal one. */
export function drawOf(
  ev: Ev | undefined,
  offer: Offer,
  rating: EvseRating,
  grid: Grid,
  seed: number,
  atMs: number,
): Flow {
  const v1 = phaseVoltage(grid, seed, 1, atMs);
  const v2 = phaseVoltage(grid, seed, 2, atMs);
  const v3 = phaseVoltage(grid, seed, 3, atMs);
  const volts = [v1, v2, v3] as const;
  if (ev === undefined || isSated(ev) || offersNothing(offer, rating, grid.nominalV)) {
    return { powerW: 0, phases: 0, voltsV: rating.dc ? ZERO : volts, ampsA: ZERO };
  }
  const { template } = ev;
  const share = curveShare(template.curve, soCOf(ev));
  if (rating.dc) {
    const packV = template.packVoltageV * (0.9 + soCOf(ev) / 500);
    const wantedW = template.maxDcPowerW * share;
    const powerW = Math.min(
      wantedW,
      rating.maxPowerW,
      offer.powerW,
      Math.min(offer.currentA, rating.maxCurrentA) * packV,
    );
    return { powerW, phases: 0, voltsV: [packV, 0, 0], ampsA: [powerW / packV, 0, 0] };
  }
  const phases = Math.min(rating.phases, template.acPhases, offer.phases);
  const sumV = phases === 1 ? v1 : phases === 2 ? v1 + v2 : v1 + v2 + v3;
  const wantedA = template.maxAcCurrentA * share;
  const amps = Math.min(wantedA, rating.maxCurrentA, offer.currentA, offer.powerW / sumV, rating.maxPowerW / sumV);
  return {
    powerW: amps * sumV,
    phases,
    voltsV: volts,
    ampsA: [amps, phases > 1 ? amps : 0, phases > 2 ? amps : 0],
  };
}
