import Type, { type Static } from 'typebox';
import { ActionType } from './enums.ts';
import { Identification } from './identification.ts';
import { ProviderID } from './strings.ts';

export const PushAuthenticationData = Type.Object(
  {
    ActionType,
    ProviderAuthenticationData: Type.Object({
      ProviderID,
      AuthenticationDataRecord: Type.Array(Type.Object({ Identification })),
    }),
  },
  { title: 'eRoamingPushAuthenticationData', 'x-rule': 'authenticationData' },
);
export type PushAuthenticationData = Static<typeof PushAuthenticationData>;
