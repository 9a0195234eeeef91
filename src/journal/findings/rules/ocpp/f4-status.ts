import { MINUTE_MS, parseTime, SECOND_MS } from '../../../../core/time.ts';
import type { ConnectorStatus } from '../../model/connectors.ts';
import { numberAt, textAt } from '../../payload-reader.ts';
import { family, type Rule, type RuleContext, V16 } from '../../rule.ts';

/** Which status may follow which on a connector (1.6 §4.9, errata 3.20). */
const NEXT: Readonly<Record<string, readonly string[]>> = {
  Available: ['Preparing', 'Charging', 'SuspendedEV', 'SuspendedEVSE', 'Reserved', 'Unavailable', 'Faulted'],
  Preparing: ['Available', 'Charging', 'SuspendedEV', 'SuspendedEVSE', 'Finishing', 'Faulted'],
  Charging: ['Available', 'SuspendedEV', 'SuspendedEVSE', 'Finishing', 'Unavailable', 'Faulted'],
  SuspendedEV: ['Available', 'Charging', 'SuspendedEVSE', 'Finishing', 'Unavailable', 'Faulted'],
  SuspendedEVSE: ['Available', 'Charging', 'SuspendedEV', 'Finishing', 'Unavailable', 'Faulted'],
  Finishing: ['Available', 'Preparing', 'Unavailable', 'Faulted'],
  Reserved: ['Available', 'Preparing', 'Unavailable', 'Faulted'],
  Unavailable: ['Available', 'Preparing', 'Charging', 'SuspendedEV', 'SuspendedEVSE', 'Faulted'],
  Faulted: [
    ...['Available', 'Preparing', 'Charging', 'SuspendedEV', 'SuspendedEVSE', 'Finishing', 'Reserved', 'Unavailable'],
  ],
};
const BURST_MS = MINUTE_MS;

/** StatusNotification of 1.6 by itself (§4.9, §7.6, §7.7). */
export const f4Status: readonly Rule[] = family({ versions: V16, axis: 'conformance' }, [
  {
    id: 'OCPP16-ST-001',
    severity: 'error',
    fault: 'station',
    title: 'A status follows one from which it can be reached',
    clause: '1.6 §4.9, errata 3.20',
    causes: ['The status is worked out wrongly', 'A status in between was not sent'],
    next: ['Look at what happened on the connector between the two messages'],
    peer: 'tolerates',
    on: ['StatusNotification.request'],
    check(c) {
      const [connector, status, before] = change(c);
      if (before === undefined || connector === 0 || before.status === status || !sinceBoot(c, before)) return;
      const allowed = NEXT[before.status];
      if (allowed === undefined || NEXT[status] === undefined || allowed.includes(status)) return;
      const { configuration, commands } = c.station;
      const mayBeShort = (configuration.number('MinimumStatusDuration') ?? 0) > 0;
      // A status that was too short to be told.
      if (mayBeShort && allowed.some((between) => NEXT[between]?.includes(status) === true)) return;
      const asked = commands.latest('ChangeAvailability', c.o.time - MINUTE_MS, () => true);
      const severity = mayBeShort || (status === 'Unavailable' && asked !== undefined) ? 'warning' : 'error';
      c.report({
        text: `Connector ${connector} went from ${before.status} to ${status}`,
        object: `${connector} ${before.status} ${status}`,
        pointer: '/status',
        severity,
        evidence: [{ seq: before.seq, label: before.status }],
        expected: allowed,
        actual: status,
      });
    },
  },
  {
    id: 'OCPP16-ST-002',
    severity: 'error',
    fault: 'station',
    title: 'Connector 0 is Available, Unavailable or Faulted',
    clause: '1.6 §4.9',
    causes: ['The status of a connector is sent for the whole charge point'],
    next: ['Look at which connector is meant'],
    peer: 'tolerates',
    on: ['StatusNotification.request'],
    check(c) {
      const [connector, status] = change(c);
      if (connector !== 0 || /^(Available|Unavailable|Faulted)$/.test(status)) return;
      c.report({ text: `Connector 0 is reported as ${status}`, object: status, pointer: '/status', actual: status });
    },
  },
  {
    id: 'OCPP16-ST-003',
    severity: 'warning',
    fault: 'station',
    title: 'Connectors are numbered from 1 without a gap',
    clause: '1.6 §3.8',
    causes: ['Connectors are numbered by something else than their place'],
    next: ['Compare with NumberOfConnectors'],
    peer: 'tolerates',
    on: ['StatusNotification.request'],
    check(c) {
      const [connector] = change(c);
      const { configuration, connectors, boot } = c.station;
      const count = configuration.number('NumberOfConnectors');
      if (count !== undefined) {
        if (connector <= count) return;
        const text = `Connector ${connector} is reported, and NumberOfConnectors is ${count}`;
        return c.report({
          text,
          object: connector,
          pointer: '/connectorId',
          expected: `at most ${count}`,
          actual: connector,
        });
      }
      const burst = c.station.truncated || c.o.time < boot.answeredAt + BURST_MS;
      if (burst || connectors.highest === 0 || connector <= connectors.highest + 1) return;
      const text = `Connector ${connector} is reported, and the highest before was ${connectors.highest}`;
      c.report({ text, object: connector, pointer: '/connectorId', actual: connector });
    },
  },
  {
    id: 'OCPP16-ST-004',
    severity: 'error',
    fault: 'station',
    title: 'EVCommunicationError comes only while an EV is connected',
    clause: '1.6 §7.6',
    causes: ['The error is kept after the EV has left'],
    next: ['Look at the status before'],
    peer: 'tolerates',
    on: ['StatusNotification.request'],
    check(c) {
      const [connector, status] = change(c);
      if (textAt(c.o.payload, 'errorCode') !== 'EVCommunicationError') return;
      if (/^(Preparing|SuspendedEV|SuspendedEVSE|Finishing)$/.test(status)) return;
      const text = `Connector ${connector} reports EVCommunicationError with status ${status}`;
      c.report({ text, object: connector, pointer: '/errorCode' });
    },
  },
  {
    id: 'OCPP16-ST-005',
    severity: 'warning',
    fault: 'station',
    axis: 'consistency',
    title: 'Faulted comes with an error code',
    clause: 'ours',
    causes: ['The error code is not passed on'],
    next: ['Look at info and vendorErrorCode'],
    peer: 'tolerates',
    on: ['StatusNotification.request'],
    check(c) {
      const [connector, status] = change(c);
      if (status !== 'Faulted' || textAt(c.o.payload, 'errorCode') !== 'NoError') return;
      c.report({ text: `Connector ${connector} is Faulted with NoError`, object: connector, pointer: '/errorCode' });
    },
  },
  {
    id: 'OCPP16-ST-006',
    severity: 'warning',
    fault: 'station',
    axis: 'consistency',
    title: 'Reserved needs a reservation',
    clause: '1.6 §7.7',
    causes: ['The reservation expired and the connector was not freed', 'The station reserves by itself'],
    next: ['Look for the ReserveNow that was accepted'],
    peer: 'tolerates',
    on: ['StatusNotification.request'],
    check(c) {
      const [connector, status] = change(c);
      if (status !== 'Reserved') return;
      const { reservations, boot, truncated } = c.station;
      if (reservations.active(c.o.time).some((each) => each.place === connector || each.place === 0)) return;
      // Reservations are kept over a boot: it may be older than this log.
      if (truncated || c.o.time < boot.answeredAt + BURST_MS) return c.notEvaluable();
      c.report({
        text: `Connector ${connector} is Reserved without a reservation that is held`,
        object: connector,
        pointer: '/status',
      });
    },
  },
  {
    id: 'OCPP16-ST-011',
    severity: 'warning',
    fault: 'station',
    axis: 'timing',
    title: 'The times of a connector’s statuses do not go back',
    clause: '1.6 §4.9',
    causes: ['Old statuses are sent again after an outage', 'The clock was set back'],
    next: ['Compare both time stamps with the time at which they were seen'],
    peer: 'tolerates',
    on: ['StatusNotification.request'],
    check(c) {
      const [connector, , before] = change(c);
      const text = textAt(c.o.payload, 'timestamp');
      const at = text === undefined ? undefined : parseTime(text);
      if (
        before?.timestamp === undefined ||
        at === undefined ||
        at >= before.timestamp - SECOND_MS ||
        !sinceBoot(c, before)
      )
        return;
      const back = Math.round((before.timestamp - at) / SECOND_MS);
      c.report({
        text: `The status of connector ${connector} is dated ${text}, ${back} s before the one that came before`,
        object: connector,
        pointer: '/timestamp',
        evidence: [{ seq: before.seq, pointer: '/timestamp', label: 'the status before' }],
      });
    },
  },
  {
    id: 'OCPP16-ST-012',
    severity: 'info',
    fault: 'station',
    title: 'A status is sent when it changes',
    clause: 'ours',
    causes: ['Statuses are sent on a timer'],
    next: ['Nothing, unless the traffic is too much'],
    peer: 'tolerates',
    quirk: 'statusEverySecond',
    on: ['StatusNotification.request'],
    check(c) {
      const [connector, status, before] = change(c);
      if (before === undefined || before.status !== status || !sinceBoot(c, before)) return;
      if (before.errorCode !== textAt(c.o.payload, 'errorCode') || before.info !== (textAt(c.o.payload, 'info') ?? ''))
        return;
      if (c.station.triggers.cause('StatusNotification', c.o.time) !== undefined) return;
      const text = `Connector ${connector} reports ${status} again, with nothing new`;
      c.report({ text, object: connector, evidence: [{ seq: before.seq, label: status }] });
    },
  },
  {
    id: 'OCPP16-ST-013',
    severity: 'warning',
    fault: 'station',
    title: 'Statuses of an outage are not replayed',
    clause: '1.6 §4.9',
    causes: ['Every status of the outage was queued'],
    next: ['Send the current status after a reconnect, and only if it changed'],
    peer: 'tolerates',
    on: ['StatusNotification.request'],
    check(c) {
      const [connector, , before] = change(c);
      const text = textAt(c.o.payload, 'timestamp');
      const at = text === undefined ? undefined : parseTime(text);
      if (!c.clocksAgree || at === undefined || at >= c.link.openedAt || before === undefined) return;
      if (textAt(c.o.payload, 'errorCode') !== 'NoError' || before.link !== c.link.number || before.replayed < 2)
        return;
      const sent = before.replayed + 1;
      c.report({
        text: `${sent} statuses of connector ${connector} came late, from before this connection`,
        object: connector,
      });
    },
  },
  {
    id: 'OCPP16-ST-014',
    severity: 'error',
    fault: 'station',
    title: 'Inoperative survives a boot',
    clause: '1.6 §5.2',
    causes: ['The availability is not kept'],
    next: ['Look at the ChangeAvailability before the boot'],
    peer: 'tolerates',
    on: ['StatusNotification.request'],
    check(c) {
      const [connector, status] = change(c);
      if (status !== 'Available') return;
      const { boot, commands } = c.station;
      const last = commands.latest('ChangeAvailability', 0, (request) => {
        const asked = numberAt(request, 'connectorId');
        return asked === connector || asked === 0;
      });
      if (last === undefined || textAt(last.request, 'type') !== 'Inoperative' || last.seq > boot.lastSeq) return;
      const text = `Connector ${connector} is Available after a boot, though it was made Inoperative before`;
      c.report({ text, object: connector, pointer: '/status', evidence: [{ seq: last.seq, label: 'Inoperative' }] });
    },
  },
]);

/** What the message says of which connector, and what was said before. */
export function change(c: RuleContext): [connector: number, status: string, before: ConnectorStatus | undefined] {
  const connector = numberAt(c.o.payload, 'connectorId') ?? -1;
  return [connector, textAt(c.o.payload, 'status') ?? '', c.station.connectors.get(connector)];
}

/** True when nothing was missed between that status and now: the same connection, and no boot. */
function sinceBoot(c: RuleContext, before: ConnectorStatus): boolean {
  return before.link === c.link.number && before.at >= c.station.boot.answeredAt;
}
