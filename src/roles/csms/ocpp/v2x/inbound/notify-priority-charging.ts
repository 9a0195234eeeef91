import type { Inbound } from '../../handler.ts';
import { priorityChargingId } from '../priority-charging.ts';

/** 2.1 K21, K22: priority charging began or ended, by our command or by a button at the station. */
export const notifyPriorityCharging: Inbound<'2.1', 'NotifyPriorityCharging'> = {
  changes: 'priority charging of the transaction: Active or Ended',
  shows: '/stations/{id}/energy-transfer',
  handle({ state, station, now, services }, { transactionId, activated }) {
    const id = priorityChargingId(transactionId);
    const status = activated ? 'Active' : 'Ended';
    state.items.put({ station, kind: 'energy-transfer', id, at: now, status, value: { transactionId, activated } });
    services.changed({ what: 'item', station, kind: 'energy-transfer', id });
    return {};
  },
};
