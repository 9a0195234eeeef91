import { securityEventReceived } from '../../security-events.ts';
import type { InboundV2 } from '../handlers.ts';

/** A04. */
export const securityEventNotification: InboundV2<'SecurityEventNotification'> = {
  changes: 'keeps the security event',
  shows: '/stations/{id}/security-events',
  handle(context, request) {
    securityEventReceived(context, request);
    return {};
  },
};
