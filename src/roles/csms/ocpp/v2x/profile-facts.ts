import type { v21 } from '../../../../protocols/ocpp/messages.ts';
import type { ProfileFacts } from '../profiles.ts';

export function profileFacts(profile: v21.ChargingProfileType): ProfileFacts {
  const { id, stackLevel, chargingProfilePurpose, chargingProfileKind, transactionId } = profile;
  return { id, stackLevel, purpose: chargingProfilePurpose, kind: chargingProfileKind, transactionId };
}
