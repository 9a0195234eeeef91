import { SECOND_MS } from '../../../../core/time.ts';
import { type Transaction16, timeOf } from '../../model/transactions-16.ts';
import { numberAt, textAt } from '../../payload-reader.ts';
import { family, type Rule, type RuleContext, V16 } from '../../rule.ts';

/** A time that the station set back by so little is no order of messages. */
const ORDER_TOLERANCE_MS = 2 * SECOND_MS;

/** The queue of transaction messages of 1.6 (§3.7). */
export const f5Queue: readonly Rule[] = family({ versions: V16, axis: 'conformance' }, [
  {
    id: 'OCPP16-TX-017',
    severity: 'warning',
    fault: 'station',
    title: 'Transaction messages come in the order of their times',
    clause: '1.6 §3.7',
    causes: ['Several queues', 'The clock was set back'],
    next: ['Look at which connector and message came too early'],
    peer: 'tolerates',
    on: ['StartTransaction.request', 'StopTransaction.request'],
    check(c) {
      const { o, station } = c;
      const at = timeOf(o);
      const { transactions16 } = station;
      if (at === undefined || transactions16.retried(o) !== undefined) return;
      const newest = [...transactions16.open, ...transactions16.ended]
        .flatMap((each) => (each.stop === undefined ? [each.first] : [each.first, each.stop]))
        .filter((other) => other.link === o.link && (timeOf(other) ?? 0) > at + ORDER_TOLERANCE_MS)
        .at(-1);
      if (newest === undefined || isRepeatedStop(o, transactions16.ended)) return;
      const text = `${o.action} of ${textAt(o.payload, 'timestamp')} came after ${newest.action} of ${textAt(newest.payload, 'timestamp')}`;
      c.report({
        text,
        pointer: '/timestamp',
        evidence: [{ seq: newest.seq, pointer: '/timestamp', label: 'the later one' }],
      });
    },
  },
  {
    id: 'OCPP16-TX-018',
    severity: 'error',
    fault: 'station',
    title: 'A transaction message waits until the one before is delivered or given up',
    clause: '1.6 §3.7',
    causes: ['The queue goes on after a failure'],
    next: ['Look at TransactionMessageAttempts and at the answer to the older message'],
    peer: 'tolerates',
    on: ['StartTransaction.request', 'StopTransaction.request'],
    check(c) {
      const { o, station } = c;
      const failed = station.queue.failed;
      if (failed === undefined || failed.isSame(o)) return;
      const attempts = station.configuration.number('TransactionMessageAttempts');
      if (attempts === undefined) return c.notEvaluable();
      if (failed.attempts >= attempts) return;
      c.report({
        text: `${o.action} was sent while the ${failed.action} before had failed after ${failed.attempts} of ${attempts} attempts`,
        object: failed.firstSeq,
        evidence: [{ seq: failed.lastSeq, label: 'the message that failed' }],
      });
    },
  },
  {
    id: 'OCPP16-TX-019',
    severity: 'warning',
    fault: 'station',
    axis: 'timing',
    title: 'Retries keep their distance and their number',
    clause: '1.6 §3.7.1',
    causes: ['The interval does not grow with each retry', 'Retries never end'],
    next: ['Look at TransactionMessageRetryInterval and TransactionMessageAttempts'],
    peer: 'tolerates',
    on: ['StartTransaction.request', 'StopTransaction.request'],
    check(c) {
      const { o, station } = c;
      const failed = station.queue.failed;
      if (failed === undefined || !failed.isSame(o) || failed.link !== o.link) return;
      const attempts = station.configuration.number('TransactionMessageAttempts');
      const interval = station.configuration.number('TransactionMessageRetryInterval');
      if (attempts === undefined || interval === undefined) return c.notEvaluable();
      const object = failed.firstSeq;
      const evidence = [{ seq: failed.firstSeq, label: 'sent first' }];
      if (failed.attempts >= attempts)
        return c.report({
          text: `${o.action} is sent for the ${failed.attempts + 1}th time; TransactionMessageAttempts is ${attempts}`,
          object,
          evidence,
        });
      const waitedMs = o.time - failed.failedAt;
      const wantedMs = failed.attempts * interval * SECOND_MS;
      if (waitedMs >= wantedMs - c.toleranceMs) return;
      const text = `Retry ${failed.attempts} of ${o.action} came ${Math.round(waitedMs / SECOND_MS)} s after the failure, not ${wantedMs / SECOND_MS} s`;
      c.report({ text, object, evidence });
    },
  },
  {
    id: 'OCPP16-TX-033',
    severity: 'warning',
    fault: 'station',
    title: 'Messages of a transaction wait for the answer to its start',
    clause: '1.6 §3.7, errata 3.18',
    causes: ['The queue does not wait for the transaction id'],
    next: ['Look at the StartTransaction that is not answered'],
    peer: 'tolerates',
    on: ['MeterValues.request', 'StopTransaction.request'],
    check(c) {
      const { o, station } = c;
      const transaction =
        o.action === 'StopTransaction'
          ? station.transactions16.stoppedBy(o)
          : station.transactions16.on(numberAt(o.payload, 'connectorId') ?? -1);
      if (transaction === undefined || transaction.id !== undefined || transaction.answer !== undefined) return;
      if (numberAt(o.payload, 'transactionId') === undefined || transaction.start.link !== o.link) return;
      if (transaction.start.outcome !== 'open' || o.time - transaction.start.time > 30 * SECOND_MS) return;
      c.report({
        text: `${o.action} was sent while the StartTransaction on connector ${transaction.connector} is not answered`,
        object: transaction.first.seq,
        evidence: [{ seq: transaction.start.seq, label: 'the start' }],
      });
    },
  },
]);

function isRepeatedStop(stop: RuleContext['o'], ended: readonly Transaction16[]): boolean {
  if (stop.action !== 'StopTransaction') return false;
  const id = numberAt(stop.payload, 'transactionId');
  return ended.some((each) => each.id === id && each.stop !== undefined);
}
