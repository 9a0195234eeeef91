import { DAY_MS, MINUTE_MS } from '../../../../core/time.ts';
import { eventTime, type Transaction2x } from '../../model/transactions-2x.ts';
import { numberAt, textAt, valueAt } from '../../payload-reader.ts';
import { family, type Rule, type RuleContext, V2X } from '../../rule.ts';
import { evseOf, openTransactions, statusesOf } from './places-2x.ts';

/** Remote control of 2.x where a transaction runs: unlock, reset, start, triggers (B12, F01, F05, F06). */
export const f11Remote: readonly Rule[] = family({ versions: V2X, axis: 'conformance' }, [
  {
    id: 'OCPP2-AV-005',
    severity: 'error',
    fault: 'station',
    title: 'A connector with an authorized transaction is not unlocked',
    clause: 'F05.FR.02',
    causes: ['The behaviour of 1.6, where unlocking ends the transaction'],
    next: ['Stop the transaction first (RequestStopTransaction)'],
    peer: 'tolerates',
    on: ['UnlockConnector.response'],
    check(c) {
      if (textAt(c.o.payload, 'status') !== 'Unlocked') return;
      const evse = evseOf(c.o.request?.payload);
      const running = evse === undefined ? undefined : c.station.transactions2x.on(evse);
      if (running?.isAuthorized !== true) return;
      c.report({
        text: `EVSE ${evse} was unlocked while ${running.name} is authorized`,
        object: running.id,
        evidence: [{ seq: running.firstSeq, label: 'the transaction' }],
        expected: 'OngoingAuthorizedTransaction',
        actual: 'Unlocked',
      });
    },
  },
  {
    id: 'OCPP2-AV-006',
    severity: 'error',
    fault: 'station',
    title: 'A reset OnIdle waits for a running transaction',
    clause: 'B12.FR.01',
    causes: ['Transactions are not looked at', 'Scheduled is not implemented'],
    next: ['Look at whether the transaction goes on'],
    peer: 'tolerates',
    on: ['Reset.response'],
    check(c) {
      const request = c.o.request?.payload;
      if (textAt(request, 'type') !== 'OnIdle' || textAt(c.o.payload, 'status') !== 'Accepted') return;
      const [running] = openTransactions(c.station, evseOf(request));
      if (running === undefined) return;
      c.report({
        text: `Reset OnIdle was answered Accepted while ${running.name} runs`,
        object: running.id,
        evidence: [{ seq: running.firstSeq, label: 'the transaction' }],
        expected: 'Scheduled',
        actual: 'Accepted',
      });
    },
  },
  {
    id: 'OCPP2-AV-007',
    severity: 'error',
    fault: 'station',
    title: 'An immediate reset ends the running transactions, and says so',
    clause: 'B12.FR.04, 2.0.1 errata 2.16',
    causes: ['Transactions are lost with the reset', 'Another reason is told'],
    next: ['Ask with GetTransactionStatus', 'Look for the Ended event after the boot'],
    peer: 'tolerates',
    on: ['Reset.response'],
    check(c) {
      const request = c.o.request?.payload;
      if (textAt(request, 'type') !== 'Immediate' || textAt(c.o.payload, 'status') !== 'Accepted') return;
      for (const running of openTransactions(c.station, evseOf(request))) endsWithReset(c, running);
    },
  },
  {
    id: 'OCPP2-AV-008',
    severity: 'error',
    fault: 'csms',
    title: 'A trigger of StatusNotification names the connector',
    clause: 'F06.FR.13',
    causes: ['The habit of 1.6, where it may be left out'],
    next: ['Trigger each connector'],
    peer: 'rejects',
    on: ['TriggerMessage.request'],
    check(c) {
      if (textAt(c.o.payload, 'requestedMessage') !== 'StatusNotification') return;
      if (valueAt(c.o.payload, 'evse', 'connectorId') !== undefined) return;
      c.report({ text: 'StatusNotification is triggered without evse.connectorId', pointer: '/evse' });
    },
  },
  {
    id: 'OCPP2-AV-011',
    severity: 'error',
    fault: 'station',
    title: 'A remote start is refused where nobody can charge',
    clause: 'F01.FR.21 to F01.FR.24',
    causes: ['Status, reservations or transactions are not looked at'],
    next: ['Look at the status of the EVSE'],
    peer: 'tolerates',
    on: ['RequestStartTransaction.response'],
    check(c) {
      const request = c.o.request?.payload;
      const evse = numberAt(request, 'evseId');
      if (textAt(c.o.payload, 'status') !== 'Accepted' || evse === undefined) return;
      const obstacle = obstacleTo(c, evse, request);
      if (obstacle === undefined) return;
      c.report({
        text: `A remote start on EVSE ${evse} was accepted, ${obstacle.why}`,
        object: `${evse} ${obstacle.kind}`,
        ...(obstacle.seq === undefined ? {} : { evidence: [{ seq: obstacle.seq, label: obstacle.kind }] }),
        expected: 'Rejected',
        actual: 'Accepted',
      });
    },
  },
]);

function endsWithReset(c: RuleContext, running: Transaction2x): void {
  const { o, station } = c;
  c.expect({
    withinMs: 2 * MINUTE_MS,
    survivesClose: true,
    object: running.id,
    otherwise(now) {
      const { ended } = running;
      if (ended === undefined) {
        // Ended comes before the reset, or from the queue after the boot.
        if (now - o.time > DAY_MS) return 'not evaluable';
        const [link] = station.connections.open;
        if (link === undefined || station.boot.registration !== 'Accepted') return 2 * MINUTE_MS;
        if (now - link.openedAt < 2 * MINUTE_MS) return MINUTE_MS;
        return {
          text: `The station was reset while ${running.name} ran, and its Ended event did not come`,
          object: running.id,
          evidence: [{ seq: running.firstSeq, label: 'the transaction' }],
        };
      }
      const trigger = textAt(ended.payload, 'triggerReason') ?? '';
      const reason = textAt(ended.payload, 'transactionInfo', 'stoppedReason') ?? '(none)';
      if (trigger === 'ResetCommand' || reason === 'ImmediateReset') return undefined;
      // It was over before.
      if ((eventTime(ended) ?? ended.time) < (o.request?.time ?? o.time)) return undefined;
      return {
        text: `The station was reset while ${running.name} ran, and it ended with ${trigger} / ${reason}`,
        object: running.id,
        evidence: [{ seq: ended.seq, label: 'Ended' }],
        expected: 'ResetCommand / ImmediateReset',
        actual: `${trigger} / ${reason}`,
      };
    },
  });
}

interface Obstacle {
  readonly kind: string;
  readonly why: string;
  readonly seq: number | undefined;
}

function obstacleTo(c: RuleContext, evse: number, request: unknown): Obstacle | undefined {
  const { station, o } = c;
  const statuses = statusesOf(station, evse).map(([, status]) => status);
  for (const kind of ['Unavailable', 'Faulted'])
    if (statuses.length > 0 && statuses.every((status) => status === kind))
      return {
        kind,
        why: `and it is ${kind}`,
        seq: station.connectors.get(statusesOf(station, evse)[0]?.[0] ?? '')?.seq,
      };
  const running = station.transactions2x.on(evse);
  if (running?.isAuthorized === true)
    return { kind: 'transaction', why: `and ${running.name} is authorized there`, seq: running.firstSeq };
  const token = textAt(request, 'idToken', 'idToken') ?? '';
  const group = textAt(request, 'groupIdToken', 'idToken') ?? station.tokens.group(token);
  const held = station.reservations.active(o.time).find(({ place }) => place === evse);
  if (held === undefined || held.token.toLowerCase() === token.toLowerCase()) return undefined;
  if (held.group !== undefined && held.group.toLowerCase() === group?.toLowerCase()) return undefined;
  return { kind: 'reservation', why: `and reservation ${held.id} holds it for another token`, seq: held.seq };
}
