import Type from 'typebox';
import { isV2 } from '../../../protocols/ocpp/versions.ts';
import { chargingProfile, ProfileInput } from './charging-profile.ts';
import { call, command, groupToken2x, idToken2x, tokenFields } from './command.ts';

/** 1.6 §5.11, 2.x F01/F02. */
export const start = command({
  name: 'start',
  summary: 'Start a transaction',
  body: Type.Object(
    {
      ...tokenFields,
      evse: Type.Optional(Type.Integer({ minimum: 1, description: 'EVSE (1.6: the connector); the station chooses.' })),
      remoteStartId: Type.Optional(Type.Integer({ description: '2.x: comes back in the TransactionEvent.' })),
      profile: Type.Optional(ProfileInput),
    },
    { additionalProperties: false },
  ),
  translate(input, context) {
    const { version } = context;
    const profile = input.profile === undefined ? undefined : chargingProfile(version, input.profile);
    if (isV2(version)) {
      return call('RequestStartTransaction', {
        remoteStartId: input.remoteStartId ?? context.nextRequestId(),
        idToken: idToken2x(input.idToken, input.type, context),
        groupIdToken: groupToken2x(input.groupId),
        evseId: input.evse,
        chargingProfile: profile,
      });
    }
    return call('RemoteStartTransaction', {
      connectorId: input.evse,
      idTag: input.idToken,
      chargingProfile: profile,
    });
  },
});
