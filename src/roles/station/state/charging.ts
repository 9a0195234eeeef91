import { soCOf } from '../physical/ev.ts';
import { advance, latestOffer, msUntilFull, NO_OFFER, NO_PENDING, offerLater, registerWh } from '../physical/meter.ts';
import { type Offer, offersNothing } from '../physical/power-flow.ts';
import { limitsAt, stationLimitsAt } from '../smart-charging/limits.ts';
import type { StationCore } from './core.ts';
import { type ChargingState, type Evse, usedConnector } from './evse.ts';
import { isDrawing, isHeldBack } from './status.ts';

/** While energy flows an EVSE looks at itself at least this often: the charging curve moves on. */
const LOOK_MS = 60_000;

/** The first start of Relative schedules: when the power path closed, else when the transaction began. */
export function relativeStartMs(evse: Evse, nowMs: number): number {
  return evse.transaction?.startedAtMs ?? nowMs;
}

/** Closes or opens the contactor and makes an offer, as the state wants it. The meter must stand at `now`. */
export function drivePowerPath(core: StationCore, evse: Evse): void {
  const now = core.host.now();
  const { path } = evse;
  const used = usedConnector(evse);
  const wanted =
    used?.plug === 'ev' &&
    evse.authorization !== undefined &&
    used.fault === undefined &&
    !(evse.transaction?.deauthorized === true && evse.transaction.energyLimitWh === undefined);
  if (wanted !== path.closed) {
    path.closed = wanted;
    path.offer = NO_OFFER;
    path.pending = NO_PENDING;
    // The others share the station's limit: one more or one less takes part.
    for (const other of core.evses) if (other !== evse && other.path.closed) retarget(core, other, now);
  }
  if (path.closed) retarget(core, evse, now);
}

/** Offers what the limits allow now; the car follows after its reaction time. */
function retarget(core: StationCore, evse: Evse, now: number): void {
  const { path } = evse;
  advance(path, now);
  const { offer } = offerOf(core, evse, now);
  const target = latestOffer(path);
  if (offer.currentA === target.currentA && offer.powerW === target.powerW && offer.phases === target.phases) return;
  offerLater(path, offer, now + (path.ev?.template.reactionMs ?? 0));
  arm(core, evse, now);
}

/** What may be offered at `atMs`, and until when that holds. */
export function offerOf(
  core: StationCore,
  evse: Evse,
  atMs: number,
): { readonly offer: Offer; readonly untilMs: number } {
  const { rating } = evse.template;
  const { transaction } = evse;
  const profiles = core.flaws.ignoreLimits === true ? [] : core.profiles.all;
  const own = limitsAt(
    profiles,
    {
      evseId: evse.id,
      transactionId: transaction?.id,
      relativeStartMs: relativeStartMs(evse, atMs),
      priority: evse.priority,
    },
    atMs,
  );
  const station = stationLimitsAt(profiles, atMs);
  // What all together may draw is split evenly among those that take part.
  let sharers = 0;
  for (const other of core.evses) if (other.path.closed || other === evse) sharers++;
  const { stationLimit } = core.template;
  const currentA = Math.min(
    own.currentA,
    rating.maxCurrentA,
    Math.min(station.currentA, stationLimit.currentA) / sharers,
  );
  const powerW = Math.min(own.powerW, rating.maxPowerW, Math.min(station.powerW, stationLimit.powerW) / sharers);
  const phases = Math.min(rating.phases, own.phases ?? rating.phases) as 1 | 2 | 3;
  return { offer: { currentA, powerW, phases }, untilMs: Math.min(own.untilMs, station.untilMs) };
}

/** The charging state as it is now. */
export function chargingStateOf(evse: Evse, now: number): ChargingState {
  const used = usedConnector(evse);
  if (used?.plug !== 'ev') return evse.transaction === undefined || used === undefined ? 'Idle' : 'EVConnected';
  if (evse.transaction?.deauthorized === true && !evse.path.closed) return 'SuspendedEVSE';
  if (evse.authorization === undefined) return 'EVConnected';
  if (!evse.path.closed) return used.fault === undefined ? 'EVConnected' : 'SuspendedEVSE';
  if (isDrawing(evse, now)) return 'Charging';
  // SuspendedEVSE wins when both hold (1.6 §4.9).
  if (isHeldBack(evse)) return 'SuspendedEVSE';
  if (evse.path.pending.length > 0 && offersNothing(evse.path.offer, evse.path.rating, evse.path.grid.nominalV))
    return 'EVConnected';
  return 'SuspendedEV';
}

/** Brings the meter up to now. */
export function meterUp(core: StationCore, evse: Evse): void {
  advance(evse.path, core.host.now());
}

/** Sets the timer of the EVSE to the next instant at which something changes by itself. */
export function arm(core: StationCore, evse: Evse, now: number): void {
  const name = evseTimer(evse);
  if (!evse.path.closed) return core.host.timer(name, undefined);
  const { path, transaction } = evse;
  let next = offerOf(core, evse, now).untilMs;
  next = Math.min(next, path.pending[0]?.atMs ?? next);
  if (isDrawing(evse, now)) next = Math.min(next, now + LOOK_MS, now + Math.max(1, Math.ceil(msUntilFull(path, now))));
  const maxTimeS = transaction?.limits?.maxTimeS;
  if (transaction !== undefined && maxTimeS !== undefined && !transaction.deauthorized) {
    next = Math.min(next, Math.max(now + 1, transaction.startedAtMs + maxTimeS * 1000));
  }
  core.host.timer(name, next === Number.POSITIVE_INFINITY ? undefined : Math.max(next, now + 1));
}

export function evseTimer(evse: Evse): string {
  return `evse:${evse.id}`;
}

/** Why the transaction may not draw any more: a limit of its own is reached. */
export function limitReached(
  core: StationCore,
  evse: Evse,
): 'CostLimitReached' | 'EnergyLimitReached' | 'TimeLimitReached' | 'SoCLimitReached' | undefined {
  const { transaction, path } = evse;
  if (transaction === undefined) return undefined;
  const register = registerWh(path.meter);
  if (transaction.energyLimitWh !== undefined && register >= transaction.energyLimitWh) return 'EnergyLimitReached';
  const { limits } = transaction;
  if (limits === undefined) return undefined;
  if (limits.maxEnergyWh !== undefined && register - transaction.meterStartWh >= limits.maxEnergyWh)
    return 'EnergyLimitReached';
  const cost = transaction.wire['runningCost'];
  if (limits.maxCost !== undefined && typeof cost === 'number' && cost >= limits.maxCost) return 'CostLimitReached';
  if (limits.maxTimeS !== undefined && core.host.now() >= transaction.startedAtMs + limits.maxTimeS * 1000)
    return 'TimeLimitReached';
  if (limits.maxSoC !== undefined && path.ev !== undefined && soCOf(path.ev) >= limits.maxSoC) return 'SoCLimitReached';
  return undefined;
}
