import { type Ev, missingWh } from './ev.ts';
import { type Grid, slotEnd } from './grid.ts';
import { drawOf, type EvseRating, type Flow, type Offer } from './power-flow.ts';

/**
 * The energy meter of one EVSE. Its register counts what flowed, never goes back and is never re-based; it survives reboot.
 */
export interface Meter {
  /** Exact energy in Wh; the register that is shown is its whole part. */
  energyWh: number;
  /** Up to when it has counted. */
  atMs: number;
  /** A broken meter stands still (fault injection). */
  frozen: boolean;
}

export function createMeter(registerWh: number, atMs: number): Meter {
  return { energyWh: registerWh, atMs, frozen: false };
}

/** The register in whole Wh (OCPP 1.6 `meterStart` is an integer). */
export function registerWh(meter: Meter): number {
  return Math.floor(meter.energyWh);
}

/** A change of the offer that the car follows at `atMs`, its reaction time after it was made. */
export interface PendingOffer {
  readonly atMs: number;
  readonly offer: Offer;
}

/** One current path: meter, car, what is offered and what the car follows. */
export interface CurrentPath {
  readonly meter: Meter;
  readonly rating: EvseRating;
  readonly grid: Grid;
  readonly seed: number;
  ev: Ev | undefined;
  /** The offer that the car follows now. */
  offer: Offer;
  /** In order of time. The car follows each change after its own reaction time: a later one does not put off an earlier one. */
  pending: readonly PendingOffer[];
  closed: boolean;
}

/** Shared by all EVSEs that wait for nothing. */
export const NO_PENDING: readonly PendingOffer[] = [];

export const NO_OFFER: Offer = { currentA: 0, powerW: 0, phases: 3 };

/** What is offered once the car has followed everything. */
export function latestOffer(path: CurrentPath): Offer {
  return path.pending.at(-1)?.offer ?? path.offer;
}

/**
 * The car follows `offer` at `atMs`. It does not first rise to an earlier one that is taken back already: what it has not
 * followed yet comes down at once, each at its own instant.
 */
export function offerLater(path: CurrentPath, offer: Offer, atMs: number): void {
  path.pending = [
    ...path.pending.map((one) => ({ atMs: one.atMs, offer: lowerOf(one.offer, offer) })),
    { atMs, offer },
  ];
}

function lowerOf(a: Offer, b: Offer): Offer {
  return {
    currentA: Math.min(a.currentA, b.currentA),
    powerW: Math.min(a.powerW, b.powerW),
    phases: Math.min(a.phases, b.phases) as Offer['phases'],
  };
}

/** What flows at an instant; only meaningful at or after `meter.atMs`. */
export function flowAt(path: CurrentPath, atMs: number): Flow {
  return drawOf(path.closed ? path.ev : undefined, path.offer, path.rating, path.grid, path.seed, atMs);
}

/**
 * Counts energy up to `toMs`, slot by slot, following a pending offer at its instant and stopping at the moment when the
 * battery is full. Power is constant within a step, so energy is the exact sum of power × time.
 */
export function advance(path: CurrentPath, toMs: number): void {
  const { meter } = path;
  while (meter.atMs < toMs) {
    follow(path, meter.atMs);
    const changeMs = path.pending[0]?.atMs ?? Number.POSITIVE_INFINITY;
    if (!path.closed || path.ev === undefined) {
      // Nothing flows: no need to walk the slots.
      meter.atMs = Math.min(toMs, changeMs);
      continue;
    }
    const until = Math.min(toMs, changeMs, slotEnd(meter.atMs));
    const { powerW } = flowAt(path, meter.atMs);
    if (powerW > 0) {
      const efficiency = path.rating.dc ? path.ev.template.dcEfficiency : path.ev.template.acEfficiency;
      const fullInMs = (missingWh(path.ev) / (powerW * efficiency)) * 3_600_000;
      const stepMs = Math.min(until - meter.atMs, fullInMs);
      const energyWh = (powerW * stepMs) / 3_600_000;
      path.ev.storedWh += energyWh * efficiency;
      if (!meter.frozen) meter.energyWh += energyWh;
      if (fullInMs <= until - meter.atMs) path.ev.storedWh = (path.ev.template.capacityWh * path.ev.targetSoC) / 100;
    }
    meter.atMs = until;
  }
  follow(path, toMs);
}

/** The offers whose time has come. */
function follow(path: CurrentPath, atMs: number): void {
  for (let [next] = path.pending; next !== undefined && next.atMs <= atMs; [next] = path.pending) {
    path.offer = next.offer;
    path.pending = path.pending.slice(1);
  }
}

/** Milliseconds until the battery is full at the present power, or Infinity. Later when the curve tapers off. */
export function msUntilFull(path: CurrentPath, atMs: number): number {
  if (path.ev === undefined) return Number.POSITIVE_INFINITY;
  const { powerW } = flowAt(path, atMs);
  if (powerW <= 0) return Number.POSITIVE_INFINITY;
  const efficiency = path.rating.dc ? path.ev.template.dcEfficiency : path.ev.template.acEfficiency;
  return (missingWh(path.ev) / (powerW * efficiency)) * 3_600_000;
}
