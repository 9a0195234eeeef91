import type { InboundContext } from './handler.ts';

/** Keeps a security event (1.6 whitepaper A04, 2.x A04). */
export function securityEventReceived(
  context: InboundContext,
  event: { readonly type: string; readonly timestamp: string; readonly techInfo?: string | undefined },
): void {
  const { state, station, now, services } = context;
  const { type, timestamp, techInfo } = event;
  state.items.append({ station, kind: 'security-events', at: now, status: type, value: { type, timestamp, techInfo } });
  services.changed({ what: 'item', station, kind: 'security-events', id: type });
}
