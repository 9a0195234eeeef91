import { hasFeature, type Release } from './releases.ts';

/** Types of `carsim/error` that the simulated board raises. */
export const BOARD_ERRORS = [
  'DiodeFault',
  'BrownOut',
  'EnergyManagement',
  'PermanentFault',
  'MREC2GroundFailure',
  'MREC3HighTemperature',
  'MREC4OverCurrentFailure',
  'MREC5OverVoltage',
  'MREC6UnderVoltage',
  'MREC8EmergencyStop',
  'MREC10InvalidVehicleMode',
  'MREC14PilotFault',
  'MREC15PowerLoss',
  'MREC17EVSEContactorFault',
  'MREC18CableOverTempDerate',
  'MREC19CableOverTempStop',
  'MREC20PartialInsertion',
  'MREC23ProximityFault',
  'MREC24ConnectorVoltageHigh',
  'MREC25BrokenLatch',
  'MREC26CutCable',
  'TiltDetected',
  'WaterIngressDetected',
  'EnclosureOpen',
  'powermeter/CommunicationFault',
  'ac_rcd_MREC2GroundFailure',
  'ac_rcd_VendorError',
  'ac_rcd_Selftest',
  'ac_rcd_AC',
  'ac_rcd_DC',
  'lock_ConnectorLockCapNotCharged',
  'lock_ConnectorLockUnexpectedOpen',
  'lock_ConnectorLockUnexpectedClose',
  'lock_ConnectorLockFailedLock',
  'lock_ConnectorLockFailedUnlock',
  'lock_MREC1ConnectorLockFailure',
  'lock_VendorError',
] as const;

/** True for types that the simulator in C++ (2025.3 and newer) takes and forgets. */
export function isIgnoredBySimulator(type: string, release: Release | undefined): boolean {
  return /^(ac_rcd|lock)_/.test(type) && hasFeature(release, 'simulator in C++') !== false;
}
