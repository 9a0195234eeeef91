import { MINUTE_MS, SECOND_MS } from '../../../../core/time.ts';
import type { Observation } from '../../observation.ts';
import { numberAt, textAt, valueAt } from '../../payload-reader.ts';
import { family, type Rule, type RuleContext, V16 } from '../../rule.ts';

const TRIGGER_MS = 30 * SECOND_MS;
const TRIGGERS = ['TriggerMessage.response', 'ExtendedTriggerMessage.response'] as const;

/** Remote start and stop, triggers, reset, unlock, availability (1.6 §5.2, §5.11 to §5.18). */
export const f7Commands: readonly Rule[] = family({ versions: V16, axis: 'conformance' }, [
  {
    id: 'OCPP16-RC-001',
    severity: 'error',
    fault: 'csms',
    title: 'The profile of a remote start is a TxProfile without a transaction',
    clause: '1.6 §5.16.2',
    causes: ['The profile of another command was taken'],
    next: ['Look at chargingProfilePurpose'],
    peer: 'rejects',
    on: ['RemoteStartTransaction.request'],
    check(c) {
      const profile = valueAt(c.o.payload, 'chargingProfile');
      if (profile === undefined) return;
      const purpose = textAt(profile, 'chargingProfilePurpose');
      const id = numberAt(profile, 'transactionId');
      if (purpose === 'TxProfile' && id === undefined) return;
      const text =
        purpose === 'TxProfile'
          ? `The profile of the remote start names transaction ${id}`
          : `The profile of the remote start is a ${purpose}`;
      c.report({ text, pointer: '/chargingProfile' });
    },
  },
  {
    id: 'OCPP16-RC-002',
    severity: 'error',
    fault: 'csms',
    title: 'A remote start names a connector above 0, or none',
    clause: '1.6 §6.33',
    causes: ['0 stands for any connector'],
    next: ['Leave connectorId out'],
    peer: 'rejects',
    on: ['RemoteStartTransaction.request'],
    check(c) {
      const connector = numberAt(c.o.payload, 'connectorId');
      if (connector === undefined || connector > 0) return;
      c.report({ text: `The remote start names connector ${connector}`, pointer: '/connectorId', actual: connector });
    },
  },
  {
    id: 'OCPP16-RC-003',
    severity: 'warning',
    fault: 'station',
    axis: 'timing',
    title: 'An accepted remote start shows an effect',
    clause: '1.6 §5.11',
    causes: ['The station answers Accepted before it looks', 'Nobody plugged in'],
    next: ['Look at the status of the connector at that time'],
    peer: 'unknown',
    on: ['RemoteStartTransaction.response'],
    check(c) {
      if (textAt(c.o.payload, 'status') !== 'Accepted') return;
      const wait = c.station.configuration.number('ConnectionTimeOut');
      if (wait === undefined) return c.notEvaluable();
      const connector = numberAt(c.o.request?.payload, 'connectorId');
      const tag = textAt(c.o.request?.payload, 'idTag') ?? '';
      c.expect({
        withinMs: (wait + 30) * SECOND_MS,
        object: c.o.seq,
        by: (o) =>
          o.kind === 'request' &&
          (o.action === 'StartTransaction' || o.action === 'StatusNotification') &&
          (connector === undefined || numberAt(o.payload, 'connectorId') === connector),
        otherwise: () => ({
          text: `The remote start for ${tag} was accepted, and nothing happened within ${wait + 30} s`,
          object: tag,
        }),
      });
    },
  },
  {
    id: 'OCPP16-RC-004',
    severity: 'warning',
    fault: 'station',
    title: 'A remote start is authorized as configured',
    clause: '1.6 §5.11',
    causes: ['AuthorizeRemoteTxRequests is not followed'],
    next: ['Read AuthorizeRemoteTxRequests'],
    peer: 'tolerates',
    on: ['Authorize.request', 'StartTransaction.request'],
    check(c) {
      const { o, station } = c;
      const tag = textAt(o.payload, 'idTag') ?? '';
      const asked = station.commands.remoteStart(tag, o.time);
      const wanted = station.configuration.boolean('AuthorizeRemoteTxRequests');
      if (asked === undefined || o.time - asked.at > MINUTE_MS || wanted === undefined) return;
      const evidence = [{ seq: asked.seq, label: 'the accepted remote start' }];
      if (o.action === 'Authorize') {
        if (wanted) return;
        return c.report({
          text: `${tag} was authorized after its remote start, and AuthorizeRemoteTxRequests is false`,
          object: asked.seq,
          evidence,
        });
      }
      const known = station.tokens.authorize(tag);
      if (!wanted || (known !== undefined && known.requestedAt > asked.at) || station.tokens.listed(tag)) return;
      if (station.transactions16.retried(o) !== undefined) return;
      // The cache decides without a message.
      const cache = station.configuration.boolean('AuthorizationCacheEnabled');
      if (cache !== false && !station.configuration.absent('AuthorizationCacheEnabled')) return c.notEvaluable();
      const text = `The remote start for ${tag} started without Authorize, and AuthorizeRemoteTxRequests is true`;
      c.report({ text, object: asked.seq, evidence });
    },
  },
  {
    id: 'OCPP16-RC-005',
    severity: 'error',
    fault: 'station',
    title: 'A remote start starts with its own idTag',
    clause: '1.6 §5.11',
    causes: ['The station has a fixed default tag'],
    next: ['Look at whether a card was shown in between'],
    peer: 'tolerates',
    on: ['StartTransaction.request'],
    check(c) {
      const { o, station } = c;
      const connector = numberAt(o.payload, 'connectorId');
      const tag = textAt(o.payload, 'idTag') ?? '';
      const asked = station.commands.latest(
        'RemoteStartTransaction',
        o.time - 2 * MINUTE_MS,
        (request) => numberAt(request, 'connectorId') === connector,
      );
      const wanted = textAt(asked?.request, 'idTag');
      if (asked === undefined || wanted === undefined || wanted.toLowerCase() === tag.toLowerCase()) return;
      const presented = station.tokens.authorize(tag);
      // A card that was shown, a list, a cache, an older start from the queue.
      if (presented !== undefined || station.tokens.listed(tag) || station.transactions16.retried(o) !== undefined)
        return;
      const started = o.timestamp;
      if (!c.clocksAgree || started === undefined || started < asked.at - c.toleranceMs) return c.notEvaluable();
      if (station.configuration.boolean('LocalPreAuthorize') !== false) return c.notEvaluable();
      const text = `The transaction on connector ${connector} started with ${tag}, and the remote start was for ${wanted}`;
      c.report({
        text,
        object: asked.seq,
        pointer: '/idTag',
        evidence: [{ seq: asked.seq, label: 'the remote start' }],
        expected: wanted,
        actual: tag,
      });
    },
  },
  {
    id: 'OCPP16-RC-006',
    severity: 'warning',
    fault: 'station',
    title: 'A remote stop is accepted if the transaction runs',
    clause: '1.6 §5.12',
    causes: ['The id is not compared with the running transaction'],
    next: ['Compare with the id in StartTransaction.conf'],
    peer: 'tolerates',
    on: ['RemoteStopTransaction.response'],
    check(c) {
      const id = numberAt(c.o.request?.payload, 'transactionId');
      const status = textAt(c.o.payload, 'status');
      const { transactions16, truncated } = c.station;
      if (id === undefined) return;
      const running = transactions16.open.find((each) => each.id === id);
      if (running !== undefined) {
        if (status !== 'Rejected') return;
        return c.report({
          text: `The remote stop of the running transaction ${id} was rejected`,
          object: id,
          evidence: [{ seq: running.first.seq, label: 'the start' }],
        });
      }
      if (status !== 'Accepted') return;
      const ended = transactions16.byId(id);
      // Command and stop may have crossed; an unknown transaction may be older than this log.
      if (truncated || ended === undefined || (ended.stop !== undefined && c.o.time - ended.stop.time < 5 * SECOND_MS))
        return c.notEvaluable();
      c.report({ text: `The remote stop of transaction ${id} was accepted, which has ended`, object: id });
    },
  },
  {
    id: 'OCPP16-RC-007',
    severity: 'error',
    fault: 'station',
    title: 'A trigger is answered before its message is sent',
    clause: '1.6 §5.17',
    causes: ['The message is sent by the handler of the trigger'],
    next: ['Answer first, then send'],
    peer: 'tolerates',
    on: TRIGGERS,
    check(c) {
      const trigger = acceptedTrigger(c);
      const early = trigger === undefined ? undefined : earlyMessage(c, trigger.requested);
      if (trigger === undefined || early === undefined) return;
      // A message may cross the trigger by chance; then another one follows.
      c.expect({
        withinMs: TRIGGER_MS,
        object: c.o.seq,
        by: (o) => isTriggered(o, trigger.actions),
        otherwise: () => ({
          text: `${trigger.requested} was sent before the trigger was answered, and not after`,
          object: trigger.requested,
          evidence: [{ seq: early, label: 'the message' }],
        }),
      });
    },
  },
  {
    id: 'OCPP16-RC-008',
    severity: 'warning',
    fault: 'station',
    axis: 'timing',
    title: 'A triggered message comes',
    clause: '1.6 §5.17',
    causes: ['The station answers Accepted to every trigger'],
    next: ['Trigger another message'],
    peer: 'unknown',
    on: TRIGGERS,
    check(c) {
      const trigger = acceptedTrigger(c);
      if (trigger === undefined || earlyMessage(c, trigger.requested) !== undefined) return;
      c.expect({
        withinMs: TRIGGER_MS,
        object: c.o.seq,
        by: (o) => isTriggered(o, trigger.actions),
        otherwise: () => ({
          text: `${trigger.requested} was triggered and accepted, and did not come within 30 s`,
          object: trigger.requested,
        }),
      });
    },
  },
  {
    id: 'OCPP16-RC-009',
    severity: 'warning',
    fault: 'station',
    title: 'A status trigger without connector brings the status of all',
    clause: '1.6 §5.17',
    causes: ['Only connector 0 is reported'],
    next: ['Trigger each connector by its number'],
    peer: 'tolerates',
    quirk: 'chattyStatusZero',
    on: TRIGGERS,
    check(c) {
      const trigger = acceptedTrigger(c);
      if (trigger?.requested !== 'StatusNotification' || trigger.connector !== undefined) return;
      const { station } = c;
      const seen = new Set<number>();
      c.expect({
        withinMs: TRIGGER_MS,
        object: c.o.seq,
        by(o) {
          if (o.action === 'StatusNotification' && o.kind === 'request')
            seen.add(numberAt(o.payload, 'connectorId') ?? -1);
          return false;
        },
        otherwise() {
          if (seen.size === 0) return undefined;
          const missing = Array.from({ length: station.connectorCount + 1 }, (_, connector) => connector).filter(
            (each) => !seen.has(each),
          );
          return missing.length === 0
            ? undefined
            : { text: `The triggered StatusNotification did not come for connector ${missing.join(', ')}` };
        },
      });
    },
  },
  {
    id: 'OCPP16-RC-010',
    severity: 'warning',
    fault: 'station',
    axis: 'timing',
    title: 'An accepted reset boots the station',
    clause: '1.6 §5.14',
    causes: ['The station answers Accepted and goes on'],
    next: ['Look at whether a transaction kept it'],
    peer: 'unknown',
    on: ['Reset.response'],
    check(c) {
      if (textAt(c.o.payload, 'status') !== 'Accepted') return;
      const type = textAt(c.o.request?.payload, 'type');
      c.expect({
        withinMs: 300 * SECOND_MS,
        survivesClose: true,
        by: (o) => o.kind === 'request' && o.action === 'BootNotification',
        otherwise: () => ({ text: `The ${type} reset was accepted, and no BootNotification came within 300 s` }),
      });
    },
  },
  {
    id: 'OCPP16-RC-011',
    severity: 'error',
    fault: 'station',
    title: 'A soft reset stops the transactions first',
    clause: '1.6 §5.14',
    causes: ['The station resets without ending what runs'],
    next: ['Look for the StopTransaction after the boot'],
    peer: 'tolerates',
    on: ['close'],
    check(c) {
      const { boot, transactions16, connections } = c.station;
      if (boot.cause?.what !== 'reset' || boot.cause.type !== 'Soft') return;
      for (const transaction of transactions16.open) {
        if (transaction.answer?.kind !== 'response') continue;
        const { seq } = boot.cause;
        c.expect({
          withinMs: 5 * MINUTE_MS,
          survivesClose: true,
          object: transaction.first.seq,
          by: (o) =>
            o.kind === 'request' && o.action === 'StopTransaction' && transactions16.stoppedBy(o) === transaction,
          otherwise: () =>
            connections.open.size === 0
              ? 'not evaluable'
              : {
                  text: `A Soft reset was accepted, and ${transaction.name} was not stopped`,
                  object: transaction.first.seq,
                  seq,
                  evidence: [{ seq: transaction.first.seq, label: 'the start' }],
                },
        });
      }
    },
  },
  {
    id: 'OCPP16-RC-012',
    severity: 'error',
    fault: 'station',
    title: 'Unlocking stops the transaction',
    clause: '1.6 §5.18',
    causes: ['The lock opens and the transaction goes on'],
    next: ['Look at the StopTransaction that follows'],
    peer: 'tolerates',
    on: ['UnlockConnector.response'],
    check(c) {
      const connector = numberAt(c.o.request?.payload, 'connectorId') ?? 0;
      const { transactions16 } = c.station;
      const open = transactions16.on(connector);
      if (textAt(c.o.payload, 'status') !== 'Unlocked' || open === undefined) return;
      c.expect({
        withinMs: 30 * SECOND_MS,
        object: connector,
        by: (o) => o.kind === 'request' && o.action === 'StopTransaction' && transactions16.stoppedBy(o) === open,
        otherwise: () => ({
          text: `Connector ${connector} was unlocked, and ${open.name} was not stopped within 30 s`,
          object: open.first.seq,
        }),
      });
    },
  },
  {
    id: 'OCPP16-RC-013',
    severity: 'warning',
    fault: 'station',
    title: 'A connector that does not exist cannot be unlocked',
    clause: '1.6 errata 3.87',
    causes: ['The connector is not looked up'],
    next: ['Answer NotSupported'],
    peer: 'tolerates',
    on: ['UnlockConnector.response'],
    check(c) {
      const connector = numberAt(c.o.request?.payload, 'connectorId') ?? 0;
      const count = c.station.configuration.number('NumberOfConnectors');
      const status = textAt(c.o.payload, 'status');
      if (count === undefined || connector <= count || (status !== 'Unlocked' && status !== 'UnlockFailed')) return;
      const text = `Connector ${connector} does not exist (there are ${count}), and unlocking it was answered ${status}`;
      c.report({ text, object: connector, expected: 'NotSupported', actual: status });
    },
  },
  {
    id: 'OCPP16-RC-014',
    severity: 'error',
    fault: 'station',
    title: 'Inoperative waits for the end of the transaction',
    clause: '1.6 §5.2',
    causes: ['The station does not look at running transactions'],
    next: ['Answer Scheduled'],
    peer: 'tolerates',
    on: ['ChangeAvailability.response'],
    check(c) {
      const connector = numberAt(c.o.request?.payload, 'connectorId') ?? 0;
      if (textAt(c.o.request?.payload, 'type') !== 'Inoperative' || textAt(c.o.payload, 'status') !== 'Accepted')
        return;
      const { transactions16, connectors } = c.station;
      const running = transactions16.open.find(
        (each) => (connector === 0 || each.connector === connector) && each.answer?.kind === 'response',
      );
      if (running === undefined || connectors.get(running.connector)?.status === 'Unavailable') return;
      const text = `Inoperative of connector ${connector} was accepted at once, and ${running.name} runs`;
      c.report({
        text,
        object: connector,
        evidence: [{ seq: running.first.seq, label: 'the start' }],
        expected: 'Scheduled',
        actual: 'Accepted',
      });
    },
  },
  {
    id: 'OCPP16-RC-015',
    severity: 'error',
    fault: 'station',
    axis: 'timing',
    title: 'A change of availability shows in the status',
    clause: '1.6 §5.2',
    causes: ['The status does not follow the availability'],
    next: ['Trigger StatusNotification of the connector'],
    peer: 'tolerates',
    on: ['ChangeAvailability.response'],
    check(c) {
      const connector = numberAt(c.o.request?.payload, 'connectorId') ?? 0;
      const type = textAt(c.o.request?.payload, 'type');
      const { connectors } = c.station;
      const before = connectors.get(connector)?.status;
      if (textAt(c.o.payload, 'status') !== 'Accepted' || before === undefined || before === 'Faulted') return;
      const off = type === 'Inoperative';
      if (off === (before === 'Unavailable')) return;
      c.expect({
        withinMs: MINUTE_MS,
        object: connector,
        unless: (o) => o.action === 'ChangeAvailability' && o.kind === 'request',
        otherwise() {
          const status = connectors.get(connector)?.status ?? '';
          if ((status === 'Unavailable') === off || status === 'Faulted') return undefined;
          return {
            text: `${type} of connector ${connector} was accepted, and 60 s later it is ${status}`,
            object: connector,
          };
        },
      });
    },
  },
  {
    id: 'OCPP16-RC-016',
    severity: 'warning',
    fault: 'station',
    title: 'A station without a cache does not clear it',
    clause: '1.6 errata 3.23',
    causes: ['The command is always accepted'],
    next: ['Answer Rejected'],
    peer: 'tolerates',
    on: ['ClearCache.response'],
    check(c) {
      if (textAt(c.o.payload, 'status') !== 'Accepted' || !c.station.configuration.absent('AuthorizationCacheEnabled'))
        return;
      c.report({
        text: 'ClearCache was accepted, and the station has no AuthorizationCacheEnabled: no cache',
        expected: 'Rejected',
        actual: 'Accepted',
      });
    },
  },
]);

/** The trigger that this message accepts. */
function acceptedTrigger(
  c: RuleContext,
): { requested: string; actions: readonly string[]; connector: number | undefined } | undefined {
  if (textAt(c.o.payload, 'status') !== 'Accepted') return undefined;
  const trigger = c.station.triggers.all.findLast(({ seq }) => seq === c.o.request?.seq);
  return trigger === undefined || trigger.actions.includes('*') ? undefined : trigger;
}

function isTriggered(o: Observation, actions: readonly string[]): boolean {
  return o.kind === 'request' && o.fromStation && actions.includes(o.action);
}

/** A message of that kind that came between the trigger and its answer. */
function earlyMessage(c: RuleContext, requested: string): number | undefined {
  const since = c.o.request?.seq ?? 0;
  const { connectors, boot, lastHeartbeatSeq } = c.station;
  if (requested === 'Heartbeat') return lastHeartbeatSeq > since ? lastHeartbeatSeq : undefined;
  if (requested === 'BootNotification') return boot.lastSeq > since ? boot.lastSeq : undefined;
  if (requested !== 'StatusNotification') return undefined;
  for (const [, status] of connectors.entries()) if (status.seq > since) return status.seq;
  return undefined;
}
