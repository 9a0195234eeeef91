import Type from 'typebox';
import { oneOf } from '../../../platform/schema/words.ts';
import { isV2 } from '../../../protocols/ocpp/versions.ts';
import { chargingProfile, ProfileInput, purposeIn } from './charging-profile.ts';
import { call, command, defined, evse, notIn } from './command.ts';

/** 1.6 §5.16, 2.x K01. */
export const setProfile = command({
  name: 'set-profile',
  summary: 'Install a charging profile',
  body: Type.Object({ evse, profile: ProfileInput }, { additionalProperties: false }),
  translate({ evse: id = 0, profile }, { version }) {
    const translated = chargingProfile(version, profile);
    return isV2(version)
      ? call('SetChargingProfile', { evseId: id, chargingProfile: translated })
      : call('SetChargingProfile', { connectorId: id, csChargingProfiles: translated });
  },
});

/** 1.6 §5.5, 2.x K10. Nothing selected means all. */
export const clearProfile = command({
  name: 'clear-profile',
  summary: 'Remove charging profiles',
  description: 'By id, or by all other members together; without any: all.',
  bodyOptional: true,
  body: Type.Object(
    {
      id: Type.Optional(Type.Integer()),
      evse,
      purpose: Type.Optional(Type.String({ minLength: 1 })),
      stackLevel: Type.Optional(Type.Integer({ minimum: 0 })),
    },
    { additionalProperties: false },
  ),
  translate({ id, evse: evseId, purpose, stackLevel }, { version }) {
    const named = purpose === undefined ? undefined : purposeIn(version, purpose);
    if (isV2(version)) {
      const criteria = defined({ evseId, chargingProfilePurpose: named, stackLevel });
      // The message may not be empty (K10.FR.02): without a choice, the criteria are there and choose nothing.
      const given = id === undefined || Object.keys(criteria).length > 0 ? criteria : undefined;
      return call('ClearChargingProfile', { chargingProfileId: id, chargingProfileCriteria: given });
    }
    return call('ClearChargingProfile', { id, connectorId: evseId, chargingProfilePurpose: named, stackLevel });
  },
});

/** 2.x K09. 1.6 cannot ask. */
export const getProfiles = command({
  name: 'get-profiles',
  summary: 'Have the charging profiles reported (2.x)',
  bodyOptional: true,
  body: Type.Object(
    {
      evse,
      ids: Type.Optional(Type.Array(Type.Integer(), { minItems: 1 })),
      purpose: Type.Optional(Type.String({ minLength: 1 })),
      stackLevel: Type.Optional(Type.Integer({ minimum: 0 })),
    },
    { additionalProperties: false },
  ),
  translate({ evse: evseId, ids, purpose, stackLevel }, { version, nextRequestId }) {
    if (!isV2(version)) throw notIn(version, 'tell its charging profiles');
    return call('GetChargingProfiles', {
      requestId: nextRequestId(),
      evseId,
      chargingProfile: defined({
        chargingProfileId: ids,
        chargingProfilePurpose: purpose === undefined ? undefined : purposeIn(version, purpose),
        stackLevel,
      }),
    });
  },
});

/** 1.6 §5.7, 2.x K08. */
export const composite = command({
  name: 'composite',
  summary: 'Ask for the composite schedule',
  body: Type.Object(
    {
      evse,
      durationS: Type.Integer({ minimum: 1 }),
      unit: Type.Optional(oneOf(['A', 'W'])),
    },
    { additionalProperties: false },
  ),
  translate({ evse: id = 0, durationS, unit }, { version }) {
    const place = isV2(version) ? { evseId: id } : { connectorId: id };
    return call('GetCompositeSchedule', { ...place, duration: durationS, chargingRateUnit: unit });
  },
});
