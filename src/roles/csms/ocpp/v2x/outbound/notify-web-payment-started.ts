import { isoTime, SECOND_MS } from '../../../../../core/time.ts';
import type { Outbound } from '../../handler.ts';

/** 2.1 C25.FR.21-27: the EVSE takes no local start for a while. The answer has no status. */
export const notifyWebPaymentStarted: Outbound<'2.1', 'NotifyWebPaymentStarted'> = {
  changes: 'the web payment on that EVSE, and until when the EVSE is held for it',
  shows: '/stations/{id}/settlements',
  answered({ state, station, now, services }, { evseId: evse, timeout }) {
    const id = `web-payment-${evse}`;
    const value = { timeoutS: timeout, heldUntil: isoTime(now + timeout * SECOND_MS) };
    state.items.put({ station, kind: 'settlements', id, at: now, evse, status: 'WebPaymentStarted', value });
    services.changed({ what: 'item', station, kind: 'settlements', id });
  },
};
