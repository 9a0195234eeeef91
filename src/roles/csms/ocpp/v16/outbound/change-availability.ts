import { availabilityChanged } from '../../availability.ts';
import type { Outbound } from '../../handler.ts';

/** 1.6 §5.2. Connector 0 is the station and all its connectors. */
export const changeAvailability: Outbound<'1.6', 'ChangeAvailability'> = {
  changes: 'what availability was asked for, once Accepted or Scheduled',
  shows: '/stations/{id} evses[].connectors[].operational',
  answered(context, request, { status }) {
    if (status === 'Rejected') return;
    const { connectorId, type } = request;
    availabilityChanged(context, connectorId === 0 ? {} : { evse: connectorId }, type);
  },
};
