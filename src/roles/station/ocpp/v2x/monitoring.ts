import type { v21 } from '../../../../protocols/ocpp/messages.ts';
import { componentOf, type Place, variableOf } from '../../config/device-model-store.ts';
import { closeStream, openStream, streamValue } from './event-streams.ts';
import { isWanted } from './reports.ts';
import type { Side2x } from './side.ts';
import { type Answer, info, type Request } from './wire.ts';

export type MonitoringBase = 'All' | 'FactoryDefault' | 'HardWiredOnly';

/** One monitor of a variable, with what it saw last. */
export interface Monitor {
  readonly id: number;
  readonly component: v21.ComponentType;
  readonly variable: v21.VariableType;
  readonly type: v21.MonitorEnumType;
  readonly value: number;
  readonly severity: number;
  readonly transaction: boolean;
  /** Delta: the value told last. */
  readonly base: string;
  /** Thresholds: crossed now. */
  readonly active: boolean;
  /** 2.1: values go into this stream instead of NotifyEvent. */
  readonly stream: number | undefined;
}

const MAX_MONITORS = 100;
/** Values that change by themselves are looked at this often while there are monitors. */
const LOOK_MS = 10_000;
const PER_REPORT = 20;

const THRESHOLDS = ['UpperThreshold', 'LowerThreshold'];
const PERIODIC = ['Periodic', 'PeriodicClockAligned'];

export function setVariableMonitoring(
  side: Side2x,
  { setMonitoringData }: Request<'SetVariableMonitoring'>,
): Answer<'SetVariableMonitoring'> {
  const opened: Monitor[] = [];
  const setMonitoringResult = setMonitoringData.map((item): v21.SetMonitoringResultType => {
    const made = makeMonitor(side, item);
    const echo = { component: item.component, variable: item.variable, type: item.type, severity: item.severity };
    if ('status' in made)
      return { ...echo, status: made.status, ...(made.reason === undefined ? {} : info(made.reason)) };
    side.monitors = [...side.monitors.filter((one) => one.id !== made.id), made];
    if (item.periodicEventStream !== undefined && side.version === '2.1') {
      opened.push(made);
      openStream(side, made, item.periodicEventStream);
    }
    return { ...echo, id: made.id, status: 'Accepted' };
  });
  side.host.touched('extras');
  side.host.afterAnswer(() => armMonitors(side));
  return { setMonitoringResult };
}

type Refused = {
  readonly status: 'UnknownComponent' | 'UnknownVariable' | 'UnsupportedMonitorType' | 'Rejected' | 'Duplicate';
  readonly reason?: string;
};

function makeMonitor(side: Side2x, item: v21.SetMonitoringDataType): Monitor | Refused {
  const place = side.model.find(item.component, item.variable);
  if (typeof place === 'string') return { status: place };
  const { row } = place;
  const numeric = row.type === 'integer' || row.type === 'decimal';
  if (item.type === 'TargetDelta' || item.type === 'TargetDeltaRelative') return { status: 'UnsupportedMonitorType' };
  if (THRESHOLDS.includes(item.type) && !numeric) return { status: 'UnsupportedMonitorType' };
  if (row.monitorable !== true) return { status: 'UnsupportedMonitorType' };
  if (item.type === 'Delta' && item.value < 0) return { status: 'Rejected', reason: 'InvalidValue' };
  if (PERIODIC.includes(item.type) && item.value <= 0) return { status: 'Rejected', reason: 'InvalidValue' };
  if (item.severity < 0 || item.severity > 9) return { status: 'Rejected', reason: 'ValueOutOfRange' };
  const same = side.monitors.filter((one) => isAt(one, place));
  if (item.id === undefined) {
    if (same.some((one) => one.type === item.type && one.severity === item.severity)) return { status: 'Duplicate' };
    if (side.monitors.length >= MAX_MONITORS) return { status: 'Rejected', reason: 'OutOfStorage' };
  } else if (!same.some((one) => one.id === item.id)) {
    // An unknown id, or the id of another variable's monitor.
    return { status: 'Rejected', reason: 'NotFound' };
  }
  return {
    id: item.id ?? 1 + side.monitors.reduce((max, one) => Math.max(max, one.id), 0),
    component: item.component,
    variable: item.variable,
    type: item.type,
    value: item.value,
    severity: item.severity,
    transaction: item.transaction ?? false,
    base: side.model.read(place),
    active: false,
    stream: undefined,
  };
}

function isAt(monitor: Monitor, place: Place): boolean {
  return (
    isWanted(place, { component: monitor.component, variable: monitor.variable }) &&
    (monitor.component.evse?.connectorId ?? undefined) === place.connectorId
  );
}

export function clearVariableMonitoring(
  side: Side2x,
  { id }: Request<'ClearVariableMonitoring'>,
): Answer<'ClearVariableMonitoring'> {
  const clearMonitoringResult = id.map((one): v21.ClearMonitoringResultType => {
    const found = side.monitors.find((monitor) => monitor.id === one);
    if (found === undefined) return { id: one, status: 'NotFound' };
    side.monitors = side.monitors.filter((monitor) => monitor.id !== one);
    if (found.stream !== undefined) closeStream(side, found.stream);
    side.host.timer(`monitor:${one}`, undefined);
    return { id: one, status: 'Accepted' };
  });
  side.host.touched('extras');
  return { clearMonitoringResult };
}

/** All monitors here are custom ones: both other bases drop them (2.0.1 N03). */
export function setMonitoringBase(
  side: Side2x,
  { monitoringBase }: Request<'SetMonitoringBase'>,
): Answer<'SetMonitoringBase'> {
  side.monitoringBase = monitoringBase;
  if (monitoringBase !== 'All') {
    for (const one of side.monitors) side.host.timer(`monitor:${one.id}`, undefined);
    side.monitors = [];
  }
  side.host.touched('extras');
  return { status: 'Accepted' };
}

export function setMonitoringLevel(
  side: Side2x,
  { severity }: Request<'SetMonitoringLevel'>,
): Answer<'SetMonitoringLevel'> {
  if (severity < 0 || severity > 9) return { status: 'Rejected', ...info('ValueOutOfRange') };
  side.monitoringLevel = severity;
  side.host.touched('extras');
  return { status: 'Accepted' };
}

export function getMonitoringReport(
  side: Side2x,
  request: Request<'GetMonitoringReport'>,
): Answer<'GetMonitoringReport'> {
  const { requestId, componentVariable, monitoringCriteria } = request;
  const found = side.monitors.filter((monitor) => {
    const place = side.model.find(monitor.component, monitor.variable);
    if (typeof place === 'string') return false;
    if (componentVariable !== undefined && !componentVariable.some((wanted) => isWanted(place, wanted))) return false;
    return monitoringCriteria === undefined || monitoringCriteria.some((one) => criterionOf(monitor.type) === one);
  });
  if (found.length === 0) return { status: 'EmptyResultSet' };
  side.host.afterAnswer(() => {
    for (let i = 0, seqNo = 0; i < found.length; i += PER_REPORT, seqNo++) {
      side.send(
        'NotifyMonitoringReport',
        {
          requestId,
          seqNo,
          generatedAt: side.iso(),
          tbc: i + PER_REPORT < found.length,
          monitor: found.slice(i, i + PER_REPORT).map((one) => ({
            component: one.component,
            variable: one.variable,
            variableMonitoring: [reported(side, one)],
          })),
        },
        'triggered',
      );
    }
  });
  return { status: 'Accepted' };
}

function reported(side: Side2x, one: Monitor): v21.VariableMonitoringType {
  const shared = { id: one.id, transaction: one.transaction, value: one.value, type: one.type, severity: one.severity };
  // 2.0.1 has no eventNotificationType here.
  return (
    side.version === '2.1' ? { ...shared, eventNotificationType: 'CustomMonitor' } : shared
  ) as v21.VariableMonitoringType;
}

function criterionOf(type: v21.MonitorEnumType): v21.MonitoringCriterionEnumType {
  if (THRESHOLDS.includes(type)) return 'ThresholdMonitoring';
  return PERIODIC.includes(type) ? 'PeriodicMonitoring' : 'DeltaMonitoring';
}

// --- watching ---------------------------------------------------------------------------------------------------

/** Sets the timers of all monitors; without monitors there are none. */
export function armMonitors(side: Side2x): void {
  const now = side.host.now();
  const watching = side.monitors.some((one) => !PERIODIC.includes(one.type));
  side.host.timer('monitors', watching ? now + LOOK_MS : undefined);
  for (const one of side.monitors) {
    if (!PERIODIC.includes(one.type)) continue;
    const everyMs = one.value * 1000;
    const next = one.type === 'Periodic' ? now + everyMs : (Math.floor(now / everyMs) + 1) * everyMs;
    side.host.timer(`monitor:${one.id}`, next);
  }
}

/** A periodic monitor is due. */
export function monitorDue(side: Side2x, id: number): void {
  const monitor = side.monitors.find((one) => one.id === id);
  if (monitor === undefined) return;
  const value = readMonitored(side, monitor);
  if (value !== undefined) {
    if (monitor.stream === undefined) tell(side, monitor, 'Periodic', value, false);
    else streamValue(side, monitor.stream, value);
  }
  const now = side.host.now();
  const everyMs = monitor.value * 1000;
  side.host.timer(
    `monitor:${id}`,
    monitor.type === 'Periodic' ? now + everyMs : (Math.floor(now / everyMs) + 1) * everyMs,
  );
}

/** Looks at thresholds and deltas (N07). Strictly beyond a threshold alerts; back inside clears. */
export function checkMonitors(side: Side2x): void {
  if (side.monitors.length === 0) return;
  for (const monitor of side.monitors) {
    if (PERIODIC.includes(monitor.type)) continue;
    const value = readMonitored(side, monitor);
    if (value === undefined) continue;
    if (monitor.type === 'Delta') {
      const changed = /^-?[\d.]+$/.test(value)
        ? Math.abs(Number(value) - Number(monitor.base)) >= Math.max(monitor.value, 1e-9)
        : value !== monitor.base;
      if (!changed) continue;
      replaceMonitor(side, { ...monitor, base: value });
      tell(side, monitor, 'Delta', value, false);
      continue;
    }
    const beyond = monitor.type === 'UpperThreshold' ? Number(value) > monitor.value : Number(value) < monitor.value;
    if (beyond === monitor.active) continue;
    replaceMonitor(side, { ...monitor, active: beyond });
    tell(side, monitor, 'Alerting', value, !beyond);
  }
  if (side.monitors.some((one) => !PERIODIC.includes(one.type))) side.host.timer('monitors', side.host.now() + LOOK_MS);
}

function readMonitored(side: Side2x, monitor: Monitor): string | undefined {
  const place = side.model.find(monitor.component, monitor.variable);
  if (typeof place === 'string') return undefined;
  if (monitor.transaction && !side.core.evses.some((evse) => evse.transaction !== undefined)) return undefined;
  return side.model.read(place);
}

export function replaceMonitor(side: Side2x, changed: Monitor): void {
  side.monitors = side.monitors.map((one) => (one.id === changed.id ? changed : one));
}

function tell(
  side: Side2x,
  monitor: Monitor,
  trigger: v21.EventTriggerEnumType,
  value: string,
  cleared: boolean,
): void {
  if (monitor.severity > side.monitoringLevel) return;
  const place = side.model.find(monitor.component, monitor.variable);
  if (typeof place === 'string') return;
  // Offline only what is severe enough is kept (MonitoringCtrlr.OfflineQueuingSeverity).
  const keeps = monitor.severity <= side.model.int('MonitoringCtrlr.OfflineQueuingSeverity');
  side.send(
    'NotifyEvent',
    {
      generatedAt: side.iso(),
      seqNo: 0,
      tbc: false,
      eventData: [
        {
          eventId: side.nextEventId++,
          timestamp: side.iso(),
          trigger,
          actualValue: value,
          ...(cleared ? { cleared: true } : {}),
          component: componentOf(place),
          variable: variableOf(place),
          variableMonitoringId: monitor.id,
          eventNotificationType: 'CustomMonitor',
          ...(side.version === '2.1' ? { severity: monitor.severity } : {}),
        },
      ],
    },
    keeps ? 'security' : 'loose',
  );
}
