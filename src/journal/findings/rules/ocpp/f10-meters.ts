import { SECOND_MS } from '../../../../core/time.ts';
import { registersIn } from '../../model/registers.ts';
import { booleanAt, listAt, numberAt, textAt } from '../../payload-reader.ts';
import { family, type Rule, V2X } from '../../rule.ts';
import { event, isNext } from './f10-event-facts.ts';

const ATTEMPTS = 'OCPPCommCtrlr.MessageAttempts[TransactionEvent]';
const INTERVAL = 'OCPPCommCtrlr.MessageAttemptInterval[TransactionEvent]';
const UPDATED = 'SampledDataCtrlr.TxUpdatedInterval';

/** Values, retries and status of 2.x transactions (E13, E14, J02). */
export const f10Meters: readonly Rule[] = family({ versions: V2X, axis: 'conformance' }, [
  {
    id: 'OCPP2-TX-023',
    severity: 'warning',
    fault: 'station',
    axis: 'timing',
    title: 'Retries keep their distance and their number',
    clause: 'E13',
    causes: ['The interval does not grow with each retry', 'Retries never end'],
    next: ['Look at MessageAttemptInterval and MessageAttempts of TransactionEvent'],
    peer: 'tolerates',
    on: ['TransactionEvent.request'],
    check(c) {
      const { o, station } = c;
      const { failed } = station.queue;
      if (failed === undefined || !failed.isSame(o) || failed.link !== o.link) return;
      const attempts = station.configuration.number(ATTEMPTS);
      const interval = station.configuration.number(INTERVAL);
      if (attempts === undefined || interval === undefined) return c.notEvaluable();
      const object = failed.firstSeq;
      const evidence = [{ seq: failed.firstSeq, label: 'sent first' }];
      if (failed.attempts >= attempts) {
        const text = `The event is sent for the ${failed.attempts + 1}th time; MessageAttempts is ${attempts}`;
        return c.report({ text, object, evidence });
      }
      const waitedMs = o.time - failed.failedAt;
      const wantedMs = failed.attempts * interval * SECOND_MS;
      if (waitedMs >= wantedMs - c.toleranceMs) return;
      const text = `Retry ${failed.attempts} of the event came ${Math.round(waitedMs / SECOND_MS)} s after the failure, not ${wantedMs / SECOND_MS} s`;
      c.report({ text, object, evidence });
    },
  },
  {
    id: 'OCPP2-TX-025',
    severity: 'warning',
    fault: 'station',
    title: 'Values at start and end say so',
    clause: 'E02.FR.09, E06.FR.11',
    causes: ['Values of the interval are sent at start and end'],
    next: ['Look at the contexts, and at SampledDataCtrlr.TxEndedMeasurands'],
    peer: 'tolerates',
    on: ['transaction-started', 'transaction-ended'],
    check(c) {
      const [id, , type] = event(c);
      const contexts = contextsOf(c.o.payload);
      if (type === 'Started') {
        const wrong = contexts.find((context) => context !== 'Transaction.Begin' && context !== 'Sample.Clock');
        if (wrong === undefined) return;
        const text = `Started of transaction ${id} has a value of context ${wrong}`;
        return c.report({
          text,
          object: id ?? '',
          pointer: '/meterValue',
          expected: 'Transaction.Begin',
          actual: wrong,
        });
      }
      const wanted = c.station.configuration.list('SampledDataCtrlr.TxEndedMeasurands');
      if (wanted === undefined) return c.notEvaluable();
      if (wanted.length === 0 || contexts.includes('Transaction.End')) return;
      const text = `Ended of transaction ${id} has no value of context Transaction.End`;
      c.report({ text, object: id ?? '', pointer: '/meterValue', expected: wanted });
    },
  },
  {
    id: 'OCPP2-TX-026',
    severity: 'error',
    fault: 'station',
    axis: 'timing',
    title: 'Periodic values come in their interval',
    clause: 'J02.FR.11',
    causes: ['The interval is not followed'],
    next: ['Read SampledDataCtrlr.TxUpdatedInterval'],
    peer: 'tolerates',
    on: ['TransactionEvent.request'],
    check(c) {
      const [id, , type] = event(c);
      const { configuration, transactions2x } = c.station;
      const setting = configuration.get(UPDATED);
      if (id === undefined || type === 'Ended' || setting === undefined) return;
      const interval = configuration.number(UPDATED) ?? 0;
      if (interval <= 0 || !c.clocksAgree) return;
      const { link, toleranceMs } = c;
      c.expect({
        withinMs: 2 * interval * SECOND_MS,
        object: id,
        otherwise(now) {
          const transaction = transactions2x.get(id);
          const current = configuration.get(UPDATED);
          const seconds = configuration.number(UPDATED) ?? 0;
          if (transaction === undefined || transaction.ended !== undefined || seconds <= 0) return undefined;
          const since = Math.max(transaction.meterValuesAt, link.openedAt, current?.at ?? 0);
          const limitMs = 2 * seconds * SECOND_MS + toleranceMs;
          if (now - since < limitMs) return limitMs - (now - since);
          const text = `Transaction ${id} sent no periodic values for ${Math.round((now - since) / SECOND_MS)} s; the interval is ${seconds} s`;
          return { text, object: id };
        },
      });
    },
  },
  {
    id: 'OCPP2-TX-027',
    severity: 'error',
    fault: 'station',
    title: 'A register does not go back within a transaction',
    clause: 'J02.FR.16',
    causes: ['The register was reset', 'Two meters are mixed'],
    next: ['Compare both values and their units'],
    peer: 'tolerates',
    quirk: 'beginZeroOffline',
    on: ['TransactionEvent.request'],
    check(c) {
      const [id, transaction] = event(c);
      if (id === undefined || transaction === undefined || transaction.registers.size === 0 || !isNext(c, transaction))
        return;
      for (const { series, value } of registersIn(c.o)) {
        const before = transaction.registers.get(series);
        if (before === undefined || value >= before.value) continue;
        const text = `${series} of transaction ${id} went from ${before.value} to ${value}`;
        const evidence = [{ seq: before.seq, label: String(before.value) }];
        return c.report({
          text,
          object: `${id} ${series}`,
          pointer: '/meterValue',
          evidence,
          expected: `at least ${before.value}`,
          actual: value,
        });
      }
    },
  },
  {
    id: 'OCPP2-TX-028',
    severity: 'warning',
    fault: 'station',
    title: 'Values of a transaction travel in its events',
    clause: '2.x J §2.1',
    causes: ['MeterValues is used as in 1.6'],
    next: ['Send TransactionEvent with MeterValuePeriodic'],
    peer: 'tolerates',
    on: ['MeterValues.request'],
    check(c) {
      const evse = numberAt(c.o.payload, 'evseId') ?? 0;
      const transaction = c.station.transactions2x.on(evse);
      if (transaction === undefined) return;
      const context = contextsOf(c.o.payload).find(
        (each) => each === 'Sample.Periodic' || each.startsWith('Transaction.'),
      );
      if (context === undefined) return;
      const text = `MeterValues brings a value of context ${context} for EVSE ${evse}, which is in ${transaction.name}`;
      c.report({ text, object: evse, pointer: '/meterValue' });
    },
  },
  {
    id: 'OCPP2-TX-029',
    severity: 'error',
    fault: 'station',
    axis: 'consistency',
    title: 'GetTransactionStatus says what the events say',
    clause: 'E14.FR.01 to E14.FR.06',
    causes: ['The answer is not taken from the transactions'],
    next: ['Compare with the events of that transaction'],
    peer: 'tolerates',
    on: ['GetTransactionStatus.response'],
    check(c) {
      const id = textAt(c.o.request?.payload, 'transactionId');
      const ongoing = booleanAt(c.o.payload, 'ongoingIndicator');
      if (id === undefined) {
        if (ongoing === undefined) return;
        return c.report({
          text: 'No transaction was asked for, and ongoingIndicator is there',
          pointer: '/ongoingIndicator',
        });
      }
      const transaction = c.station.transactions2x.get(id);
      if (transaction === undefined || ongoing === undefined) return c.notEvaluable();
      const ended = transaction.ended !== undefined;
      // A running transaction may have ended with its last event still in the queue.
      if (ongoing !== ended || (!ongoing && booleanAt(c.o.payload, 'messagesInQueue') === true)) return;
      const seq = transaction.ended?.seq ?? transaction.firstSeq;
      c.report({
        text: `Transaction ${id} is ${ongoing ? 'ongoing' : 'not ongoing'} by GetTransactionStatus, and its events ${ended ? 'ended' : 'have not ended'}`,
        object: id,
        pointer: '/ongoingIndicator',
        evidence: [{ seq, label: ended ? 'the end' : 'the transaction' }],
      });
    },
  },
]);

function contextsOf(payload: unknown): string[] {
  return listAt(payload, 'meterValue')
    .flatMap((meterValue) => listAt(meterValue, 'sampledValue'))
    .map((sample) => textAt(sample, 'context') ?? 'Sample.Periodic');
}
