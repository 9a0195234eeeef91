import { SECOND_MS } from '../../../../core/time.ts';
import { eventTime, isOffline, transactionId } from '../../model/transactions-2x.ts';
import { numberAt, textAt, valueAt } from '../../payload-reader.ts';
import { family, type Rule, V2X } from '../../rule.ts';
import { event, isNext } from './f10-event-facts.ts';

/** The tap and the station see the ends of a connection some seconds apart. */
const GAP_MARGIN_MS = 5 * SECOND_MS;
const ONLINE_MARGIN_MS = 10 * SECOND_MS;

/** What events of a 2.x transaction say: offline, charging state, EVSE (E01, E02, E04). */
export const f10Content: readonly Rule[] = family({ versions: V2X, axis: 'conformance' }, [
  {
    id: 'OCPP2-TX-007',
    severity: 'error',
    fault: 'station',
    title: 'What happened offline says so',
    clause: 'E04.FR.03',
    causes: ['The offline flag is not set for queued events'],
    next: ['Compare the time stamp with the time between the two connections'],
    peer: 'tolerates',
    on: ['TransactionEvent.request'],
    check(c) {
      const at = eventTime(c.o);
      if (at === undefined || isOffline(c.o)) return;
      if (!c.clocksAgree) return c.notEvaluable();
      if (c.station.connections.gapAt(at, GAP_MARGIN_MS) === undefined) return;
      const text = `The event of ${textAt(c.o.payload, 'timestamp')} happened between two connections, without offline: true`;
      c.report({ text, object: transactionId(c.o) ?? '', pointer: '/offline', expected: true, actual: false });
    },
  },
  {
    id: 'OCPP2-TX-008',
    severity: 'warning',
    fault: 'station',
    title: 'What happened online is not called offline',
    clause: 'E11.FR.07',
    causes: ['The offline flag stays set after the reconnect'],
    next: ['Compare the time stamp with the begin of this connection'],
    peer: 'tolerates',
    on: ['TransactionEvent.request'],
    check(c) {
      const at = eventTime(c.o);
      if (at === undefined || !isOffline(c.o)) return;
      if (!c.clocksAgree) return c.notEvaluable();
      if (at < c.link.openedAt + ONLINE_MARGIN_MS) return;
      const text = `The event of ${textAt(c.o.payload, 'timestamp')} says offline, and the connection was open`;
      c.report({ text, object: transactionId(c.o) ?? '', pointer: '/offline' });
    },
  },
  {
    id: 'OCPP2-TX-009',
    severity: 'error',
    fault: 'station',
    title: 'Started and ChargingStateChanged tell the charging state',
    clause: '2.x §1.5, E02.FR.13',
    causes: ['chargingState is taken for optional'],
    next: ['Add transactionInfo.chargingState'],
    peer: 'tolerates',
    on: ['TransactionEvent.request'],
    check(c) {
      const [, , type] = event(c);
      const reason = textAt(c.o.payload, 'triggerReason');
      if (type !== 'Started' && reason !== 'ChargingStateChanged') return;
      if (valueAt(c.o.payload, 'transactionInfo', 'chargingState') !== undefined) return;
      const what = type === 'Started' ? type : reason;
      c.report({
        text: `A TransactionEvent ${what} has no chargingState`,
        object: what ?? '',
        pointer: '/transactionInfo/chargingState',
      });
    },
  },
  {
    id: 'OCPP2-TX-010',
    severity: 'warning',
    fault: 'station',
    title: 'ChargingStateChanged tells another state',
    clause: 'ours',
    causes: ['The event is sent on a timer'],
    next: ['Compare with the event before'],
    peer: 'tolerates',
    on: ['TransactionEvent.request'],
    check(c) {
      const [id, transaction, type] = event(c);
      const state = textAt(c.o.payload, 'transactionInfo', 'chargingState');
      if (transaction?.latest === undefined || textAt(c.o.payload, 'triggerReason') !== 'ChargingStateChanged') return;
      if (type !== 'Updated' || state === undefined || state !== transaction.chargingState || !isNext(c, transaction))
        return;
      c.report({
        text: `ChargingStateChanged of transaction ${id} tells ${state}, as the event before`,
        object: id ?? '',
        pointer: '/transactionInfo/chargingState',
        evidence: [{ seq: transaction.latest.seq, label: state }],
      });
    },
  },
  {
    id: 'OCPP2-TX-011',
    severity: 'error',
    fault: 'station',
    title: 'Once an EV is connected, the transaction names EVSE and connector',
    clause: 'E01.FR.16',
    causes: ['evse is left out, or has no connectorId'],
    next: ['Add evse with id and connectorId to the first event after the plug'],
    peer: 'tolerates',
    on: ['TransactionEvent.request'],
    check(c) {
      const [id, transaction, type] = event(c);
      const state = textAt(c.o.payload, 'transactionInfo', 'chargingState');
      if (id === undefined || state === undefined || state === 'Idle') return;
      if (numberAt(c.o.payload, 'evse', 'connectorId') !== undefined || transaction?.connector !== undefined) return;
      if (type !== 'Started' && transaction?.started === undefined) return c.notEvaluable();
      c.report({
        text: `Transaction ${id} is ${state}, and no event names its EVSE and connector`,
        object: id,
        pointer: '/evse',
      });
    },
  },
  {
    id: 'OCPP2-TX-012',
    severity: 'info',
    fault: 'station',
    title: 'EVSE and token are told once',
    clause: '2.x §1.5',
    causes: ['Every event is filled completely'],
    next: ['Nothing: it only costs data'],
    peer: 'tolerates',
    on: ['TransactionEvent.request'],
    check(c) {
      const [id, transaction, type] = event(c);
      if (id === undefined || transaction === undefined || transaction.ended !== undefined || !isNext(c, transaction))
        return;
      const token = textAt(c.o.payload, 'idToken', 'idToken');
      const stops = type === 'Ended' || /Stop|Deauthorized|Authorized/.test(textAt(c.o.payload, 'triggerReason') ?? '');
      const evse = transaction.connector !== undefined && numberAt(c.o.payload, 'evse', 'id') === transaction.evse;
      const repeated = evse
        ? 'evse'
        : token !== undefined && !stops && token === transaction.idToken
          ? 'idToken'
          : undefined;
      if (repeated === undefined) return;
      c.report({
        text: `Events of transaction ${id} tell ${repeated} again`,
        object: repeated,
        pointer: `/${repeated}`,
      });
    },
  },
  {
    id: 'OCPP2-TX-013',
    severity: 'error',
    fault: 'station',
    title: 'An EVSE has one transaction at a time',
    clause: 'E01.FR.14',
    causes: ['An Ended was lost', 'Events of two EVSEs are mixed'],
    next: ['Look for the end of the transaction before'],
    peer: 'tolerates',
    on: ['TransactionEvent.request'],
    check(c) {
      const [id, , type] = event(c);
      const evse = numberAt(c.o.payload, 'evse', 'id');
      if (id === undefined || evse === undefined || type === 'Ended') return;
      const { transactions2x } = c.station;
      if (transactions2x.ended.has(id)) return;
      for (const other of transactions2x.open.values()) {
        if (other.id === id || other.evse !== evse) continue;
        c.report({
          text: `Transaction ${id} is on EVSE ${evse}, where transaction ${other.id} has not ended`,
          object: id,
          pointer: '/evse/id',
          evidence: [{ seq: other.firstSeq, label: 'the other transaction' }],
        });
        return;
      }
    },
  },
]);
