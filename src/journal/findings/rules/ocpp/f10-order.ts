import { MINUTE_MS } from '../../../../core/time.ts';
import { type EventDigest, eventTime, isOffline, SEQ_NOS } from '../../model/transactions-2x.ts';
import { numberAt, textAt } from '../../payload-reader.ts';
import { family, type Rule, type RuleContext, V2X } from '../../rule.ts';
import { event, isRepeat, sameEvent } from './f10-event-facts.ts';

/** A clock may be corrected by this much while a transaction runs. */
const CLOCK_STEP_MS = MINUTE_MS;
const HOLES_AFTER_MS = 5 * MINUTE_MS;

/** The row of events of a 2.x transaction: first, last and numbers in between (E01, Part 2 §1.60, §1.3.2). */
export const f10Order: readonly Rule[] = family({ versions: V2X, axis: 'conformance' }, [
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
      if (isOffline(c.o) || latest?.offline === true) return;
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
]);

/** An event with the next number is dated before the one that came first. */
function goesBack(c: RuleContext, id: string, latest: EventDigest): void {
  const [before, now] = [latest.timestamp, c.o.timestamp];
  if (before === undefined || now === undefined || now >= before - CLOCK_STEP_MS) return;
  c.report({
    text: `Event ${numberAt(c.o.payload, 'seqNo')} of transaction ${id} is dated ${textAt(c.o.payload, 'timestamp')}, before event ${latest.seqNo}`,
    object: id,
    pointer: '/timestamp',
    evidence: [{ seq: latest.seq, pointer: '/timestamp', label: latest.written ?? '' }],
  });
}
