import { sameGroup, sameToken, type Token } from '../authorization/token.ts';
import type { StationCore } from './core.ts';
import type { Connector, Evse } from './evse.ts';
import { isBusy, isEffectivelyOperative } from './status.ts';

export interface Reservation {
  readonly id: number;
  readonly token: Token;
  readonly group: Token | undefined;
  readonly expiryMs: number;
  /** Undefined: one connector is kept free for the token, whichever. */
  readonly evseId: number | undefined;
  /** 1.6 reserves a connector; 2.x an EVSE, optionally of a connector type. */
  readonly connectorId: number | undefined;
  readonly connectorType: string | undefined;
}

export type ReserveStatus = 'Accepted' | 'Occupied' | 'Faulted' | 'Unavailable' | 'Rejected';

const TIMER = 'reservation';

/** Takes a reservation, replacing one of the same id (1.6 §5.13, 2.0.1 H01). */
export function reserve(core: StationCore, wanted: Reservation): ReserveStatus {
  if (wanted.expiryMs <= core.host.now()) return 'Rejected';
  const others = core.reservations.filter((one) => one.id !== wanted.id);
  const places = placesOf(core, wanted);
  if (places.length === 0) return 'Rejected';
  const usable = places.filter(
    ({ evse, connector }) => connector.fault === undefined && isEffectivelyOperative(core, evse, connector),
  );
  if (usable.length === 0)
    return places.some(({ connector }) => connector.fault !== undefined) ? 'Faulted' : 'Unavailable';
  const free = usable.filter(
    ({ evse, connector }) =>
      !isBusy(evse) && !others.some((one) => one.evseId === evse.id && coversConnector(one, connector)),
  );
  // Reservations without a place each keep one of the free places.
  const unplaced = others.filter((one) => one.evseId === undefined).length;
  if (free.length <= unplaced) return 'Occupied';
  const replaced = core.reservations.find((one) => one.id === wanted.id);
  core.reservations = [...others, wanted];
  core.host.touched('reservations');
  if (replaced !== undefined) statusOf(core, replaced);
  statusOf(core, wanted);
  armExpiry(core);
  return 'Accepted';
}

export function cancelReservation(core: StationCore, id: number): boolean {
  return endReservation(core, id, 'cancelled');
}

export function endReservation(
  core: StationCore,
  id: number,
  why: 'expired' | 'removed' | 'used' | 'cancelled',
): boolean {
  const gone = core.reservations.find((one) => one.id === id);
  if (gone === undefined) return false;
  core.reservations = core.reservations.filter((one) => one.id !== id);
  core.host.touched('reservations');
  core.host.reservationOver(gone, why);
  statusOf(core, gone);
  armExpiry(core);
  return true;
}

/** The timer of the next expiry went off. */
export function expireReservations(core: StationCore): void {
  const now = core.host.now();
  for (const one of core.reservations) if (one.expiryMs <= now) endReservation(core, one.id, 'expired');
  armExpiry(core);
}

/** A fault or Inoperative ends reservations of that place (2.0.1 H01.FR.16, FR.17). */
export function dropReservationsOf(core: StationCore, evse: Evse, connector: Connector): void {
  for (const one of core.reservations) {
    if (one.evseId === evse.id && coversConnector(one, connector)) endReservation(core, one.id, 'removed');
  }
}

/** The reservation that holds this connector, if any. */
export function reservationAt(core: StationCore, evse: Evse, connector: Connector): Reservation | undefined {
  return core.reservations.find((one) => one.evseId === evse.id && coversConnector(one, connector));
}

/** The reservation that a token may use at this EVSE: its own, or one of its group. */
export function reservationFor(
  core: StationCore,
  evse: Evse,
  token: Token,
  group: Token | undefined,
): Reservation | undefined {
  return core.reservations.find(
    (one) => (one.evseId === evse.id || one.evseId === undefined) && mayUse(one, token, group),
  );
}

export function mayUse(reservation: Reservation, token: Token, group: Token | undefined): boolean {
  return sameToken(reservation.token, token) || sameGroup(reservation.group, group);
}

/** True when the EVSE must be kept free for somebody else. */
export function isReservedForOther(core: StationCore, evse: Evse, token: Token, group: Token | undefined): boolean {
  const here = core.reservations.filter((one) => one.evseId === evse.id);
  if (here.some((one) => mayUse(one, token, group))) return false;
  const unplaced = core.reservations.filter((one) => one.evseId === undefined && !mayUse(one, token, group)).length;
  if (unplaced > 0) {
    const free = core.evses.filter((one) => !isBusy(one) && !core.reservations.some((r) => r.evseId === one.id)).length;
    if (free <= unplaced) return true;
  }
  return here.length >= evse.connectors.length || here.some((one) => one.connectorId === undefined);
}

export function armExpiry(core: StationCore): void {
  let next = Number.POSITIVE_INFINITY;
  for (const one of core.reservations) next = Math.min(next, one.expiryMs);
  core.host.timer(TIMER, next === Number.POSITIVE_INFINITY ? undefined : next);
}

function coversConnector(reservation: Reservation, connector: Connector): boolean {
  return reservation.connectorId === undefined || reservation.connectorId === connector.id;
}

function placesOf(core: StationCore, wanted: Reservation): { readonly evse: Evse; readonly connector: Connector }[] {
  const places: { evse: Evse; connector: Connector }[] = [];
  for (const evse of core.evses) {
    if (wanted.evseId !== undefined && wanted.evseId !== evse.id) continue;
    for (const connector of evse.connectors) {
      if (!coversConnector(wanted, connector)) continue;
      if (wanted.connectorType !== undefined && wanted.connectorType !== connector.template.type) continue;
      places.push({ evse, connector });
    }
  }
  return places;
}

function statusOf(core: StationCore, reservation: Reservation): void {
  for (const evse of core.evses) {
    if (reservation.evseId === undefined || reservation.evseId === evse.id) core.statusMayDiffer(evse);
  }
}
