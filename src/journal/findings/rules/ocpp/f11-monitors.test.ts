import { describeRules } from '../../testing/rule-cases.ts';

const ON = '2.0.1\nopen\nboot\n';
const WHAT = '"component":{"name":"Fan"},"variable":{"name":"Speed"}';
const asked = (type: string, value: number, severity = 5) =>
  `{"value":${value},"type":"${type}","severity":${severity},${WHAT}}`;
const result = (type: string, id = 7, severity = 5, status = 'Accepted') =>
  `{${id === 0 ? '' : `"id":${id},`}"status":"${status}","type":"${type}","severity":${severity},${WHAT}}`;
const set = (type: string, value: number, severity = 5) =>
  `C> SetVariableMonitoring {"setMonitoringData":[${asked(type, value, severity)}]} = {"setMonitoringResult":[${result(type, 7, severity)}]}\n`;
const HIGH = set('UpperThreshold', 80);
const level = (severity: number) => `C> SetMonitoringLevel {"severity":${severity}} = {"status":"Accepted"}\n`;
const event = (trigger: string, more = '', id = 7) =>
  `S> NotifyEvent {"generatedAt":"@","seqNo":0,"eventData":[{"eventId":1,"timestamp":"@","trigger":"${trigger}","actualValue":"90","eventNotificationType":"CustomMonitor","variableMonitoringId":${id}${more},${WHAT}}]} = {}\n`;
const CLEARED = event('Alerting', ',"cleared":true');
const clear = (results: string) => `C> ClearVariableMonitoring {"id":[7,8]} = {"clearMonitoringResult":[${results}]}\n`;
const REPORT = `C> GetMonitoringReport {"requestId":2} = {"status":"Accepted"}\nS> NotifyMonitoringReport {"requestId":2,"seqNo":0,"generatedAt":"@","monitor":[{${WHAT},"variableMonitoring":[{"id":7,"transaction":false,"value":80,"type":"UpperThreshold","severity":5}]}]} = {}\n`;
const periodic = (...waits: number[]) => waits.map((wait) => `+${wait} ${event('Periodic')}`).join('');
const customer = (selectors: string, status: string) =>
  `C> CustomerInformation {"requestId":4,"report":true,"clear":false${selectors}} = {"status":"${status}"}\n`;
const TOKEN = ',"idToken":{"idToken":"04A1B2C3","type":"ISO14443"}';

describeRules('F11 monitors', {
  'OCPP2-MO-001': {
    passes: [ON + HIGH, ON + clear('{"id":7,"status":"NotFound"},{"id":8,"status":"NotFound"}')],
    fails: [
      ON + clear('{"id":7,"status":"NotFound"}'),
      ON + HIGH.replace(asked('UpperThreshold', 80), `${asked('UpperThreshold', 80)},${asked('LowerThreshold', 5)}`),
    ],
    says: 'names 2 monitors, and the answer has 1 results',
  },
  'OCPP2-MO-002': {
    passes: [ON + HIGH, ON + HIGH.replace('"id":7,"status":"Accepted"', '"status":"Rejected"')],
    fails: ON + HIGH.replace('"id":7,', ''),
    says: 'monitor of Fan.Speed was accepted, and has no id',
  },
  'OCPP2-MO-003': {
    passes: [ON + HIGH + level(5) + event('Alerting'), ON + HIGH + level(3)],
    fails: ON + HIGH + level(3) + event('Alerting'),
    cannotTell: ON + HIGH + event('Alerting'),
    says: 'severity 5, and the monitoring level is 3',
  },
  'OCPP2-MO-004': {
    passes: [
      ON + REPORT + event('Alerting'),
      ON + REPORT + HIGH.replace('"id":7', '"id":9') + event('Alerting', '', 9),
    ],
    fails: [
      ON + REPORT + event('Alerting', '', 9),
      ON + REPORT + clear('{"id":7,"status":"Accepted"},{"id":8,"status":"NotFound"}') + event('Alerting'),
      `${ON}C> GetMonitoringReport {"requestId":2} = {"status":"EmptyResultSet"}\n${event('Alerting')}`,
    ],
    cannotTell: ON + event('Alerting'),
    says: /names monitor [97]/,
  },
  'OCPP2-MO-005': {
    passes: [ON + HIGH + event('Alerting') + CLEARED, ON + HIGH + event('Alerting') + HIGH + CLEARED],
    fails: [ON + HIGH + CLEARED, ON + HIGH + event('Alerting') + CLEARED + CLEARED],
    cannotTell: [ON + CLEARED, ON + REPORT + CLEARED, `${ON + HIGH}close\n+60 open\n${CLEARED}`],
    says: 'Monitor 7 is cleared',
  },
  'OCPP2-MO-007': {
    passes: [
      ON + set('Periodic', 60) + periodic(60, 60, 60, 60, 60, 60, 60),
      ON + set('Periodic', 60) + periodic(60, 64, 58, 62, 57, 61),
    ],
    fails: [
      ON + set('Periodic', 60) + periodic(60, 70, 70, 70, 70, 70),
      ON + set('Periodic', 60) + periodic(60, 50, 50, 50, 50, 50),
    ],
    cannotTell: [
      ON + event('Periodic'),
      `${ON + set('Periodic', 60) + periodic(60, 60)}close\n+200 open\n${periodic(60, 60, 60, 60)}`,
    ],
    says: /came every (70|50)\.\d s/,
  },
  'OCPP2-MO-008': {
    passes: `${ON}${customer(TOKEN, 'Accepted')}S> NotifyCustomerInformation {"requestId":4,"generatedAt":"@","seqNo":0,"data":"none"} = {}`,
    fails: [ON + customer('', 'Invalid'), ON + customer(`${TOKEN},"customerIdentifier":"Ada"`, 'Rejected')],
    says: /names (nobody|idToken and customerIdentifier)/,
  },
});
