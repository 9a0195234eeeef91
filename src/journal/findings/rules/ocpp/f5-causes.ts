import { SECOND_MS } from '../../../../core/time.ts';
import { type Transaction16, timeOf } from '../../model/transactions-16.ts';
import { numberAt, textAt } from '../../payload-reader.ts';
import { family, type Rule, type RuleContext, V16 } from '../../rule.ts';

const WITHIN_MS = 60 * SECOND_MS;
const PHYSICAL = /^(EmergencyStop|EVDisconnected|PowerLoss)$/;

/** Why transactions of 1.6 start and end: commands, refusals, authorization (§4.1, §5.12, §7.36). */
export const f5Causes: readonly Rule[] = family({ versions: V16, axis: 'conformance' }, [
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
