import { describeRules } from '../../testing/rule-cases.ts';

const ON = '2.0.1\nopen\nboot\n';
const st = (status: string) =>
  `S> StatusNotification {"evseId":1,"connectorId":1,"connectorStatus":"${status}","timestamp":"@"} = {}\n`;
const ev = (type: string, trigger: string, seqNo: number, info: string, more = '') =>
  `S> TransactionEvent {"eventType":"${type}","timestamp":"@","triggerReason":"${trigger}","seqNo":${seqNo},"transactionInfo":{"transactionId":"t1"${info === '' ? '' : `,${info}`}}${more}} = ${more.includes('idToken') ? '{"idTokenInfo":{"status":"Accepted"}}' : '{}'}\n`;
const EVSE = ',"evse":{"id":1,"connectorId":1}';
const TAG = ',"idToken":{"idToken":"04A1B2C3D4E5F6","type":"ISO14443"}';
const AUTH =
  'S> Authorize {"idToken":{"idToken":"04A1B2C3D4E5F6","type":"ISO14443"}} = {"idTokenInfo":{"status":"Accepted"}}\n';
const STARTED = ev('Started', 'Authorized', 0, '"chargingState":"EVConnected"', EVSE + TAG);
const CHARGES = ev('Updated', 'ChargingStateChanged', 1, '"chargingState":"Charging"');
const ENDED = ev('Ended', 'EVCommunicationLost', 2, '"chargingState":"Idle","stoppedReason":"EVDisconnected"');
const BEGIN = ON + AUTH + st('Occupied') + STARTED + CHARGES;
const change = (status: string, scope = '"evse":{"id":1},', type = 'Inoperative') =>
  `C> ChangeAvailability {${scope}"operationalStatus":"${type}"} = {"status":"${status}"}\n`;
const THRESHOLD =
  'C> GetVariables {"getVariableData":[{"component":{"name":"OCPPCommCtrlr"},"variable":{"name":"OfflineThreshold"}}]} = {"getVariableResult":[{"attributeStatus":"Accepted","attributeType":"Actual","attributeValue":"60","component":{"name":"OCPPCommCtrlr"},"variable":{"name":"OfflineThreshold"}}]}\n';

describeRules('F11 availability', {
  'OCPP2-AV-002': {
    passes: [
      `${BEGIN}wait 200`,
      `${ON + AUTH + STARTED}+20 ${st('Occupied')}${CHARGES}wait 200`,
      `${BEGIN + st('Available') + ENDED}wait 200`,
      // Nobody has come with a vehicle yet.
      `${ON + AUTH + STARTED.replace('EVConnected', 'Idle')}wait 100`,
    ],
    fails: [`${ON + AUTH + STARTED + CHARGES}wait 100\nwait 100`, `${BEGIN}+100 ${st('Available')}wait 100\nwait 100`],
    cannotTell: `2.0.1\nopen\n${AUTH}${STARTED}${CHARGES}wait 100`,
    says: 'transaction t1 has the chargingState Charging, and connector 1/1 is Available',
  },
  'OCPP2-AV-003': {
    passes: [
      `${ON + change('Accepted') + st('Unavailable')}wait 70`,
      `${ON + change('Accepted', '') + st('Faulted')}wait 70`,
      `${ON + change('Rejected')}wait 70`,
      `${ON + change('Accepted') + change('Accepted', '"evse":{"id":1},', 'Operative')}wait 70`,
    ],
    fails: [
      `${ON + change('Accepted')}wait 70`,
      `${ON + change('Accepted', '')}wait 70`,
      `${ON + change('Accepted', '"evse":{"id":1,"connectorId":1},')}wait 70`,
    ],
    cannotTell: [`2.0.1\nopen\n${change('Accepted')}wait 70`, `${ON + change('Accepted')}close\nwait 70`],
    says: 'connector 1/1 is Available',
  },
  'OCPP2-AV-004': {
    passes: [
      `${ON + THRESHOLD}close\n+300 open\n${st('Available')}wait 70`,
      `${ON + THRESHOLD}close\n+50 open\nwait 70`,
      `2.1\nopen\nboot\n${THRESHOLD}close\n+300 open\nS> NotifyEvent {"generatedAt":"@","seqNo":0,"eventData":[{"eventId":9,"timestamp":"@","trigger":"Delta","actualValue":"Available","eventNotificationType":"HardWiredNotification","component":{"name":"Connector","evse":{"id":1,"connectorId":1}},"variable":{"name":"AvailabilityState"}}]} = {}\nwait 70`,
    ],
    fails: `${ON + THRESHOLD}close\n+300 open\nwait 70`,
    cannotTell: [`${ON}close\n+300 open\nwait 70`, `${ON + THRESHOLD}close\n+300 open\nclose\nwait 70`],
    says: 'offline for 300 s (OfflineThreshold 60 s), and did not tell the status of 1/1',
  },
  'OCPP2-AV-012': {
    passes: [
      BEGIN + change('Scheduled'),
      BEGIN + change('Scheduled', '') + st('Available') + ENDED + st('Unavailable') + change('Accepted'),
      BEGIN + change('Accepted', '"evse":{"id":2},'),
    ],
    fails: [BEGIN + change('Accepted'), BEGIN + change('Accepted', '')],
    says: 'Accepted while transaction t1 runs',
  },
  'OCPP21-ST-001': {
    passes: '2.1\nopen\nboot',
    fails:
      '2.1\nopen\nboot\nS> StatusNotification {"evseId":1,"connectorId":1,"connectorStatus":"Occupied","timestamp":"@"} = {}',
  },
});
