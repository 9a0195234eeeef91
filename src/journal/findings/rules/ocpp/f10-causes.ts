import { textAt, valueAt } from '../../payload-reader.ts';
import { family, type Rule, V2X } from '../../rule.ts';
import { event } from './f10-event-facts.ts';

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

/** What events say of their cause: triggers, reasons, tokens, start and stop points (C5, E02 to E10). */
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
]);
