/**
 * The car: a battery with a charging curve behind an on-board charger (AC) or direct contacts (DC).
 */

/** What is the same for all cars of a kind; shared and never changed. */
export interface EvTemplate {
  readonly name: string;
  readonly capacityWh: number;
  /** Largest current per phase that the on-board charger takes, in A. */
  readonly maxAcCurrentA: number;
  readonly acPhases: 1 | 2 | 3;
  /** Largest power at the DC inlet in W; 0 = no DC. */
  readonly maxDcPowerW: number;
  readonly packVoltageV: number;
  /** Share of the grid's energy that reaches the battery. */
  readonly acEfficiency: number;
  readonly dcEfficiency: number;
  /** Points of [state of charge in %, share of the full power], ascending; straight lines between them. */
  readonly curve: readonly (readonly [number, number])[];
  /** How long the car takes to follow a changed limit, in ms. */
  readonly reactionMs: number;
  readonly iso15118: boolean;
}

/** IEC 61851-1: less than 6 A cannot be offered by the control pilot. */
export const MIN_CURRENT_A = 6;

/** One car at a connector. */
export interface Ev {
  readonly template: EvTemplate;
  /** Energy in the battery, Wh. */
  storedWh: number;
  /** The car stops at this state of charge, in %. */
  targetSoC: number;
  /** The driver or the car's timer holds charging back. */
  paused: boolean;
}

export function createEv(template: EvTemplate, soCPercent: number, targetSoC = 100): Ev {
  return { template, storedWh: (template.capacityWh * soCPercent) / 100, targetSoC, paused: false };
}

/** State of charge in %, with fractions. */
export function soCOf(ev: Ev): number {
  return (100 * ev.storedWh) / ev.template.capacityWh;
}

/** Energy that the battery still takes, Wh. */
export function missingWh(ev: Ev): number {
  return Math.max(0, (ev.template.capacityWh * ev.targetSoC) / 100 - ev.storedWh);
}

/** True when the car asks for nothing: full, or held back. */
export function isSated(ev: Ev): boolean {
  return ev.paused || missingWh(ev) < 1e-6;
}

/** Share of the full charging power that the battery takes at this state of charge. */
export function curveShare(curve: EvTemplate['curve'], soC: number): number {
  let below = curve[0];
  if (below === undefined || soC <= below[0]) return below?.[1] ?? 1;
  for (const point of curve) {
    if (point[0] >= soC) {
      const span = point[0] - below[0];
      return span === 0 ? point[1] : below[1] + ((point[1] - below[1]) * (soC - below[0])) / span;
    }
    below = point;
  }
  return below[1];
}
