import { MINUTE_MS, SECOND_MS } from '../../../../core/time.ts';
import { numberAt, textAt, valueAt } from '../../payload-reader.ts';
import { family, type Rule, V2X } from '../../rule.ts';
import { event, isRepeat } from './f10-event-facts.ts';

const REMOTE_START_MS = 3 * MINUTE_MS;

/** What commands, tokens and reservations must lead to in 2.x transactions (C01, E05, F01 to F04, H01). */
export const f10Effects: readonly Rule[] = family({ versions: V2X, axis: 'conformance' }, [
  {
    id: 'OCPP2-TX-016',
    severity: 'error',
    fault: 'station',
    title: 'A remote start is named by the event that it causes',
    clause: 'F01.FR.19, F01.FR.25, F02.FR.21',
    causes: ['remoteStartId is not kept until the transaction starts'],
    next: ['Compare with remoteStartId of the RequestStartTransaction'],
    peer: 'tolerates',
    on: ['TransactionEvent.request'],
    check(c) {
      const { o, station } = c;
      const [id, transaction, type] = event(c);
      const reason = textAt(o.payload, 'triggerReason') ?? '';
      if (type === 'Ended' || /^MeterValue|^ChargingState|^Trigger$/.test(reason)) return;
      if (transaction !== undefined && isRepeat(c)) return;
      const evse = numberAt(o.payload, 'evse', 'id') ?? transaction?.evse;
      const asked = station.commands.latest('RequestStartTransaction', o.time - REMOTE_START_MS, (request) => {
        const wanted = numberAt(request, 'evseId');
        return wanted === undefined ? type === 'Started' : wanted === evse;
      });
      const remoteStartId = numberAt(asked?.request, 'remoteStartId');
      if (
        asked === undefined ||
        remoteStartId === undefined ||
        station.transactions2x.remoteStartIds.has(remoteStartId)
      )
        return;
      if (numberAt(o.payload, 'transactionInfo', 'remoteStartId') === remoteStartId) return;
      const token = textAt(o.payload, 'idToken', 'idToken');
      // Somebody else was faster.
      if (token !== undefined && token.toLowerCase() !== textAt(asked.request, 'idToken', 'idToken')?.toLowerCase())
        return;
      // The EV may be plugged in before the authorization counts: that event comes first.
      if (token === undefined && reason !== 'RemoteStart' && reason !== 'Authorized') return;
      c.report({
        text: `${reason} of transaction ${id} does not name the remote start ${remoteStartId} that was accepted`,
        object: remoteStartId,
        pointer: '/transactionInfo/remoteStartId',
        evidence: [{ seq: asked.seq, label: 'the accepted remote start' }],
        expected: remoteStartId,
      });
    },
  },
  {
    id: 'OCPP2-TX-019',
    severity: 'error',
    fault: 'station',
    axis: 'timing',
    title: 'An accepted remote stop is followed by its event',
    clause: 'F03.FR.02, F03.FR.03',
    causes: ['The station answers Accepted before it looks'],
    next: ['Look at whether the transaction ends later'],
    peer: 'unknown',
    on: ['RequestStopTransaction.response'],
    check(c) {
      const id = textAt(c.o.request?.payload, 'transactionId');
      if (id === undefined || textAt(c.o.payload, 'status') !== 'Accepted') return;
      if (c.station.transactions2x.ended.has(id)) return;
      c.expect({
        withinMs: 30 * SECOND_MS,
        object: id,
        by: (o) =>
          o.action === 'TransactionEvent' &&
          textAt(o.payload, 'transactionInfo', 'transactionId') === id &&
          (textAt(o.payload, 'triggerReason') === 'RemoteStop' || textAt(o.payload, 'eventType') === 'Ended'),
        otherwise: () => ({
          text: `The remote stop of transaction ${id} was accepted, and no event RemoteStop came within 30 s`,
          object: id,
        }),
      });
    },
  },
  {
    id: 'OCPP2-TX-022',
    severity: 'error',
    fault: 'station',
    axis: 'timing',
    title: 'A token that was refused ends or suspends the transaction',
    clause: 'E05.FR.09, E05.FR.10',
    causes: ['idTokenInfo of the response is not looked at'],
    next: ['Look at TxCtrlr.StopTxOnInvalidId and MaxEnergyOnInvalidId'],
    peer: 'unknown',
    on: ['TransactionEvent.response'],
    check(c) {
      const status = textAt(c.o.payload, 'idTokenInfo', 'status');
      const { request } = c.o;
      if (status === undefined || status === 'Accepted' || request === null) return;
      const id = textAt(request.payload, 'transactionInfo', 'transactionId');
      const transaction = c.station.transactions2x.get(id);
      const token = textAt(request.payload, 'idToken', 'idToken');
      if (
        id === undefined ||
        transaction === undefined ||
        transaction.ended !== undefined ||
        token !== transaction.idToken
      )
        return;
      const stops = c.station.configuration.boolean('TxCtrlr.StopTxOnInvalidId');
      if (stops === undefined) return c.notEvaluable();
      if (!stops || (c.station.configuration.number('TxCtrlr.MaxEnergyOnInvalidId') ?? 0) > 0) return;
      c.expect({
        withinMs: MINUTE_MS,
        object: id,
        by: (o) =>
          o.action === 'TransactionEvent' &&
          textAt(o.payload, 'transactionInfo', 'transactionId') === id &&
          (textAt(o.payload, 'triggerReason') === 'Deauthorized' || textAt(o.payload, 'eventType') === 'Ended'),
        otherwise: () => ({
          text: `The token of transaction ${id} was ${status}, StopTxOnInvalidId is true, and no event Deauthorized came within 60 s`,
          object: id,
        }),
      });
    },
  },
  {
    id: 'OCPP2-TX-030',
    severity: 'warning',
    fault: 'station',
    axis: 'consistency',
    title: 'Energy flows after an authorization',
    clause: 'C01.FR.01',
    causes: ['Free charging without the token NoAuthorization', 'The token was not sent'],
    next: ['Look at AuthCtrlr.Enabled'],
    peer: 'tolerates',
    on: ['TransactionEvent.request'],
    check(c) {
      const [id, transaction, type] = event(c);
      if (id === undefined || textAt(c.o.payload, 'transactionInfo', 'chargingState') !== 'Charging') return;
      if (valueAt(c.o.payload, 'idToken') !== undefined || transaction?.idToken !== undefined) return;
      if (c.station.configuration.boolean('AuthCtrlr.Enabled') === false) return;
      // Only a transaction that was seen from its start has surely shown all its tokens.
      if (
        type !== 'Started' &&
        (transaction?.started === undefined ||
          transaction.seqNos.size <= transaction.lastSeqNo - transaction.firstSeqNo)
      )
        return c.notEvaluable();
      c.report({
        text: `Transaction ${id} charges, and none of its events names a token`,
        object: id,
        pointer: '/idToken',
      });
    },
  },
  {
    id: 'OCPP2-TX-031',
    severity: 'error',
    fault: 'station',
    title: 'A transaction that uses a reservation names it',
    clause: 'H01.FR.15',
    causes: ['The reservation was not looked up at the start'],
    next: ['Compare token and EVSE with the accepted ReserveNow'],
    peer: 'tolerates',
    on: ['TransactionEvent.request'],
    check(c) {
      const [id, transaction] = event(c);
      const token = textAt(c.o.payload, 'idToken', 'idToken')?.toLowerCase();
      if (id === undefined || token === undefined || numberAt(c.o.payload, 'reservationId') !== undefined) return;
      const evse = numberAt(c.o.payload, 'evse', 'id') ?? transaction?.evse;
      const held = c.station.reservations
        .active(c.o.time)
        .find((each) => each.token.toLowerCase() === token && (each.place === undefined || each.place === evse));
      if (held === undefined || transaction?.reservationId !== undefined || transaction?.ended !== undefined) return;
      // A token that stops its own transaction uses nothing.
      if (transaction !== undefined && transaction.firstAt < held.acceptedAt) return;
      const text = `The token of transaction ${id} holds reservation ${held.id}, which the event does not name`;
      c.report({
        text,
        object: held.id,
        pointer: '/reservationId',
        evidence: [{ seq: held.seq, label: 'the reservation' }],
      });
    },
  },
]);
