import { MINUTE_MS, SECOND_MS } from '../../../../core/time.ts';
import { numberAt, textAt } from '../../payload-reader.ts';
import { family, type Rule, V16 } from '../../rule.ts';

/** Reset, unlocking, availability and cache of 1.6 (§5.2, §5.4, §5.14, §5.18). */
export const f7Control: readonly Rule[] = family({ versions: V16, axis: 'conformance' }, [
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
