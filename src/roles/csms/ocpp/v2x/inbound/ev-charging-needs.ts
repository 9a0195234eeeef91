import type { v21 } from '../../../../../protocols/ocpp/messages.ts';
import type { Inbound, InboundContext } from '../../handler.ts';
import type { InboundV2 } from '../handlers.ts';

const NEEDS_NOTES = {
  changes: 'what the EV on that EVSE needs',
  shows: '/stations/{id}/charging-needs',
} as const;

/**
 * K15. Nobody here plans by itself: the needs are kept, and the EV charges by what is installed. Accepted and Processing
 * would promise a profile (K15.FR.03, FR.05, FR.08), for which the station would let the EV wait.
 */
export const notifyEVChargingNeeds201: Inbound<'2.0.1', 'NotifyEVChargingNeeds'> = {
  ...NEEDS_NOTES,
  handle(context, request) {
    needsKept(context, request, 'Rejected');
    return { status: 'Rejected' };
  },
};

/** 2.1 K18, K19: the EV charges by what is installed, which NoChargingProfile says. Rejected would end the transaction. */
export const notifyEVChargingNeeds21: Inbound<'2.1', 'NotifyEVChargingNeeds'> = {
  ...NEEDS_NOTES,
  handle(context, request) {
    needsKept(context, request, 'NoChargingProfile');
    return { status: 'NoChargingProfile' };
  },
};

function needsKept(context: InboundContext, request: v21.NotifyEVChargingNeedsRequest, status: string): void {
  const { state, station, now, services, call } = context;
  const { evseId: evse, ...value } = request;
  const { requestedEnergyTransfer: transfer, acChargingParameters, dcChargingParameters } = request.chargingNeeds;
  const wrong = transfer.startsWith('DC') ? acChargingParameters : dcChargingParameters;
  if (wrong !== undefined) {
    services.finding(call, station, {
      rule: 'csms.ev-needs.kind',
      severity: 'warning',
      text: `The parameters of the EV do not belong to its energy transfer ${transfer}`,
      clause: 'K15.FR.06',
    });
  }
  state.items.put({ station, kind: 'charging-needs', id: `needs-${evse}`, at: now, evse, status, value });
  services.changed({ what: 'item', station, kind: 'charging-needs', id: `needs-${evse}` });
}

/** K15.FR.09: what the EV made of our limits. It is taken as it is. */
export const notifyEVChargingSchedule: InboundV2<'NotifyEVChargingSchedule'> = {
  changes: 'the schedule that the EV on that EVSE follows',
  shows: '/stations/{id}/charging-needs',
  handle({ state, station, now, services }, { evseId: evse, ...value }) {
    const id = `schedule-${evse}`;
    state.items.put({ station, kind: 'charging-needs', id, at: now, evse, status: 'Accepted', value });
    services.changed({ what: 'item', station, kind: 'charging-needs', id });
    return { status: 'Accepted' };
  },
};
