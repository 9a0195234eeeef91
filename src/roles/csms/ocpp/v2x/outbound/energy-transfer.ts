import type { Outbound } from '../../handler.ts';
import { priorityChargingId } from '../priority-charging.ts';

/** 2.1 K21: the station says by NotifyPriorityCharging when it began. */
export const usePriorityCharging: Outbound<'2.1', 'UsePriorityCharging'> = {
  changes: 'priority charging of the transaction was asked for or given up, once Accepted',
  shows: '/stations/{id}/energy-transfer',
  answered({ state, station, now, services }, { transactionId, activate }, { status }) {
    if (status !== 'Accepted') return;
    const id = priorityChargingId(transactionId);
    const asked = activate ? 'Requested' : 'Ended';
    state.items.put({ station, kind: 'energy-transfer', id, at: now, status: asked, value: { transactionId } });
    services.changed({ what: 'item', station, kind: 'energy-transfer', id });
  },
};

/** 2.1 Q02: the EV renegotiates and says its needs again. */
export const notifyAllowedEnergyTransfer: Outbound<'2.1', 'NotifyAllowedEnergyTransfer'> = {
  changes: 'the energy transfer modes that the transaction may use, once Accepted',
  shows: '/stations/{id}/energy-transfer',
  answered({ state, station, now, services }, { transactionId, allowedEnergyTransfer }, { status }) {
    if (status !== 'Accepted') return;
    const id = `allowed-${transactionId}`;
    const value = { transactionId, allowedEnergyTransfer };
    state.items.put({ station, kind: 'energy-transfer', id, at: now, status, value });
    services.changed({ what: 'item', station, kind: 'energy-transfer', id });
  },
};

/** 2.1 Q08: a grid-balancing signal. The last one counts. */
export const afrrSignal: Outbound<'2.1', 'AFRRSignal'> = {
  changes: 'the last aFRR signal that the station follows, once Accepted',
  shows: '/stations/{id}/energy-transfer',
  answered({ state, station, now, services }, { timestamp, signal }, { status }) {
    if (status !== 'Accepted') return;
    const id = 'afrr-signal';
    state.items.put({ station, kind: 'energy-transfer', id, at: now, status, value: { timestamp, signal } });
    services.changed({ what: 'item', station, kind: 'energy-transfer', id });
  },
};
