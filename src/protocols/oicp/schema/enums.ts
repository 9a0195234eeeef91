import Type from 'typebox';

/** All enumerations of OICP 2.3 (data types chapter). Values are case-sensitive and written as on the wire. */

export const ACTION_TYPES = ['fullLoad', 'update', 'insert', 'delete'] as const;
export const DELTA_TYPES = ['update', 'insert', 'delete'] as const;
export const AUTHORIZATION_STATUSES = ['Authorized', 'NotAuthorized'] as const;
export const EVSE_STATUSES = ['Available', 'Reserved', 'Occupied', 'OutOfService', 'EvseNotFound', 'Unknown'] as const;
export const ACCESSIBILITIES = [
  'Free publicly accessible',
  'Restricted access',
  'Paying publicly accessible',
  'Test Station',
] as const;
export const ACCESSIBILITY_LOCATIONS = ['OnStreet', 'ParkingLot', 'ParkingGarage', 'UndergroundParkingGarage'] as const;
export const PLUGS = [
  'Small Paddle Inductive',
  'Large Paddle Inductive',
  'AVCON Connector',
  'Tesla Connector',
  'NEMA 5-20',
  'Type E French Standard',
  'Type F Schuko',
  'Type G British Standard',
  'Type J Swiss Standard',
  'Type 1 Connector (Cable Attached)',
  'Type 2 Outlet',
  'Type 2 Connector (Cable Attached)',
  'Type 3 Outlet',
  'IEC 60309 Single Phase',
  'IEC 60309 Three Phase',
  'CCS Combo 2 Plug (Cable Attached)',
  'CCS Combo 1 Plug (Cable Attached)',
  'CHAdeMO',
] as const;
export const CHARGING_MODES = ['Mode_1', 'Mode_2', 'Mode_3', 'Mode_4', 'CHAdeMO'] as const;
export const POWER_TYPES = ['AC_1_PHASE', 'AC_3_PHASE', 'DC'] as const;
export const AUTHENTICATION_MODES = [
  'NFC RFID Classic',
  'NFC RFID DESFire',
  'PnC',
  'REMOTE',
  'Direct Payment',
  'No Authentication Required',
] as const;
export const PAYMENT_OPTIONS = ['No Payment', 'Direct', 'Contract'] as const;
export const VALUE_ADDED_SERVICES = [
  'Reservation',
  'DynamicPricing',
  'ParkingSensors',
  'MaximumPowerCharging',
  'PredictiveChargePointUsage',
  'ChargingPlans',
  'RoofProvided',
  'None',
] as const;
export const CALIBRATION_LAW_DATA_AVAILABILITIES = ['Local', 'External', 'Not Available'] as const;
export const ENERGIES = [
  'Solar',
  'Wind',
  'HydroPower',
  'GeothermalEnergy',
  'Biomass',
  'Coal',
  'NuclearEnergy',
  'Petroleum',
  'NaturalGas',
] as const;
export const GEO_FORMATS = ['Google', 'DegreeMinuteSeconds', 'DecimalDegree'] as const;
export const REFERENCE_UNITS = ['HOUR', 'KILOWATT_HOUR', 'MINUTE'] as const;
export const ADDITIONAL_REFERENCES = ['START FEE', 'FIXED FEE', 'PARKING FEE', 'MINIMUM FEE', 'MAXIMUM FEE'] as const;
/** `Workdays` is Monday to Friday. */
export const DAYS = [
  'Everyday',
  'Workdays',
  'Weekend',
  'Monday',
  'Tuesday',
  'Wednesday',
  'Thursday',
  'Friday',
  'Saturday',
  'Sunday',
] as const;
export const RFID_TYPES = ['mifareCls', 'mifareDes', 'calypso', 'nfc', 'mifareFamily'] as const;
export const LEGACY_HASH_FUNCTIONS = ['MD5', 'SHA-1'] as const;
export const METERING_STATUSES = ['Start', 'Progress', 'End'] as const;
export const NOTIFICATION_TYPES = ['Start', 'Progress', 'End', 'Error'] as const;
export const ERROR_TYPES = ['ConnectorError', 'CriticalError'] as const;
/** Text, not boolean. The hub turns `auto` into `true` once the CPO has sent a status. */
export const DYNAMIC_INFO = ['true', 'false', 'auto'] as const;

export const ActionType = Type.Enum(ACTION_TYPES, { title: 'ActionType' });
export const DeltaType = Type.Enum(DELTA_TYPES, { title: 'DeltaType' });
export const AuthorizationStatus = Type.Enum(AUTHORIZATION_STATUSES, { title: 'AuthorizationStatusType' });
export const EvseStatus = Type.Enum(EVSE_STATUSES, { title: 'EvseStatusType' });
export const Accessibility = Type.Enum(ACCESSIBILITIES, { title: 'AccessibilityType' });
export const AccessibilityLocation = Type.Enum(ACCESSIBILITY_LOCATIONS, { title: 'AccessibilityLocationType' });
export const Plug = Type.Enum(PLUGS, { title: 'PlugType' });
export const ChargingMode = Type.Enum(CHARGING_MODES, { title: 'ChargingModeType' });
export const PowerType = Type.Enum(POWER_TYPES, { title: 'PowerType' });
export const AuthenticationMode = Type.Enum(AUTHENTICATION_MODES, { title: 'AuthenticationModeType' });
export const PaymentOption = Type.Enum(PAYMENT_OPTIONS, { title: 'PaymentOptionType' });
export const ValueAddedService = Type.Enum(VALUE_ADDED_SERVICES, { title: 'ValueAddedServiceType' });
export const CalibrationLawDataAvailability = Type.Enum(CALIBRATION_LAW_DATA_AVAILABILITIES, {
  title: 'CalibrationLawDataAvailabilityType',
});
export const Energy = Type.Enum(ENERGIES, { title: 'EnergyType' });
export const GeoFormat = Type.Enum(GEO_FORMATS, { title: 'GeoCoordinatesResponseFormatType' });
export const ReferenceUnit = Type.Enum(REFERENCE_UNITS, { title: 'ReferenceUnitType' });
export const AdditionalReference = Type.Enum(ADDITIONAL_REFERENCES, { title: 'AdditionalReferenceType' });
export const Day = Type.Enum(DAYS, { title: 'on' });
export const RfidType = Type.Enum(RFID_TYPES, { title: 'RFIDType' });
export const LegacyHashFunction = Type.Enum(LEGACY_HASH_FUNCTIONS, { title: 'LegacyHashFunctionType' });
export const MeteringStatus = Type.Enum(METERING_STATUSES, { title: 'MeteringStatusType' });
export const DynamicInfo = Type.Enum(DYNAMIC_INFO, { title: 'DynamicInfoAvailable' });
/** Sources print the values with a space in one place and without in another: without is right. */
export const ErrorType = Type.Enum(ERROR_TYPES, {
  title: 'ErrorClassType',
  'x-value-aliases': { 'Connector Error': 'ConnectorError', 'Critical Error': 'CriticalError' },
});
