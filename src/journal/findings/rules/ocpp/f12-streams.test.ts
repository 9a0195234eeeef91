import { describeRules } from '../../testing/rule-cases.ts';

const ON = '2.1\nopen\nboot\n';
const opened = (answer = '{"status":"Accepted"}', params = '{"interval":60,"values":2}') =>
  `S> OpenPeriodicEventStream {"constantStreamData":{"id":3,"variableMonitoringId":11,"params":${params}}} = ${answer}\n`;
const OPEN = opened();
const data = (id: number, ...times: number[]) =>
  `S> [6,"s${id}-${times.join('-')}","NotifyPeriodicEventStream",{"id":${id},"pending":0,"basetime":"@","data":[${times.map((t) => `{"t":${t},"v":"230"}`).join(',')}]}]\n`;
const CLOSE = 'S> ClosePeriodicEventStream {"id":3} = {}\n';
const event = (monitor: number) =>
  `S> NotifyEvent {"generatedAt":"@","seqNo":0,"eventData":[{"eventId":20,"timestamp":"@","trigger":"Periodic","actualValue":"230","eventNotificationType":"CustomMonitor","variableMonitoringId":${monitor},"component":{"name":"EVSE","evse":{"id":1}},"variable":{"name":"Voltage"}}]} = {}\n`;

describeRules('F12 streams', {
  'OCPP21-SEND-001': {
    passes: ON + OPEN + data(3, 0),
    fails: [`${ON}${OPEN}${data(3, 0)}C> [3,"s3-0",{}]`, `${ON}${OPEN}${data(3, 0)}C> [4,"s3-0","NotSupported","",{}]`],
    // Nothing waits for that answer.
    with: ['OCPPJ-RPC-007'],
    says: /was answered with a CALL(RESULT|ERROR)/,
  },
  'OCPP21-SEND-003': {
    passes: [
      ON + OPEN + data(3, 0) + CLOSE,
      `${ON}C> GetPeriodicEventStream {} = {"constantStreamData":[{"id":3,"variableMonitoringId":11,"params":{}}]}\n${data(3, 0)}`,
    ],
    fails: [
      ON + data(3, 0),
      ON + opened('{"status":"Rejected"}') + data(3, 0),
      ON + OPEN + CLOSE + data(3, 0),
      `${ON}S> [2,"open","OpenPeriodicEventStream",{"constantStreamData":{"id":3,"variableMonitoringId":11,"params":{}}}]\n${data(3, 0)}`,
    ],
    says: /was not opened|was rejected|is closed|not been accepted/,
  },
  'OCPP21-SEND-004': {
    passes: ON + OPEN + data(3, 0, 10) + data(3, 0),
    fails: [ON + OPEN + data(3, 5, 10), ON + opened(undefined, '{}') + data(3, 0, 10, 4)],
    says: /begins at 5 s|goes back from 10 to 4 s/,
  },
  'OCPP21-SEND-005': {
    passes: [ON + OPEN + data(3, 0, 10), ON + opened(undefined, '{"values":2}') + data(3, 0, 10, 20)],
    fails: [
      ON + OPEN + data(3, 0, 10, 20),
      `${ON}${OPEN}C> AdjustPeriodicEventStream {"id":3,"params":{"interval":60,"values":1}} = {"status":"Accepted"}\n${data(3, 0, 10)}`,
    ],
    cannotTell: `2.1\nopen\n${data(3, 0, 10, 20)}`,
    says: /has [23] values, and [12] are agreed/,
  },
  'OCPP21-SEND-006': {
    passes: [ON + OPEN + event(12), ON + opened('{"status":"Rejected"}') + event(11), ON + OPEN + CLOSE + event(11)],
    fails: ON + OPEN + event(11),
    says: 'monitor 11, which has the open stream 3',
  },
});
