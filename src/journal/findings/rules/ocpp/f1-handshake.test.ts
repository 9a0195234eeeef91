import { describeRules } from '../../testing/rule-cases.ts';

const ON = '1.6\nopen\nboot\n';
const ON2 = '2.0.1\nopen\nboot\n';
const BACK_OFF =
  'C> GetVariables {"getVariableData":[{"component":{"name":"OCPPCommCtrlr"},"variable":{"name":"RetryBackOffWaitMinimum"}},{"component":{"name":"OCPPCommCtrlr"},"variable":{"name":"RetryBackOffRepeatTimes"}}]} = {"getVariableResult":[{"attributeStatus":"Accepted","attributeType":"Actual","attributeValue":"10","component":{"name":"OCPPCommCtrlr"},"variable":{"name":"RetryBackOffWaitMinimum"}},{"attributeStatus":"Accepted","attributeType":"Actual","attributeValue":"2","component":{"name":"OCPPCommCtrlr"},"variable":{"name":"RetryBackOffRepeatTimes"}}]}\n';
const change = (answer: string) =>
  `1.6\nopen authorization=basic passwordPrint=k.old\nboot\nC> ChangeConfiguration {"key":"AuthorizationKey","value":"00112233445566778899AABBCCDDEEFF"} = ${answer}\nclose\n`;
const ACCEPTED = '{"status":"Accepted"}';
const interval = (s: number) =>
  `C> GetConfiguration {"key":["WebSocketPingInterval"]} = {"configurationKey":[{"key":"WebSocketPingInterval","readonly":false,"value":"${s}"}]}\n`;

describeRules('F1 handshake', {
  'OCPPJ-HS-002': {
    passes: '1.6\nopen offered=ocpp2.0.1,ocpp1.6 subprotocol=ocpp1.6',
    fails: ['1.6\nopen offered=ocpp2.0.1 subprotocol=ocpp1.6', '1.6\nopen offered=ocpp1.6 subprotocol=ocpp1.6,ocpp2.0'],
  },
  'OCPPJ-HS-006': {
    passes: [
      '1.6\nopen offered=ocpp9 subprotocol=\nclose\nwait 10',
      '1.6\nrefused status=101 reason=no-common-subprotocol offered=ocpp9',
    ],
    fails: [
      '1.6\nopen offered=ocpp9 subprotocol=\nwait 10',
      '1.6\nopen offered=ocpp9 subprotocol=\nboot\nclose\nwait 10',
      '1.6\nrefused status=400 reason=no-common-subprotocol offered=ocpp9',
    ],
  },
  'OCPPJ-HS-007': {
    passes: ['1.6\nrefused status=404 reason=unknown-identity', '1.6\nopen listed=yes'],
    fails: ['1.6\nrefused status=400 reason=unknown-identity', '1.6\nopen listed=no'],
  },
  'OCPPJ-HS-008': {
    passes: '1.6\nopen offered=ocpp2.1,ocpp1.6 served=ocpp1.6,ocpp2.0.1 subprotocol=ocpp1.6',
    fails: '1.6\nopen offered=ocpp2.0.1,ocpp1.6 served=ocpp1.6,ocpp2.0.1 subprotocol=ocpp1.6',
  },
  'OCPPJ-HS-009': {
    passes: [
      '2.0.1\nopen extensionsOffered=permessage-deflate extensions=permessage-deflate',
      '2.0.1\nopen extensionsOffered= extensions=',
      '1.6\nopen extensionsOffered=permessage-deflate extensions=',
    ],
    fails: '2.0.1\nopen extensionsOffered=permessage-deflate extensions=',
  },
  'OCPPJ-HS-011': {
    passes: '1.6\nopen authorization=basic passwordForm=text',
    fails: ['1.6\nopen authorization=basic passwordForm=hex', '1.6\nrefused status=401 passwordForm=hex'],
  },
  'OCPPJ-HS-012': {
    passes: [
      `${change(ACCEPTED)}open authorization=basic passwordPrint=k.new`,
      // Before its reboot the station may use the old one.
      // Prints of two processes say nothing.
      `${change(ACCEPTED)}open authorization=basic passwordPrint=m.old`,
    ],
    fails: `${change(ACCEPTED)}open authorization=basic passwordPrint=k.old`,
    // Before its reboot the station may use the old one.
    cannotTell: `${change('{"status":"RebootRequired"}')}open authorization=basic passwordPrint=k.old`,
  },
  'OCPPJ-HS-013': {
    passes: [
      `${change('{"status":"Rejected"}')}refused status=401 reason=bad-credentials passwordPrint=k.new`,
      `${change(ACCEPTED)}refused status=401 reason=bad-credentials passwordPrint=k.old`,
    ],
    fails: [
      `${change('{"status":"Rejected"}')}refused status=401 reason=bad-credentials passwordPrint=k.old`,
      `${change('!InternalError')}refused status=401 reason=bad-credentials passwordPrint=k.old`,
    ],
  },
  'OCPPJ-HS-016': {
    passes: [
      `${ON2}${BACK_OFF}close 1006\n+9.5 refused status=503 offered=ocpp2.0.1\n+19.5 refused status=503 offered=ocpp2.0.1\n+39.5 refused status=503 offered=ocpp2.0.1\n+39.5 open`,
      `${ON2}${BACK_OFF}close\n+0.2 open`,
      `${ON}close 1006\n+0.5 open\nclose 1006\n+5 open`,
    ],
    fails: [
      `${ON2}${BACK_OFF}close 1006\n+4 open`,
      `${ON2}${BACK_OFF}close 1006\n+10 refused status=503 offered=ocpp2.0.1\n+11 refused status=503 offered=ocpp2.0.1`,
      `${ON}close 1006\n+0.5 refused status=503\n+0.5 refused status=503`,
    ],
  },
  'OCPPJ-HS-017': {
    passes: [
      `${ON}#b: open\nclose\n#b: S> Heartbeat {} = {"currentTime":"@"}\nwait 30`,
      `${ON}#b: open\n#b: S> Heartbeat {} = {"currentTime":"@"}\nwait 30`,
    ],
    fails: `${ON}#b: open\n#b: S> Heartbeat {} = {"currentTime":"@"}\n+2 S> Heartbeat {} = {"currentTime":"@"}\nwait 30`,
  },
  'OCPPJ-WS-001': {
    passes: `${ON}liveness {"forS":600,"pings":10,"longestGapS":61,"unansweredS":0}`,
    fails: [
      `${ON}liveness {"forS":31,"pings":0,"longestGapS":31,"unansweredS":31}`,
      `${ON}close 1000 {"forS":80,"pings":0,"longestGapS":80,"unansweredS":50}`,
    ],
  },
  'OCPPJ-WS-002': {
    passes: [
      `${ON}${interval(60)}+600 liveness {"forS":600,"pings":8,"longestGapS":119,"unansweredS":0}`,
      `${ON}${interval(0)}+600 liveness {"forS":600,"pings":0,"longestGapS":600,"unansweredS":0}`,
      // The interval is newer than what is told.
      `${ON}+600 C> ChangeConfiguration {"key":"WebSocketPingInterval","value":"60"} = ${ACCEPTED}\nliveness {"forS":600,"pings":0,"longestGapS":600,"unansweredS":0}`,
    ],
    fails: [
      `${ON}${interval(60)}+600 liveness {"forS":600,"pings":8,"longestGapS":130,"unansweredS":0}`,
      `${ON}${interval(60)}+300 close 1000 {"forS":300,"pings":0,"longestGapS":300,"unansweredS":0}`,
    ],
  },
});
