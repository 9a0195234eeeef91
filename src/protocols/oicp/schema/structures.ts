import Type, { type Static } from 'typebox';
import { ChargingMode, Day, Energy, MeteringStatus, PowerType } from './enums.ts';
import {
  CountryCode,
  DecimalDegree,
  DegreeMinuteSecond,
  GoogleCoordinates,
  HourMinute,
  LanguageCode,
  TimeZone,
} from './strings.ts';

export const InfoText = Type.Object(
  { lang: LanguageCode, value: Type.String({ maxLength: 150 }) },
  { title: 'InfoTextType' },
);
export type InfoText = Static<typeof InfoText>;

export const Address = Type.Object(
  {
    Country: CountryCode,
    City: Type.String({ minLength: 1, maxLength: 50 }),
    Street: Type.String({ minLength: 2, maxLength: 100 }),
    PostalCode: Type.String({ maxLength: 10 }),
    HouseNum: Type.String({ maxLength: 10 }),
    Floor: Type.Optional(Type.String({ maxLength: 5 })),
    Region: Type.Optional(Type.String({ maxLength: 50 })),
    ParkingFacility: Type.Optional(Type.Boolean()),
    ParkingSpot: Type.Optional(Type.String({ maxLength: 5 })),
    TimeZone: Type.Optional(TimeZone),
  },
  { title: 'AddressIso19773Type' },
);
export type Address = Static<typeof Address>;

export const GeoCoordinates = Type.Object(
  {
    Google: Type.Optional(
      Type.Object({ Coordinates: GoogleCoordinates }, { 'x-aliases': { Coordinatea: 'Coordinates' } }),
    ),
    DecimalDegree: Type.Optional(Type.Object({ Longitude: DecimalDegree, Latitude: DecimalDegree })),
    DegreeMinuteSeconds: Type.Optional(Type.Object({ Longitude: DegreeMinuteSecond, Latitude: DegreeMinuteSecond })),
  },
  { title: 'GeoCoordinatesType', description: 'Exactly one member.', 'x-rule': 'geoCoordinates' },
);
export type GeoCoordinates = Static<typeof GeoCoordinates>;

export const SearchCenter = Type.Object(
  {
    GeoCoordinates,
    Radius: Type.Number({ minimum: 0, maximum: 9999, description: 'Kilometres, decimal(4,1).' }),
  },
  { title: 'SearchCenterType' },
);
export type SearchCenter = Static<typeof SearchCenter>;

export const ChargingFacility = Type.Object(
  {
    PowerType,
    Power: Type.Number({
      minimum: 0,
      maximum: 999,
      description: 'kW, three digits.',
      'x-lenient': { maximum: 99_999 },
    }),
    Voltage: Type.Optional(Type.Integer({ minimum: 0, maximum: 999, description: 'V, line to neutral.' })),
    Amperage: Type.Optional(Type.Integer({ minimum: 0, description: 'A; two digits by the documents.' })),
    ChargingModes: Type.Optional(Type.Array(ChargingMode)),
  },
  { title: 'ChargingFacilityType', 'x-rule': 'chargingFacility' },
);
export type ChargingFacility = Static<typeof ChargingFacility>;

/** 0 to 100: one document's limit of 99 makes "all solar" impossible. */
export const EnergySource = Type.Object(
  { Energy: Type.Optional(Energy), Percentage: Type.Optional(Type.Integer({ minimum: 0, maximum: 100 })) },
  { title: 'EnergySourceType' },
);

export const EnvironmentalImpact = Type.Object(
  {
    CO2Emission: Type.Optional(Type.Number({ minimum: 0, description: 'g/kWh.' })),
    NuclearWaste: Type.Optional(Type.Number({ minimum: 0, description: 'g/kWh.' })),
  },
  { title: 'EnvironmentalImpactType' },
);

export const Period = Type.Object({ begin: HourMinute, end: HourMinute }, { title: 'PeriodType', 'x-rule': 'period' });

export const OpeningTimes = Type.Object(
  { Period: Type.Array(Period, { 'x-wrap': true }), on: Day },
  { title: 'OpeningTimesType', 'x-aliases': { On: 'on', Periods: 'Period' } },
);

export const SignedMeteringValue = Type.Object(
  {
    SignedMeteringValue: Type.Optional(Type.String({ maxLength: 3000 })),
    MeteringStatus: Type.Optional(MeteringStatus),
  },
  { title: 'SignedMeteringValuesType' },
);

export const CalibrationLawVerification = Type.Object(
  {
    CalibrationLawCertificateID: Type.Optional(Type.String({ maxLength: 100 })),
    PublicKey: Type.Optional(Type.String({ maxLength: 1000 })),
    MeteringSignatureUrl: Type.Optional(Type.String({ maxLength: 200 })),
    MeteringSignatureEncodingFormat: Type.Optional(Type.String({ maxLength: 50 })),
    SignedMeteringValuesVerificationInstruction: Type.Optional(Type.String({ maxLength: 400 })),
  },
  { title: 'CalibrationLawVerificationType' },
);
