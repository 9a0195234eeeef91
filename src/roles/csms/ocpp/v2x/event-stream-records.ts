import type { v21 } from '../../../../protocols/ocpp/messages.ts';
import type { InboundContext, OutboundContext } from '../handler.ts';

/** An event stream is open with these parameters. Returns false when the station has too many. */
export function eventStreamOpen(
  context: InboundContext | OutboundContext,
  { id, params, variableMonitoringId }: v21.ConstantStreamDataType,
): boolean {
  const { state, station, now, services } = context;
  const before = state.items.get(station, 'event-streams', id);
  const taken = state.items.put({
    station,
    kind: 'event-streams',
    id: String(id),
    at: now,
    status: 'Open',
    value: { ...before?.value, params, variableMonitoringId },
  });
  services.changed({ what: 'item', station, kind: 'event-streams', id: String(id) });
  return taken;
}
