import {
  fixedFlag,
  fixedNumber,
  fixedText,
  flag,
  number,
  row,
  SECONDS,
  text,
  V21,
  type VariableRow,
} from './variable-row.ts';

/** Controllers of blocks that a station may lack (2.0.1 appendix; 2.1 additions). */
export const BLOCK_VARIABLES: readonly VariableRow[] = [
  flag('DisplayMessageCtrlr', 'Enabled', 'true', { feature: 'display' }),
  fixedFlag('DisplayMessageCtrlr', 'Available', 'true', { feature: 'display' }),
  fixedNumber('DisplayMessageCtrlr', 'DisplayMessages', undefined, {
    feature: 'display',
    live: 'displayMessages',
    max: 20,
  }),
  row('MemberList', 'ReadOnly')('DisplayMessageCtrlr', 'SupportedFormats', 'ASCII,UTF8', {
    feature: 'display',
    values: ['ASCII', 'HTML', 'URI', 'UTF8'],
  }),
  row('MemberList', 'ReadOnly')('DisplayMessageCtrlr', 'SupportedPriorities', 'AlwaysFront,InFront,NormalCycle', {
    feature: 'display',
    values: ['AlwaysFront', 'InFront', 'NormalCycle'],
  }),

  // Off, because a CSMS without a planner leaves every such session waiting for a schedule.
  flag('ISO15118Ctrlr', 'Enabled', 'false'),
  fixedFlag('V2XChargingCtrlr', 'Available', 'false', { versions: V21 }),
  fixedFlag('V2XChargingCtrlr', 'Enabled', 'false', { versions: V21 }),
  flag('ISO15118Ctrlr', 'PnCEnabled', 'true'),
  flag('ISO15118Ctrlr', 'V2GCertificateInstallationEnabled', 'true'),
  flag('ISO15118Ctrlr', 'ContractCertificateInstallationEnabled', 'true'),
  flag('ISO15118Ctrlr', 'CentralContractValidationAllowed', 'true'),
  flag('ISO15118Ctrlr', 'ContractValidationOffline', 'true'),

  flag('LocalAuthListCtrlr', 'Enabled', 'true', { feature: 'localList' }),
  fixedFlag('LocalAuthListCtrlr', 'Available', 'true', { feature: 'localList' }),
  fixedNumber('LocalAuthListCtrlr', 'Entries', undefined, {
    feature: 'localList',
    live: 'localListEntries',
    max: 1000,
  }),
  fixedNumber('LocalAuthListCtrlr', 'ItemsPerMessage', '250', { feature: 'localList' }),
  fixedNumber('LocalAuthListCtrlr', 'BytesPerMessage', '65000', { feature: 'localList' }),
  flag('LocalAuthListCtrlr', 'DisablePostAuthorize', 'false', { feature: 'localList' }),

  flag('MonitoringCtrlr', 'Enabled', 'true', { feature: 'monitoring' }),
  fixedFlag('MonitoringCtrlr', 'Available', 'true', { feature: 'monitoring' }),
  fixedNumber('MonitoringCtrlr', 'ItemsPerMessage', '100', {
    instance: 'SetVariableMonitoring',
    feature: 'monitoring',
  }),
  fixedNumber('MonitoringCtrlr', 'BytesPerMessage', '65000', {
    instance: 'SetVariableMonitoring',
    feature: 'monitoring',
  }),
  number('MonitoringCtrlr', 'OfflineQueuingSeverity', '4', { feature: 'monitoring', min: 0, max: 9 }),
  fixedText('MonitoringCtrlr', 'ActiveMonitoringBase', undefined, { feature: 'monitoring', live: 'monitoringBase' }),
  fixedNumber('MonitoringCtrlr', 'ActiveMonitoringLevel', undefined, {
    feature: 'monitoring',
    live: 'monitoringLevel',
  }),

  flag('ReservationCtrlr', 'Enabled', 'true', { feature: 'reservation' }),
  fixedFlag('ReservationCtrlr', 'Available', 'true', { feature: 'reservation' }),
  fixedFlag('ReservationCtrlr', 'NonEvseSpecific', 'true', { feature: 'reservation' }),

  flag('SmartChargingCtrlr', 'Enabled', 'true', { feature: 'smartCharging' }),
  fixedFlag('SmartChargingCtrlr', 'Available', 'true', { feature: 'smartCharging' }),
  fixedNumber('SmartChargingCtrlr', 'ProfileStackLevel', '8', { feature: 'smartCharging' }),
  row('MemberList', 'ReadOnly')('SmartChargingCtrlr', 'RateUnit', 'A,W', {
    feature: 'smartCharging',
    values: ['A', 'W'],
  }),
  fixedNumber('SmartChargingCtrlr', 'PeriodsPerSchedule', '24', { feature: 'smartCharging' }),
  fixedNumber('SmartChargingCtrlr', 'Entries', undefined, {
    instance: 'ChargingProfiles',
    feature: 'smartCharging',
    live: 'chargingProfileEntries',
    max: 20,
  }),
  row('decimal', 'ReadWrite')('SmartChargingCtrlr', 'LimitChangeSignificance', '1', {
    feature: 'smartCharging',
    unit: 'Percent',
    min: 0,
    max: 100,
  }),
  fixedFlag('SmartChargingCtrlr', 'ACPhaseSwitchingSupported', 'false', { feature: 'smartCharging' }),
  flag('SmartChargingCtrlr', 'ExternalControlSignalsEnabled', 'true', { feature: 'smartCharging' }),
  flag('SmartChargingCtrlr', 'NotifyChargingLimitWithSchedules', 'false', { feature: 'smartCharging' }),
  fixedFlag('SmartChargingCtrlr', 'SupportsDynamicProfiles', 'true', { feature: 'smartCharging', versions: V21 }),
  fixedFlag('SmartChargingCtrlr', 'SupportsUseLocalTime', 'false', { feature: 'smartCharging', versions: V21 }),
  fixedFlag('SmartChargingCtrlr', 'SupportsRandomizedDelay', 'false', { feature: 'smartCharging', versions: V21 }),
  fixedFlag('SmartChargingCtrlr', 'SupportsLimitAtSoC', 'false', { feature: 'smartCharging', versions: V21 }),
  fixedFlag('SmartChargingCtrlr', 'SupportsEvseSleep', 'false', { feature: 'smartCharging', versions: V21 }),
  fixedFlag('SmartChargingCtrlr', 'SupportsMaxOfflineDuration', 'false', { feature: 'smartCharging', versions: V21 }),

  flag('TariffCostCtrlr', 'Enabled', 'true', { instance: 'Tariff' }),
  fixedFlag('TariffCostCtrlr', 'Available', 'true', { instance: 'Tariff' }),
  text('TariffCostCtrlr', 'Currency', 'EUR', { max: 3 }),
  text('TariffCostCtrlr', 'TariffFallbackMessage', 'Please ask the operator for prices', { max: 255 }),
  text('TariffCostCtrlr', 'TotalCostFallbackMessage', 'The price follows with the invoice', { max: 255 }),

  row('OptionList', 'ReadWrite')('TariffCostCtrlr', 'HandleFailedTariff', 'UseDefault', {
    values: ['Deauthorize', 'UseDefault', 'CentralCost'],
    versions: V21,
    feature: 'tariff',
  }),
  // A vendor's own: how often RunningCost is told, 0 = never.
  number('CompoteSim', 'RunningCostInterval', '0', { ...SECONDS, versions: V21, feature: 'tariff' }),
];
