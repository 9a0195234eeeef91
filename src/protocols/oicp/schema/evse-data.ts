import Type, { type Static } from 'typebox';
import {
  Accessibility,
  AccessibilityLocation,
  ActionType,
  AuthenticationMode,
  CalibrationLawDataAvailability,
  ChargingMode,
  DeltaType,
  DynamicInfo,
  GeoFormat,
  PaymentOption,
  Plug,
  PowerType,
  ValueAddedService,
} from './enums.ts';
import { pageOf } from './page.ts';
import {
  ChargingPoolID,
  CountryCode,
  DateTime,
  EvseID,
  HourMinute,
  LanguageCode,
  OperatorID,
  PhoneNumber,
  ProviderID,
  TimeZone,
} from './strings.ts';
import {
  Address,
  ChargingFacility,
  EnergySource,
  EnvironmentalImpact,
  GeoCoordinates,
  InfoText,
  OpeningTimes,
  SearchCenter,
} from './structures.ts';

/** Members that are the same on push and pull. */
const common = {
  deltaType: Type.Optional(DeltaType),
  lastUpdate: Type.Optional(DateTime),
  EvseID,
  ChargingPoolID: Type.Optional(ChargingPoolID),
  ChargingStationID: Type.Optional(Type.String({ maxLength: 50 })),
  HardwareManufacturer: Type.Optional(Type.String({ maxLength: 50 })),
  ChargingStationImage: Type.Optional(Type.String({ maxLength: 200 })),
  SubOperatorName: Type.Optional(Type.String({ maxLength: 100 })),
  GeoCoordinates,
  Plugs: Type.Array(Plug, { minItems: 1 }),
  DynamicPowerLevel: Type.Optional(Type.Boolean()),
  EnergySource: Type.Optional(Type.Array(EnergySource)),
  EnvironmentalImpact: Type.Optional(EnvironmentalImpact),
  MaxCapacity: Type.Optional(Type.Integer({ minimum: 0, description: 'kWh.' })),
  AccessibilityLocation: Type.Optional(AccessibilityLocation),
  AdditionalInfo: Type.Optional(Type.Array(InfoText)),
  ChargingStationLocationReference: Type.Optional(Type.Array(InfoText)),
  GeoChargingPointEntrance: Type.Optional(GeoCoordinates),
  OpeningTimes: Type.Optional(Type.Array(OpeningTimes)),
  HubOperatorID: Type.Optional(OperatorID),
  ClearinghouseID: Type.Optional(Type.String({ maxLength: 20 })),
};

export const EvseDataRecord = Type.Object(
  {
    ...common,
    ChargingStationNames: Type.Array(InfoText, { minItems: 1 }),
    Address,
    ChargingFacilities: Type.Array(ChargingFacility),
    RenewableEnergy: Type.Boolean({ description: 'True only for 100 % renewable.' }),
    CalibrationLawDataAvailability,
    AuthenticationModes: Type.Array(AuthenticationMode),
    PaymentOptions: Type.Array(PaymentOption),
    ValueAddedServices: Type.Array(ValueAddedService),
    Accessibility,
    HotlinePhoneNumber: PhoneNumber,
    IsOpen24Hours: Type.Boolean(),
    IsHubjectCompatible: Type.Boolean({ description: 'False: no remote start or stop through the hub.' }),
    DynamicInfoAvailable: DynamicInfo,
  },
  {
    title: 'EvseDataRecordType',
    'x-aliases': { ChargingStationId: 'ChargingStationID', ClearinghouseId: 'ClearinghouseID' },
    'x-rule': 'evseDataRecord',
  },
);
export type EvseDataRecord = Static<typeof EvseDataRecord>;

/**
 * A record as EMPs receive it. Members that OICP 2.1 or 2.2 did not have are null when the CPO pushes with those, so they
 * are optional here (2.3 release notes).
 */
export const PullEvseDataRecord = Type.Object(
  {
    ...common,
    OperatorID,
    OperatorName: Type.Optional(Type.String({ maxLength: 100 })),
    ChargingStationNames: Type.Optional(
      Type.Array(Type.Object({ lang: Type.Optional(LanguageCode), value: Type.Optional(Type.String()) })),
    ),
    Address: Type.Object({
      Country: CountryCode,
      City: Type.Optional(Type.String()),
      Street: Type.Optional(Type.String()),
      PostalCode: Type.Optional(Type.String()),
      HouseNum: Type.Optional(Type.String()),
      Floor: Type.Optional(Type.String()),
      Region: Type.Optional(Type.String()),
      ParkingFacility: Type.Optional(Type.Boolean()),
      ParkingSpot: Type.Optional(Type.String()),
      TimeZone: Type.Optional(TimeZone),
    }),
    ChargingFacilities: Type.Optional(
      Type.Array(
        Type.Object({
          PowerType: Type.Optional(PowerType),
          Power: Type.Optional(Type.Number()),
          Voltage: Type.Optional(Type.Integer()),
          Amperage: Type.Optional(Type.Integer()),
          ChargingModes: Type.Optional(Type.Array(ChargingMode)),
        }),
      ),
    ),
    RenewableEnergy: Type.Optional(Type.Boolean()),
    CalibrationLawDataAvailability: Type.Optional(CalibrationLawDataAvailability),
    AuthenticationModes: Type.Optional(Type.Array(AuthenticationMode)),
    PaymentOptions: Type.Optional(Type.Array(PaymentOption)),
    ValueAddedServices: Type.Optional(Type.Array(ValueAddedService)),
    Accessibility: Type.Optional(Accessibility),
    HotlinePhoneNumber: Type.Optional(PhoneNumber),
    IsOpen24Hours: Type.Optional(Type.Boolean()),
    OpeningTimes: Type.Optional(
      Type.Array(
        Type.Object(
          {
            Period: Type.Optional(Type.Array(Type.Object({ begin: HourMinute, end: HourMinute }), { 'x-wrap': true })),
            on: Type.Optional(Type.String()),
          },
          { 'x-aliases': { On: 'on', Periods: 'Period' } },
        ),
      ),
    ),
    IsHubjectCompatible: Type.Optional(Type.Boolean()),
    DynamicInfoAvailable: Type.Optional(DynamicInfo),
  },
  {
    title: 'PullEvseDataRecordType',
    'x-aliases': {
      ChargingStationId: 'ChargingStationID',
      ClearinghouseId: 'ClearinghouseID',
      OperatorId: 'OperatorID',
    },
  },
);
export type PullEvseDataRecord = Static<typeof PullEvseDataRecord>;

export const PushEvseData = Type.Object(
  {
    ActionType,
    OperatorEvseData: Type.Object({
      OperatorID,
      OperatorName: Type.String({ maxLength: 100 }),
      EvseDataRecord: Type.Array(EvseDataRecord),
    }),
  },
  { title: 'eRoamingPushEvseData' },
);
export type PushEvseData = Static<typeof PushEvseData>;

/** Spelled `OperatorIds` here, `OperatorIDs` in pricing, `OperatorID` in status. */
export const PullEvseData = Type.Object(
  {
    ProviderID,
    GeoCoordinatesResponseFormat: GeoFormat,
    SearchCenter: Type.Optional(SearchCenter),
    LastCall: Type.Optional(DateTime),
    CountryCodes: Type.Optional(Type.Array(CountryCode)),
    OperatorIds: Type.Optional(Type.Array(OperatorID)),
    AuthenticationModes: Type.Optional(Type.Array(AuthenticationMode)),
    Accessibility: Type.Optional(Type.Array(Accessibility)),
    CalibrationLawDataAvailability: Type.Optional(Type.Array(CalibrationLawDataAvailability)),
    RenewableEnergy: Type.Optional(Type.Boolean()),
    IsHubjectCompatible: Type.Optional(Type.Boolean()),
    IsOpen24Hours: Type.Optional(Type.Boolean()),
  },
  { title: 'eRoamingPullEVSEData', 'x-aliases': { OperatorIDs: 'OperatorIds' }, 'x-rule': 'pullEvseData' },
);
export type PullEvseData = Static<typeof PullEvseData>;

export const EvseData = pageOf(PullEvseDataRecord, 'eRoamingEVSEData');
export type EvseData = Static<typeof EvseData>;
