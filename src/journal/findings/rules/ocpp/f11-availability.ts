import { MINUTE_MS, SECOND_MS } from '../../../../core/time.ts';
import { numberAt, textAt } from '../../payload-reader.ts';
import { family, type Rule, type RuleContext, V2X } from '../../rule.ts';
import { evseOf, openTransactions, statusesOf, toldStatuses } from './places-2x.ts';

/** Status and availability of connectors (2.x B04, G01, G03, G04). */
export const f11Availability: readonly Rule[] = family({ versions: V2X, axis: 'conformance' }, [
  {
    id: 'OCPP2-AV-002',
    severity: 'warning',
    fault: 'station',
    title: 'A connector with a vehicle in a transaction is Occupied',
    clause: 'G01.FR.03',
    causes: ['The status is not wired to the cable', 'The status of another connector is told'],
    next: ['Trigger StatusNotification of the connector'],
    peer: 'tolerates',
    on: ['transaction-started', 'StatusNotification.request', 'NotifyEvent.request'],
    check(c) {
      const { transactions2x } = c.station;
      if (c.o.action === 'TransactionEvent')
        return staysOccupied(c, textAt(c.o.payload, 'transactionInfo', 'transactionId') ?? '', MINUTE_MS);
      if (transactions2x.open.size === 0) return;
      for (const [key, status] of toldStatuses(c.o)) {
        if (status === 'Occupied' || status === 'Faulted') continue;
        const [evse, connector] = key.split('/').map(Number);
        const transaction = transactions2x.on(evse ?? -1);
        if (transaction?.connector !== connector || isIdle(transaction?.chargingState)) continue;
        staysOccupied(c, transaction?.id ?? '', 30 * SECOND_MS);
      }
    },
  },
  {
    id: 'OCPP2-AV-003',
    severity: 'error',
    fault: 'station',
    axis: 'timing',
    title: 'What was made inoperative is Unavailable',
    clause: 'G03.FR.06, G04.FR.07',
    causes: ['The change is accepted and not carried out', 'The new status is not told'],
    next: ['Trigger StatusNotification of the connectors'],
    peer: 'tolerates',
    on: ['ChangeAvailability.response'],
    check(c) {
      const request = c.o.request?.payload;
      if (textAt(request, 'operationalStatus') !== 'Inoperative' || textAt(c.o.payload, 'status') !== 'Accepted')
        return;
      const evse = evseOf(request);
      const connector = numberAt(request, 'evse', 'connectorId');
      const { station } = c;
      c.expect({
        withinMs: MINUTE_MS,
        object: `${evse ?? ''} ${connector ?? ''}`,
        unless: (o) =>
          o.action === 'ChangeAvailability' &&
          o.kind === 'request' &&
          textAt(o.payload, 'operationalStatus') === 'Operative',
        otherwise() {
          const statuses = statusesOf(station, evse, connector);
          if (statuses.length === 0) return 'not evaluable';
          const wrong = statuses.filter(([, status]) => status !== 'Unavailable' && status !== 'Faulted');
          if (wrong.length === 0) return undefined;
          const told = wrong.map(([key, status]) => `connector ${key} is ${status}`).join(', ');
          const what = evse === undefined ? 'The station' : `EVSE ${evse}`;
          return {
            text: `${what} was made inoperative, and 60 s later ${told}`,
            object: evse ?? 'station',
            expected: 'Unavailable',
          };
        },
      });
    },
  },
  {
    id: 'OCPP2-AV-004',
    severity: 'error',
    fault: 'station',
    axis: 'timing',
    title: 'After a long time without a connection all connectors are told',
    clause: 'B04.FR.01',
    causes: ['Only changes are told', 'OfflineThreshold is not looked at'],
    next: ['Read OCPPCommCtrlr.OfflineThreshold', 'Trigger StatusNotification'],
    peer: 'tolerates',
    on: ['open'],
    check(c) {
      const { station, link } = c;
      const gap = station.connections.lastGap;
      if (gap === undefined || gap.to !== link.openedAt) return;
      const thresholdS = station.configuration.number('OCPPCommCtrlr.OfflineThreshold');
      if (thresholdS === undefined || !c.clocksAgree) return c.notEvaluable();
      const offlineS = (gap.to - gap.from) / SECOND_MS;
      // The station may see the end of its connection a little later.
      if (offlineS <= thresholdS * 1.1 + c.toleranceMs / SECOND_MS) return;
      c.expect({
        withinMs: MINUTE_MS,
        // A boot tells all connectors for another reason (OCPP-BOOT-011).
        unless: (o) => o.action === 'BootNotification',
        otherwise() {
          if (station.boot.registration !== 'Accepted') return undefined;
          const all = [...station.connectors.entries()];
          if (all.length === 0) return 'not evaluable';
          const silent = all.filter(([, { at }]) => at < link.openedAt).map(([key]) => key);
          if (silent.length === 0) return undefined;
          return {
            text: `The station was offline for ${Math.round(offlineS)} s (OfflineThreshold ${thresholdS} s), and did not tell the status of ${silent.join(', ')} within 60 s`,
            object: link.openedAt,
          };
        },
      });
    },
  },
  {
    id: 'OCPP2-AV-012',
    severity: 'error',
    fault: 'station',
    title: 'A change of availability waits for a running transaction',
    clause: 'G03.FR.05',
    causes: ['Transactions are not looked at', 'The transaction is ended by the change'],
    next: ['Look at whether the transaction goes on'],
    peer: 'tolerates',
    on: ['ChangeAvailability.response'],
    check(c) {
      const request = c.o.request?.payload;
      if (textAt(request, 'operationalStatus') !== 'Inoperative' || textAt(c.o.payload, 'status') !== 'Accepted')
        return;
      const connector = numberAt(request, 'evse', 'connectorId');
      const [running] = openTransactions(c.station, evseOf(request)).filter(
        (each) => connector === undefined || each.connector === undefined || each.connector === connector,
      );
      if (running === undefined) return;
      c.report({
        text: `ChangeAvailability to Inoperative was answered Accepted while ${running.name} runs`,
        object: running.id,
        evidence: [{ seq: running.firstSeq, label: 'the transaction' }],
        expected: 'Scheduled',
        actual: 'Accepted',
      });
    },
  },
  {
    id: 'OCPP21-ST-001',
    versions: ['2.1'],
    severity: 'info',
    fault: 'station',
    axis: 'conformance',
    title: 'The state of a connector is told by NotifyEvent',
    clause: '2.1 B01.FR.05, B04.FR.01, G01.FR.03',
    causes: ['The firmware of 2.0.1 goes on as before: allowed'],
    next: ['Report AvailabilityState of the connector by NotifyEvent'],
    peer: 'tolerates',
    on: ['StatusNotification.request'],
    check(c) {
      if (!c.repeats('')) c.report({ text: 'StatusNotification is used, which 2.1 deprecates' });
    },
  },
]);

function isIdle(chargingState: string | undefined): boolean {
  return chargingState === undefined || chargingState === 'Idle';
}

/** Looks after a while whether the connector of a transaction is Occupied, and again as long as no vehicle is there. */
function staysOccupied(c: RuleContext, id: string, withinMs: number): void {
  const { station } = c;
  let hasDiffered = false;
  c.expect({
    withinMs,
    object: id,
    otherwise() {
      const transaction = station.transactions2x.open.get(id);
      if (transaction === undefined) return undefined;
      if (isIdle(transaction.chargingState)) return MINUTE_MS;
      const { evse, connector } = transaction;
      if (evse === undefined || connector === undefined) return 'not evaluable';
      const status = station.connectors.get(`${evse}/${connector}`);
      if (status === undefined) return 'not evaluable';
      if (status.status === 'Occupied' || status.status === 'Faulted') return undefined;
      // A reserved connector stays so until the right token is shown (G01.FR.06).
      if (status.status === 'Reserved' && !transaction.isAuthorized) return MINUTE_MS;
      if (!hasDiffered) {
        // The vehicle may just have come.
        hasDiffered = true;
        return 30 * SECOND_MS;
      }
      return {
        text: `${transaction.name} has the chargingState ${transaction.chargingState}, and connector ${evse}/${connector} is ${status.status}`,
        object: id,
        evidence: [{ seq: status.seq, label: status.status }],
        expected: 'Occupied',
        actual: status.status,
      };
    },
  });
}
