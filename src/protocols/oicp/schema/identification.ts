import Type, { type Static } from 'typebox';
import { LegacyHashFunction, RfidType } from './enums.ts';
import { DateTime, EvcoID, HashValue, UID } from './strings.ts';

export const HashedPIN = Type.Object(
  {
    Value: HashValue,
    Function: Type.Enum(['Bcrypt']),
    LegacyHashData: Type.Optional(
      Type.Object({
        Function: LegacyHashFunction,
        Salt: Type.Optional(Type.String({ maxLength: 100 })),
        Value: Type.Optional(Type.String({ maxLength: 20 })),
      }),
    ),
  },
  { title: 'HashedPINType' },
);
export type HashedPIN = Static<typeof HashedPIN>;

export const IDENTIFICATION_KINDS = [
  'RFIDMifareFamilyIdentification',
  'RFIDIdentification',
  'QRCodeIdentification',
  'PlugAndChargeIdentification',
  'RemoteIdentification',
] as const;
export type IdentificationKind = (typeof IDENTIFICATION_KINDS)[number];

/** Exactly one member. The published schemas do not hold that (their examples carry all five); the rule does. */
export const Identification = Type.Object(
  {
    RFIDMifareFamilyIdentification: Type.Optional(Type.Object({ UID })),
    RFIDIdentification: Type.Optional(
      Type.Object({
        UID,
        RFID: RfidType,
        EvcoID: Type.Optional(EvcoID),
        PrintedNumber: Type.Optional(Type.String({ maxLength: 150 })),
        ExpiryDate: Type.Optional(DateTime),
      }),
    ),
    QRCodeIdentification: Type.Optional(
      Type.Object(
        {
          EvcoID,
          PIN: Type.Optional(Type.String({ maxLength: 20 })),
          HashedPIN: Type.Optional(HashedPIN),
        },
        { 'x-rule': 'pin' },
      ),
    ),
    PlugAndChargeIdentification: Type.Optional(Type.Object({ EvcoID })),
    RemoteIdentification: Type.Optional(Type.Object({ EvcoID })),
  },
  { title: 'IdentificationType', description: 'Exactly one member.', 'x-rule': 'identification' },
);
export type Identification = Static<typeof Identification>;

/** The medium in one value: what it is, and the id that names the driver. */
export interface Medium {
  readonly kind: IdentificationKind;
  readonly uid: string | undefined;
  readonly evcoId: string | undefined;
}

/** The one member that is there; `undefined` when there is none. */
export function mediumOf(identification: Identification): Medium | undefined {
  for (const kind of IDENTIFICATION_KINDS) {
    const member = identification[kind];
    if (member === undefined) continue;
    return {
      kind,
      uid: 'UID' in member ? member.UID : undefined,
      evcoId: 'EvcoID' in member ? member.EvcoID : undefined,
    };
  }
  return undefined;
}
