import { SECOND_MS } from '../../../../core/time.ts';
import { type Transaction16, timeOf } from '../../model/transactions-16.ts';
import { listAt, numberAt, textAt } from '../../payload-reader.ts';
import { family, type Rule, type RuleContext, V16 } from '../../rule.ts';

const WITHIN_MS = 60 * SECOND_MS;
/** A time that the station set back by so little is no order of messages. */
const ORDER_TOLERANCE_MS = 2 * SECOND_MS;
const PHYSICAL = /^(EmergencyStop|EVDisconnected|PowerLoss)$/;

/** Transactions of 1.6 against commands, configuration and the order of messages (§3.7, §5.11 to §5.18). */
export const f5Commands: readonly Rule[] = family({ versions: V16, axis: 'conformance' }, [
  {
    id: 'OCPP16-TX-011',
    severity: 'error',
    fault: 'station',
    title: 'A stop that was caused by a command says so',
    clause: '1.6 §6.49',
    causes: ['The default reason Local was left'],
    next: ['Look at the command before'],
    peer: 'tolerates',
    on: ['StopTransaction.request'],
    check(c) {
      const stopped = c.station.transactions16.stoppedBy(c.o);
      if (stopped === undefined || textAt(c.o.payload, 'reason') !== undefined) return;
      const [cause] = stopCauses(c, stopped);
      if (cause === undefined) return;
      c.report({
        text: `${stopped.name} was stopped without a reason, though ${cause.what}`,
        object: stopped.first.seq,
        evidence: [{ seq: cause.seq, label: cause.what }],
        expected: cause.reason,
      });
    },
  },
  {
    id: 'OCPP16-TX-012',
    severity: 'warning',
    fault: 'station',
    axis: 'consistency',
    title: 'The reason of a stop fits its cause',
    clause: '1.6 §7.36',
    causes: ['One reason is used for every stop'],
    next: ['Look at the command before'],
    peer: 'tolerates',
    on: ['StopTransaction.request'],
    check(c) {
      const stopped = c.station.transactions16.stoppedBy(c.o);
      const reason = textAt(c.o.payload, 'reason');
      if (stopped === undefined || reason === undefined || PHYSICAL.test(reason)) return;
      const causes = stopCauses(c, stopped);
      const [first] = causes;
      if (first === undefined || causes.some((cause) => cause.reason === reason)) return;
      // A local stop may come between an unlock or a refusal and its effect.
      c.report({
        text: `${stopped.name} was stopped with reason ${reason}, though ${first.what}`,
        object: stopped.first.seq,
        pointer: '/reason',
        evidence: [{ seq: first.seq, label: first.what }],
        expected: causes.map((cause) => cause.reason),
        actual: reason,
      });
    },
  },
  {
    id: 'OCPP16-TX-013',
    severity: 'error',
    fault: 'station',
    axis: 'timing',
    title: 'An accepted remote stop stops the transaction',
    clause: '1.6 §5.12',
    causes: ['The station answers Accepted before it looks', 'StopTransaction waits behind other messages'],
    next: ['Look at whether StopTransaction came later', 'Look at the queue of the station'],
    peer: 'unknown',
    on: ['RemoteStopTransaction.response'],
    check(c) {
      const id = numberAt(c.o.request?.payload, 'transactionId');
      if (textAt(c.o.payload, 'status') !== 'Accepted' || id === undefined) return;
      const transaction = c.station.transactions16.byId(id);
      if (transaction?.stop !== undefined) return;
      c.expect({
        withinMs: WITHIN_MS,
        object: id,
        by: (o) =>
          o.action === 'StopTransaction' && o.kind === 'request' && numberAt(o.payload, 'transactionId') === id,
        otherwise: () => ({
          text: `The remote stop of transaction ${id} was accepted, and 60 s later it is not stopped`,
          object: id,
        }),
      });
    },
  },
  {
    id: 'OCPP16-TX-014',
    severity: 'error',
    fault: 'station',
    title: 'Authorize is not used to stop with the idTag that started',
    clause: '1.6 §4.1',
    causes: ['Each presented card is authorized'],
    next: ['Compare the presented idTag with that of the running transaction first'],
    peer: 'tolerates',
    on: ['StopTransaction.request'],
    check(c) {
      const { o, station } = c;
      const stopped = station.transactions16.stoppedBy(o);
      const tag = textAt(o.payload, 'idTag');
      if (stopped === undefined || tag === undefined || tag.toLowerCase() !== stopped.idTag.toLowerCase()) return;
      const asked = station.tokens.authorize(tag);
      if (asked === undefined || o.time - asked.at > 30 * SECOND_MS) return;
      if (asked.requestedAt <= stopped.first.time || station.connectorCount !== 1) return;
      c.report({
        text: `${tag} was authorized to stop ${stopped.name}, which it had started itself`,
        object: stopped.first.seq,
        evidence: [{ seq: asked.seq, label: 'the Authorize' }],
      });
    },
  },
  {
    id: 'OCPP16-TX-015',
    severity: 'warning',
    fault: 'station',
    axis: 'timing',
    title: 'A start that was refused is stopped, where the configuration says so',
    clause: '1.6 errata 3.17',
    causes: ['The status in StartTransaction.conf is not looked at'],
    next: ['Look at StopTransactionOnInvalidId and MaxEnergyOnInvalidId'],
    peer: 'unknown',
    on: ['StartTransaction.response'],
    check(c) {
      const transaction = refusedStart(c);
      if (transaction === undefined) return;
      const { configuration } = c.station;
      const stops = configuration.boolean('StopTransactionOnInvalidId');
      if (stops === undefined) return c.notEvaluable();
      if (!stops || (configuration.number('MaxEnergyOnInvalidId') ?? 0) > 0) return;
      c.expect({
        withinMs: WITHIN_MS,
        object: transaction.first.seq,
        by: (o) => o.action === 'StopTransaction' && o.kind === 'request' && namesTransaction(o.payload, transaction),
        otherwise: () => ({
          text: `The start by ${transaction.idTag} was ${transaction.authorization}, StopTransactionOnInvalidId is true, and 60 s later ${transaction.name} is not stopped`,
          object: transaction.first.seq,
        }),
      });
    },
  },
  {
    id: 'OCPP16-TX-016',
    severity: 'warning',
    fault: 'station',
    axis: 'timing',
    title: 'A start that was refused gets no energy',
    clause: '1.6 errata 3.17',
    causes: ['The status in StartTransaction.conf is not looked at'],
    next: ['Look at StopTransactionOnInvalidId and MaxEnergyOnInvalidId'],
    peer: 'unknown',
    on: ['StartTransaction.response'],
    check(c) {
      const transaction = refusedStart(c);
      if (transaction === undefined) return;
      const { configuration, connectors } = c.station;
      const stops = configuration.boolean('StopTransactionOnInvalidId');
      if (stops === undefined) return c.notEvaluable();
      if (stops || (configuration.number('MaxEnergyOnInvalidId') ?? 0) > 0) return;
      c.expect({
        withinMs: WITHIN_MS,
        object: transaction.first.seq,
        unless: (o) =>
          o.action === 'StopTransaction' && o.kind === 'request' && namesTransaction(o.payload, transaction),
        otherwise() {
          const status = connectors.get(transaction.connector)?.status;
          if (status !== 'Charging') return undefined;
          return {
            text: `The start by ${transaction.idTag} was ${transaction.authorization}, and 60 s later connector ${transaction.connector} is still Charging`,
            object: transaction.first.seq,
          };
        },
      });
    },
  },
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
    id: 'OCPP16-TX-024',
    severity: 'error',
    fault: 'station',
    title: 'No transactionData where none is configured',
    clause: '1.6 §3.16.5',
    causes: ['transactionData does not depend on the configuration'],
    next: ['Look at StopTxnSampledData and StopTxnAlignedData'],
    peer: 'tolerates',
    on: ['StopTransaction.request'],
    check(c) {
      const { configuration } = c.station;
      const sampled = configuration.list('StopTxnSampledData');
      const aligned = configuration.list('StopTxnAlignedData');
      if (listAt(c.o.payload, 'transactionData').length === 0) return;
      if (sampled === undefined || aligned === undefined) return c.notEvaluable();
      if (sampled.length + aligned.length > 0) return;
      c.report({
        text: 'StopTransaction has transactionData, though StopTxnSampledData and StopTxnAlignedData are empty',
        pointer: '/transactionData',
      });
    },
  },
  {
    id: 'OCPP16-TX-025',
    severity: 'warning',
    fault: 'station',
    title: 'transactionData holds the values at begin and end',
    clause: '1.6 errata 3.14',
    causes: ['Only values of the interval are collected'],
    next: ['Look for contexts Transaction.Begin and Transaction.End'],
    peer: 'tolerates',
    on: ['StopTransaction.request'],
    check(c) {
      const sampled = c.station.configuration.list('StopTxnSampledData');
      if (sampled === undefined) return c.notEvaluable();
      // Only sampled values have a begin and an end (E 3.14).
      if (sampled.length === 0) return;
      const contexts = new Set(
        listAt(c.o.payload, 'transactionData')
          .flatMap((each) => listAt(each, 'sampledValue'))
          .map((sample) => textAt(sample, 'context')),
      );
      const missing = ['Transaction.Begin', 'Transaction.End'].filter((context) => !contexts.has(context));
      if (missing.length === 0) return;
      c.report({
        text: `transactionData has no values of context ${missing.join(' and ')}`,
        pointer: '/transactionData',
        expected: sampled,
      });
    },
  },
  {
    id: 'OCPP16-TX-029',
    severity: 'info',
    fault: 'station',
    title: 'A start has a visible authorization',
    clause: '1.6 §4.1',
    causes: ['Free vend', 'A cache that the configuration does not show'],
    next: ['Look at how the driver was authorized'],
    peer: 'tolerates',
    on: ['StartTransaction.request'],
    check(c) {
      const { o, station } = c;
      const tag = textAt(o.payload, 'idTag') ?? '';
      if (station.transactions16.retried(o) !== undefined || station.tokens.authorize(tag) !== undefined) return;
      if (station.commands.remoteStart(tag, o.time) !== undefined || station.tokens.listed(tag)) return;
      const { configuration } = station;
      const cache =
        configuration.boolean('AuthorizationCacheEnabled') ??
        (configuration.absent('AuthorizationCacheEnabled') ? false : undefined);
      const list =
        configuration.boolean('LocalAuthListEnabled') ??
        (configuration.absent('LocalAuthListEnabled') ? false : undefined);
      const local = configuration.boolean('LocalPreAuthorize');
      const started = timeOf(o);
      const online = c.clocksAgree && started !== undefined && started > o.link.openedAt;
      if (!online || local === undefined || cache === undefined || list === undefined) return c.notEvaluable();
      if (local && (cache || list)) return;
      c.report({
        text: `StartTransaction by ${tag} without Authorize, remote start, local list or cache`,
        object: tag,
        pointer: '/idTag',
      });
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

interface StopCause {
  readonly reason: string;
  readonly what: string;
  readonly seq: number;
}

/** What made the station stop this transaction, within a minute before. */
function stopCauses(c: RuleContext, transaction: Transaction16): StopCause[] {
  const { commands } = c.station;
  const causes: StopCause[] = [];
  const since = c.o.time - WITHIN_MS;
  const remote = commands.latest(
    'RemoteStopTransaction',
    since,
    (request) => numberAt(request, 'transactionId') === transaction.id,
  );
  if (remote !== undefined) causes.push({ reason: 'Remote', what: 'a remote stop was accepted', seq: remote.seq });
  const reset = commands.latest('Reset', since, () => true);
  if (reset !== undefined) {
    const type = textAt(reset.request, 'type') ?? 'Soft';
    causes.push({ reason: `${type}Reset`, what: `a ${type} reset was accepted`, seq: reset.seq });
  }
  const unlock = commands.latest(
    'UnlockConnector',
    since,
    (request) => numberAt(request, 'connectorId') === transaction.connector,
  );
  if (unlock !== undefined)
    causes.push({ reason: 'UnlockCommand', what: 'the connector was to be unlocked', seq: unlock.seq });
  const { answer, authorization } = transaction;
  if (answer !== undefined && answer.time >= since && authorization !== undefined && authorization !== 'Accepted')
    causes.push({ reason: 'DeAuthorized', what: `the start was answered ${authorization}`, seq: answer.seq });
  return causes;
}

/** The transaction whose start this answer refuses. */
function refusedStart(c: RuleContext): Transaction16 | undefined {
  const status = textAt(c.o.payload, 'idTagInfo', 'status');
  if (status === undefined || status === 'Accepted' || c.o.request === null) return undefined;
  const transaction = c.station.transactions16.retried(c.o.request);
  return transaction?.stop === undefined ? transaction : undefined;
}

function namesTransaction(payload: unknown, transaction: Transaction16): boolean {
  const id = numberAt(payload, 'transactionId');
  return id === transaction.id || id === -1;
}

function isRepeatedStop(stop: RuleContext['o'], ended: readonly Transaction16[]): boolean {
  if (stop.action !== 'StopTransaction') return false;
  const id = numberAt(stop.payload, 'transactionId');
  return ended.some((each) => each.id === id && each.stop !== undefined);
}
