import { MINUTE_MS, SECOND_MS } from '../../../../core/time.ts';
import { numberAt, textAt, valueAt } from '../../payload-reader.ts';
import { family, type Rule, V2X } from '../../rule.ts';
import { event, isRepeat } from './f10-events.ts';

const REMOTE_START_MS = 3 * MINUTE_MS;
/** Reasons that a trigger of an Ended may come with (C5); triggers that are not here say little about the reason. */
const REASONS: Readonly<Record<string, readonly (string | undefined)[]>> = {
  RemoteStop: ['Remote'],
  EVConnectTimeout: ['Timeout'],
  Deauthorized: ['DeAuthorized', 'ReqEnergyTransferRejected', 'LocalOutOfCredit'],
  ResetCommand: ['ImmediateReset', 'Reboot'],
  StopAuthorized: [undefined, 'Local', 'StoppedByEV', 'MasterPass'],
};
const NEEDS_REASON = /^(RemoteStop|ResetCommand|Deauthorized|EVCommunicationLost|EVConnectTimeout|AbnormalCondition)$/;
const WITH_AUTHORIZATION = /^(Authorized|PowerPathClosed|EnergyTransfer|DataSigned)$/;

/** Why 2.x transactions start and end: commands, tokens, start and stop points (C5, E02 to E10, F01 to F04). */
export const f10Causes: readonly Rule[] = family({ versions: V2X, axis: 'conformance' }, [
  {
    id: 'OCPP2-TX-014',
    severity: 'error',
    fault: 'station',
    title: 'The event Authorized names the token',
    clause: 'E02.FR.01',
    causes: ['idToken is left out'],
    next: ['Add idToken to the first event after the authorization'],
    peer: 'tolerates',
    on: ['TransactionEvent.request'],
    check(c) {
      if (textAt(c.o.payload, 'triggerReason') !== 'Authorized' || valueAt(c.o.payload, 'idToken') !== undefined)
        return;
      const [id] = event(c);
      c.report({
        text: `Transaction ${id} was authorized, and the event names no token`,
        object: id ?? '',
        pointer: '/idToken',
      });
    },
  },
  {
    id: 'OCPP2-TX-015',
    severity: 'error',
    fault: 'csms',
    title: 'An event with a token is answered with what the token is worth',
    clause: 'E01.FR.12',
    causes: ['The CSMS relies on the Authorize before'],
    next: ['Add idTokenInfo to the response'],
    peer: 'tolerates',
    on: ['TransactionEvent.response'],
    check(c) {
      const { request } = c.o;
      if (request === null || valueAt(request.payload, 'idToken') === undefined) return;
      if (valueAt(c.o.payload, 'idTokenInfo') !== undefined) return;
      const text = 'The event had an idToken, and its answer has no idTokenInfo';
      c.report({
        text,
        pointer: '/idTokenInfo',
        evidence: [{ seq: request.seq, pointer: '/idToken', label: 'the event' }],
      });
    },
  },
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
    id: 'OCPP2-TX-017',
    severity: 'error',
    fault: 'station',
    title: 'An end that no local user wanted has a reason',
    clause: 'E06.FR.08',
    causes: ['stoppedReason is left out: that means Local'],
    next: ['Add transactionInfo.stoppedReason'],
    peer: 'tolerates',
    on: ['transaction-ended'],
    check(c) {
      const [id, , type] = event(c);
      const reason = textAt(c.o.payload, 'triggerReason') ?? '';
      if (type !== 'Ended' || textAt(c.o.payload, 'transactionInfo', 'stoppedReason') !== undefined) return;
      if (!NEEDS_REASON.test(reason)) return;
      c.report({
        text: `Transaction ${id} ended by ${reason} without a stoppedReason`,
        object: id ?? '',
        pointer: '/transactionInfo/stoppedReason',
      });
    },
  },
  {
    id: 'OCPP2-TX-018',
    severity: 'warning',
    fault: 'station',
    axis: 'consistency',
    title: 'Trigger and reason of an end fit each other',
    clause: '2.x E06, F03, E05, E03',
    causes: ['One reason is used for every end'],
    next: ['Look at what made the transaction end'],
    peer: 'tolerates',
    on: ['transaction-ended'],
    check(c) {
      const [id, , type] = event(c);
      const trigger = textAt(c.o.payload, 'triggerReason') ?? '';
      const reason = textAt(c.o.payload, 'transactionInfo', 'stoppedReason');
      const fitting = Object.hasOwn(REASONS, trigger) ? REASONS[trigger] : undefined;
      // Without a reason it is TX-017.
      if (type !== 'Ended' || fitting === undefined || reason === undefined || fitting.includes(reason)) return;
      c.report({
        text: `Transaction ${id} ended by ${trigger} with the reason ${reason}`,
        object: id ?? '',
        pointer: '/transactionInfo/stoppedReason',
        expected: fitting.filter((each) => each !== undefined),
        actual: reason,
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
    id: 'OCPP2-TX-020',
    severity: 'warning',
    fault: 'station',
    axis: 'consistency',
    title: 'A transaction ends at a configured stop point',
    clause: 'E06',
    causes: ['TxStopPoint is not followed'],
    next: ['Read TxCtrlr.TxStopPoint'],
    peer: 'tolerates',
    on: ['transaction-ended'],
    check(c) {
      const [id, , type] = event(c);
      if (type !== 'Ended' || textAt(c.o.payload, 'triggerReason') !== 'StopAuthorized') return;
      const points = c.station.configuration.list('TxCtrlr.TxStopPoint');
      if (points === undefined) return c.notEvaluable();
      if (points.some((point) => WITH_AUTHORIZATION.test(point))) return;
      const text = `Transaction ${id} ended with the authorization, and TxStopPoint is ${points.join(', ')}`;
      c.report({ text, object: id ?? '', expected: points });
    },
  },
  {
    id: 'OCPP2-TX-021',
    severity: 'warning',
    fault: 'station',
    axis: 'consistency',
    title: 'A transaction starts at a configured start point',
    clause: 'E01',
    causes: ['TxStartPoint is not followed'],
    next: ['Read TxCtrlr.TxStartPoint'],
    peer: 'tolerates',
    on: ['transaction-started'],
    check(c) {
      const [id, , type] = event(c);
      if (type !== 'Started') return;
      const points = c.station.configuration.list('TxCtrlr.TxStartPoint');
      if (points === undefined) return c.notEvaluable();
      const state = textAt(c.o.payload, 'transactionInfo', 'chargingState');
      const plugged =
        points.length > 0 && points.every((point) => /^(PowerPathClosed|EVConnected|EnergyTransfer)$/.test(point));
      const authorized = points.length > 0 && points.every((point) => point === 'Authorized');
      const token = valueAt(c.o.payload, 'idToken') !== undefined;
      if (plugged && state === 'Idle')
        c.report({ text: `Transaction ${id} starts Idle, and TxStartPoint is ${points.join(', ')}`, object: id ?? '' });
      else if (authorized && !token)
        c.report({
          text: `Transaction ${id} starts without a token, and TxStartPoint is Authorized`,
          object: id ?? '',
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
    id: 'OCPP2-TX-024',
    severity: 'warning',
    fault: 'station',
    title: 'A remote stop or reset is not blamed on a token',
    clause: '2.x §1.60',
    causes: ['The token of the start is sent with every end'],
    next: ['Leave idToken out'],
    peer: 'tolerates',
    on: ['transaction-ended'],
    check(c) {
      const [id, , type] = event(c);
      const trigger = textAt(c.o.payload, 'triggerReason') ?? '';
      if (
        type !== 'Ended' ||
        !/^(RemoteStop|ResetCommand)$/.test(trigger) ||
        valueAt(c.o.payload, 'idToken') === undefined
      )
        return;
      c.report({
        text: `Transaction ${id} ended by ${trigger}, and the event names a token`,
        object: id ?? '',
        pointer: '/idToken',
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
