import Type, { type Static } from 'typebox';
import { correlation, correlationAliases } from './acknowledgement.ts';
import { Identification } from './identification.ts';
import { EnergyKWh, MeterValuesInBetween } from './numbers.ts';
import { pageOf } from './page.ts';
import { DateTime, EvseID, OperatorID, ProductID, ProviderID, SessionID } from './strings.ts';
import { CalibrationLawVerification, SignedMeteringValue } from './structures.ts';

/** The operator is named by the path alone. */
export const ChargeDetailRecord = Type.Object(
  {
    ...correlation,
    SessionID,
    PartnerProductID: Type.Optional(ProductID),
    EvseID,
    Identification,
    ChargingStart: DateTime,
    ChargingEnd: DateTime,
    SessionStart: DateTime,
    SessionEnd: DateTime,
    ConsumedEnergy: EnergyKWh,
    MeterValueStart: Type.Optional(EnergyKWh),
    MeterValueEnd: Type.Optional(EnergyKWh),
    MeterValueInBetween: Type.Optional(MeterValuesInBetween),
    SignedMeteringValues: Type.Optional(
      Type.Array(SignedMeteringValue, { maxItems: 10, description: 'Start, up to 8 in between, End.' }),
    ),
    CalibrationLawVerificationInfo: Type.Optional(CalibrationLawVerification),
    HubOperatorID: Type.Optional(OperatorID),
    HubProviderID: Type.Optional(ProviderID),
  },
  {
    title: 'eRoamingChargeDetailRecord',
    'x-aliases': { ...correlationAliases, HubProviderId: 'HubProviderID', HubOperatorId: 'HubOperatorID' },
  },
);
export type ChargeDetailRecord = Static<typeof ChargeDetailRecord>;

export const GetChargeDetailRecords = Type.Object(
  {
    ProviderID,
    From: DateTime,
    To: DateTime,
    SessionID: Type.Optional(Type.Array(SessionID)),
    // The table shows one id, the examples and live traffic a list.
    OperatorID: Type.Optional(Type.Array(OperatorID, { 'x-wrap': true })),
    CDRForwarded: Type.Optional(Type.Boolean({ description: 'False: only those that were not forwarded.' })),
  },
  {
    title: 'eRoamingGetChargeDetailRecords',
    'x-aliases': { CDRForwarder: 'CDRForwarded' },
    'x-rule': 'getChargeDetailRecords',
  },
);
export type GetChargeDetailRecords = Static<typeof GetChargeDetailRecords>;

export const ChargeDetailRecords = pageOf(ChargeDetailRecord, 'eRoamingChargeDetailRecords');
export type ChargeDetailRecords = Static<typeof ChargeDetailRecords>;
