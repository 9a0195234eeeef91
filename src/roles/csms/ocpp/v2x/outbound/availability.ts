import { availabilityChanged } from '../../availability.ts';
import type { OutboundV2 } from '../handlers.ts';

/** G03, G04. No EVSE is the station. */
export const changeAvailability: OutboundV2<'ChangeAvailability'> = {
  changes: 'what availability was asked for, once Accepted or Scheduled',
  shows: '/stations/{id} evses[].connectors[].operational',
  answered(context, { evse, operationalStatus }, { status }) {
    if (status === 'Rejected') return;
    availabilityChanged(context, { evse: evse?.id, connector: evse?.connectorId }, operationalStatus);
  },
};
