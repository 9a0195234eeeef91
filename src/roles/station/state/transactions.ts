import { registerWh } from '../physical/meter.ts';
import { settleAvailability } from './availability.ts';
import { arm, chargingStateOf, drivePowerPath, limitReached, meterUp } from './charging.ts';
import type { StationCore, Trigger } from './core.ts';
import { type ChargingState, type Evse, type Transaction, usedConnector } from './evse.ts';
import { FACTS, factsOf } from './facts.ts';
import { endReservation, reservationFor } from './reservation.ts';
import { isEffectivelyOperative } from './status.ts';

/** Facts whose end means that the driver's right to charge is over. */
const AUTHORIZATION_STOPS = FACTS.Authorized | FACTS.PowerPathClosed | FACTS.EnergyTransfer;

/**
 * Looks at an EVSE after something happened: counts energy, drives the contactor, and starts, changes or ends its
 * transaction by the start and stop points (2.0.1 E01, E06; 1.6 uses fixed sets).
 *
 * @param trigger what happened, if it is worth an event of its own
 */
export function refresh(core: StationCore, evse: Evse, trigger?: Trigger): void {
  const now = core.host.now();
  meterUp(core, evse);
  const event = holdBack(core, evse) ?? trigger;
  const before = evse.facts;
  drivePowerPath(core, evse);
  const facts = factsOf(evse, now);
  evse.facts = facts;
  const { transaction } = evse;
  if (transaction === undefined) {
    if ((facts & ~before & core.settings.startPoints) !== 0) {
      start(core, evse, event ?? 'ChargingStateChanged');
      // Profiles of the transaction hold from its first moment.
      drivePowerPath(core, evse);
    }
  } else if ((transaction.seen & ~facts & core.settings.stopPoints) !== 0) {
    return end(core, evse, transaction, event ?? 'ChargingStateChanged');
  } else {
    transaction.seen |= facts;
    transaction.connectorId ??= usedConnector(evse)?.id;
    const changed = setChargingState(transaction, chargingStateOf(evse, now), now);
    if (changed || event !== undefined)
      core.host.transactionUpdated(evse, transaction, event ?? 'ChargingStateChanged');
  }
  arm(core, evse, now);
  core.statusMayDiffer(evse);
}

/** A limit of the transaction is reached: energy stops, once. */
function holdBack(core: StationCore, evse: Evse): Trigger | undefined {
  const { transaction } = evse;
  const reached = limitReached(core, evse);
  if (transaction === undefined || reached === undefined) return undefined;
  if (transaction.deauthorized && transaction.energyLimitWh === undefined) return undefined;
  const wasDeauthorized = transaction.deauthorized;
  transaction.deauthorized = true;
  transaction.energyLimitWh = undefined;
  transaction.limits = undefined;
  if (!wasDeauthorized && (core.settings.stopPoints & FACTS.EnergyTransfer) !== 0)
    transaction.stoppedReason ??= STOPPED_BY[reached];
  return reached;
}

/** ReasonEnumType of 2.1 has no word of its own for the cost. */
const STOPPED_BY = {
  CostLimitReached: 'LocalOutOfCredit',
  EnergyLimitReached: 'EnergyLimitReached',
  SoCLimitReached: 'SOCLimitReached',
  TimeLimitReached: 'TimeLimitReached',
} as const;

function start(core: StationCore, evse: Evse, trigger: Trigger): void {
  const now = core.host.now();
  const { authorization } = evse;
  const transaction: Transaction = {
    id: core.host.ids.uuid(),
    number: undefined,
    evseId: evse.id,
    connectorId: usedConnector(evse)?.id,
    startedAtMs: now,
    meterStartWh: registerWh(evse.path.meter),
    token: authorization?.token,
    group: authorization?.info.group,
    remoteStartId: authorization?.remoteStartId,
    reservationId: undefined,
    seqNo: 0,
    chargingState: 'Idle',
    seen: evse.facts,
    stoppedReason: undefined,
    stopToken: undefined,
    endedAtMs: undefined,
    meterStopWh: undefined,
    deauthorized: false,
    energyLimitWh: undefined,
    limits: undefined,
    wire: {},
    chargingSinceMs: undefined,
    chargedMs: 0,
  };
  evse.transaction = transaction;
  evse.finished = undefined;
  if (authorization !== undefined) consumeReservation(core, evse, transaction);
  setChargingState(transaction, chargingStateOf(evse, now), now);
  core.host.touched('transactions');
  core.host.transactionStarted(evse, transaction, trigger);
}

/** The transaction consumes the reservation of its token. */
export function consumeReservation(core: StationCore, evse: Evse, transaction: Transaction): void {
  if (transaction.token === undefined) return;
  const reservation = reservationFor(core, evse, transaction.token, transaction.group);
  if (reservation === undefined) return;
  transaction.reservationId = reservation.id;
  endReservation(core, reservation.id, 'used');
}

/** Enters a charging state and counts the time spent charging; false when it is the same. */
export function setChargingState(transaction: Transaction, state: ChargingState, now: number): boolean {
  if (state === transaction.chargingState) return false;
  if (transaction.chargingState === 'Charging') {
    transaction.chargedMs += now - (transaction.chargingSinceMs ?? now);
    transaction.chargingSinceMs = undefined;
  }
  if (state === 'Charging') transaction.chargingSinceMs = now;
  transaction.chargingState = state;
  return true;
}

/** The driver's right ends: by token, remotely, by time-out. The transaction ends if a stop point says so. */
export function endAuthorization(core: StationCore, evse: Evse, reason: string | undefined, trigger: Trigger): void {
  evse.authorization = undefined;
  const { transaction } = evse;
  if (transaction !== undefined) {
    transaction.stoppedReason ??= reason;
    if ((core.settings.stopPoints & AUTHORIZATION_STOPS) === 0) unlock(evse);
  } else {
    unlock(evse);
    // A profile that came with a remote start goes with it.
    if (core.profiles.endTransaction(evse.id, '')) core.host.touched('profiles');
  }
  refresh(core, evse, trigger);
}

/** Ends the transaction whatever the stop points say: reset, fault, power loss. */
export function forceEnd(core: StationCore, evse: Evse, reason: string, trigger: Trigger): void {
  const { transaction } = evse;
  if (transaction === undefined) return;
  meterUp(core, evse);
  transaction.stoppedReason = reason;
  end(core, evse, transaction, trigger);
}

function end(core: StationCore, evse: Evse, transaction: Transaction, trigger: Trigger): void {
  const now = core.host.now();
  const disconnected = usedConnector(evse)?.plug !== 'ev';
  setChargingState(transaction, disconnected ? 'Idle' : 'EVConnected', now);
  transaction.endedAtMs = now;
  transaction.meterStopWh = registerWh(evse.path.meter);
  evse.transaction = undefined;
  evse.authorization = undefined;
  evse.priority = false;
  evse.finished = usedConnector(evse) === undefined ? undefined : transaction;
  if (core.profiles.endTransaction(evse.id, transaction.id)) core.host.touched('profiles');
  drivePowerPath(core, evse);
  evse.facts = factsOf(evse, now);
  // After a refusal the cable stays locked until the same driver shows up (1.6 §4.8.2).
  const keepLocked =
    transaction.stoppedReason === 'DeAuthorized' ||
    (transaction.stoppedReason === 'EVDisconnected' && !core.settings.unlockOnEvDisconnect);
  if (!keepLocked) unlock(evse);
  core.host.touched('transactions');
  core.host.touched('meters');
  core.host.transactionEnded(evse, transaction, trigger);
  arm(core, evse, now);
  settleAvailability(core);
  core.statusMayDiffer(evse);
}

/** The CSMS refuses the token of a running transaction (1.6 §4.8, 2.0.1 E05). */
export function refuseRunning(core: StationCore, evse: Evse, transaction: Transaction): void {
  if (evse.transaction !== transaction || transaction.deauthorized) return;
  core.host.happened('deauthorized', { evseId: evse.id });
  if (core.settings.stopOnInvalidId) {
    if ((core.settings.stopPoints & AUTHORIZATION_STOPS) !== 0) {
      return endAuthorization(core, evse, 'DeAuthorized', 'Deauthorized');
    }
    transaction.deauthorized = true;
    evse.authorization = undefined;
    return refresh(core, evse, 'Deauthorized');
  }
  transaction.deauthorized = true;
  const allowedWh = core.settings.maxEnergyOnInvalidIdWh;
  if (allowedWh > 0) transaction.energyLimitWh = registerWh(evse.path.meter) + allowedWh;
  refresh(core, evse);
}

export function lock(evse: Evse): void {
  const used = usedConnector(evse);
  if (used?.template.lock === true && used.fault?.code !== 'ConnectorLockFailure') used.locked = true;
}

export function unlock(evse: Evse): boolean {
  const used = usedConnector(evse);
  if (used?.fault?.code === 'ConnectorLockFailure') return false;
  for (const connector of evse.connectors) connector.locked = false;
  return true;
}

/** True when somebody may begin here: in order, operative, no authorized transaction. */
export function mayBegin(core: StationCore, evse: Evse): boolean {
  if (evse.authorization !== undefined || evse.transaction?.token !== undefined) return false;
  const used = usedConnector(evse);
  const candidates = used === undefined ? evse.connectors : [used];
  return candidates.some((one) => one.fault === undefined && isEffectivelyOperative(core, evse, one));
}
