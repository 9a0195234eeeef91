import Type, { type Static } from 'typebox';
import { correlation, correlationAliases } from './acknowledgement.ts';
import { ErrorType } from './enums.ts';
import { Identification } from './identification.ts';
import { EnergyKWh, MeterValuesInBetween } from './numbers.ts';
import { DateTime, EvseID, OperatorID, ProductID, SessionID } from './strings.ts';

const any = {
  ...correlation,
  SessionID,
  Identification: Type.Optional(Identification),
  EvseID,
  // Mandatory on the way to the hub only: a leg rule of the operation holds that.
  OperatorID: Type.Optional(OperatorID),
};
const product = { PartnerProductID: Type.Optional(ProductID) };
const aliases = { 'x-aliases': correlationAliases };

export const NotificationStart = Type.Object(
  {
    Type: Type.Enum(['Start']),
    ...any,
    ChargingStart: DateTime,
    SessionStart: Type.Optional(DateTime),
    MeterValueStart: Type.Optional(EnergyKWh),
    ...product,
  },
  { title: 'eRoamingChargingNotificationStart', ...aliases },
);
export type NotificationStart = Static<typeof NotificationStart>;

export const NotificationProgress = Type.Object(
  {
    Type: Type.Enum(['Progress']),
    ...any,
    ChargingStart: DateTime,
    EventOccurred: DateTime,
    ChargingDuration: Type.Optional(
      Type.Integer({ minimum: 0, description: 'Milliseconds from ChargingStart to EventOccurred.' }),
    ),
    SessionStart: Type.Optional(DateTime),
    ConsumedEnergyProgress: Type.Optional(EnergyKWh),
    MeterValueStart: Type.Optional(EnergyKWh),
    MeterValueInBetween: Type.Optional(MeterValuesInBetween),
    ...product,
  },
  { title: 'eRoamingChargingNotificationProgress', ...aliases, 'x-rule': 'progress' },
);
export type NotificationProgress = Static<typeof NotificationProgress>;

export const NotificationEnd = Type.Object(
  {
    Type: Type.Enum(['End']),
    ...any,
    ChargingStart: Type.Optional(DateTime),
    ChargingEnd: DateTime,
    SessionStart: Type.Optional(DateTime),
    SessionEnd: Type.Optional(DateTime),
    ConsumedEnergy: Type.Optional(EnergyKWh),
    MeterValueStart: Type.Optional(EnergyKWh),
    MeterValueInBetween: Type.Optional(MeterValuesInBetween),
    MeterValueEnd: Type.Optional(EnergyKWh),
    PenaltyTimeStart: Type.Optional(DateTime),
    ...product,
  },
  { title: 'eRoamingChargingNotificationEnd', ...aliases },
);
export type NotificationEnd = Static<typeof NotificationEnd>;

export const NotificationError = Type.Object(
  {
    Type: Type.Enum(['Error']),
    ...any,
    ErrorType,
    ErrorAdditionalInfo: Type.Optional(Type.String({ maxLength: 250 })),
  },
  { title: 'eRoamingChargingNotificationError', ...aliases },
);
export type NotificationError = Static<typeof NotificationError>;

/** `Type` chooses the branch; without that each published branch would also take the others. */
export const ChargingNotification = Type.Union(
  [NotificationStart, NotificationProgress, NotificationEnd, NotificationError],
  { title: 'eRoamingChargingNotification', 'x-discriminator': 'Type' },
);
export type ChargingNotification = Static<typeof ChargingNotification>;
