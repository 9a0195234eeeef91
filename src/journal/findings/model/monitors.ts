import { parseTime } from '../../../core/time.ts';
import type { Observation } from '../observation.ts';
import { booleanAt, listAt, numberAt, textAt, valueAt } from '../payload-reader.ts';

/** A monitor of a variable (2.x block N). */
export interface Monitor {
  readonly id: number;
  readonly severity: number | undefined;
  readonly type: string | undefined;
  readonly value: number | undefined;
  /** The message that told of it, and when. */
  readonly seq: number;
  readonly at: number;
  /** Set in this log: all of its events since were seen. */
  readonly wasSet: boolean;
  /** It has alerted, and not been cleared since. */
  alerted: boolean;
  /** Periodic: the first event of the present series, and how many came after it. */
  series: { readonly first: number; readonly count: number } | undefined;
}

const LIMIT = 500;

/** Monitors of a station, its level, and how much of that is known. */
export class Monitors {
  readonly #byId = new Map<number, Monitor>();
  /** The level that was last accepted: what is less severe is not told (N05.FR.03). */
  level: { readonly level: number; readonly seq: number; readonly at: number } | undefined;
  /** Every monitor is known: a report of all of them was seen whole, or only hard-wired ones were left. */
  complete = false;

  get(id: number): Monitor | undefined {
    return this.#byId.get(id);
  }

  update(o: Observation): void {
    if (o.action === 'BootNotification') {
      // Monitors survive a boot, their ids need not (N04.FR.19).
      if (o.kind === 'request') this.#forget();
    } else if (o.action === 'NotifyEvent') {
      if (o.kind === 'request') for (const event of listAt(o.payload, 'eventData')) this.#event(event, o);
    } else if (o.action === 'NotifyMonitoringReport') {
      if (o.kind === 'request') this.#reported(o);
    } else if (o.kind === 'response') {
      this.#answered(o);
    }
  }

  #answered(o: Observation): void {
    const request = o.request?.payload;
    const status = textAt(o.payload, 'status');
    switch (o.action) {
      case 'SetVariableMonitoring':
        for (const result of listAt(o.payload, 'setMonitoringResult')) this.#set(result, o);
        return;
      case 'ClearVariableMonitoring':
        for (const result of listAt(o.payload, 'clearMonitoringResult'))
          if (textAt(result, 'status') === 'Accepted') this.#byId.delete(numberAt(result, 'id') ?? -1);
        return;
      case 'SetMonitoringLevel': {
        const level = numberAt(request, 'severity');
        if (status === 'Accepted' && level !== undefined) this.level = { level, seq: o.seq, at: o.time };
        return;
      }
      case 'SetMonitoringBase':
        if (status === 'Accepted' && textAt(request, 'monitoringBase') !== 'All') this.#forget();
        return;
      case 'GetMonitoringReport':
        if (status === 'EmptyResultSet' && isUnfiltered(request)) {
          this.#byId.clear();
          this.complete = true;
        }
    }
  }

  #set(result: unknown, o: Observation): void {
    const id = numberAt(result, 'id');
    if (textAt(result, 'status') !== 'Accepted' || id === undefined) return;
    const asked = listAt(o.request?.payload, 'setMonitoringData').find((each) => isFor(each, result));
    this.#put({
      id,
      severity: numberAt(result, 'severity') ?? numberAt(asked, 'severity'),
      type: textAt(result, 'type') ?? textAt(asked, 'type'),
      value: numberAt(asked, 'value'),
      seq: o.seq,
      at: o.time,
      wasSet: true,
      alerted: this.#byId.get(id)?.alerted ?? false,
      series: undefined,
    });
  }

  #reported(o: Observation): void {
    for (const item of listAt(o.payload, 'monitor')) {
      for (const monitor of listAt(item, 'variableMonitoring')) {
        const id = numberAt(monitor, 'id');
        if (id === undefined || this.#byId.get(id)?.wasSet === true) continue;
        this.#put({
          id,
          severity: numberAt(monitor, 'severity'),
          type: textAt(monitor, 'type'),
          value: numberAt(monitor, 'value'),
          seq: o.seq,
          at: o.time,
          wasSet: false,
          alerted: false,
          series: undefined,
        });
      }
    }
    const report = o.link.model.management.reports.of(o);
    if (booleanAt(o.payload, 'tbc') !== true && report !== undefined && !report.hasHole)
      this.complete ||= isUnfiltered(report.request.payload);
  }

  #event(event: unknown, o: Observation): void {
    const monitor = this.#byId.get(numberAt(event, 'variableMonitoringId') ?? -1);
    if (monitor === undefined) return;
    const trigger = textAt(event, 'trigger');
    if (trigger === 'Alerting') monitor.alerted = booleanAt(event, 'cleared') !== true;
    if (trigger !== 'Periodic') return;
    const at = eventTimeOf(event) ?? o.time;
    const { series } = monitor;
    monitor.series = series === undefined ? { first: at, count: 0 } : { first: series.first, count: series.count + 1 };
    if (monitor.series.count >= PERIODS) monitor.series = { first: at, count: 0 };
  }

  #put(monitor: Monitor): void {
    if (this.#byId.size < LIMIT || this.#byId.has(monitor.id)) this.#byId.set(monitor.id, monitor);
    else this.complete = false;
  }

  #forget(): void {
    this.#byId.clear();
    this.complete = false;
  }
}

/** Periods over which the cadence of a Periodic monitor is looked at. */
export const PERIODS = 5;

export function eventTimeOf(event: unknown): number | undefined {
  return parseTime(textAt(event, 'timestamp') ?? '');
}

function isUnfiltered(request: unknown): boolean {
  return valueAt(request, 'monitoringCriteria') === undefined && valueAt(request, 'componentVariable') === undefined;
}

function isFor(asked: unknown, result: unknown): boolean {
  const same = (...path: [string, string]): boolean =>
    textAt(asked, ...path)?.toLowerCase() === textAt(result, ...path)?.toLowerCase();
  return (
    same('component', 'name') &&
    same('component', 'instance') &&
    same('variable', 'name') &&
    same('variable', 'instance') &&
    textAt(asked, 'type') === textAt(result, 'type') &&
    numberAt(asked, 'component', 'evse', 'id') === numberAt(result, 'component', 'evse', 'id')
  );
}
