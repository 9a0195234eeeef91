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
  words,
} from './variable-row.ts';

const POINTS = ['ParkingBayOccupancy', 'EVConnected', 'Authorized', 'PowerPathClosed', 'EnergyTransfer', 'DataSigned'];

/** Controllers that every 2.x station has. */
export const BASE_VARIABLES: readonly VariableRow[] = [
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
  row('MemberList', 'ReadOnly')('TxCtrlr', 'SupportedLimits', 'maxCost,maxEnergy,maxTime,maxSoC', {
    versions: V21,
    values: ['maxCost', 'maxEnergy', 'maxTime', 'maxSoC'],
  }),
];
