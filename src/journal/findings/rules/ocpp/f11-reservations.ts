import { MINUTE_MS, parseTime, SECOND_MS } from '../../../../core/time.ts';
import { isActive, type Reservation } from '../../model/reservations.ts';
import type { Observation } from '../../observation.ts';
import { numberAt, textAt } from '../../payload-reader.ts';
import { family, type Rule, type RuleContext, V2X } from '../../rule.ts';
import { evseOf, statusesOf, toldStatuses } from './places-2x.ts';

/** Reservations of 2.x (G01, H01 to H04). */
export const f11Reservations: readonly Rule[] = family({ versions: V2X, axis: 'conformance' }, [
  {
    id: 'OCPP2-AV-001',
    severity: 'warning',
    fault: 'station',
    title: 'A reserved connector is only Occupied for the one who reserved it',
    clause: 'G01.FR.06, G01.FR.09',
    causes: ['The cable alone ends Reserved'],
    next: ['Compare the token of the transaction with that of the reservation'],
    peer: 'tolerates',
    on: ['StatusNotification.request', 'NotifyEvent.request'],
    check(c) {
      for (const [key, status] of toldStatuses(c.o)) {
        if (status !== 'Occupied' || c.station.connectors.get(key)?.status !== 'Reserved') continue;
        const evse = Number(key.split('/')[0]);
        const held = c.station.reservations
          .heldSince(c.o.time - MINUTE_MS)
          .filter(({ place }) => place === undefined || place === evse);
        if (held.length === 0) c.notEvaluable();
        // Used, cancelled or expired in the meantime.
        else if (held.every((each) => isActive(each, c.o.time))) isUsed(c, key, held);
      }
    },
  },
  {
    id: 'OCPP2-AV-009',
    severity: 'error',
    fault: 'station',
    axis: 'timing',
    title: 'The end of a reservation is told',
    clause: 'H01.FR.16, H01.FR.17, H04.FR.01',
    causes: ['The expiry is not watched', 'ReservationStatusUpdate is not implemented'],
    next: ['Cancel the reservation, and look at the answer'],
    peer: 'tolerates',
    on: ['ReserveNow.response', 'StatusNotification.request', 'NotifyEvent.request'],
    check(c) {
      if (c.o.kind === 'response') return expiryIsTold(c);
      for (const [key, status] of toldStatuses(c.o)) {
        if (status !== 'Unavailable' && status !== 'Faulted') continue;
        const evse = Number(key.split('/')[0]);
        for (const held of c.station.reservations.active(c.o.time))
          if (held.place === evse) removalIsTold(c, held, evse);
      }
    },
  },
  {
    id: 'OCPP2-AV-010',
    severity: 'error',
    fault: 'station',
    title: 'A reservation without an EVSE is only taken where that is supported',
    clause: 'H01.FR.19',
    causes: ['NonEvseSpecific is not looked at'],
    next: ['Read ReservationCtrlr.NonEvseSpecific'],
    peer: 'tolerates',
    on: ['ReserveNow.response'],
    check(c) {
      if (textAt(c.o.payload, 'status') !== 'Accepted' || evseOf(c.o.request?.payload) !== undefined) return;
      const supported = c.station.configuration.boolean('ReservationCtrlr.NonEvseSpecific');
      if (supported === undefined) return c.notEvaluable();
      if (supported) return;
      c.report({
        text: 'A reservation without evseId was accepted, and ReservationCtrlr.NonEvseSpecific is false',
        expected: 'Rejected',
        actual: 'Accepted',
      });
    },
  },
]);

/** A token of the reservation must be seen: before, or soon after the status. */
function isUsed(c: RuleContext, key: string, held: readonly Reservation[]): void {
  const { station, o } = c;
  const evse = Number(key.split('/')[0]);
  const fits = (token: string | undefined): boolean =>
    token !== undefined && held.some((each) => isFor(each, token, station.tokens.group(token)));
  const running = station.transactions2x.on(evse);
  if (fits(running?.idToken)) return;
  for (const { token } of held) {
    const asked = station.tokens.authorize(token);
    if (asked !== undefined && o.time - asked.requestedAt < 5 * MINUTE_MS) return;
    if (station.commands.remoteStart(token, o.time) !== undefined) return;
  }
  c.expect({
    withinMs: 30 * SECOND_MS,
    object: key,
    by: (next) => fits(tokenOf(next)),
    otherwise: () => ({
      text: `Connector ${key} was Reserved and is Occupied, and no token of reservation ${held[0]?.id} was seen`,
      object: key,
      evidence: held.slice(0, 1).map(({ seq }) => ({ seq, label: 'the reservation' })),
    }),
  });
}

function isFor(reservation: Reservation, token: string, group: string | undefined): boolean {
  if (reservation.token.toLowerCase() === token.toLowerCase()) return true;
  return group !== undefined && group.toLowerCase() === reservation.group?.toLowerCase();
}

/** The token of a request that authorizes, starts or goes on. */
function tokenOf(o: Observation): string | undefined {
  if (!/^(Authorize|TransactionEvent|RequestStartTransaction)$/.test(o.action)) return undefined;
  return textAt(o.kind === 'request' ? o.payload : o.request?.payload, 'idToken', 'idToken');
}

function expiryIsTold(c: RuleContext): void {
  const { o, station } = c;
  const request = o.request?.payload;
  const id = numberAt(request, 'id');
  const expiresAt = parseTime(textAt(request, 'expiryDateTime') ?? '');
  if (textAt(o.payload, 'status') !== 'Accepted' || id === undefined || expiresAt === undefined) return;
  // The station counts on its own clock.
  if (!c.clocksAgree) return c.notEvaluable();
  c.expect({
    withinMs: Math.max(0, expiresAt - o.time) + MINUTE_MS,
    object: id,
    otherwise(now) {
      const held = station.reservations.get(id);
      if (held === undefined || held.endedAt !== undefined) return undefined;
      // Replaced by one that lasts longer.
      const leftMs = (held.expiresAt ?? expiresAt) + MINUTE_MS - now;
      if (leftMs > 0) return leftMs;
      return {
        text: `Reservation ${id} expired at ${textAt(request, 'expiryDateTime')}, and 60 s later the station has not said so`,
        object: `expired ${id}`,
        evidence: [{ seq: held.seq, label: 'the reservation' }],
        expected: 'ReservationStatusUpdate Expired',
      };
    },
  });
}

function removalIsTold(c: RuleContext, held: Reservation, evse: number): void {
  const { station } = c;
  c.expect({
    withinMs: MINUTE_MS,
    object: `removed ${held.id}`,
    otherwise(now) {
      const statuses = statusesOf(station, evse).map(([, status]) => status);
      const isGone = statuses.every((status) => status === 'Unavailable' || status === 'Faulted');
      if (!isGone || held.endedAt !== undefined || !isActive(held, now)) return undefined;
      return {
        text: `EVSE ${evse} is ${statuses.join(' and ')}, and reservation ${held.id} was not removed within 60 s`,
        object: `removed ${held.id}`,
        evidence: [{ seq: held.seq, label: 'the reservation' }],
        expected: 'ReservationStatusUpdate Removed',
      };
    },
  });
}
