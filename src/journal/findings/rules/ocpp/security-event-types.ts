import type { OcppVersion } from '../../../../protocols/ocpp/versions.ts';

/** Security events of every generation (whitepaper; 2.x appendix), and whether they must reach the CSMS. */
const COMMON: Readonly<Record<string, boolean>> = {
  FirmwareUpdated: true,
  SettingSystemTime: true,
  StartupOfTheDevice: true,
  ResetOrReboot: true,
  SecurityLogWasCleared: true,
  MemoryExhaustion: true,
  TamperDetectionActivated: true,
  ReconfigurationOfSecurityParameters: false,
  InvalidMessages: false,
  AttemptedReplayAttacks: false,
};

const OF_16: Readonly<Record<string, boolean>> = {
  ...COMMON,
  FailedToAuthenticateAtCentralSystem: false,
  CentralSystemFailedToAuthenticate: false,
  InvalidFirmwareSignature: false,
  InvalidFirmwareSigningCertificate: false,
  InvalidCentralSystemCertificate: false,
  InvalidChargePointCertificate: false,
  InvalidTLSVersion: false,
  InvalidTLSCipherSuite: false,
};

const OF_2X: Readonly<Record<string, boolean>> = {
  ...COMMON,
  FailedToAuthenticateAtCsms: false,
  CsmsFailedToAuthenticate: false,
  InvalidFirmwareSignature: true,
  InvalidFirmwareSigningCertificate: true,
  InvalidCsmsCertificate: true,
  InvalidChargingStationCertificate: true,
  InvalidTLSVersion: true,
  InvalidTLSCipherSuite: true,
  MaintenanceLoginAccepted: true,
  MaintenanceLoginFailed: true,
  // 2.0.1 errata and 2.1.
  DiscardedRenewedClientCertificate: false,
};

export function isListed(type: string, version: OcppVersion): boolean {
  return Object.hasOwn(version === '1.6' ? OF_16 : OF_2X, type);
}

/** True for events that are sent at any rate, after a time without a connection too. */
export function isCritical(type: string, version: OcppVersion): boolean {
  return (version === '1.6' ? OF_16 : OF_2X)[type] === true;
}
