import { flowAt, latestOffer } from '../physical/meter.ts';
import { offersNothing } from '../physical/power-flow.ts';
import type { StationCore } from './core.ts';
import { type Connector, type Evse, usedConnector } from './evse.ts';
import { mayUse, reservationAt } from './reservation.ts';

export type Status16 =
  | 'Available'
  | 'Preparing'
  | 'Charging'
  | 'SuspendedEVSE'
  | 'SuspendedEV'
  | 'Finishing'
  | 'Reserved'
  | 'Unavailable'
  | 'Faulted';

export type Status2x = 'Available' | 'Occupied' | 'Reserved' | 'Unavailable' | 'Faulted';

/** In use: plugged, authorized, or a transaction runs. */
export function isBusy(evse: Evse): boolean {
  return evse.transaction !== undefined || evse.authorization !== undefined || usedConnector(evse) !== undefined;
}

/** Operative up the whole tier: station, EVSE and connector (2.0.1 G03.FR.06, FR.07). */
export function isEffectivelyOperative(core: StationCore, evse: Evse, connector: Connector): boolean {
  return core.operative && evse.operative && connector.operative;
}

/**
 * The nine states of 1.6 as a pure function of the state. Every connector of an EVSE has its own number; while one is used
 * the others are Unavailable (application note on several connectors per EVSE).
 */
export function status16(core: StationCore, evse: Evse, connector: Connector): Status16 {
  if (connector.fault !== undefined && !isWarning(connector.fault.code)) return 'Faulted';
  const used = usedConnector(evse);
  const here = used === undefined || used === connector;
  const { transaction } = evse;
  if (transaction !== undefined && here && (used !== undefined || (transaction.connectorId ?? 1) === connector.id)) {
    switch (transaction.chargingState) {
      case 'Charging':
        return 'Charging';
      case 'SuspendedEVSE':
        return 'SuspendedEVSE';
      case 'SuspendedEV':
        return 'SuspendedEV';
      default:
        // Closed but not drawing yet: the car has not followed the offer. Without a car: it was unplugged at its side.
        if (used?.plug === 'ev')
          return transaction.chargedMs > 0 || transaction.chargingSinceMs !== undefined ? 'SuspendedEV' : 'Preparing';
        return transaction.chargingSinceMs !== undefined || transaction.chargedMs > 0 ? 'SuspendedEV' : 'Preparing';
    }
  }
  if (!isEffectivelyOperative(core, evse, connector)) return 'Unavailable';
  if (!here || (transaction !== undefined && evse.connectors.length > 1)) return 'Unavailable';
  if (used !== undefined && (evse.finished !== undefined || evse.plugTimedOut) && evse.authorization === undefined)
    return 'Finishing';
  const reservation = reservationAt(core, evse, connector);
  const authorization = evse.authorization;
  const usable =
    reservation === undefined ||
    (authorization !== undefined && mayUse(reservation, authorization.token, authorization.info.group));
  if (reservation !== undefined && !usable) return 'Reserved';
  if (used !== undefined || authorization !== undefined) return 'Preparing';
  return 'Available';
}

/** The five states of 2.x. A Reserved connector stays so on plug-in until the right token is shown (G01.FR.09). */
export function status2x(core: StationCore, evse: Evse, connector: Connector): Status2x {
  if (connector.fault !== undefined && !isWarning(connector.fault.code)) return 'Faulted';
  const occupied = connector.plug !== 'empty';
  if (!isEffectivelyOperative(core, evse, connector))
    return evse.transaction !== undefined && occupied ? 'Occupied' : 'Unavailable';
  const reservation = reservationAt(core, evse, connector);
  if (reservation !== undefined) {
    const { authorization, transaction } = evse;
    const shown = authorization !== undefined && mayUse(reservation, authorization.token, authorization.info.group);
    if (!shown && transaction === undefined) return 'Reserved';
  }
  return occupied ? 'Occupied' : 'Available';
}

/** 1.6 error codes that do not make a connector Faulted. */
export function isWarning(code: string): boolean {
  return code === 'EVCommunicationError' || code === 'WeakSignal' || code === 'LocalListConflict' || code === 'NoError';
}

/** True when power is held back by the EVSE: too small an offer. */
export function isHeldBack(evse: Evse): boolean {
  return offersNothing(latestOffer(evse.path), evse.path.rating, evse.path.grid.nominalV);
}

export function isDrawing(evse: Evse, atMs: number): boolean {
  return evse.path.closed && flowAt(evse.path, atMs).powerW > 0;
}
