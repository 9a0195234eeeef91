import type { Inbound } from '../../handler.ts';
import { securityEventReceived } from '../../security-events.ts';

/** Security whitepaper A04. */
export const securityEventNotification: Inbound<'1.6', 'SecurityEventNotification'> = {
  changes: 'keeps the security event',
  shows: '/stations/{id}/security-events',
  handle(context, request) {
    securityEventReceived(context, request);
    return {};
  },
};
