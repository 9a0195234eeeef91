import type { Profile, Purpose, RateUnit } from './profile.ts';
import { segmentAt } from './schedule.ts';

/** Limits of both units side by side: each holds in its own unit, so nothing is lost by converting. */
export interface Limits {
  /** Per phase, A; Infinity = none. */
  readonly currentA: number;
  /** Sum of phases, W; Infinity = none. */
  readonly powerW: number;
  /** The lowest number of phases that a profile in force names; undefined when none does. */
  readonly phases: number | undefined;
  /** The next instant at which any of this may change. */
  readonly untilMs: number;
}

export const UNLIMITED: Limits = {
  currentA: Number.POSITIVE_INFINITY,
  powerW: Number.POSITIVE_INFINITY,
  phases: undefined,
  untilMs: Number.POSITIVE_INFINITY,
};

/** Whose limits are asked for. */
export interface LimitScope {
  /** 0 = the station as a whole. */
  readonly evseId: number;
  /** The running transaction, if any. */
  readonly transactionId: string | undefined;
  /** Where Relative schedules begin. */
  readonly relativeStartMs: number;
  /** 2.1 UsePriorityCharging was accepted: the Priority profile replaces Tx and TxDefault. */
  readonly priority?: boolean;
}

interface Lead {
  readonly limit: number | undefined;
  readonly unit: RateUnit;
  readonly phases: number | undefined;
  readonly covers: boolean;
  readonly untilMs: number;
}

const NO_LEAD: Lead = {
  limit: undefined,
  unit: 'A',
  phases: undefined,
  covers: false,
  untilMs: Number.POSITIVE_INFINITY,
};

/**
 * The profile of one purpose that leads: the highest stack level that covers the instant (1.6 §3.13.4, 2.0.1 K01.FR.31).
 * For TxDefault a profile of the EVSE itself hides one of the same level for all EVSEs.
 */
function leadOf(profiles: readonly Profile[], purpose: Purpose, scope: LimitScope, atMs: number): Lead {
  let lead: Lead = NO_LEAD;
  let leadLevel = -1;
  let untilMs = Number.POSITIVE_INFINITY;
  for (const profile of profiles) {
    if (profile.purpose !== purpose || !applies(profile, profiles, scope)) continue;
    const segment = segmentAt(profile, atMs, scope.relativeStartMs);
    untilMs = Math.min(untilMs, segment.untilMs);
    if (!segment.covers || profile.stackLevel <= leadLevel) continue;
    leadLevel = profile.stackLevel;
    lead = { ...segment, unit: profile.schedule.unit };
  }
  return { ...lead, untilMs };
}

function applies(profile: Profile, all: readonly Profile[], scope: LimitScope): boolean {
  switch (profile.purpose) {
    case 'StationMax':
    case 'External':
    case 'LocalGeneration':
      return profile.evseId === 0 || profile.evseId === scope.evseId;
    case 'Tx':
      return (
        profile.evseId === scope.evseId &&
        scope.transactionId !== undefined &&
        (profile.transactionId === undefined || profile.transactionId === scope.transactionId)
      );
    default:
      if (scope.evseId === 0) return false;
      if (profile.evseId === scope.evseId) return true;
      return (
        profile.evseId === 0 &&
        !all.some(
          (other) =>
            other.purpose === profile.purpose &&
            other.evseId === scope.evseId &&
            other.stackLevel === profile.stackLevel,
        )
      );
  }
}

/**
 * The limits in force at `atMs`: the lowest over the purposes, where Tx replaces TxDefault and Priority replaces both
 * (1.6 §3.13.5, 2.0.1 K01, 2.1 K21). LocalGeneration adds to what the transaction may draw, below the station's limits.
 */
export function limitsAt(profiles: readonly Profile[], scope: LimitScope, atMs: number): Limits {
  if (profiles.length === 0) return UNLIMITED;
  const external = leadOf(profiles, 'External', scope, atMs);
  const station = leadOf(profiles, 'StationMax', scope, atMs);
  const tx = leadOf(profiles, 'Tx', scope, atMs);
  const standard = leadOf(profiles, 'TxDefault', scope, atMs);
  const priority = scope.priority === true ? leadOf(profiles, 'Priority', scope, atMs) : NO_LEAD;
  const local = leadOf(profiles, 'LocalGeneration', scope, atMs);
  const own = priority.covers ? priority : tx.covers ? tx : standard;
  const extra = own.covers && local.covers && local.unit === own.unit ? (local.limit ?? 0) : 0;
  let currentA = Number.POSITIVE_INFINITY;
  let powerW = Number.POSITIVE_INFINITY;
  let phases: number | undefined;
  let untilMs = Number.POSITIVE_INFINITY;
  for (const lead of [external, station, tx, standard, priority, local]) {
    untilMs = Math.min(untilMs, lead.untilMs);
    if (lead === local || ((lead === tx || lead === standard || lead === priority) && lead !== own)) continue;
    if (!lead.covers) continue;
    const limit = lead.limit === undefined ? undefined : lead.limit + (lead === own ? extra : 0);
    if (limit !== undefined && lead.unit === 'A') currentA = Math.min(currentA, limit);
    if (limit !== undefined && lead.unit === 'W') powerW = Math.min(powerW, limit);
    if (lead.phases !== undefined) phases = Math.min(phases ?? lead.phases, lead.phases);
  }
  return { currentA, powerW, phases, untilMs };
}

/** Only the limits that hold for all EVSEs together: StationMax and External. */
export function stationLimitsAt(profiles: readonly Profile[], atMs: number): Limits {
  return limitsAt(profiles, { evseId: 0, transactionId: undefined, relativeStartMs: atMs }, atMs);
}
