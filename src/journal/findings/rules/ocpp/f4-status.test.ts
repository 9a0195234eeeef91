import { describeRules } from '../../testing/rule-cases.ts';

const ON = '1.6\nopen\nboot\n';
const st = (status: string, more = '', connector = 1, error = 'NoError') =>
  `S> StatusNotification {"connectorId":${connector},"errorCode":"${error}","status":"${status}"${more}} = {}\n`;
const START =
  'S> StartTransaction {"connectorId":1,"idTag":"A","meterStart":100,"timestamp":"@"} = {"transactionId":7,"idTagInfo":{"status":"Accepted"}}\n';
const STOP = 'S> StopTransaction {"transactionId":7,"meterStop":200,"timestamp":"@"} = {}\n';
const keys = (...pairs: [string, string][]) =>
  `C> GetConfiguration {} = {"configurationKey":[${pairs.map(([key, value]) => `{"key":"${key}","readonly":${key === 'NumberOfConnectors'},"value":"${value}"}`).join(',')}]}\n`;
const SESSION = `${ON + st('Preparing') + START + st('Charging')}+60 ${st('Finishing')}${STOP}${st('Available')}`;

describeRules('F4 status', {
  'OCPP16-ST-001': {
    passes: [
      SESSION,
      `${ON}${st('Preparing')}close 1006\n+60 open\n${st('Reserved')}`.replace('Reserved', 'Finishing'),
      `${ON}${keys(['MinimumStatusDuration', '5'])}${st('Preparing')}${START}${st('Charging')}${st('Finishing')}${STOP}+5 ${st('Unavailable')}`,
    ],
    fails: [
      `${ON}${st('Preparing')}${st('Unavailable')}`,
      ON + st('Finishing'),
      SESSION.replace('"Finishing"', '"Preparing"'),
    ],
    says: 'Connector 1 went from',
  },
  'OCPP16-ST-002': { passes: ON + st('Faulted', '', 0, 'OtherError'), fails: ON + st('Preparing', '', 0) },
  'OCPP16-ST-003': {
    passes: SESSION,
    fails: [ON + keys(['NumberOfConnectors', '1']) + st('Available', '', 2), `${ON}+70 ${st('Available', '', 3)}`],
    says: /Connector [23] is reported/,
  },
  'OCPP16-ST-004': {
    passes: ON + st('Preparing', '', 1, 'EVCommunicationError'),
    fails: ON + st('Charging', '', 1, 'EVCommunicationError'),
  },
  'OCPP16-ST-005': { passes: ON + st('Faulted', '', 1, 'GroundFailure'), fails: ON + st('Faulted') },
  'OCPP16-ST-006': {
    passes: `${ON}C> ReserveNow {"connectorId":1,"expiryDate":"@+600","idTag":"A","reservationId":5} = {"status":"Accepted"}\n${st('Reserved')}`,
    fails: `${ON}+70 ${st('Reserved')}`,
  },
  'OCPP16-ST-011': {
    passes: ON + st('Preparing', ',"timestamp":"@"'),
    fails: ON + st('Preparing', ',"timestamp":"@"') + st('Charging', ',"timestamp":"@-60"'),
  },
  'OCPP16-ST-012': {
    passes: `${ON}C> TriggerMessage {"requestedMessage":"StatusNotification","connectorId":1} = {"status":"Accepted"}\n${st('Available')}`,
    fails: ON + st('Available'),
  },
  'OCPP16-ST-013': {
    passes: `${ON}close 1006\n+300 open\n${st('Preparing', ',"timestamp":"@-60"')}${st('Available', ',"timestamp":"@"')}`,
    fails: `${ON}close 1006\n+300 open\n${st('Preparing', ',"timestamp":"@-60"')}${st('Available', ',"timestamp":"@-50"')}${st('Preparing', ',"timestamp":"@-40"')}`,
  },
  'OCPP16-ST-014': {
    passes: `${ON}C> ChangeAvailability {"connectorId":1,"type":"Inoperative"} = {"status":"Accepted"}\n${st('Unavailable')}C> ChangeAvailability {"connectorId":1,"type":"Operative"} = {"status":"Accepted"}\n${st('Available')}close\n+20 open\nboot`,
    fails: `${ON}C> ChangeAvailability {"connectorId":1,"type":"Inoperative"} = {"status":"Accepted"}\n${st('Unavailable')}close\n+20 open\nboot`,
  },
  'OCPP16-ST-007': {
    passes: [`${SESSION}wait 100`, `1.6\nopen\n${st('Charging')}wait 100`],
    fails: `${ON}${st('Charging')}wait 100`,
  },
  'OCPP16-ST-008': { passes: `${SESSION}wait 200`, fails: `${ON}${st('Preparing')}${START}wait 200` },
  'OCPP16-ST-009': {
    passes: `${SESSION}wait 100`,
    fails: `${ON}${st('Preparing')}${START}${st('Charging')}+60 ${STOP}wait 100`,
  },
  'OCPP16-ST-010': {
    passes: `${SESSION}wait 100`,
    fails: `${ON}${st('Preparing')}${START}${st('Charging')}+60 ${st('Finishing')}wait 40`,
    says: 'transaction 7 on it was not stopped',
  },
  'OCPP16-ST-015': {
    passes: [
      `${ON}${keys(['StopTransactionOnEVSideDisconnect', 'false'])}${st('Preparing')}${START}${st('Charging')}${st('SuspendedEV', ',"info":"EV side disconnected"')}`,
      `${ON}${keys(['StopTransactionOnEVSideDisconnect', 'true'])}${st('Preparing')}${START}${st('Charging')}+60 ${st('Finishing', ',"info":"EV side disconnected"')}${STOP}`,
    ],
    fails: `${ON}${keys(['StopTransactionOnEVSideDisconnect', 'true'])}${st('Preparing')}${START}${st('Charging')}${st('SuspendedEV', ',"info":"EV side disconnected"')}`,
  },
  'OCPP16-TX-032': {
    passes: [
      // Told after the reconnect, with the time at which it started.
      `${ON}close 1006\n+120 open\n${st('Charging')}+20 ${START.replace('"@"', '"@-80"')}wait 400`,
      // It started online: what follows is judged by OCPP16-ST-007, not before its queue had time.
      `${ON}close 1006\n+120 open\n${st('Preparing')}${st('Charging')}${START}wait 400`,
    ],
    // ST-001 asks for the way from Available over Preparing only where nothing was missed.
    fails: `${ON}close 1006\n+120 open\n${st('Charging')}wait 400`,
    cannotTell: `${ON}close 1006\n+120 open\n${st('Charging', '', 2)}wait 400`,
    says: 'Connector 1 was Available before the connection was lost and Charging after it',
  },
});
