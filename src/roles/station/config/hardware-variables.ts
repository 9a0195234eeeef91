import { fixedFlag, fixedNumber, fixedText, flag, row, tiered, type VariableRow } from './variable-row.ts';

const STATES = ['Available', 'Occupied', 'Reserved', 'Unavailable', 'Faulted'];

/** Components that can be touched: the station, its EVSEs and connectors. */
export const HARDWARE_VARIABLES: readonly VariableRow[] = [
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
];
