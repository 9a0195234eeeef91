import { describeRules } from '../../testing/rule-cases.ts';

const ON = '2.0.1\nopen\nboot\n';
const st = (status: string) =>
  `S> StatusNotification {"evseId":1,"connectorId":1,"connectorStatus":"${status}","timestamp":"@"} = {}\n`;
const ev = (type: string, trigger: string, seqNo: number, info: string, more = '') =>
  `S> TransactionEvent {"eventType":"${type}","timestamp":"@","triggerReason":"${trigger}","seqNo":${seqNo},"transactionInfo":{"transactionId":"t1"${info === '' ? '' : `,${info}`}}${more}} = ${more.includes('idToken') ? '{"idTokenInfo":{"status":"Accepted"}}' : '{}'}\n`;
const TAG = ',"idToken":{"idToken":"04A1B2C3D4E5F6","type":"ISO14443"}';
const AUTH = `S> Authorize {${TAG.slice(1)}} = {"idTokenInfo":{"status":"Accepted"}}\n`;
const STARTED = ev(
  'Started',
  'Authorized',
  0,
  '"chargingState":"EVConnected"',
  `,"evse":{"id":1,"connectorId":1}${TAG}`,
);
const CHARGES = ev('Updated', 'ChargingStateChanged', 1, '"chargingState":"Charging"');
const STOPPED = ev('Updated', 'StopAuthorized', 2, '"chargingState":"EVConnected"', TAG);
const BEGIN = ON + AUTH + st('Occupied') + STARTED + CHARGES;
const ended = (trigger: string, reason: string, more = '') =>
  ev('Ended', trigger, 2, `"chargingState":"EVConnected","stoppedReason":"${reason}"`, more);
const BOOT =
  'S> BootNotification {"reason":"RemoteReset","chargingStation":{"vendorName":"ACME","model":"AC22"}} = {"status":"Accepted","currentTime":"@","interval":86400}\nS> StatusNotification {"timestamp":"@","connectorStatus":"Occupied","evseId":1,"connectorId":1} = {}\n';
const unlock = (status: string) => `C> UnlockConnector {"evseId":1,"connectorId":1} = {"status":"${status}"}\n`;
const reset = (type: string, status: string) => `C> Reset {"type":"${type}"} = {"status":"${status}"}\n`;
const start = (status: string, token = '04FFFFFF') =>
  `C> RequestStartTransaction {"evseId":1,"remoteStartId":44,"idToken":{"idToken":"${token}","type":"ISO14443"}} = {"status":"${status}"}\n`;
const RESERVED = `C> ReserveNow {"id":5,"expiryDateTime":"@+600"${TAG},"evseId":1} = {"status":"Accepted"}\n${st('Reserved')}`;

describeRules('F11 remote control', {
  'OCPP2-AV-005': {
    passes: [
      BEGIN + unlock('OngoingAuthorizedTransaction'),
      BEGIN + STOPPED + unlock('Unlocked'),
      ON + unlock('Unlocked'),
    ],
    fails: BEGIN + unlock('Unlocked'),
    says: 'EVSE 1 was unlocked while transaction t1 is authorized',
  },
  'OCPP2-AV-006': {
    passes: [BEGIN + reset('OnIdle', 'Scheduled'), ON + reset('OnIdle', 'Accepted')],
    fails: BEGIN + reset('OnIdle', 'Accepted'),
    says: 'Reset OnIdle was answered Accepted while transaction t1 runs',
  },
  'OCPP2-AV-007': {
    passes: [
      `${BEGIN + reset('Immediate', 'Accepted') + ended('ResetCommand', 'ImmediateReset')}close\n+60 open\n${BOOT}wait 300`,
      `${BEGIN + reset('Immediate', 'Accepted')}close\n+60 open\n${BOOT}${ended('ResetCommand', 'ImmediateReset').replace('"@"', '"@-55","offline":true')}wait 300`,
    ],
    fails: [
      `${BEGIN + reset('Immediate', 'Accepted')}close\n+60 open\n${BOOT}wait 150\nwait 150`,
      `${BEGIN + reset('Immediate', 'Accepted') + ended('AbnormalCondition', 'PowerLoss')}close\n+60 open\n${BOOT}wait 300`,
    ],
    cannotTell: `${BEGIN + reset('Immediate', 'Accepted')}close\nwait 300`,
    says: /its Ended event did not come|ended with AbnormalCondition \/ PowerLoss/,
  },
  'OCPP2-AV-008': {
    passes: `${ON}C> TriggerMessage {"requestedMessage":"StatusNotification","evse":{"id":1,"connectorId":1}} = {"status":"Accepted"}\n${st('Available')}`,
    fails: [
      `${ON}C> TriggerMessage {"requestedMessage":"StatusNotification"} = {"status":"Rejected"}`,
      `${ON}C> TriggerMessage {"requestedMessage":"StatusNotification","evse":{"id":1}} = {"status":"Rejected"}`,
    ],
  },
  'OCPP2-AV-011': {
    passes: [
      ON + start('Accepted'),
      ON + st('Unavailable') + start('Rejected'),
      ON + RESERVED + start('Accepted', '04A1B2C3D4E5F6'),
      BEGIN + start('Rejected'),
    ],
    fails: [
      ON + st('Unavailable') + start('Accepted'),
      ON + st('Faulted') + start('Accepted'),
      ON + RESERVED + start('Accepted'),
      BEGIN + start('Accepted'),
    ],
    says: /it is (Unavailable|Faulted)|reservation 5 holds it|transaction t1 is authorized there/,
  },
});
