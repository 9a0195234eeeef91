import { describeRules } from '../../testing/rule-cases.ts';

const ON = '2.0.1\nopen\nboot\n';
const UID = '04A1B2C3D4E5F6';
const TAG = `,"idToken":{"idToken":"${UID}","type":"ISO14443"}`;
const EVSE = ',"evse":{"id":1,"connectorId":1}';
const OK = '{"idTokenInfo":{"status":"Accepted"}}';
const OCC = 'S> StatusNotification {"evseId":1,"connectorId":1,"connectorStatus":"Occupied","timestamp":"@"} = {}\n';
const auth = (token: string, info: string) =>
  `S> Authorize {"idToken":{"idToken":"${token}","type":"ISO14443"}} = {"idTokenInfo":{${info}}}\n`;
const AUTH = auth(UID, '"status":"Accepted"');
const ev = (type: string, trigger: string, seqNo: number, info: string, more = '', answer = '{}', time = '@') =>
  `S> TransactionEvent {"eventType":"${type}","timestamp":"${time}","triggerReason":"${trigger}","seqNo":${seqNo},"transactionInfo":{"transactionId":"t1"${info === '' ? '' : `,${info}`}}${more}} = ${answer}\n`;
const STARTED = ev('Started', 'Authorized', 0, '"chargingState":"EVConnected"', EVSE + TAG, OK);
const CHARGES = ev('Updated', 'ChargingStateChanged', 1, '"chargingState":"Charging"');
const ENDED = ev('Ended', 'StopAuthorized', 2, '"chargingState":"EVConnected","stoppedReason":"Local"', TAG, OK);
const FREE = 'S> StatusNotification {"evseId":1,"connectorId":1,"connectorStatus":"Available","timestamp":"@"} = {}\n';
const BEGIN = AUTH + OCC + STARTED + CHARGES;
const WHOLE = `${ON}${BEGIN}+60 ${ENDED}${FREE}`;
const mv = (value: number, context = 'Sample.Periodic') =>
  `,"meterValue":[{"timestamp":"@","sampledValue":[{"value":${value},"context":"${context}"}]}]`;
const variables = (...items: [string, string, string, string?][]) =>
  `C> GetVariables {"getVariableData":[${items.map(([c, v, , i]) => `{"component":{"name":"${c}"},"variable":{"name":"${v}"${i === undefined ? '' : `,"instance":"${i}"`}}}`).join(',')}]} = {"getVariableResult":[${items.map(([c, v, x, i]) => `{"attributeStatus":"Accepted","attributeType":"Actual","attributeValue":"${x}","component":{"name":"${c}"},"variable":{"name":"${v}"${i === undefined ? '' : `,"instance":"${i}"`}}}`).join(',')}]}\n`;
const RETRY = variables(
  ['OCPPCommCtrlr', 'MessageAttempts', '3', 'TransactionEvent'],
  ['OCPPCommCtrlr', 'MessageAttemptInterval', '10', 'TransactionEvent'],
);
const first = (seconds: number, answer: string) =>
  `+${seconds} ${ev('Started', 'CablePluggedIn', 0, '"chargingState":"EVConnected"', EVSE, answer, '2026-03-01T10:00:10Z')}`;

describeRules('F10 values and status', {
  'OCPP2-TX-023': {
    passes: ON + RETRY + first(1, '!InternalError') + first(11, '{}'),
    fails: ON + RETRY + first(1, '!InternalError') + first(2, '{}'),
  },
  'OCPP2-TX-025': {
    passes: [
      `${ON}${AUTH}${OCC}${ev('Started', 'Authorized', 0, '"chargingState":"EVConnected"', EVSE + TAG + mv(1, 'Transaction.Begin'), OK)}`,
      `${ON}${variables(['SampledDataCtrlr', 'TxEndedMeasurands', 'Energy.Active.Import.Register'])}${BEGIN}+60 ${ev('Ended', 'StopAuthorized', 2, '"chargingState":"EVConnected","stoppedReason":"Local"', TAG + mv(5, 'Transaction.End'), OK)}`,
    ],
    fails: [
      `${ON}${AUTH}${OCC}${ev('Started', 'Authorized', 0, '"chargingState":"EVConnected"', EVSE + TAG + mv(1), OK)}`,
      `${ON}${variables(['SampledDataCtrlr', 'TxEndedMeasurands', 'Energy.Active.Import.Register'])}${BEGIN}+60 ${ENDED}`,
    ],
  },
  'OCPP2-TX-026': {
    passes: `${ON}${variables(['SampledDataCtrlr', 'TxUpdatedInterval', '10'])}${BEGIN}+8 ${ev('Updated', 'MeterValuePeriodic', 2, '', mv(1))}+9 ${ev('Updated', 'MeterValuePeriodic', 3, '', mv(2))}wait 15`,
    fails: `${ON}${variables(['SampledDataCtrlr', 'TxUpdatedInterval', '10'])}${BEGIN}wait 30`,
  },
  'OCPP2-TX-027': {
    passes:
      ON +
      BEGIN +
      ev('Updated', 'MeterValuePeriodic', 2, '', mv(10)) +
      ev('Updated', 'MeterValuePeriodic', 3, '', mv(11)),
    fails:
      ON +
      BEGIN +
      ev('Updated', 'MeterValuePeriodic', 2, '', mv(10)) +
      ev('Updated', 'MeterValuePeriodic', 3, '', mv(9)),
    says: 'went from 10 to 9',
  },
  'OCPP2-TX-028': {
    passes: `${ON}${BEGIN}S> MeterValues {"evseId":1${mv(10, 'Sample.Clock')}} = {}`,
    fails: `${ON}${BEGIN}S> MeterValues {"evseId":1${mv(10)}} = {}`,
  },
  'OCPP2-TX-029': {
    passes: `${WHOLE}C> GetTransactionStatus {"transactionId":"t1"} = {"ongoingIndicator":false,"messagesInQueue":false}`,
    fails: [
      `${WHOLE}C> GetTransactionStatus {"transactionId":"t1"} = {"ongoingIndicator":true,"messagesInQueue":false}`,
      `${ON}C> GetTransactionStatus {} = {"ongoingIndicator":true,"messagesInQueue":false}`,
    ],
  },
});

describeRules('F10 tokens', {
  'OCPP2-AU-001': {
    passes: WHOLE,
    fails: `${ON}S> Authorize {"idToken":{"idToken":"X1","type":"Central"}} = {"idTokenInfo":{"status":"Accepted"}}`,
  },
  'OCPP2-AU-002': {
    passes: `${ON}S> Authorize {"idToken":{"idToken":"","type":"NoAuthorization"}} = {"idTokenInfo":{"status":"Accepted"}}`,
    fails: [
      `${ON}S> Authorize {"idToken":{"idToken":"X","type":"NoAuthorization"}} = {"idTokenInfo":{"status":"Accepted"}}`,
      `${ON}S> Authorize {"idToken":{"idToken":"","type":"NoAuthorization"}} = {"idTokenInfo":{"status":"Invalid"}}`,
    ],
  },
  'OCPP2-AU-003': {
    passes: ON + auth(UID, '"status":"Accepted","language1":"de","language2":"en"'),
    fails: [
      ON + auth(UID, '"status":"Accepted","language2":"en"'),
      ON + auth(UID, '"status":"Accepted","language1":"en","language2":"en"'),
    ],
  },
  'OCPP2-AU-004': {
    passes: WHOLE,
    fails: [ON + auth('04:A1:B2:C3', '"status":"Accepted"'), ON + auth('4A1B2C3', '"status":"Accepted"')],
  },
  'OCPP2-AU-005': {
    passes: ON + auth(UID, '"status":"Accepted","evseId":[1,2]') + OCC + STARTED + CHARGES,
    fails: ON + auth(UID, '"status":"Accepted","evseId":[2]') + OCC + STARTED + CHARGES,
  },
  'OCPP2-AU-006': {
    passes: [
      WHOLE,
      `${ON}${auth(UID, '"status":"Accepted","groupIdToken":{"idToken":"G","type":"Central"}')}${OCC}${STARTED}${CHARGES}${auth('AABBCCDD', '"status":"Accepted","groupIdToken":{"idToken":"G","type":"Central"}')}${ENDED.replaceAll(UID, 'AABBCCDD')}`,
    ],
    fails: `${ON}${BEGIN}${auth('AABBCCDD', '"status":"Accepted"')}${ENDED.replaceAll(UID, 'AABBCCDD')}`,
  },
  'OCPP2-AU-007': { passes: WHOLE, fails: `${ON}${BEGIN}+60 ${AUTH}${ENDED}` },
});
