import { describeRules } from '../../testing/rule-cases.ts';

const ON = '2.0.1\nopen\nboot\n';
const OCC = 'S> StatusNotification {"evseId":1,"connectorId":1,"connectorStatus":"Occupied","timestamp":"@"} = {}\n';
const FREE = 'S> StatusNotification {"evseId":1,"connectorId":1,"connectorStatus":"Available","timestamp":"@"} = {}\n';
const AUTH =
  'S> Authorize {"idToken":{"idToken":"04A1B2C3D4E5F6","type":"ISO14443"}} = {"idTokenInfo":{"status":"Accepted"}}\n';
const ev = (type: string, trigger: string, seqNo: number, info: string, more = '', answer = '{}', id = 't1') =>
  `S> TransactionEvent {"eventType":"${type}","timestamp":"@","triggerReason":"${trigger}","seqNo":${seqNo},"transactionInfo":{"transactionId":"${id}"${info === '' ? '' : `,${info}`}}${more}} = ${answer}\n`;
const EVSE = ',"evse":{"id":1,"connectorId":1}';
const TAG = ',"idToken":{"idToken":"04A1B2C3D4E5F6","type":"ISO14443"}';
const OK = '{"idTokenInfo":{"status":"Accepted"}}';
const STARTED = ev('Started', 'Authorized', 0, '"chargingState":"EVConnected"', EVSE + TAG, OK);
const CHARGES = ev('Updated', 'ChargingStateChanged', 1, '"chargingState":"Charging"');
const ENDED = ev('Ended', 'StopAuthorized', 2, '"chargingState":"EVConnected","stoppedReason":"Local"', TAG, OK);
const BEGIN = ON + AUTH + OCC + STARTED + CHARGES;
const WHOLE = `${BEGIN}+60 ${ENDED}${FREE}`;
const variables = (...pairs: [string, string, string][]) =>
  `C> GetVariables {"getVariableData":[${pairs.map(([component, variable]) => `{"component":{"name":"${component}"},"variable":{"name":"${variable}"}}`).join(',')}]} = {"getVariableResult":[${pairs.map(([component, variable, value]) => `{"attributeStatus":"Accepted","attributeType":"Actual","attributeValue":"${value}","component":{"name":"${component}"},"variable":{"name":"${variable}"}}`).join(',')}]}\n`;
const RESERVE =
  'C> ReserveNow {"id":5,"expiryDateTime":"@+600","idToken":{"idToken":"04A1B2C3D4E5F6","type":"ISO14443"},"evseId":1} = {"status":"Accepted"}\nS> StatusNotification {"evseId":1,"connectorId":1,"connectorStatus":"Reserved","timestamp":"@"} = {}\n';
const REMOTE =
  'C> RequestStartTransaction {"evseId":1,"remoteStartId":44,"idToken":{"idToken":"04A1B2C3D4E5F6","type":"ISO14443"}} = {"status":"Accepted"}\n';

describeRules('F10 events', {
  'OCPP2-TX-001': {
    passes: [WHOLE, `2.0.1\nopen\n${CHARGES}`],
    fails: ON + ev('Updated', 'MeterValuePeriodic', 3, ''),
  },
  'OCPP2-TX-002': {
    passes: WHOLE,
    fails: [
      BEGIN + ev('Started', 'CablePluggedIn', 2, '"chargingState":"Charging"'),
      WHOLE + ev('Updated', 'MeterValuePeriodic', 3, ''),
    ],
  },
  'OCPP2-TX-003': {
    passes: WHOLE,
    fails: WHOLE + ev('Started', 'CablePluggedIn', 3, '"chargingState":"EVConnected"', EVSE),
  },
  'OCPP2-TX-004': {
    passes: [
      WHOLE,
      `${BEGIN}close 1006\n+60 open\n${ev('Updated', 'ChargingStateChanged', 5, '"chargingState":"SuspendedEV"')}`,
    ],
    fails: [
      BEGIN + ev('Updated', 'MeterValuePeriodic', 3, ''),
      BEGIN + ev('Updated', 'MeterValuePeriodic', 1, ''),
      BEGIN + ev('Updated', 'MeterValuePeriodic', 2, '').replace('"@"', '"@-120"'),
    ],
    says: /went from 1 to 3|have the seqNo 1|is dated .*, before event 1/,
  },
  'OCPP2-TX-005': {
    passes: WHOLE,
    fails: ON + ev('Started', 'CablePluggedIn', 7, '"chargingState":"EVConnected"', EVSE),
  },
  'OCPP2-TX-006': {
    passes: `${WHOLE}wait 400`,
    fails: `${BEGIN}${ev('Ended', 'StopAuthorized', 4, '"chargingState":"EVConnected","stoppedReason":"Local"', TAG, OK)}${FREE}wait 400`,
    with: ['OCPP2-TX-004'],
    says: 'events 2, 3 never came',
  },
  'OCPP2-TX-007': {
    passes: `${BEGIN}close 1006\n+60 open\nS> TransactionEvent {"eventType":"Updated","timestamp":"@-30","triggerReason":"MeterValuePeriodic","seqNo":2,"offline":true,"transactionInfo":{"transactionId":"t1"}} = {}`,
    fails: `${BEGIN}close 1006\n+60 open\nS> TransactionEvent {"eventType":"Updated","timestamp":"@-30","triggerReason":"MeterValuePeriodic","seqNo":2,"transactionInfo":{"transactionId":"t1"}} = {}`,
  },
  'OCPP2-TX-008': {
    passes: WHOLE,
    fails: `${BEGIN}+60 S> TransactionEvent {"eventType":"Updated","timestamp":"@","triggerReason":"MeterValuePeriodic","seqNo":2,"offline":true,"transactionInfo":{"transactionId":"t1"}} = {}`,
  },
  'OCPP2-TX-009': {
    passes: WHOLE,
    fails: [
      ON + ev('Started', 'CablePluggedIn', 0, '', EVSE),
      ON + AUTH + OCC + STARTED + ev('Updated', 'ChargingStateChanged', 1, ''),
    ],
  },
  'OCPP2-TX-010': {
    passes: WHOLE,
    fails: BEGIN + ev('Updated', 'ChargingStateChanged', 2, '"chargingState":"Charging"'),
  },
  'OCPP2-TX-011': {
    passes: [WHOLE, ON + ev('Started', 'Authorized', 0, '"chargingState":"Idle"', TAG, OK)],
    fails: ON + ev('Started', 'CablePluggedIn', 0, '"chargingState":"EVConnected"', ',"evse":{"id":1}'),
  },
  'OCPP2-TX-012': { passes: WHOLE, fails: BEGIN + ev('Updated', 'MeterValuePeriodic', 2, '', EVSE) },
  'OCPP2-TX-013': {
    passes: BEGIN,
    fails: `${BEGIN}${ev('Started', 'CablePluggedIn', 0, '"chargingState":"EVConnected"', EVSE, '{}', 't2')}`,
  },
});

describeRules('F10 causes', {
  'OCPP2-TX-014': { passes: WHOLE, fails: ON + ev('Started', 'Authorized', 0, '"chargingState":"EVConnected"', EVSE) },
  'OCPP2-TX-015': {
    passes: WHOLE,
    fails: ON + ev('Started', 'Authorized', 0, '"chargingState":"EVConnected"', EVSE + TAG),
  },
  'OCPP2-TX-016': {
    passes:
      ON +
      REMOTE +
      OCC +
      ev('Started', 'RemoteStart', 0, '"chargingState":"EVConnected","remoteStartId":44', EVSE + TAG, OK).replace(
        ',"remoteStartId":44}',
        ',"remoteStartId":44}',
      ),
    fails: ON + REMOTE + OCC + ev('Started', 'RemoteStart', 0, '"chargingState":"EVConnected"', EVSE + TAG, OK),
  },
  'OCPP2-TX-017': {
    passes: WHOLE,
    fails: `${BEGIN}+60 ${ev('Ended', 'EVCommunicationLost', 2, '"chargingState":"Idle"')}`,
  },
  'OCPP2-TX-018': {
    passes: WHOLE,
    fails: `${BEGIN}+60 ${ev('Ended', 'RemoteStop', 2, '"chargingState":"EVConnected","stoppedReason":"Local"')}`,
  },
  'OCPP2-TX-019': {
    passes: `${BEGIN}+60 C> RequestStopTransaction {"transactionId":"t1"} = {"status":"Accepted"}\n${ev('Ended', 'RemoteStop', 2, '"chargingState":"EVConnected","stoppedReason":"Remote"')}${FREE}wait 60`,
    fails: `${BEGIN}+60 C> RequestStopTransaction {"transactionId":"t1"} = {"status":"Accepted"}\nwait 60`,
  },
  'OCPP2-TX-020': {
    passes: `${ON + variables(['TxCtrlr', 'TxStopPoint', 'EVConnected,Authorized']) + AUTH + OCC + STARTED + CHARGES}+60 ${ENDED}`,
    fails: `${ON + variables(['TxCtrlr', 'TxStopPoint', 'EVConnected']) + AUTH + OCC + STARTED + CHARGES}+60 ${ENDED}`,
  },
  'OCPP2-TX-021': {
    passes: ON + variables(['TxCtrlr', 'TxStartPoint', 'PowerPathClosed']) + AUTH + OCC + STARTED,
    fails: [
      ON +
        variables(['TxCtrlr', 'TxStartPoint', 'PowerPathClosed']) +
        ev('Started', 'Authorized', 0, '"chargingState":"Idle"', TAG, OK),
      ON +
        variables(['TxCtrlr', 'TxStartPoint', 'Authorized']) +
        OCC +
        ev('Started', 'CablePluggedIn', 0, '"chargingState":"EVConnected"', EVSE),
    ],
  },
  'OCPP2-TX-022': {
    passes: `${ON}${variables(['TxCtrlr', 'StopTxOnInvalidId', 'true'])}${OCC}${ev('Started', 'Authorized', 0, '"chargingState":"EVConnected"', EVSE + TAG, '{"idTokenInfo":{"status":"Blocked"}}')}${ev('Ended', 'Deauthorized', 1, '"chargingState":"EVConnected","stoppedReason":"DeAuthorized"')}wait 100`,
    fails: `${ON}${variables(['TxCtrlr', 'StopTxOnInvalidId', 'true'])}${OCC}${ev('Started', 'Authorized', 0, '"chargingState":"EVConnected"', EVSE + TAG, '{"idTokenInfo":{"status":"Blocked"}}')}wait 100`,
  },
  'OCPP2-TX-024': {
    passes: WHOLE,
    fails: `${BEGIN}+60 ${ev('Ended', 'RemoteStop', 2, '"chargingState":"EVConnected","stoppedReason":"Remote"', TAG, OK)}`,
  },
  'OCPP2-TX-030': {
    passes: WHOLE,
    fails: ON + OCC + ev('Started', 'CablePluggedIn', 0, '"chargingState":"EVConnected"', EVSE) + CHARGES,
  },
  'OCPP2-TX-031': {
    passes:
      ON +
      RESERVE +
      ev('Started', 'Authorized', 0, '"chargingState":"EVConnected"', `${EVSE + TAG},"reservationId":5`, OK),
    fails: ON + RESERVE + ev('Started', 'Authorized', 0, '"chargingState":"EVConnected"', EVSE + TAG, OK),
  },
});
