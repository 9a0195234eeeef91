import type { OcppVersion } from '../../../protocols/ocpp/versions.ts';
import type { Features } from '../template.ts';

/**
 * The 2.x device model as data: components, variables, their types, limits and defaults (2.0.1 appendix "Referenced
 * components and variables", 2.1 additions). Values that follow from the state name a `live` source instead of a default.
 */
export type DataType =
  | 'string'
  | 'decimal'
  | 'integer'
  | 'dateTime'
  | 'boolean'
  | 'OptionList'
  | 'SequenceList'
  | 'MemberList';
export type Mutability = 'ReadOnly' | 'WriteOnly' | 'ReadWrite';

/** Where a value comes from that nobody stores. */
export type LiveValue =
  | 'available'
  | 'availabilityState'
  | 'clock'
  | 'connectorType'
  | 'firmwareVersion'
  | 'identity'
  | 'model'
  | 'phases'
  | 'power'
  | 'problem'
  | 'serialNumber'
  | 'vendor'
  | 'localListEntries'
  | 'certificateEntries'
  | 'chargingProfileEntries'
  | 'displayMessages'
  | 'securityProfile'
  | 'activeNetworkProfile'
  | 'monitoringBase'
  | 'monitoringLevel';

export interface VariableRow {
  readonly component: string;
  readonly componentInstance?: string;
  readonly variable: string;
  readonly instance?: string;
  /** Where it exists: once, at every EVSE, at every connector. */
  readonly tier: 'station' | 'evse' | 'connector';
  readonly type: DataType;
  readonly access: Mutability;
  readonly default?: string;
  readonly live?: LiveValue;
  readonly unit?: string;
  readonly min?: number;
  /** Largest number, longest text, or most entries. */
  readonly max?: number;
  /** Allowed words; `measurands`: what the template measures. */
  readonly values?: readonly string[] | 'measurands';
  readonly reboot?: true;
  readonly feature?: keyof Features;
  readonly versions?: readonly OcppVersion[];
  readonly monitorable?: true;
}

type More = Partial<Omit<VariableRow, 'component' | 'variable' | 'type' | 'access' | 'tier'>>;

const row =
  (type: DataType, access: Mutability) =>
  (component: string, variable: string, value?: string, more: More = {}): VariableRow => ({
    component,
    variable,
    tier: 'station',
    type,
    access,
    ...(value === undefined ? {} : { default: value }),
    ...more,
  });
const flag = row('boolean', 'ReadWrite');
const fixedFlag = row('boolean', 'ReadOnly');
const number = row('integer', 'ReadWrite');
const fixedNumber = row('integer', 'ReadOnly');
const words = row('MemberList', 'ReadWrite');
const text = row('string', 'ReadWrite');
const fixedText = row('string', 'ReadOnly');

const STATES = ['Available', 'Occupied', 'Reserved', 'Unavailable', 'Faulted'];
const POINTS = ['ParkingBayOccupancy', 'EVConnected', 'Authorized', 'PowerPathClosed', 'EnergyTransfer', 'DataSigned'];
const SECONDS: More = { unit: 's', min: 0 };
const V21: readonly OcppVersion[] = ['2.1'];

const tiered = (tier: VariableRow['tier'], component: string, rows: readonly VariableRow[]): VariableRow[] =>
  rows.map((one) => ({ ...one, component, tier }));

export const DEVICE_MODEL: readonly VariableRow[] = [
  flag('AlignedDataCtrlr', 'Enabled', 'true'),
  fixedFlag('AlignedDataCtrlr', 'Available', 'true'),
  number('AlignedDataCtrlr', 'Interval', '0', SECONDS),
  words('AlignedDataCtrlr', 'Measurands', 'Energy.Active.Import.Register', { values: 'measurands' }),
  flag('AlignedDataCtrlr', 'SendDuringIdle', 'false'),
  flag('AlignedDataCtrlr', 'SignReadings', 'false'),
  number('AlignedDataCtrlr', 'TxEndedInterval', '0', SECONDS),
  words('AlignedDataCtrlr', 'TxEndedMeasurands', '', { values: 'measurands' }),

  flag('AuthCtrlr', 'Enabled', 'true'),
  flag('AuthCtrlr', 'AuthorizeRemoteStart', 'false'),
  flag('AuthCtrlr', 'LocalAuthorizeOffline', 'true'),
  flag('AuthCtrlr', 'LocalPreAuthorize', 'false'),
  flag('AuthCtrlr', 'OfflineTxForUnknownIdEnabled', 'false'),
  flag('AuthCtrlr', 'DisableRemoteAuthorization', 'false'),
  text('AuthCtrlr', 'MasterPassGroupId', '', { max: 36 }),

  flag('AuthCacheCtrlr', 'Enabled', 'true'),
  fixedFlag('AuthCacheCtrlr', 'Available', 'true'),
  number('AuthCacheCtrlr', 'LifeTime', '86400', SECONDS),
  fixedNumber('AuthCacheCtrlr', 'Storage', '0', { max: 100 }),
  fixedText('AuthCacheCtrlr', 'Policy', 'LRU', { values: ['LRU', 'LFU', 'FIFO', 'CUSTOM'] }),
  flag('AuthCacheCtrlr', 'DisablePostAuthorize', 'false'),

  fixedFlag('ChargingStation', 'Available', undefined, { live: 'available' }),
  row('OptionList', 'ReadOnly')('ChargingStation', 'AvailabilityState', undefined, {
    live: 'availabilityState',
    values: STATES,
    monitorable: true,
  }),
  fixedNumber('ChargingStation', 'SupplyPhases', undefined, { live: 'phases' }),
  fixedFlag('ChargingStation', 'Problem', undefined, { live: 'problem', monitorable: true }),
  fixedText('ChargingStation', 'Model', undefined, { live: 'model' }),
  fixedText('ChargingStation', 'VendorName', undefined, { live: 'vendor' }),
  fixedText('ChargingStation', 'SerialNumber', undefined, { live: 'serialNumber' }),
  fixedText('ChargingStation', 'FirmwareVersion', undefined, { live: 'firmwareVersion' }),
  flag('ChargingStation', 'AllowNewSessionsPendingFirmwareUpdate', 'true'),

  ...tiered('evse', 'EVSE', [
    fixedFlag('', 'Available', undefined, { live: 'available' }),
    row('OptionList', 'ReadOnly')('', 'AvailabilityState', undefined, {
      live: 'availabilityState',
      values: STATES,
      monitorable: true,
    }),
    row('decimal', 'ReadOnly')('', 'Power', undefined, { live: 'power', unit: 'W', monitorable: true }),
    fixedNumber('', 'SupplyPhases', undefined, { live: 'phases' }),
    fixedFlag('', 'AllowReset', 'true'),
    fixedFlag('', 'Problem', undefined, { live: 'problem', monitorable: true }),
  ]),
  ...tiered('connector', 'Connector', [
    fixedFlag('', 'Available', undefined, { live: 'available' }),
    row('OptionList', 'ReadOnly')('', 'AvailabilityState', undefined, {
      live: 'availabilityState',
      values: STATES,
      monitorable: true,
    }),
    fixedText('', 'ConnectorType', undefined, { live: 'connectorType' }),
    fixedNumber('', 'SupplyPhases', undefined, { live: 'phases' }),
    fixedFlag('', 'Problem', undefined, { live: 'problem', monitorable: true }),
  ]),

  row('dateTime', 'ReadOnly')('ClockCtrlr', 'DateTime', undefined, { live: 'clock' }),
  row('SequenceList', 'ReadWrite')('ClockCtrlr', 'TimeSource', 'Heartbeat', {
    values: ['Heartbeat', 'NTP', 'RealTimeClock'],
  }),
  number('ClockCtrlr', 'TimeAdjustmentReportingThreshold', '20', SECONDS),
  text('ClockCtrlr', 'TimeOffset', '+00:00'),

  ...(['GetReport', 'GetVariables', 'SetVariables'] as const).flatMap((instance) => [
    fixedNumber('DeviceDataCtrlr', 'ItemsPerMessage', '100', { instance }),
    fixedNumber('DeviceDataCtrlr', 'BytesPerMessage', '65000', { instance }),
  ]),
  fixedNumber('DeviceDataCtrlr', 'ConfigurationValueSize', '1000', { max: 1000 }),
  fixedNumber('DeviceDataCtrlr', 'ReportingValueSize', '2500', { max: 2500 }),

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

  row('MemberList', 'ReadOnly')('OCPPCommCtrlr', 'FileTransferProtocols', 'HTTP,HTTPS', {
    values: ['FTP', 'FTPS', 'HTTP', 'HTTPS', 'SFTP'],
  }),
  fixedNumber('OCPPCommCtrlr', 'MessageTimeout', '30', { instance: 'Default', unit: 's' }),
  number('OCPPCommCtrlr', 'MessageAttempts', '3', { instance: 'TransactionEvent', min: 1 }),
  number('OCPPCommCtrlr', 'MessageAttemptInterval', '60', { instance: 'TransactionEvent', ...SECONDS }),
  number('OCPPCommCtrlr', 'HeartbeatInterval', '300', { unit: 's', min: 1 }),
  row('SequenceList', 'ReadWrite')('OCPPCommCtrlr', 'NetworkConfigurationPriority', '1', {
    values: ['1', '2', '3'],
    reboot: true,
  }),
  number('OCPPCommCtrlr', 'NetworkProfileConnectionAttempts', '3', { min: 1 }),
  fixedNumber('OCPPCommCtrlr', 'ActiveNetworkProfile', undefined, { live: 'activeNetworkProfile' }),
  number('OCPPCommCtrlr', 'OfflineThreshold', '60', SECONDS),
  flag('OCPPCommCtrlr', 'QueueAllMessages', 'false'),
  row('OptionList', 'ReadWrite')('OCPPCommCtrlr', 'PublicKeyWithSignedMeterValue', 'OncePerTransaction', {
    values: ['Never', 'OncePerTransaction', 'EveryMeterValue'],
  }),
  number('OCPPCommCtrlr', 'ResetRetries', '1', { min: 0 }),
  number('OCPPCommCtrlr', 'RetryBackOffRandomRange', '5', SECONDS),
  number('OCPPCommCtrlr', 'RetryBackOffRepeatTimes', '4', { min: 0 }),
  number('OCPPCommCtrlr', 'RetryBackOffWaitMinimum', '3', SECONDS),
  flag('OCPPCommCtrlr', 'UnlockOnEVSideDisconnect', 'true'),
  number('OCPPCommCtrlr', 'WebSocketPingInterval', '60', SECONDS),

  flag('ReservationCtrlr', 'Enabled', 'true', { feature: 'reservation' }),
  fixedFlag('ReservationCtrlr', 'Available', 'true', { feature: 'reservation' }),
  fixedFlag('ReservationCtrlr', 'NonEvseSpecific', 'true', { feature: 'reservation' }),

  flag('SampledDataCtrlr', 'Enabled', 'true'),
  fixedFlag('SampledDataCtrlr', 'Available', 'true'),
  words('SampledDataCtrlr', 'TxStartedMeasurands', 'Energy.Active.Import.Register', { values: 'measurands' }),
  words('SampledDataCtrlr', 'TxUpdatedMeasurands', 'Energy.Active.Import.Register,Power.Active.Import', {
    values: 'measurands',
  }),
  number('SampledDataCtrlr', 'TxUpdatedInterval', '60', SECONDS),
  words('SampledDataCtrlr', 'TxEndedMeasurands', 'Energy.Active.Import.Register', { values: 'measurands' }),
  number('SampledDataCtrlr', 'TxEndedInterval', '0', SECONDS),
  flag('SampledDataCtrlr', 'SignReadings', 'false'),

  row('string', 'WriteOnly')('SecurityCtrlr', 'BasicAuthPassword', undefined, { min: 16, max: 64 }),
  fixedText('SecurityCtrlr', 'Identity', undefined, { live: 'identity', max: 48 }),
  text('SecurityCtrlr', 'OrganizationName', 'Compote'),
  fixedNumber('SecurityCtrlr', 'CertificateEntries', undefined, { live: 'certificateEntries', max: 20 }),
  fixedNumber('SecurityCtrlr', 'SecurityProfile', undefined, { live: 'securityProfile' }),
  fixedFlag('SecurityCtrlr', 'AdditionalRootCertificateCheck', 'false'),
  fixedNumber('SecurityCtrlr', 'MaxCertificateChainSize', '10000'),
  number('SecurityCtrlr', 'CertSigningWaitMinimum', '30', SECONDS),
  number('SecurityCtrlr', 'CertSigningRepeatTimes', '2', { min: 0 }),
  flag('SecurityCtrlr', 'AllowSecurityProfileDowngrade', 'false'),

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

  flag('TariffCostCtrlr', 'Enabled', 'true', { instance: 'Tariff' }),
  fixedFlag('TariffCostCtrlr', 'Available', 'true', { instance: 'Tariff' }),
  text('TariffCostCtrlr', 'Currency', 'EUR', { max: 3 }),
  text('TariffCostCtrlr', 'TariffFallbackMessage', 'Please ask the operator for prices', {
    max: 255,
    instance: 'Tariff',
  }),
  text('TariffCostCtrlr', 'TotalCostFallbackMessage', 'The price follows with the invoice', {
    max: 255,
    instance: 'Cost',
  }),

  // A vendor's own: how the status is told. 2.1 wants NotifyEvent and still allows StatusNotification (G01.FR.03).
  row('OptionList', 'ReadWrite')('CompoteSim', 'StatusReport', 'NotifyEvent', {
    values: ['NotifyEvent', 'StatusNotification', 'Both'],
    versions: V21,
  }),

  number('TxCtrlr', 'EVConnectionTimeOut', '60', SECONDS),
  flag('TxCtrlr', 'StopTxOnEVSideDisconnect', 'true'),
  flag('TxCtrlr', 'StopTxOnInvalidId', 'true'),
  number('TxCtrlr', 'MaxEnergyOnInvalidId', '0', { unit: 'Wh', min: 0 }),
  words('TxCtrlr', 'TxStartPoint', 'PowerPathClosed', { values: POINTS }),
  words('TxCtrlr', 'TxStopPoint', 'EVConnected,Authorized', { values: POINTS }),
  flag('TxCtrlr', 'TxBeforeAcceptedEnabled', 'false'),
  number('TxCtrlr', 'ResumptionTimeout', '0', { ...SECONDS, versions: V21 }),
  row('MemberList', 'ReadOnly')('TxCtrlr', 'SupportedLimits', 'maxEnergy,maxTime,maxSoC', {
    versions: V21,
    values: ['maxCost', 'maxEnergy', 'maxTime', 'maxSoC'],
  }),
];

/** `Component.Variable` or `Component.Variable[instance]`: how templates and stores name a row. */
export function rowName(row: VariableRow): string {
  return row.instance === undefined
    ? `${row.component}.${row.variable}`
    : `${row.component}.${row.variable}[${row.instance}]`;
}
