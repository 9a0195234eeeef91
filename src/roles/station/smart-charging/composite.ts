import { type LimitScope, limitsAt } from './limits.ts';
import type { Profile, RateUnit } from './profile.ts';

export interface CompositePeriod {
  readonly startS: number;
  readonly limit: number;
  readonly phases: number;
}

export interface CompositeSchedule {
  readonly startMs: number;
  readonly durationS: number;
  readonly unit: RateUnit;
  readonly periods: readonly CompositePeriod[];
}

/** What the hardware does where no profile limits: a schedule has no way to say "no limit". */
export interface HardwareLimit {
  readonly currentA: number;
  readonly powerW: number;
  readonly phases: number;
  readonly nominalV: number;
}

/** One decimal at most (1.6 §7.13), rounded down: a composite schedule must not promise more than may be drawn. */
function oneDecimalDown(value: number): number {
  return Math.floor(value * 10 + 1e-6) / 10;
}

/** The limit at one instant in the wanted unit, hardware included. */
export function limitIn(
  unit: RateUnit,
  limits: { readonly currentA: number; readonly powerW: number; readonly phases: number | undefined },
  hardware: HardwareLimit,
): number {
  const phases = Math.min(hardware.phases, limits.phases ?? hardware.phases);
  const ampsA = Math.min(limits.currentA, hardware.currentA);
  const wattsW = Math.min(limits.powerW, hardware.powerW);
  const perAmp = hardware.nominalV * phases;
  return unit === 'A' ? Math.min(ampsA, wattsW / perAmp) : Math.min(wattsW, ampsA * perAmp);
}

/**
 * The expected schedule over [startMs, startMs + durationS): one period wherever the limit changes (1.6 §5.7, 2.0.1 K08).
 * Changes within one second fall together on the lower limit, because a schedule counts whole seconds.
 */
export function compositeSchedule(
  profiles: readonly Profile[],
  scope: LimitScope,
  startMs: number,
  durationS: number,
  unit: RateUnit,
  hardware: HardwareLimit,
): CompositeSchedule {
  const endMs = startMs + durationS * 1000;
  const periods: CompositePeriod[] = [];
  let atMs = startMs;
  while (atMs < endMs || periods.length === 0) {
    const limits = limitsAt(profiles, scope, atMs);
    const limit = oneDecimalDown(limitIn(unit, limits, hardware));
    const phases = Math.min(hardware.phases, limits.phases ?? hardware.phases);
    const startS = Math.floor((atMs - startMs) / 1000);
    const last = periods.at(-1);
    if (last !== undefined && last.startS === startS) {
      periods[periods.length - 1] = {
        startS,
        limit: Math.min(limit, last.limit),
        phases: Math.min(phases, last.phases),
      };
    } else if (last === undefined || last.limit !== limit || last.phases !== phases) {
      periods.push({ startS, limit, phases });
    }
    if (limits.untilMs >= endMs) break;
    atMs = limits.untilMs;
  }
  return { startMs, durationS, unit, periods };
}
