import Type, { type Static } from 'typebox';
import { correlation, correlationAliases } from './acknowledgement.ts';
import { AuthorizationStatus } from './enums.ts';
import { Identification } from './identification.ts';
import { StatusCode } from './status-code.ts';
import { EvseID, OperatorID, PartnerSessionID, ProductID, ProviderID, SessionID } from './strings.ts';

const aliases = { 'x-aliases': correlationAliases };

export const AuthorizeStart = Type.Object(
  {
    ...correlation,
    OperatorID,
    EvseID: Type.Optional(EvseID),
    Identification,
    PartnerProductID: Type.Optional(ProductID),
  },
  { title: 'eRoamingAuthorizeStart', ...aliases, 'x-rule': 'authorizationRequest' },
);
export type AuthorizeStart = Static<typeof AuthorizeStart>;

export const AuthorizationStart = Type.Object(
  {
    ...correlation,
    ProviderID: Type.Optional(ProviderID),
    AuthorizationStatus,
    StatusCode,
    AuthorizationStopIdentifications: Type.Optional(Type.Array(Identification)),
  },
  { title: 'eRoamingAuthorizationStart', ...aliases, 'x-rule': 'authorizationAnswer' },
);
export type AuthorizationStart = Static<typeof AuthorizationStart>;

export const AuthorizeStop = Type.Object(
  {
    ...correlation,
    SessionID,
    OperatorID,
    EvseID: Type.Optional(EvseID),
    Identification,
    // Published examples carry it though no table lists it.
    PartnerProductID: Type.Optional(ProductID),
  },
  { title: 'eRoamingAuthorizeStop', ...aliases, 'x-rule': 'authorizationRequest' },
);
export type AuthorizeStop = Static<typeof AuthorizeStop>;

export const AuthorizationStop = Type.Object(
  { ...correlation, ProviderID: Type.Optional(ProviderID), AuthorizationStatus, StatusCode },
  { title: 'eRoamingAuthorizationStop', ...aliases, 'x-rule': 'authorizationAnswer' },
);
export type AuthorizationStop = Static<typeof AuthorizationStop>;

const partnerSessions = {
  CPOPartnerSessionID: Type.Optional(PartnerSessionID),
  EMPPartnerSessionID: Type.Optional(PartnerSessionID),
};

export const AuthorizeRemoteStart = Type.Object(
  {
    ...correlation,
    ProviderID,
    EvseID,
    Identification,
    PartnerProductID: Type.Optional(ProductID),
  },
  { title: 'eRoamingAuthorizeRemoteStart', ...aliases, 'x-rule': 'remoteStart' },
);
export type AuthorizeRemoteStart = Static<typeof AuthorizeRemoteStart>;

export const AuthorizeRemoteStop = Type.Object(
  { SessionID, ...partnerSessions, ProviderID, EvseID },
  { title: 'eRoamingAuthorizeRemoteStop', ...aliases },
);
export type AuthorizeRemoteStop = Static<typeof AuthorizeRemoteStop>;

export const AuthorizeRemoteReservationStart = Type.Object(
  {
    ...correlation,
    ProviderID,
    EvseID,
    Identification,
    PartnerProductID: Type.Optional(ProductID),
    Duration: Type.Optional(Type.Integer({ minimum: 1, maximum: 99, description: 'Minutes.' })),
  },
  { title: 'eRoamingAuthorizeRemoteReservationStart', ...aliases, 'x-rule': 'remoteStart' },
);
export type AuthorizeRemoteReservationStart = Static<typeof AuthorizeRemoteReservationStart>;

export const AuthorizeRemoteReservationStop = Type.Object(
  { SessionID, ...partnerSessions, ProviderID, EvseID },
  { title: 'eRoamingAuthorizeRemoteReservationStop', ...aliases },
);
export type AuthorizeRemoteReservationStop = Static<typeof AuthorizeRemoteReservationStop>;
