import { SECOND_MS } from '../../../core/time.ts';
import { type ChargingProfile, isValidAt } from './charging-profile.ts';
import type { RunningTransaction } from './running-transaction.ts';

/** What is asked: how much the installed profiles allow there and then. */
export interface BoundQuery {
  readonly profiles: readonly ChargingProfile[];
  /** Connector or EVSE; 0: the station as a whole. */
  readonly place: number;
  readonly unit: 'A' | 'W';
  /** The transaction that runs there, for TxProfiles. */
  readonly transaction: RunningTransaction | undefined;
}

const STATION_MAX = /^(ChargePointMaxProfile|ChargingStationMaxProfile)$/;
/** A relative schedule begins with the transaction, or somewhat later with the charging. */
const RELATIVE_SLACK_S = 60;
const UNKNOWN = Number.POSITIVE_INFINITY;

/**
 * The most that the profiles surely allow at an instant (1.6 §3.13.3, K01, K08): the least over the purposes, a TxProfile
 * in place of the TxDefaultProfile, the highest stack level of each. Undefined where they set no bound, or where one of
 * another unit or an unusual one decides: a bound that is too high finds too little, never too much.
 */
export function profileBound(query: BoundQuery, at: number): number | undefined {
  const { profiles, place } = query;
  // Local generation adds to every limit (2.1 K26); what it adds cannot be seen.
  if (profiles.some((each) => each.purpose === 'LocalGeneration')) return undefined;
  const whole = highest(query, at, (each) => STATION_MAX.test(each.purpose) && each.place === 0);
  const outside = highest(
    query,
    at,
    (each) => each.purpose === 'ChargingStationExternalConstraints' && (each.place === 0 || each.place === place),
  );
  const own = place === 0 ? undefined : ofTransaction(query, at);
  const bound = Math.min(whole ?? UNKNOWN, outside ?? UNKNOWN, own ?? UNKNOWN);
  return bound === UNKNOWN ? undefined : bound;
}

/** Instants between `from` and `to` at which the bound may change. */
export function boundEdges({ profiles, transaction }: BoundQuery, from: number, to: number): number[] {
  const edges: number[] = [];
  const add = (at: number | undefined): void => {
    if (at !== undefined && at > from && at < to && edges.length < 1_000) edges.push(at);
  };
  for (const profile of profiles) {
    const { startsAt, recurrenceS, durationS, periods, kind } = profile;
    add(profile.validFrom);
    add(profile.validTo);
    if (kind === 'Relative' && transaction !== undefined)
      for (const { startS } of periods) add(transaction.startedAt + (startS + RELATIVE_SLACK_S) * SECOND_MS);
    if (startsAt === undefined) continue;
    const everyMs = (recurrenceS ?? 0) * SECOND_MS;
    const first = everyMs === 0 ? startsAt : startsAt + Math.floor((from - startsAt) / everyMs) * everyMs;
    for (let begin = first; begin < to && edges.length < 1_000; begin += everyMs) {
      for (const { startS } of periods) add(begin + startS * SECOND_MS);
      if (durationS !== undefined) add(begin + durationS * SECOND_MS);
      if (everyMs === 0) break;
    }
  }
  return edges;
}

function ofTransaction(query: BoundQuery, at: number): number | undefined {
  const { profiles, place, transaction } = query;
  // A priority profile may stand in for both (2.1 K21).
  if (profiles.some((each) => each.purpose === 'PriorityCharging')) return undefined;
  if (transaction !== undefined) {
    const own = highest(
      query,
      at,
      (each) =>
        each.purpose === 'TxProfile' &&
        (each.place === place || each.place === undefined) &&
        (each.transactionId === undefined || transaction.id === undefined || each.transactionId === transaction.id),
    );
    if (own !== undefined) return own;
  }
  const isDefault = (each: ChargingProfile): boolean => each.purpose === 'TxDefaultProfile';
  const here = highest(query, at, (each) => isDefault(each) && each.place === place);
  const everywhere = highest(query, at, (each) => isDefault(each) && each.place === 0);
  // One for the connector takes the place of one for all; of different levels, stations read that in different ways.
  return here === undefined || everywhere === undefined ? (here ?? everywhere) : Math.max(here, everywhere);
}

/** The limit of the highest stack level that covers the instant; infinite when that one cannot be read plainly. */
function highest(query: BoundQuery, at: number, wanted: (profile: ChargingProfile) => boolean): number | undefined {
  let level = Number.NEGATIVE_INFINITY;
  let found: number | undefined;
  for (const profile of query.profiles) {
    if (!wanted(profile) || !isValidAt(profile, at) || profile.stackLevel < level) continue;
    const limit = limitOf(profile, query, at);
    if (limit === undefined) continue;
    // Two of one level are a fault of their own: the more generous counts.
    found = profile.stackLevel === level ? Math.max(found ?? 0, limit) : limit;
    level = profile.stackLevel;
  }
  return found;
}

/** What one profile says: undefined when no period covers the instant, infinite when that cannot be told. */
function limitOf(profile: ChargingProfile, query: BoundQuery, at: number): number | undefined {
  const { isPlain, unit, periods, durationS, kind, startsAt, recurrenceS } = profile;
  if (!isPlain || unit !== query.unit || periods.length === 0) return UNKNOWN;
  if (kind === 'Relative') return relativeLimit(profile, query, at);
  if (startsAt === undefined) return UNKNOWN;
  let elapsedS = (at - startsAt) / SECOND_MS;
  if (elapsedS < 0) return undefined;
  if (kind === 'Recurring') {
    if (recurrenceS === undefined) return UNKNOWN;
    elapsedS %= recurrenceS;
  }
  if (durationS !== undefined && elapsedS >= durationS) return undefined;
  return periods.findLast((each) => each.startS <= elapsedS)?.limit;
}

/** Its beginning is known within a minute: the most generous period that may hold. */
function relativeLimit({ periods, durationS }: ChargingProfile, query: BoundQuery, at: number): number {
  const [only] = periods;
  if (periods.length === 1 && only !== undefined && durationS === undefined) return only.limit;
  if (query.transaction === undefined) return UNKNOWN;
  const latestS = (at - query.transaction.startedAt) / SECOND_MS + 2;
  const earliestS = latestS - 2 - RELATIVE_SLACK_S;
  if (durationS !== undefined && latestS >= durationS) return UNKNOWN;
  let bound = 0;
  periods.forEach(({ startS, limit }, index) => {
    const endS = periods[index + 1]?.startS ?? Number.POSITIVE_INFINITY;
    if (startS <= latestS && endS >= earliestS) bound = Math.max(bound, limit);
  });
  return bound;
}
