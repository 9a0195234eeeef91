import { MINUTE_MS, SECOND_MS } from '../../../../core/time.ts';
import { eventTime, isOffline, SEQ_NOS, type Transaction2x, transactionId } from '../../model/transactions-2x.ts';
import type { Observation } from '../../observation.ts';
import { numberAt, textAt, valueAt } from '../../payload-reader.ts';
import { family, type Rule, type RuleContext, V2X } from '../../rule.ts';

/** The tap and the station see the ends of a connection some seconds apart. */
const GAP_MARGIN_MS = 5 * SECOND_MS;
const ONLINE_MARGIN_MS = 10 * SECOND_MS;
/** A clock may be corrected by this much while a transaction runs. */
const CLOCK_STEP_MS = MINUTE_MS;
const HOLES_AFTER_MS = 5 * MINUTE_MS;

/** The row of events of a 2.x transaction: order, numbers, offline flag (E01, E04, Part 2 §1.60, §1.3.2). */
export const f10Events: readonly Rule[] = family({ versions: V2X, axis: 'conformance' }, [
  {
    id: 'OCPP2-TX-001',
    severity: 'error',
    fault: 'station',
    needsHistory: true,
    title: 'The first event of a transaction is Started',
    clause: '2.x §1.60',
    causes: ['The queue was lost', 'Started was dropped'],
    next: ['Ask with GetTransactionStatus what still waits'],
    peer: 'tolerates',
    on: ['TransactionEvent.request'],
    check(c) {
      const [id, transaction, type] = event(c);
      if (id === undefined || transaction !== undefined || type === 'Started') return;
      const at = eventTime(c.o);
      const older = at === undefined || at < c.station.firstSeenAt || isOffline(c.o);
      const resumed = textAt(c.o.payload, 'triggerReason') === 'TxResumed';
      const interrupted = /^(PowerLoss|Reboot)$/.test(textAt(c.o.payload, 'transactionInfo', 'stoppedReason') ?? '');
      if (c.station.truncated || older || resumed || interrupted || !c.clocksAgree) return c.notEvaluable();
      c.report({
        text: `The first event of transaction ${id} is ${type}`,
        object: id,
        pointer: '/eventType',
        expected: 'Started',
        actual: type,
      });
    },
  },
  {
    id: 'OCPP2-TX-002',
    severity: 'error',
    fault: 'station',
    title: 'A transaction starts once, and nothing follows its end',
    clause: '2.x E01, E06',
    causes: ['Two features drive the same transaction'],
    next: ['Compare the sequence numbers'],
    peer: 'tolerates',
    on: ['TransactionEvent.request'],
    check(c) {
      const [id, transaction, type] = event(c);
      if (id === undefined || transaction === undefined || isRepeat(c)) return;
      const seqNo = numberAt(c.o.payload, 'seqNo') ?? 0;
      const { started, ended } = transaction;
      const again = type === 'Started' && started !== undefined && ended === undefined;
      const after = type !== 'Started' && ended !== undefined && seqNo > (numberAt(ended.payload, 'seqNo') ?? 0);
      const before = again ? started : after ? ended : undefined;
      if (before === undefined) return;
      c.report({
        text: again ? `Transaction ${id} started a second time` : `${type} of transaction ${id} came after its end`,
        object: id,
        pointer: '/eventType',
        evidence: [{ seq: before.seq, label: again ? 'the first start' : 'the end' }],
      });
    },
  },
  {
    id: 'OCPP2-TX-003',
    severity: 'error',
    fault: 'station',
    title: 'A transaction id is used once',
    clause: 'E01.FR.08',
    causes: ['A counter makes the ids'],
    next: ['Use UUIDs'],
    peer: 'tolerates',
    on: ['transaction-started'],
    check(c) {
      const [id, transaction, type] = event(c);
      if (id === undefined || type !== 'Started' || transaction?.ended === undefined || isRepeat(c)) return;
      const { ended } = transaction;
      // A Started that comes after its end out of order is older than it.
      if (
        (numberAt(c.o.payload, 'seqNo') ?? 0) < transaction.lastSeqNo &&
        (eventTime(c.o) ?? 0) <= (eventTime(ended) ?? 0)
      )
        return;
      const text = `Transaction ${id} starts again after its end`;
      c.report({ text, object: id, evidence: [{ seq: ended.seq, label: 'the end' }] });
    },
  },
  {
    id: 'OCPP2-TX-004',
    severity: 'error',
    fault: 'station',
    title: 'Sequence numbers grow by one, in the order of time',
    clause: '2.x §1.3.2.1',
    causes: ['An event was lost', 'Two events took the same number', 'The clock was set back'],
    next: ['Ask with GetTransactionStatus what still waits'],
    peer: 'tolerates',
    on: ['TransactionEvent.request'],
    check(c) {
      const [id, transaction] = event(c);
      const seqNo = numberAt(c.o.payload, 'seqNo');
      if (id === undefined || transaction === undefined || seqNo === undefined) return;
      const before = transaction.seqNos.get(seqNo);
      if (before !== undefined) {
        if (before === c.o.content || sameEvent(c, transaction)) return;
        return c.report({
          text: `Two events of transaction ${id} have the seqNo ${seqNo}`,
          object: id,
          pointer: '/seqNo',
        });
      }
      const last = transaction.lastSeqNo;
      const { latest } = transaction;
      if (isOffline(c.o) || (latest !== undefined && isOffline(latest))) return;
      if (seqNo === last + 1 && latest !== undefined) return goesBack(c, id, latest);
      if (seqNo <= last + 1) return;
      if (latest === undefined || latest.link !== c.link) return c.notEvaluable();
      c.report({
        text: `seqNo of transaction ${id} went from ${last} to ${seqNo}`,
        object: id,
        pointer: '/seqNo',
        evidence: [{ seq: latest.seq, pointer: '/seqNo', label: `seqNo ${last}` }],
        expected: last + 1,
        actual: seqNo,
      });
    },
  },
  {
    id: 'OCPP2-TX-005',
    severity: 'info',
    fault: 'station',
    title: 'Sequence numbers begin at 0',
    clause: '2.x §1.3.2.1',
    causes: ['One counter serves the whole EVSE: allowed'],
    next: ['Nothing, as long as it grows by one'],
    peer: 'tolerates',
    on: ['transaction-started'],
    check(c) {
      const [id, transaction, type] = event(c);
      const seqNo = numberAt(c.o.payload, 'seqNo');
      if (id === undefined || transaction !== undefined || type !== 'Started' || seqNo === undefined || seqNo === 0)
        return;
      c.report({ text: `Transaction ${id} begins with seqNo ${seqNo}`, pointer: '/seqNo', expected: 0, actual: seqNo });
    },
  },
  {
    id: 'OCPP2-TX-006',
    severity: 'error',
    fault: 'station',
    title: 'In the end every event has arrived',
    clause: '2.x §1.3.2',
    causes: ['The queue was lost', 'Low memory while offline'],
    next: ['Ask with GetTransactionStatus what still waits'],
    peer: 'tolerates',
    on: ['transaction-ended'],
    check(c) {
      const [id, transaction, type] = event(c);
      if (id === undefined || transaction?.started === undefined || type !== 'Ended') return;
      const { connections } = c.station;
      c.expect({
        withinMs: HOLES_AFTER_MS,
        object: id,
        survivesClose: true,
        otherwise() {
          if (connections.open.size === 0 || transaction.seqNos.size >= SEQ_NOS) return 'not evaluable';
          const missing: number[] = [];
          for (let seqNo = transaction.firstSeqNo; seqNo <= transaction.lastSeqNo && missing.length < 20; seqNo++)
            if (!transaction.seqNos.has(seqNo)) missing.push(seqNo);
          if (missing.length === 0) return undefined;
          // Updated may be dropped while offline when memory is low (E04.FR.08).
          const wasOffline = connections.gaps.some(({ to }) => to > transaction.firstAt);
          const text = `Transaction ${id} ended, and its events ${missing.join(', ')} never came`;
          return { text, object: id, severity: wasOffline ? 'warning' : 'error' };
        },
      });
    },
  },
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

/** An event with the next number is dated before the one that came first. */
function goesBack(c: RuleContext, id: string, latest: Observation): void {
  const [before, now] = [latest.timestamp, c.o.timestamp];
  if (before === undefined || now === undefined || now >= before - CLOCK_STEP_MS) return;
  c.report({
    text: `Event ${numberAt(c.o.payload, 'seqNo')} of transaction ${id} is dated ${textAt(c.o.payload, 'timestamp')}, before event ${numberAt(latest.payload, 'seqNo')}`,
    object: id,
    pointer: '/timestamp',
    evidence: [{ seq: latest.seq, pointer: '/timestamp', label: textAt(latest.payload, 'timestamp') ?? '' }],
  });
}

/** What the event is about: id and transaction, as known before it, and its type. Worked out once for all rules. */
export function event(c: RuleContext): EventFacts {
  const { o } = c;
  if (o.facts === undefined) {
    const id = transactionId(o);
    const transaction = c.station.transactions2x.get(id);
    const repeat = transaction !== undefined && wasSent(c, transaction);
    o.facts = [id, transaction, textAt(o.payload, 'eventType'), repeat] satisfies EventFacts;
  }
  return o.facts as EventFacts;
}

type EventFacts = readonly [
  id: string | undefined,
  transaction: Transaction2x | undefined,
  type: string | undefined,
  repeat: boolean,
];

/** True for an event that was sent before, with the same content. */
export function isRepeat(c: RuleContext): boolean {
  return event(c)[3];
}

function wasSent(c: RuleContext, transaction: Transaction2x): boolean {
  const seqNo = numberAt(c.o.payload, 'seqNo');
  if (seqNo === undefined) return false;
  const before = transaction.seqNos.get(seqNo);
  return before !== undefined && (before === c.o.content || sameEvent(c, transaction));
}

/** A retry may differ in what is not the event: it may be called offline by now. */
function sameEvent(c: RuleContext, { started, ended, latest }: Transaction2x): boolean {
  return [started, ended, latest].some(
    (each) =>
      each !== undefined &&
      numberAt(each.payload, 'seqNo') === numberAt(c.o.payload, 'seqNo') &&
      textAt(each.payload, 'timestamp') === textAt(c.o.payload, 'timestamp') &&
      textAt(each.payload, 'triggerReason') === textAt(c.o.payload, 'triggerReason') &&
      textAt(each.payload, 'eventType') === textAt(c.o.payload, 'eventType'),
  );
}

/** True for an event that is newer than all that were seen. */
export function isNext(c: RuleContext, transaction: Transaction2x): boolean {
  const seqNo = numberAt(c.o.payload, 'seqNo');
  return seqNo === undefined || seqNo > transaction.lastSeqNo;
}
