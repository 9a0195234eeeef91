import type { v21 } from '../../../../protocols/ocpp/messages.ts';
import type { InboundContext, OutboundContext } from '../handler.ts';

/** A message on the station's display. The same id replaces; there is one AlwaysFront message (O01). */
export function displayMessageKnown(
  context: InboundContext | OutboundContext,
  message: v21.MessageInfoType,
  source: 'set' | 'reported',
): void {
  const { state, station, now, services } = context;
  const id = String(message.id);
  if (source === 'set' && message.priority === 'AlwaysFront') {
    for (const other of state.items.all(station, 'messages'))
      if (other.status === 'AlwaysFront') state.items.delete(station, 'messages', other.id);
  }
  state.items.put({
    station,
    kind: 'messages',
    id,
    at: now,
    status: message.priority,
    value: { ...message, source },
  });
  services.changed({ what: 'item', station, kind: 'messages', id });
}
