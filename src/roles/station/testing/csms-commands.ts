/**
 * One CALL of every action that a CSMS may send, as text written by hand from the digests. `TX` stands for the running
 * transaction. The third member is set where the right answer is a CALLERROR.
 */
export type CsmsCommand = readonly [action: string, payload: string, error?: string];

const PEM = '-----BEGIN CERTIFICATE-----\\nMIIB\\n-----END CERTIFICATE-----';
const HASH = '"hashAlgorithm":"SHA256","issuerNameHash":"aa","issuerKeyHash":"bb","serialNumber":"01"';

export const COMMANDS_16: readonly CsmsCommand[] = [
  ['GetConfiguration', '{}'],
  ['GetConfiguration', '{"key":["HeartbeatInterval","Nope"]}'],
  ['ChangeConfiguration', '{"key":"MeterValueSampleInterval","value":"30"}'],
  ['ChangeAvailability', '{"connectorId":2,"type":"Inoperative"}'],
  ['ChangeAvailability', '{"connectorId":2,"type":"Operative"}'],
  ['ClearCache', '{}'],
  ['DataTransfer', '{"vendorId":"org.ocpp-compote.station","messageId":"Echo","data":"hello"}'],
  ['GetDiagnostics', '{"location":"http://127.0.0.1:9/logs/"}'],
  ['UpdateFirmware', '{"location":"http://127.0.0.1:9/fw-2.0.0.bin","retrieveDate":"2036-01-01T00:00:00Z"}'],
  ['GetLocalListVersion', '{}'],
  [
    'SendLocalList',
    '{"listVersion":1,"updateType":"Full","localAuthorizationList":[{"idTag":"A","idTagInfo":{"status":"Accepted"}}]}',
  ],
  ['ReserveNow', '{"connectorId":2,"expiryDate":"2036-01-01T00:00:00Z","idTag":"A","reservationId":1}'],
  ['CancelReservation', '{"reservationId":1}'],
  [
    'SetChargingProfile',
    '{"connectorId":0,"csChargingProfiles":{"chargingProfileId":1,"stackLevel":0,"chargingProfilePurpose":"ChargePointMaxProfile","chargingProfileKind":"Absolute","chargingSchedule":{"startSchedule":"2026-01-01T00:00:00Z","chargingRateUnit":"A","chargingSchedulePeriod":[{"startPeriod":0,"limit":30.5}]}}}',
  ],
  ['GetCompositeSchedule', '{"connectorId":1,"duration":600,"chargingRateUnit":"W"}'],
  ['GetCompositeSchedule', '{"connectorId":0,"duration":600}'],
  ['ClearChargingProfile', '{}'],
  ['TriggerMessage', '{"requestedMessage":"MeterValues"}'],
  ['TriggerMessage', '{"requestedMessage":"StatusNotification"}'],
  ['TriggerMessage', '{"requestedMessage":"DiagnosticsStatusNotification"}'],
  ['TriggerMessage', '{"requestedMessage":"FirmwareStatusNotification"}'],
  ['ExtendedTriggerMessage', '{"requestedMessage":"LogStatusNotification"}'],
  ['ExtendedTriggerMessage', '{"requestedMessage":"FirmwareStatusNotification"}'],
  ['ExtendedTriggerMessage', '{"requestedMessage":"SignChargePointCertificate"}'],
  ['GetInstalledCertificateIds', '{"certificateType":"CentralSystemRootCertificate"}'],
  ['InstallCertificate', `{"certificateType":"CentralSystemRootCertificate","certificate":"${PEM}"}`],
  ['DeleteCertificate', `{"certificateHashData":{${HASH}}}`],
  ['CertificateSigned', `{"certificateChain":"${PEM}"}`],
  ['GetLog', '{"logType":"SecurityLog","requestId":3,"log":{"remoteLocation":"http://127.0.0.1:9/"}}'],
  [
    'SignedUpdateFirmware',
    `{"requestId":4,"firmware":{"location":"http://127.0.0.1:9/fw.bin","retrieveDateTime":"2036-01-01T00:00:00Z","signingCertificate":"${PEM}","signature":"c2ln"}}`,
  ],
  ['UnlockConnector', '{"connectorId":2}'],
  ['RemoteStopTransaction', '{"transactionId":TX}'],
  ['RemoteStartTransaction', '{"idTag":"B","connectorId":1}'],
  ['Reset', '{"type":"Hard"}'],
];

export const COMMANDS_201: readonly CsmsCommand[] = [
  ['GetBaseReport', '{"requestId":1,"reportBase":"FullInventory"}'],
  ['GetBaseReport', '{"requestId":2,"reportBase":"ConfigurationInventory"}'],
  ['GetReport', '{"requestId":3,"componentCriteria":["Problem"]}'],
  ['GetReport', '{"requestId":4,"componentVariable":[{"component":{"name":"EVSE"}}]}'],
  [
    'GetVariables',
    '{"getVariableData":[{"component":{"name":"OCPPCommCtrlr"},"variable":{"name":"HeartbeatInterval"}}]}',
  ],
  [
    'SetVariables',
    '{"setVariableData":[{"component":{"name":"SampledDataCtrlr"},"variable":{"name":"TxUpdatedInterval"},"attributeValue":"30"}]}',
  ],
  [
    'SetNetworkProfile',
    '{"configurationSlot":2,"connectionData":{"ocppVersion":"OCPP20","ocppTransport":"JSON","ocppCsmsUrl":"ws://127.0.0.1:9/ocpp","messageTimeout":30,"securityProfile":1,"ocppInterface":"Wired0"}}',
  ],
  ['ClearCache', '{}'],
  [
    'SendLocalList',
    '{"versionNumber":1,"updateType":"Full","localAuthorizationList":[{"idToken":{"idToken":"A","type":"Central"},"idTokenInfo":{"status":"Accepted"}}]}',
  ],
  ['GetLocalListVersion', '{}'],
  ['GetTransactionStatus', '{"transactionId":"TX"}'],
  ['GetTransactionStatus', '{}'],
  ['TriggerMessage', '{"requestedMessage":"MeterValues"}'],
  ['TriggerMessage', '{"requestedMessage":"TransactionEvent","evse":{"id":1}}'],
  ['TriggerMessage', '{"requestedMessage":"LogStatusNotification"}'],
  ['TriggerMessage', '{"requestedMessage":"FirmwareStatusNotification"}'],
  ['TriggerMessage', '{"requestedMessage":"StatusNotification","evse":{"id":1,"connectorId":1}}'],
  ['ChangeAvailability', '{"operationalStatus":"Inoperative","evse":{"id":2}}'],
  ['ChangeAvailability', '{"operationalStatus":"Operative","evse":{"id":2}}'],
  [
    'ReserveNow',
    '{"id":1,"expiryDateTime":"2036-01-01T00:00:00Z","evseId":2,"idToken":{"idToken":"A","type":"Central"}}',
  ],
  ['CancelReservation', '{"reservationId":1}'],
  ['CostUpdated', '{"totalCost":1.5,"transactionId":"TX"}'],
  [
    'SetChargingProfile',
    '{"evseId":1,"chargingProfile":{"id":1,"stackLevel":0,"chargingProfilePurpose":"TxProfile","chargingProfileKind":"Relative","transactionId":"TX","chargingSchedule":[{"id":1,"chargingRateUnit":"A","chargingSchedulePeriod":[{"startPeriod":0,"limit":10.5}]}]}}',
  ],
  ['GetChargingProfiles', '{"requestId":5,"chargingProfile":{"chargingProfileId":[1]}}'],
  ['GetCompositeSchedule', '{"evseId":1,"duration":600}'],
  ['GetCompositeSchedule', '{"evseId":0,"duration":600,"chargingRateUnit":"W"}'],
  ['ClearChargingProfile', '{"chargingProfileId":1}'],
  [
    'UpdateFirmware',
    '{"requestId":6,"firmware":{"location":"http://127.0.0.1:9/fw.bin","retrieveDateTime":"2036-01-01T00:00:00Z"}}',
  ],
  [
    'PublishFirmware',
    '{"location":"http://127.0.0.1:9/fw.bin","checksum":"d41d8cd98f00b204e9800998ecf8427e","requestId":7}',
    'NotSupported',
  ],
  ['UnpublishFirmware', '{"checksum":"d41d8cd98f00b204e9800998ecf8427e"}'],
  ['InstallCertificate', `{"certificateType":"CSMSRootCertificate","certificate":"${PEM}"}`],
  ['DeleteCertificate', `{"certificateHashData":{${HASH}}}`],
  ['GetInstalledCertificateIds', '{}'],
  ['CertificateSigned', `{"certificateChain":"${PEM}"}`],
  ['GetLog', '{"logType":"DiagnosticsLog","requestId":8,"log":{"remoteLocation":"http://127.0.0.1:9/"}}'],
  [
    'SetVariableMonitoring',
    '{"setMonitoringData":[{"value":5000,"type":"UpperThreshold","severity":4,"component":{"name":"EVSE","evse":{"id":1}},"variable":{"name":"Power"}}]}',
  ],
  ['GetMonitoringReport', '{"requestId":9}'],
  ['SetMonitoringLevel', '{"severity":5}'],
  ['ClearVariableMonitoring', '{"id":[1]}'],
  ['SetMonitoringBase', '{"monitoringBase":"FactoryDefault"}'],
  ['CustomerInformation', '{"requestId":10,"report":true,"clear":false,"idToken":{"idToken":"APP","type":"Central"}}'],
  ['SetDisplayMessage', '{"message":{"id":1,"priority":"NormalCycle","message":{"format":"UTF8","content":"Hello"}}}'],
  ['GetDisplayMessages', '{"requestId":11}'],
  ['ClearDisplayMessage', '{"id":1}'],
  ['DataTransfer', '{"vendorId":"org.ocpp-compote.station","data":{"any":[1,"json"]}}'],
  ['UnlockConnector', '{"evseId":2,"connectorId":1}'],
  ['RequestStopTransaction', '{"transactionId":"TX"}'],
  ['RequestStartTransaction', '{"idToken":{"idToken":"B","type":"Central"},"remoteStartId":12,"evseId":1}'],
  ['Reset', '{"type":"Immediate"}'],
];

const TARIFF = '{"tariffId":"T1","currency":"EUR","energy":{"prices":[{"priceKwh":0.4}]}}';

/** What 2.1 adds. */
export const COMMANDS_21_ONLY: readonly CsmsCommand[] = [
  ['AFRRSignal', '{"timestamp":"2026-03-02T08:00:00Z","signal":5}'],
  ['SetDefaultTariff', `{"evseId":0,"tariff":${TARIFF}}`],
  ['GetTariffs', '{"evseId":0}'],
  ['ChangeTransactionTariff', `{"transactionId":"TX","tariff":${TARIFF}}`],
  ['ClearTariffs', '{}'],
  [
    'SetDERControl',
    '{"isDefault":true,"controlId":"C1","controlType":"Gradients","gradient":{"priority":1,"gradient":5,"softGradient":2}}',
  ],
  ['GetDERControl', '{"requestId":20}'],
  ['ClearDERControl', '{"isDefault":true}'],
  [
    'SetVariableMonitoring',
    '{"setMonitoringData":[{"value":10,"type":"Periodic","severity":4,"periodicEventStream":{"interval":10},"component":{"name":"EVSE","evse":{"id":1}},"variable":{"name":"Power"}}]}',
  ],
  ['GetPeriodicEventStream', '{}'],
  ['AdjustPeriodicEventStream', '{"id":1,"params":{"interval":20}}'],
  ['NotifyAllowedEnergyTransfer', '{"transactionId":"TX","allowedEnergyTransfer":["AC_three_phase"]}'],
  ['NotifyWebPaymentStarted', '{"evseId":1,"timeout":60}'],
  ['RequestBatterySwap', '{"idToken":{"idToken":"B","type":"Central"},"requestId":21}', 'NotSupported'],
  [
    'SetChargingProfile',
    '{"evseId":1,"chargingProfile":{"id":7,"stackLevel":1,"chargingProfilePurpose":"TxDefaultProfile","chargingProfileKind":"Dynamic","chargingSchedule":[{"id":1,"chargingRateUnit":"A","chargingSchedulePeriod":[{"startPeriod":0,"limit":12}]}]}}',
  ],
  ['UpdateDynamicSchedule', '{"chargingProfileId":7,"scheduleUpdate":{"limit":9}}'],
  ['UsePriorityCharging', '{"transactionId":"TX","activate":true}'],
];
