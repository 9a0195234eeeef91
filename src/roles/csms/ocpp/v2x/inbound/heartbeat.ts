import { isoTime } from '../../../../../core/time.ts';
import type { InboundV2 } from '../handlers.ts';

/** G02: a sign of life, and the station's clock. The link keeps when it was last heard. */
export const heartbeat: InboundV2<'Heartbeat'> = {
  changes: 'last seen',
  shows: '/stations/{id} lastSeenAt',
  handle: (context) => ({ currentTime: isoTime(context.now) }),
};
