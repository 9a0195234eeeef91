import type { Outbound } from '../../handler.ts';
import { profilesCleared } from '../../profiles.ts';

/** 1.6 §5.5. Unknown: nothing matched, nothing changed. */
export const clearChargingProfile: Outbound<'1.6', 'ClearChargingProfile'> = {
  changes: 'removes the profiles that were selected, once Accepted',
  shows: '/stations/{id}/profiles',
  answered(context, { id, connectorId, chargingProfilePurpose, stackLevel }, { status }) {
    if (status === 'Accepted')
      profilesCleared(context, { id, evse: connectorId, purpose: chargingProfilePurpose, stackLevel });
  },
};
