import type { v21 } from '../../../../protocols/ocpp/messages.ts';
import type { InboundContext, OutboundContext } from '../handler.ts';

/** A variable monitor as the station has it. Kinds of monitors are said by 2.1 only; what we set is custom. */
export interface MonitorFacts {
  readonly id: number;
  readonly component: v21.ComponentType;
  readonly variable: v21.VariableType;
  readonly type: string;
  readonly value: number;
  readonly severity: number;
  readonly transaction: boolean;
  readonly source: 'set' | 'reported';
  readonly notificationType?: v21.EventNotificationEnumType | undefined;
  readonly periodicEventStream?: v21.PeriodicEventStreamParamsType | undefined;
}

export function monitorKnown(context: InboundContext | OutboundContext, monitor: MonitorFacts): void {
  const { state, station, now, services } = context;
  const evse = monitor.component.evse?.id;
  const id = String(monitor.id);
  const before = state.items.get(station, 'monitors', id);
  const said = Object.fromEntries(Object.entries(monitor).filter(([, value]) => value !== undefined));
  state.items.put({
    station,
    kind: 'monitors',
    id,
    at: now,
    status: monitor.type,
    // Who set it stays known when the station reports it.
    value: { ...said, source: before?.value['source'] === 'set' ? 'set' : monitor.source },
    ...(evse === undefined ? {} : { evse }),
  });
  services.changed({ what: 'item', station, kind: 'monitors', id });
}

export function monitorGone({ state, station, services }: OutboundContext, id: number | string): void {
  state.items.delete(station, 'monitors', id);
  services.changed({ what: 'item', station, kind: 'monitors', id: String(id) });
}

/** N03: FactoryDefault drops what was set; HardWiredOnly also the preconfigured ones; All keeps everything. */
export function monitoringBaseTaken(context: OutboundContext, base: v21.MonitoringBaseEnumType): void {
  const { state, station } = context;
  state.stations.update(station, { monitoringBase: base });
  if (base === 'All') return;
  for (const { id, value } of state.items.all(station, 'monitors')) {
    const custom = value['source'] === 'set' || value['notificationType'] === 'CustomMonitor';
    const preconfigured = value['notificationType'] === 'PreconfiguredMonitor';
    if (custom || (preconfigured && base === 'HardWiredOnly')) monitorGone(context, id);
  }
}
