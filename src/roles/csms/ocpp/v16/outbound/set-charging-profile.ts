import type { Outbound } from '../../handler.ts';
import { profileInstalled } from '../../profiles.ts';

/** 1.6 §5.16: the same id, or the same purpose and stack level on the same connector, replaces. */
export const setChargingProfile: Outbound<'1.6', 'SetChargingProfile'> = {
  changes: 'the installed profile, once Accepted',
  shows: '/stations/{id}/profiles',
  answered(context, { connectorId, csChargingProfiles }, { status }) {
    if (status !== 'Accepted') return;
    const { chargingProfileId, stackLevel, chargingProfilePurpose, chargingProfileKind, transactionId } =
      csChargingProfiles;
    const facts = {
      id: chargingProfileId,
      stackLevel,
      purpose: chargingProfilePurpose,
      kind: chargingProfileKind,
      transactionId,
    };
    profileInstalled(
      context,
      connectorId,
      facts,
      csChargingProfiles,
      'set',
      (other) => other.evse === connectorId && other.purpose === facts.purpose && other.stackLevel === stackLevel,
    );
  },
};
