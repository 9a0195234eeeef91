/** Configuration keys of 1.6 (chapter 9, errata 3.80 to 3.91, security whitepaper): what rules must know of them. */

/** Required of every station. */
export const CORE_KEYS = [
  ...['AuthorizeRemoteTxRequests', 'ClockAlignedDataInterval', 'ConnectionTimeOut', 'ConnectorPhaseRotation'],
  ...['GetConfigurationMaxKeys', 'HeartbeatInterval', 'LocalAuthorizeOffline', 'LocalPreAuthorize'],
  ...['MeterValuesAlignedData', 'MeterValuesSampledData', 'MeterValueSampleInterval', 'NumberOfConnectors'],
  ...['ResetRetries', 'StopTransactionOnInvalidId', 'StopTxnAlignedData', 'StopTxnSampledData'],
  ...['SupportedFeatureProfiles', 'TransactionMessageAttempts', 'TransactionMessageRetryInterval'],
  'UnlockConnectorOnEVSideDisconnect',
] as const;

/** Required where the profile is claimed. */
export const PROFILE_KEYS: Readonly<Record<string, readonly string[]>> = {
  LocalAuthListManagement: ['LocalAuthListEnabled', 'LocalAuthListMaxLength', 'SendLocalListMaxLength'],
  SmartCharging: [
    ...['ChargeProfileMaxStackLevel', 'ChargingScheduleAllowedChargingRateUnit', 'ChargingScheduleMaxPeriods'],
    'MaxChargingProfilesInstalled',
  ],
};

export const READ_ONLY_KEYS: ReadonlySet<string> = new Set(
  [
    ...['ConnectorPhaseRotationMaxLength', 'GetConfigurationMaxKeys', 'MeterValuesAlignedDataMaxLength'],
    ...['MeterValuesSampledDataMaxLength', 'NumberOfConnectors', 'StopTransactionMaxMeterValues'],
    ...['StopTxnAlignedDataMaxLength', 'StopTxnSampledDataMaxLength', 'SupportedFeatureProfiles'],
    ...['SupportedFeatureProfilesMaxLength', 'LocalAuthListMaxLength', 'SendLocalListMaxLength'],
    ...['ReserveConnectorZeroSupported', 'ChargeProfileMaxStackLevel', 'ChargingScheduleAllowedChargingRateUnit'],
    ...['ChargingScheduleMaxPeriods', 'ConnectorSwitch3to1PhaseSupported', 'MaxChargingProfilesInstalled'],
    ...['SupportedFileTransferProtocols', 'AdditionalRootCertificateCheck', 'CertificateSignedMaxChainSize'],
    'CertificateStoreMaxLength',
  ].map((key) => key.toLowerCase()),
);

const BOOLEANS = [
  ...['AllowOfflineTxForUnknownId', 'AuthorizationCacheEnabled', 'AuthorizeRemoteTxRequests', 'LocalAuthorizeOffline'],
  ...['LocalPreAuthorize', 'StopTransactionOnEVSideDisconnect', 'StopTransactionOnInvalidId'],
  ...['UnlockConnectorOnEVSideDisconnect', 'LocalAuthListEnabled', 'ReserveConnectorZeroSupported'],
  ...['ConnectorSwitch3to1PhaseSupported', 'AdditionalRootCertificateCheck'],
];
const INTEGERS = [
  ...['BlinkRepeat', 'ClockAlignedDataInterval', 'ConnectionTimeOut', 'GetConfigurationMaxKeys', 'HeartbeatInterval'],
  ...['LightIntensity', 'MaxEnergyOnInvalidId', 'MessageTimeout', 'MeterValuesAlignedDataMaxLength'],
  ...['MeterValuesSampledDataMaxLength', 'MeterValueSampleInterval', 'MinimumStatusDuration', 'NumberOfConnectors'],
  ...['ResetRetries', 'StopTransactionMaxMeterValues', 'TransactionMessageAttempts'],
  ...['TransactionMessageRetryInterval', 'WebSocketPingInterval', 'LocalAuthListMaxLength', 'SendLocalListMaxLength'],
  ...['ChargeProfileMaxStackLevel', 'ChargingScheduleMaxPeriods', 'MaxChargingProfilesInstalled'],
  ...['CertificateSignedMaxChainSize', 'CertificateStoreMaxLength', 'SecurityProfile'],
];

export const KEY_TYPES: ReadonlyMap<string, 'boolean' | 'integer'> = new Map([
  ...BOOLEANS.map((key) => [key.toLowerCase(), 'boolean'] as const),
  ...INTEGERS.map((key) => [key.toLowerCase(), 'integer'] as const),
]);
