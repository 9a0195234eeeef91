import { MINUTE_MS, SECOND_MS } from '../../../../core/time.ts';
import { timeOf } from '../../model/transactions-16.ts';
import { numberAt, textAt } from '../../payload-reader.ts';
import { family, type Rule, type RuleContext, V16 } from '../../rule.ts';
import { change } from './f4-status.ts';

const ENERGY = /^(Charging|SuspendedEV|SuspendedEVSE)$/;
const IDLE = /^(Available|Preparing|Finishing)$/;
/** The status of a connector is told this soon after a reconnect, when it has changed in between. */
const RECONNECT_MS = MINUTE_MS;
/** How long a queue may need after an outage. */
const QUEUE_MS = 5 * MINUTE_MS;

/** StatusNotification of 1.6 against transactions (§4.9, §7.7, errata 3.19). */
export const f4Transactions: readonly Rule[] = family({ versions: V16, axis: 'consistency' }, [
  {
    id: 'OCPP16-ST-007',
    severity: 'warning',
    fault: 'station',
    title: 'A connector that charges has a transaction',
    clause: '1.6 §7.7',
    causes: ['StartTransaction was lost', 'The station charges without accounting'],
    next: ['Look for a StartTransaction that failed'],
    peer: 'tolerates',
    on: ['StatusNotification.request'],
    check(c) {
      const [connector, status] = change(c);
      const { transactions16, boot, connections, connectors, truncated } = c.station;
      if (status !== 'Charging' || connector < 1 || transactions16.on(connector) !== undefined) return;
      const gap = connections.lastGap;
      const afterOutage = gap !== undefined && c.o.time - gap.to < QUEUE_MS;
      if (truncated || afterOutage || c.o.time < boot.answeredAt + QUEUE_MS) {
        // After a boot the transaction may be older than the log, unless the connector was Available since.
        const before = connectors.get(connector);
        if (
          truncated ||
          afterOutage ||
          before === undefined ||
          before.at < boot.answeredAt ||
          before.status === 'Charging'
        )
          return c.notEvaluable();
      }
      c.expect({
        withinMs: MINUTE_MS,
        object: connector,
        unless: (o) =>
          o.kind === 'request' &&
          numberAt(o.payload, 'connectorId') === connector &&
          (o.action === 'StartTransaction' ||
            (o.action === 'StatusNotification' && textAt(o.payload, 'status') !== 'Charging')),
        otherwise: () => ({
          text: `Connector ${connector} charges for 60 s, and no transaction was started on it`,
          object: connector,
        }),
      });
    },
  },
  {
    id: 'OCPP16-ST-008',
    severity: 'warning',
    fault: 'station',
    title: 'A connector with a transaction is Charging or Suspended',
    clause: '1.6 errata 3.19',
    causes: ['The status does not follow the transaction'],
    next: ['Look at the StatusNotifications after StartTransaction'],
    peer: 'tolerates',
    on: ['StartTransaction.request'],
    check(c) {
      const connector = numberAt(c.o.payload, 'connectorId') ?? 0;
      const { station } = c;
      const { connectors, transactions16 } = station;
      if (ENERGY.test(connectors.get(connector)?.status ?? '') || transactions16.retried(c.o) !== undefined) return;
      // A start that waited in the queue says nothing about the status of now.
      const started = timeOf(c.o);
      if (!c.clocksAgree || started === undefined || c.o.time - started > MINUTE_MS) return;
      c.expect({
        withinMs: 2 * MINUTE_MS,
        object: connector,
        unless: (o) =>
          o.kind === 'request' &&
          ((o.action === 'StatusNotification' &&
            numberAt(o.payload, 'connectorId') === connector &&
            (ENERGY.test(textAt(o.payload, 'status') ?? '') || textAt(o.payload, 'status') === 'Faulted')) ||
            (o.action === 'StopTransaction' && transactions16.stoppedBy(o)?.connector === connector)),
        otherwise() {
          const status = connectors.get(connector)?.status ?? 'unknown';
          // It may have said so before anybody listened.
          if (status === 'unknown' && station.truncated) return 'not evaluable';
          return {
            text: `Connector ${connector} has a transaction for 120 s, and its status is ${status}`,
            object: connector,
          };
        },
      });
    },
  },
  {
    id: 'OCPP16-ST-009',
    severity: 'warning',
    fault: 'station',
    title: 'A connector whose transaction has stopped does not charge',
    clause: '1.6 §4.9',
    causes: ['The status does not follow the transaction', 'The station goes on charging'],
    next: ['Look at MeterValues after the stop'],
    peer: 'tolerates',
    on: ['StopTransaction.request'],
    check(c) {
      const { connectors, transactions16 } = c.station;
      const stopped = transactions16.stoppedBy(c.o);
      if (stopped === undefined) return;
      const { connector } = stopped;
      c.expect({
        withinMs: MINUTE_MS,
        object: connector,
        unless: (o) =>
          o.kind === 'request' && o.action === 'StartTransaction' && numberAt(o.payload, 'connectorId') === connector,
        otherwise() {
          const status = connectors.get(connector);
          if (status === undefined || !ENERGY.test(status.status) || transactions16.on(connector) !== undefined)
            return undefined;
          const text = `${stopped.name} was stopped 60 s ago, and connector ${connector} is still ${status.status}`;
          return { text, object: connector, evidence: [{ seq: status.seq, label: status.status }] };
        },
      });
    },
  },
  {
    id: 'OCPP16-ST-010',
    severity: 'error',
    fault: 'station',
    title: 'A connector that is free or ends has no running transaction',
    clause: '1.6 §7.7',
    causes: ['StopTransaction was lost', 'The status does not follow the transaction'],
    next: ['Look for a StopTransaction that failed'],
    peer: 'tolerates',
    on: ['StatusNotification.request'],
    check(c) {
      const [connector, status] = change(c);
      const { connectors, transactions16 } = c.station;
      const open = transactions16.on(connector);
      // A start that was not answered yet may still be queued behind this message.
      if (!IDLE.test(status) || open === undefined || open.answer?.kind !== 'response') return;
      const { seq } = c.o;
      c.expect({
        withinMs: 30 * SECOND_MS,
        object: connector,
        unless: (o) => o.kind === 'request' && o.action === 'StopTransaction' && transactions16.stoppedBy(o) === open,
        otherwise() {
          if (transactions16.on(connector) !== open || !IDLE.test(connectors.get(connector)?.status ?? ''))
            return undefined;
          const text = `Connector ${connector} is ${status}, and ${open.name} on it was not stopped within 30 s`;
          return {
            text,
            object: open.first.seq,
            seq,
            pointer: '/status',
            evidence: [{ seq: open.first.seq, label: 'the start' }],
          };
        },
      });
    },
  },
  {
    id: 'OCPP16-TX-032',
    severity: 'error',
    fault: 'station',
    title: 'A transaction that started offline is told after the reconnect',
    clause: '1.6 §3.7, §4.8',
    causes: ['The queue of the station was lost', 'Only what happens online is told'],
    next: ['Look for a StartTransaction with a time stamp between both connections'],
    peer: 'tolerates',
    on: ['StatusNotification.request'],
    check(c) {
      const [connector, status] = change(c);
      const { connections, connectors, transactions16 } = c.station;
      const gap = connections.lastGap;
      if (connector < 1 || !ENERGY.test(status) || gap === undefined || c.o.time - gap.to >= QUEUE_MS) return;
      const before = connectors.get(connector);
      if (transactions16.on(connector) !== undefined || (before !== undefined && before.at > gap.to)) return;
      // It may have charged before the outage as well, as far as this log goes.
      if (before === undefined) return c.notEvaluable();
      const since = c.clocksAgree ? timeOf(c.o) : undefined;
      const beganOffline = since === undefined ? c.o.time - gap.to < RECONNECT_MS : since < gap.to + c.toleranceMs;
      if (ENERGY.test(before.status) || !beganOffline) return;
      c.expect({
        withinMs: gap.to + QUEUE_MS - c.o.time,
        object: connector,
        by: (o) =>
          o.kind === 'request' && o.action === 'StartTransaction' && numberAt(o.payload, 'connectorId') === connector,
        otherwise: () => ({
          text: `Connector ${connector} was ${before.status} before the connection was lost and ${status} after it, and 5 min later no StartTransaction has come`,
          object: connector,
          pointer: '/status',
          evidence: [{ seq: before.seq, label: before.status }],
        }),
      });
    },
  },
  {
    id: 'OCPP16-ST-015',
    severity: 'warning',
    fault: 'station',
    title: 'An unplugged EV ends the transaction, or not, as configured',
    clause: '1.6 §4.9',
    causes: ['StopTransactionOnEVSideDisconnect is not followed'],
    next: ['Read StopTransactionOnEVSideDisconnect'],
    peer: 'tolerates',
    on: ['StatusNotification.request'],
    check(c) {
      const [connector, status] = change(c);
      if (!/EV side disconnected/i.test(textAt(c.o.payload, 'info') ?? '')) return;
      const stops = c.station.configuration.boolean('StopTransactionOnEVSideDisconnect');
      if (stops === undefined) return c.notEvaluable();
      const fits = stops ? /^(Finishing|Available|Unavailable|Faulted)$/.test(status) : !isEnded(c, connector, status);
      if (fits) return;
      const text = `The EV on connector ${connector} was unplugged, StopTransactionOnEVSideDisconnect is ${stops}, and the status is ${status}`;
      c.report({
        text,
        object: connector,
        pointer: '/status',
        expected: stops ? 'Finishing' : 'SuspendedEV',
        actual: status,
      });
    },
  },
]);

function isEnded(c: RuleContext, connector: number, status: string): boolean {
  return c.station.transactions16.on(connector) !== undefined && (status === 'Finishing' || status === 'Available');
}
