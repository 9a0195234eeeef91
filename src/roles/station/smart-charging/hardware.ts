import type { StationTemplate } from '../template.ts';
import type { HardwareLimit } from './composite.ts';

/** What one EVSE, or (undefined) the station as a whole, can do where no profile limits. */
export function hardwareLimitOf(
  { stationLimit, grid, evses }: StationTemplate,
  evseId: number | undefined,
): HardwareLimit {
  const ratings = (evseId === undefined ? evses : evses.slice(evseId - 1, evseId)).map((one) => one.rating);
  const sum = (of: (rating: (typeof ratings)[number]) => number): number =>
    ratings.reduce((total, one) => total + of(one), 0);
  return {
    currentA: Math.min(
      stationLimit.currentA,
      sum((one) => one.maxCurrentA),
    ),
    powerW: Math.min(
      stationLimit.powerW,
      sum((one) => one.maxPowerW),
    ),
    phases: Math.max(1, ...ratings.map((one) => one.phases)),
    nominalV: grid.nominalV,
  };
}
