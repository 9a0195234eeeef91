import { MINUTE_MS, parseTime, SECOND_MS } from '../../../../core/time.ts';
import { numberAt, textAt } from '../../payload-reader.ts';
import { family, type Rule, V16 } from '../../rule.ts';

/** Reservations of 1.6 (§5.1, §5.13, §7.7). */
export const f7Reservations: readonly Rule[] = family({ versions: V16, axis: 'conformance' }, [
  {
    id: 'OCPP16-RS-001',
    severity: 'error',
    fault: 'station',
    title: 'Connector 0 is reserved only where that is supported',
    clause: '1.6 §5.13',
    causes: ['ReserveConnectorZeroSupported is not looked at'],
    next: ['Read ReserveConnectorZeroSupported'],
    peer: 'tolerates',
    on: ['ReserveNow.response'],
    check(c) {
      if (numberAt(c.o.request?.payload, 'connectorId') !== 0 || textAt(c.o.payload, 'status') !== 'Accepted') return;
      const { configuration } = c.station;
      const supported = configuration.boolean('ReserveConnectorZeroSupported');
      if (supported === true) return;
      if (supported === undefined && !configuration.absent('ReserveConnectorZeroSupported')) return c.notEvaluable();
      c.report({
        text: 'A reservation of connector 0 was accepted, and ReserveConnectorZeroSupported is not true',
        expected: 'Rejected',
        actual: 'Accepted',
      });
    },
  },
  {
    id: 'OCPP16-RS-002',
    severity: 'error',
    fault: 'station',
    title: 'Only an Available connector is reserved',
    clause: '1.6 §5.13',
    causes: ['The status is not looked at'],
    next: ['Look at the StatusNotification before'],
    peer: 'tolerates',
    on: ['ReserveNow.response'],
    check(c) {
      const connector = numberAt(c.o.request?.payload, 'connectorId') ?? 0;
      const status = c.station.connectors.get(connector);
      if (connector === 0 || textAt(c.o.payload, 'status') !== 'Accepted' || status === undefined) return;
      const replaced = c.station.reservations.get(numberAt(c.o.request?.payload, 'reservationId') ?? -1);
      if (status.status === 'Available' || (status.status === 'Reserved' && replaced !== undefined)) return;
      const text = `A reservation of connector ${connector} was accepted, which is ${status.status}`;
      c.report({ text, object: connector, evidence: [{ seq: status.seq, label: status.status }] });
    },
  },
  {
    id: 'OCPP16-RS-003',
    severity: 'warning',
    fault: 'station',
    axis: 'timing',
    title: 'A reserved connector is Reserved',
    clause: '1.6 §7.7',
    causes: ['The status does not follow the reservation'],
    next: ['Trigger StatusNotification of the connector'],
    peer: 'tolerates',
    on: ['ReserveNow.response'],
    check(c) {
      const connector = numberAt(c.o.request?.payload, 'connectorId') ?? 0;
      if (connector === 0 || textAt(c.o.payload, 'status') !== 'Accepted') return;
      if (c.station.connectors.get(connector)?.status === 'Reserved') return;
      c.expect({
        withinMs: 30 * SECOND_MS,
        object: connector,
        by: (o) =>
          o.kind === 'request' &&
          numberAt(o.payload, 'connectorId') === connector &&
          (o.action === 'StartTransaction' ||
            (o.action === 'StatusNotification' && textAt(o.payload, 'status') !== 'Available')),
        unless: (o) => o.action === 'CancelReservation' && o.kind === 'request',
        otherwise: () => ({
          text: `Connector ${connector} was reserved, and its status was not Reserved within 30 s`,
          object: connector,
        }),
      });
    },
  },
  {
    id: 'OCPP16-RS-004',
    severity: 'error',
    fault: 'station',
    axis: 'timing',
    title: 'A reservation that ends frees its connector',
    clause: '1.6 §5.13',
    causes: ['The expiry is not watched'],
    next: ['Trigger StatusNotification of the connector'],
    peer: 'tolerates',
    on: ['ReserveNow.response', 'CancelReservation.response'],
    check(c) {
      if (textAt(c.o.payload, 'status') !== 'Accepted') return;
      const { reservations, connectors } = c.station;
      const cancelled = c.o.action === 'CancelReservation';
      const id = numberAt(c.o.request?.payload, 'reservationId') ?? -1;
      const place = cancelled ? reservations.get(id)?.place : numberAt(c.o.request?.payload, 'connectorId');
      const expiry = parseTime(textAt(c.o.request?.payload, 'expiryDate') ?? '');
      if (place === undefined || place === 0 || (!cancelled && expiry === undefined)) return;
      // The station counts on its own clock.
      if (!cancelled && !c.clocksAgree) return c.notEvaluable();
      c.expect({
        withinMs: (cancelled ? 0 : Math.max(0, (expiry ?? 0) - c.o.time)) + MINUTE_MS,
        object: `${id} ${c.o.action}`,
        unless: (o) =>
          (o.action === 'ReserveNow' && o.kind === 'request') ||
          (!cancelled &&
            o.action === 'CancelReservation' &&
            o.kind === 'response' &&
            numberAt(o.request?.payload, 'reservationId') === id),
        otherwise() {
          if (connectors.get(place)?.status !== 'Reserved') return undefined;
          const why = cancelled ? 'was cancelled' : 'has expired';
          return { text: `Reservation ${id} ${why}, and 60 s later connector ${place} is still Reserved`, object: id };
        },
      });
    },
  },
  {
    id: 'OCPP16-RS-005',
    severity: 'error',
    fault: 'station',
    title: 'Only a reservation that is held is cancelled',
    clause: '1.6 §5.1',
    causes: ['The id is not looked up'],
    next: ['Compare with the accepted ReserveNow'],
    peer: 'tolerates',
    on: ['CancelReservation.response'],
    check(c) {
      const id = numberAt(c.o.request?.payload, 'reservationId') ?? -1;
      const status = textAt(c.o.payload, 'status');
      const held = c.station.reservations.get(id);
      const active =
        held !== undefined &&
        held.endedAt === undefined &&
        (held.expiresAt === undefined || c.o.time < held.expiresAt - MINUTE_MS);
      if (active && status === 'Rejected')
        c.report({
          text: `Reservation ${id} is held, and its cancellation was rejected`,
          object: id,
          evidence: [{ seq: held.seq, label: 'the reservation' }],
        });
      if (held !== undefined || status !== 'Accepted') return;
      // Reservations are kept over a boot: it may be older than this log.
      if (c.station.truncated || c.o.time - c.station.firstSeenAt < 10 * SECOND_MS) return c.notEvaluable();
      c.report({ text: `Reservation ${id} was never made here, and its cancellation was accepted`, object: id });
    },
  },
  {
    id: 'OCPP16-RS-006',
    severity: 'warning',
    fault: 'csms',
    title: 'A reservation ends in the future',
    clause: 'ours',
    causes: ['A mistake with the time zone'],
    next: ['Compare expiryDate with the time of the message'],
    peer: 'rejects',
    on: ['ReserveNow.request'],
    check(c) {
      const text = textAt(c.o.payload, 'expiryDate') ?? '';
      const at = parseTime(text);
      if (at === undefined || at > c.o.time) return;
      c.report({ text: `The reservation ends at ${text}, which is past`, pointer: '/expiryDate', actual: text });
    },
  },
]);
