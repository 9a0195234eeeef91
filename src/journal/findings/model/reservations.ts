import { parseTime } from '../../../core/time.ts';
import type { Observation } from '../observation.ts';
import { numberAt, textAt } from '../payload-reader.ts';

export interface Reservation {
  readonly id: number;
  /** Connector of 1.6 (0: any), EVSE of 2.x (undefined: any). */
  readonly place: number | undefined;
  readonly token: string;
  readonly group: string | undefined;
  readonly expiresAt: number | undefined;
  readonly acceptedAt: number;
  readonly seq: number;
  endedAt: number | undefined;
}

const LIMIT = 64;

export class Reservations {
  readonly #byId = new Map<number, Reservation>();

  get(id: number): Reservation | undefined {
    return this.#byId.get(id);
  }

  /** Held at this instant: accepted, not used, cancelled or expired. */
  active(now: number): Reservation[] {
    return [...this.#byId.values()].filter((each) => isActive(each, now));
  }

  /** Held at some time since this instant. */
  heldSince(since: number): Reservation[] {
    return [...this.#byId.values()].filter(
      ({ endedAt, expiresAt }) => (endedAt ?? since) >= since && (expiresAt ?? since) >= since,
    );
  }

  update(o: Observation): void {
    switch (o.action) {
      case 'ReserveNow':
        if (o.kind === 'response' && textAt(o.payload, 'status') === 'Accepted') this.#accepted(o);
        return;
      case 'CancelReservation':
        if (o.kind === 'response' && textAt(o.payload, 'status') === 'Accepted')
          this.#end(numberAt(o.request?.payload, 'reservationId'), o.time);
        return;
      case 'ReservationStatusUpdate':
      case 'StartTransaction':
      case 'TransactionEvent':
        if (o.kind === 'request') this.#end(numberAt(o.payload, 'reservationId'), o.time);
    }
  }

  #accepted(o: Observation): void {
    const request = o.request?.payload;
    const id = numberAt(request, 'reservationId') ?? numberAt(request, 'id');
    const token = textAt(request, 'idTag') ?? textAt(request, 'idToken', 'idToken');
    if (id === undefined || token === undefined) return;
    const expiry = textAt(request, 'expiryDate') ?? textAt(request, 'expiryDateTime');
    this.#byId.delete(id);
    this.#byId.set(id, {
      id,
      place: numberAt(request, 'connectorId') ?? numberAt(request, 'evseId'),
      token,
      group: textAt(request, 'parentIdTag') ?? textAt(request, 'groupIdToken', 'idToken'),
      expiresAt: expiry === undefined ? undefined : parseTime(expiry),
      acceptedAt: o.time,
      seq: o.seq,
      endedAt: undefined,
    });
    if (this.#byId.size <= LIMIT) return;
    for (const oldest of this.#byId.keys()) {
      this.#byId.delete(oldest);
      break;
    }
  }

  #end(id: number | undefined, at: number): void {
    const reservation = id === undefined ? undefined : this.#byId.get(id);
    if (reservation !== undefined) reservation.endedAt ??= at;
  }
}

export function isActive(reservation: Reservation, now: number): boolean {
  return reservation.endedAt === undefined && (reservation.expiresAt === undefined || now < reservation.expiresAt);
}
