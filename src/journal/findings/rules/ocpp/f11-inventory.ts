import { addVariables } from '../../model/reports.ts';
import { booleanAt, numberAt } from '../../payload-reader.ts';
import { family, type Rule, V2X } from '../../rule.ts';

/** Variables that every station has (2.0.1 Part 2, referenced components and variables). */
const REQUIRED: readonly string[] = [
  ...of('AlignedDataCtrlr', 'Interval', 'Measurands', 'TxEndedInterval', 'TxEndedMeasurands'),
  ...of('AuthCtrlr', 'AuthorizeRemoteStart', 'LocalAuthorizeOffline', 'LocalPreAuthorize'),
  ...of('ChargingStation', 'Available', 'AvailabilityState', 'SupplyPhases'),
  ...of('EVSE', 'Available', 'AvailabilityState', 'Power', 'SupplyPhases'),
  ...of('Connector', 'Available', 'ConnectorType', 'SupplyPhases'),
  ...of('ClockCtrlr', 'DateTime', 'TimeSource'),
  ...of('DeviceDataCtrlr', 'ItemsPerMessage[GetReport]', 'ItemsPerMessage[GetVariables]'),
  ...of('DeviceDataCtrlr', 'ItemsPerMessage[SetVariables]', 'BytesPerMessage[GetReport]'),
  ...of('DeviceDataCtrlr', 'BytesPerMessage[GetVariables]', 'BytesPerMessage[SetVariables]'),
  ...of('OCPPCommCtrlr', 'FileTransferProtocols', 'MessageTimeout[Default]', 'MessageAttempts[TransactionEvent]'),
  ...of('OCPPCommCtrlr', 'MessageAttemptInterval[TransactionEvent]', 'NetworkConfigurationPriority'),
  ...of('OCPPCommCtrlr', 'NetworkProfileConnectionAttempts', 'OfflineThreshold', 'ResetRetries'),
  ...of('OCPPCommCtrlr', 'RetryBackOffRandomRange', 'RetryBackOffRepeatTimes', 'RetryBackOffWaitMinimum'),
  ...of('OCPPCommCtrlr', 'UnlockOnEVSideDisconnect', 'WebSocketPingInterval'),
  ...of('SampledDataCtrlr', 'TxStartedMeasurands', 'TxUpdatedMeasurands', 'TxUpdatedInterval'),
  ...of('SampledDataCtrlr', 'TxEndedMeasurands', 'TxEndedInterval'),
  ...of('SecurityCtrlr', 'OrganizationName', 'CertificateEntries', 'SecurityProfile'),
  ...of('TxCtrlr', 'EVConnectionTimeOut', 'StopTxOnEVSideDisconnect', 'StopTxOnInvalidId'),
  ...of('TxCtrlr', 'TxStartPoint', 'TxStopPoint'),
];

/** Variables of a block that a station may have. */
const OF_BLOCK: Readonly<Record<string, readonly string[]>> = {
  DisplayMessageCtrlr: of('DisplayMessageCtrlr', 'DisplayMessages', 'SupportedFormats', 'SupportedPriorities'),
  LocalAuthListCtrlr: of('LocalAuthListCtrlr', 'Entries', 'ItemsPerMessage', 'BytesPerMessage'),
  MonitoringCtrlr: of(
    'MonitoringCtrlr',
    'ItemsPerMessage[SetVariableMonitoring]',
    'BytesPerMessage[SetVariableMonitoring]',
  ),
  SmartChargingCtrlr: of(
    'SmartChargingCtrlr',
    ...['ProfileStackLevel', 'RateUnit', 'PeriodsPerSchedule', 'Entries[ChargingProfiles]', 'LimitChangeSignificance'],
  ),
  TariffCostCtrlr: of('TariffCostCtrlr', 'Currency', 'TariffFallbackMessage', 'TotalCostFallbackMessage'),
};

/** The whole device model (2.x B07). */
export const f11Inventory: readonly Rule[] = family({ versions: V2X, axis: 'conformance' }, [
  {
    id: 'OCPP2-DM-012',
    severity: 'warning',
    fault: 'station',
    title: 'A FullInventory has every required variable',
    clause: 'B07.FR.08',
    causes: ['The variable is not implemented', 'It has another name or instance'],
    next: ['Read the variable with GetVariables'],
    peer: 'tolerates',
    on: ['NotifyReport.request'],
    check(c) {
      const report = c.station.management.reports.of(c.o);
      if (report?.variables === undefined || booleanAt(c.o.payload, 'tbc') === true) return;
      const seqNo = numberAt(c.o.payload, 'seqNo');
      if (report.hasHole || report.ended || seqNo !== report.nextSeqNo) return c.notEvaluable();
      const names = new Set(report.variables);
      addVariables(names, c.o.payload);
      const missing = [...REQUIRED, ...blockVariables(names)].filter((name) => !names.has(name.toLowerCase()));
      if (missing.length === 0) return;
      const some =
        missing.length > 8 ? `${missing.slice(0, 8).join(', ')} and ${missing.length - 8} more` : missing.join(', ');
      c.report({ text: `The FullInventory lacks ${some}`, object: missing.join(','), expected: missing });
    },
  },
]);

/** What the blocks in use must have. A block that only says that it is not there (Available, Enabled) is not in use. */
function blockVariables(names: ReadonlySet<string>): string[] {
  const used = new Set<string>();
  for (const name of names) {
    const [component = '', variable = ''] = name.split('.', 2);
    if (variable !== 'available' && variable !== 'enabled') used.add(component);
  }
  return Object.entries(OF_BLOCK).flatMap(([component, variables]) =>
    used.has(component.toLowerCase()) ? variables : [],
  );
}

function of(component: string, ...variables: readonly string[]): readonly string[] {
  return variables.map((variable) => `${component}.${variable}`);
}
