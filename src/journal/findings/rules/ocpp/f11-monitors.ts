import { SECOND_MS } from '../../../../core/time.ts';
import { eventTimeOf, type Monitor, PERIODS } from '../../model/monitors.ts';
import { booleanAt, listAt, numberAt, textAt, valueAt } from '../../payload-reader.ts';
import { family, type Rule, type RuleContext, V2X } from '../../rule.ts';

const COUNTED = [
  ['SetVariableMonitoring', 'setMonitoringData', 'setMonitoringResult'],
  ['ClearVariableMonitoring', 'id', 'clearMonitoringResult'],
] as const;

/** Monitoring of variables (2.x N02 to N09). */
export const f11Monitors: readonly Rule[] = family({ versions: V2X, axis: 'conformance' }, [
  {
    id: 'OCPP2-MO-001',
    severity: 'error',
    fault: 'station',
    title: 'Each monitor that is set or cleared has its result',
    clause: 'N04.FR.01, N06.FR.05',
    causes: ['Monitors that cannot be set are left out of the answer'],
    next: ['Compare the results with the request'],
    peer: 'tolerates',
    on: ['SetVariableMonitoring.response', 'ClearVariableMonitoring.response'],
    check(c) {
      const [, asked, results] = COUNTED.find(([action]) => action === c.o.action) ?? COUNTED[0];
      const wanted = listAt(c.o.request?.payload, asked).length;
      const got = listAt(c.o.payload, results).length;
      if (wanted === got) return;
      c.report({
        text: `${c.o.action} names ${wanted} monitors, and the answer has ${got} results`,
        object: c.o.action,
        expected: wanted,
        actual: got,
      });
    },
  },
  {
    id: 'OCPP2-MO-002',
    severity: 'error',
    fault: 'station',
    title: 'A monitor that was set has an id',
    clause: 'N04.FR.11',
    causes: ['The station gives no ids of its own'],
    next: ['Ask for the monitors with GetMonitoringReport'],
    peer: 'tolerates',
    on: ['SetVariableMonitoring.response'],
    check(c) {
      const results = listAt(c.o.payload, 'setMonitoringResult');
      const index = results.findIndex(
        (result) => textAt(result, 'status') === 'Accepted' && valueAt(result, 'id') === undefined,
      );
      if (index < 0) return;
      c.report({
        text: `The monitor of ${nameOf(results[index])} was accepted, and has no id`,
        object: nameOf(results[index]),
        pointer: `/setMonitoringResult/${index}`,
      });
    },
  },
  {
    id: 'OCPP2-MO-003',
    severity: 'error',
    fault: 'station',
    title: 'Monitors that are less severe than the level are not told',
    clause: 'N05.FR.03',
    causes: ['The level is not looked at when events are sent'],
    next: ['Read MonitoringCtrlr.ActiveMonitoringLevel'],
    peer: 'tolerates',
    on: ['NotifyEvent.request'],
    check(c) {
      for (const event of monitored(c)) {
        const id = numberAt(event, 'variableMonitoringId') ?? -1;
        const { monitors } = c.station.management;
        const severity = numberAt(event, 'severity') ?? monitors.get(id)?.severity;
        const { level } = monitors;
        if (level === undefined || severity === undefined) {
          c.notEvaluable();
          continue;
        }
        // What happened before the level was set may come later.
        if (severity <= level.level || (eventTimeOf(event) ?? c.o.time) < level.at) continue;
        c.report({
          text: `An event of monitor ${id} has severity ${severity}, and the monitoring level is ${level.level}`,
          object: id,
          evidence: [{ seq: level.seq, label: `level ${level.level}` }],
          expected: `at most ${level.level}`,
          actual: severity,
        });
      }
    },
  },
  {
    id: 'OCPP2-MO-004',
    severity: 'warning',
    fault: 'station',
    title: 'Events name monitors that exist',
    clause: 'N07.FR.06',
    causes: ['Ids change without a word', 'A monitor goes on after it was cleared'],
    next: ['Ask for the monitors with GetMonitoringReport'],
    peer: 'tolerates',
    on: ['NotifyEvent.request'],
    check(c) {
      for (const event of monitored(c)) {
        const id = numberAt(event, 'variableMonitoringId') ?? -1;
        const { monitors } = c.station.management;
        if (monitors.get(id) !== undefined) continue;
        if (!monitors.complete) c.notEvaluable();
        else c.report({ text: `An event names monitor ${id}, which was neither set nor reported`, object: id });
      }
    },
  },
  {
    id: 'OCPP2-MO-005',
    severity: 'error',
    fault: 'station',
    title: 'Only what has alerted is cleared',
    clause: 'N07.FR.02',
    causes: ['cleared is sent when a value is normal from the start'],
    next: ['Look for the alert before'],
    peer: 'tolerates',
    on: ['NotifyEvent.request'],
    check(c) {
      const alerted = new Set<number>();
      for (const event of monitored(c)) {
        const id = numberAt(event, 'variableMonitoringId') ?? -1;
        if (booleanAt(event, 'cleared') !== true) {
          if (textAt(event, 'trigger') === 'Alerting') alerted.add(id);
          continue;
        }
        const monitor = c.station.management.monitors.get(id);
        if (alerted.has(id) || monitor?.alerted === true) continue;
        // Its alert may lie before this log, or have been dropped without a connection.
        if (monitor === undefined || !monitor.wasSet || hasGapSince(c, monitor.at)) {
          c.notEvaluable();
          continue;
        }
        c.report({
          text: `Monitor ${id} is cleared, and has not alerted since it was set`,
          object: id,
          evidence: [{ seq: monitor.seq, label: 'the monitor was set' }],
        });
      }
    },
  },
  {
    id: 'OCPP2-MO-007',
    severity: 'warning',
    fault: 'station',
    axis: 'timing',
    title: 'A periodic monitor keeps its period',
    clause: 'N08.FR.06',
    causes: ['The period is rounded', 'Timers wait for each other'],
    next: ['Compare the time stamps of the events'],
    peer: 'tolerates',
    on: ['NotifyEvent.request'],
    check(c) {
      for (const event of monitored(c)) {
        if (textAt(event, 'trigger') !== 'Periodic') continue;
        const monitor = c.station.management.monitors.get(numberAt(event, 'variableMonitoringId') ?? -1);
        if (monitor === undefined || monitor.value === undefined) c.notEvaluable();
        else if (monitor.type === 'Periodic') cadence(c, monitor, monitor.value, eventTimeOf(event) ?? c.o.time);
      }
    },
  },
  {
    id: 'OCPP2-MO-008',
    severity: 'error',
    fault: 'station',
    title: 'Customer information is asked for by exactly one of token, certificate and identifier',
    clause: 'N09.FR.04, N09.FR.09',
    causes: ['The request is built from a form where all fields are sent'],
    next: ['Name the customer in one way'],
    peer: 'rejects',
    on: ['CustomerInformation.request', 'CustomerInformation.response'],
    check(c) {
      const request = c.o.kind === 'request' ? c.o.payload : c.o.request?.payload;
      const names = ['idToken', 'customerCertificate', 'customerIdentifier'].filter(
        (name) => valueAt(request, name) !== undefined,
      );
      if (names.length === 1) return;
      const how = names.length === 0 ? 'nobody' : names.join(' and ');
      if (c.o.kind === 'request')
        return c.report({
          text: `CustomerInformation names ${how}`,
          object: 'asked',
          fault: 'csms',
          expected: 'one of the three',
        });
      const status = textAt(c.o.payload, 'status');
      if (status === 'Invalid') return;
      c.report({
        text: `CustomerInformation names ${how}, and was answered ${status}`,
        object: 'answered',
        expected: 'Invalid',
        actual: status,
      });
    },
  },
]);

/** Events of monitors; those that the station tells of itself have no id. */
function monitored({ o }: RuleContext): readonly unknown[] {
  return listAt(o.payload, 'eventData').filter((event) => valueAt(event, 'variableMonitoringId') !== undefined);
}

function cadence(c: RuleContext, monitor: Monitor, periodS: number, at: number): void {
  const { series } = monitor;
  if (series === undefined || series.count + 1 < PERIODS) return;
  const meanS = (at - series.first) / PERIODS / SECOND_MS;
  if (Math.abs(meanS - periodS) <= periodS / 10) return;
  if (hasGapSince(c, series.first)) return c.notEvaluable();
  c.report({
    text: `Monitor ${monitor.id} has a period of ${periodS} s, and its last events came every ${meanS.toFixed(1)} s`,
    object: monitor.id,
    evidence: [{ seq: monitor.seq, label: 'the monitor' }],
    expected: periodS,
    actual: meanS,
  });
}

function hasGapSince(c: RuleContext, since: number): boolean {
  return c.station.connections.gaps.some((gap) => gap.to >= since);
}

function nameOf(result: unknown): string {
  return `${textAt(result, 'component', 'name')}.${textAt(result, 'variable', 'name')}`;
}
