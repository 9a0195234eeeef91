import { isoTime } from '../../../../../core/time.ts';
import type { Inbound } from '../../handler.ts';

/** 1.6 §4.6: a sign of life, and the station's clock. The link keeps when it was last heard. */
export const heartbeat: Inbound<'1.6', 'Heartbeat'> = {
  changes: 'last seen',
  shows: '/stations/{id} lastSeenAt',
  handle: (context) => ({ currentTime: isoTime(context.now) }),
};
