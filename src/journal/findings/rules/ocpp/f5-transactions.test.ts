import { describeRules } from '../../testing/rule-cases.ts';

const ON = '1.6\nopen\nboot\n';
const TWO = '1.6\nopen\nboot 2\n';
const AUTH = 'S> Authorize {"idTag":"A"} = {"idTagInfo":{"status":"Accepted"}}\n';
const PREP = 'S> StatusNotification {"connectorId":1,"errorCode":"NoError","status":"Preparing"} = {}\n';
const CHARGE = 'S> StatusNotification {"connectorId":1,"errorCode":"NoError","status":"Charging"} = {}\n';
const FINISH = 'S> StatusNotification {"connectorId":1,"errorCode":"NoError","status":"Finishing"} = {}\n';
const START =
  'S> StartTransaction {"connectorId":1,"idTag":"A","meterStart":100,"timestamp":"@"} = {"transactionId":7,"idTagInfo":{"status":"Accepted"}}\n';
const STOP = 'S> StopTransaction {"transactionId":7,"meterStop":200,"timestamp":"@"} = {}\n';
const BEGIN = ON + AUTH + PREP + START + CHARGE;
const WHOLE = `${BEGIN}+60 ${FINISH}${STOP}`;
const start = (members: string, answer = '{"transactionId":8,"idTagInfo":{"status":"Accepted"}}') =>
  `S> StartTransaction {${members}} = ${answer}\n`;
const keys = (...pairs: [string, string][]) =>
  `C> GetConfiguration {} = {"configurationKey":[${pairs.map(([key, value]) => `{"key":"${key}","readonly":false,"value":"${value}"}`).join(',')}]}\n`;
const RESERVE =
  'C> ReserveNow {"connectorId":1,"expiryDate":"@+600","idTag":"A","reservationId":5} = {"status":"Accepted"}\nS> StatusNotification {"connectorId":1,"errorCode":"NoError","status":"Reserved"} = {}\n';
const REFUSED = '{"transactionId":7,"idTagInfo":{"status":"Invalid"}}';

describeRules('F5 start', {
  'OCPP16-TX-001': {
    passes: WHOLE,
    fails: ON + AUTH + start('"connectorId":0,"idTag":"A","meterStart":1,"timestamp":"@"'),
  },
  'OCPP16-TX-002': {
    passes: [WHOLE, TWO + AUTH + START + start('"connectorId":2,"idTag":"B","meterStart":1,"timestamp":"@"')],
    fails: BEGIN + start('"connectorId":1,"idTag":"B","meterStart":300,"timestamp":"@"'),
    says: 'transaction 7 was not stopped',
  },
  'OCPP16-TX-004': {
    passes: TWO + START + start('"connectorId":2,"idTag":"B","meterStart":1,"timestamp":"@"'),
    fails:
      TWO +
      START +
      start(
        '"connectorId":2,"idTag":"B","meterStart":1,"timestamp":"@"',
        '{"transactionId":7,"idTagInfo":{"status":"Accepted"}}',
      ),
  },
  'OCPP16-TX-009': {
    passes: WHOLE + start('"connectorId":1,"idTag":"A","meterStart":205,"timestamp":"@"'),
    fails: WHOLE + start('"connectorId":1,"idTag":"A","meterStart":0,"timestamp":"@"'),
    says: 'stopped at 200 Wh',
  },
  'OCPP16-TX-020': {
    passes: `${ON}S> StartTransaction {"connectorId":1,"idTag":"A","meterStart":100,"timestamp":"2026-03-01T10:00:05Z"}\n+31 ${start('"connectorId":1,"idTag":"A","meterStart":100,"timestamp":"2026-03-01T10:00:05Z"')}`,
    passesWith: ['OCPPJ-RPC-011'],
    fails: `${ON}S> StartTransaction {"connectorId":1,"idTag":"A","meterStart":100,"timestamp":"2026-03-01T10:00:05Z"}\n+31 ${start('"connectorId":1,"idTag":"A","meterStart":100,"timestamp":"@"')}`,
    with: ['OCPPJ-RPC-011'],
    says: 'another timestamp',
  },
  'OCPP16-TX-021': {
    passes: WHOLE,
    fails:
      ON +
      start('"connectorId":1,"idTag":"A","meterStart":100,"timestamp":"2026-03-01T10:00:05Z"') +
      start(
        '"connectorId":1,"idTag":"A","meterStart":100,"timestamp":"2026-03-01T10:00:05Z"',
        '{"transactionId":9,"idTagInfo":{"status":"Accepted"}}',
      ),
  },
  'OCPP16-TX-022': {
    passes: ON + RESERVE + start('"connectorId":1,"idTag":"A","meterStart":1,"timestamp":"@","reservationId":5'),
    fails: ON + RESERVE + start('"connectorId":1,"idTag":"a","meterStart":1,"timestamp":"@"'),
    says: 'lacks reservationId 5',
  },
  'OCPP16-TX-023': {
    passes: ON + RESERVE + start('"connectorId":1,"idTag":"A","meterStart":1,"timestamp":"@","reservationId":5'),
    fails: [
      ON + start('"connectorId":1,"idTag":"A","meterStart":1,"timestamp":"@","reservationId":0'),
      `${ON}${RESERVE}+700 ${start('"connectorId":1,"idTag":"A","meterStart":1,"timestamp":"@","reservationId":5')}`,
    ],
    says: /was never made|has ended/,
    with: ['OCPP16-RS-004'],
  },
  'OCPP16-TX-026': {
    passes: WHOLE,
    fails:
      ON +
      start(
        '"connectorId":1,"idTag":"A","meterStart":1,"timestamp":"@"',
        '{"transactionId":0,"idTagInfo":{"status":"Accepted"}}',
      ),
  },
  'OCPP16-TX-028': {
    passes: WHOLE,
    fails: `${ON}S> Authorize {"idTag":"A"} = {"idTagInfo":{"status":"Blocked"}}\n${START}`,
    says: 'which was Blocked',
  },
  'OCPP16-TX-030': {
    passes: WHOLE,
    fails: `${ON}S> StatusNotification {"connectorId":1,"errorCode":"GroundFailure","status":"Faulted"} = {}\n${START}`,
  },
  'OCPP16-TX-031': {
    passes: ON + RESERVE + start('"connectorId":1,"idTag":"A","meterStart":1,"timestamp":"@","reservationId":5'),
    fails: ON + RESERVE + start('"connectorId":1,"idTag":"B","meterStart":1,"timestamp":"@"'),
    says: 'reserved for A',
  },
});

describeRules('F5 stop', {
  'OCPP16-TX-003': {
    passes: WHOLE,
    fails: `${ON}S> StartTransaction {"connectorId":1,"idTag":"A","meterStart":1,"timestamp":"@"} = !InternalError`,
  },
  'OCPP16-TX-005': {
    passes: [WHOLE, `1.6\nopen\n${STOP}`],
    fails: `${ON}S> StopTransaction {"transactionId":99,"meterStop":200,"timestamp":"@"} = {}`,
  },
  'OCPP16-TX-006': {
    passes: `${BEGIN}+60 S> StopTransaction {"transactionId":7,"meterStop":200,"timestamp":"2026-03-01T10:01:00Z"} = {}\nS> StopTransaction {"transactionId":7,"meterStop":200,"timestamp":"2026-03-01T10:01:00Z"} = {}`,
    fails: `${WHOLE}S> StopTransaction {"transactionId":7,"meterStop":201,"timestamp":"@"} = {}`,
  },
  'OCPP16-TX-007': {
    passes: WHOLE,
    fails: `${BEGIN}+60 S> StopTransaction {"transactionId":-1,"meterStop":200,"timestamp":"@"} = {}`,
  },
  'OCPP16-TX-008': {
    passes: WHOLE,
    fails: `${BEGIN}+60 S> StopTransaction {"transactionId":7,"meterStop":99,"timestamp":"@"} = {}`,
    says: '99 Wh is below meterStart 100 Wh',
  },
  'OCPP16-TX-010': {
    passes: WHOLE,
    fails: `${BEGIN}+60 S> StopTransaction {"transactionId":7,"meterStop":200,"timestamp":"@-120"} = {}`,
    with: ['OCPP16-TX-017'],
  },
  'OCPP16-TX-027': {
    passes: `${BEGIN}+60 S> StopTransaction {"transactionId":7,"meterStop":300,"timestamp":"@","transactionData":[{"timestamp":"@","sampledValue":[{"value":"0.3","unit":"kWh","context":"Transaction.End"}]}]} = {}`,
    fails: [
      `${BEGIN}+60 S> StopTransaction {"transactionId":7,"meterStop":300000,"timestamp":"@"} = {}`,
      `${BEGIN}S> MeterValues {"connectorId":1,"transactionId":7,"meterValue":[{"timestamp":"@","sampledValue":[{"value":"5000"}]}]} = {}\n+60 S> StopTransaction {"transactionId":7,"meterStop":200,"timestamp":"@"} = {}`,
      `${BEGIN}+60 S> StopTransaction {"transactionId":7,"meterStop":300,"timestamp":"@","transactionData":[{"timestamp":"@","sampledValue":[{"value":"900","context":"Transaction.End"}]}]} = {}`,
    ],
  },
  'OCPP16-TX-011': {
    passes: `${BEGIN}+60 C> RemoteStopTransaction {"transactionId":7} = {"status":"Accepted"}\nS> StopTransaction {"transactionId":7,"meterStop":200,"timestamp":"@","reason":"Remote"} = {}`,
    fails: `${BEGIN}+60 C> RemoteStopTransaction {"transactionId":7} = {"status":"Accepted"}\n${STOP}`,
  },
  'OCPP16-TX-012': {
    passes: `${BEGIN}+60 C> Reset {"type":"Soft"} = {"status":"Accepted"}\nS> StopTransaction {"transactionId":7,"meterStop":200,"timestamp":"@","reason":"SoftReset"} = {}`,
    fails: `${BEGIN}+60 C> Reset {"type":"Soft"} = {"status":"Accepted"}\nS> StopTransaction {"transactionId":7,"meterStop":200,"timestamp":"@","reason":"Local"} = {}`,
    says: 'reason Local, though a Soft reset was accepted',
  },
  'OCPP16-TX-013': {
    passes: [
      `${BEGIN}+60 C> RemoteStopTransaction {"transactionId":7} = {"status":"Accepted"}\nS> StopTransaction {"transactionId":7,"meterStop":200,"timestamp":"@","reason":"Remote"} = {}\n${FINISH}wait 100`,
      `${BEGIN}+60 C> RemoteStopTransaction {"transactionId":7} = {"status":"Accepted"}\nclose 1006\nwait 100`,
    ],
    fails: `${BEGIN}+60 C> RemoteStopTransaction {"transactionId":7} = {"status":"Accepted"}\nwait 100`,
  },
  'OCPP16-TX-014': {
    passes: WHOLE,
    fails: `${BEGIN}+60 ${AUTH}S> StopTransaction {"transactionId":7,"meterStop":200,"timestamp":"@","idTag":"A"} = {}`,
  },
  'OCPP16-TX-015': {
    passes: `${ON}${keys(['StopTransactionOnInvalidId', 'true'])}${AUTH}${PREP}S> StartTransaction {"connectorId":1,"idTag":"A","meterStart":100,"timestamp":"@"} = ${REFUSED}\nS> StopTransaction {"transactionId":7,"meterStop":100,"timestamp":"@","reason":"DeAuthorized"} = {}\nwait 100`,
    fails: `${ON}${keys(['StopTransactionOnInvalidId', 'true'])}${AUTH}${PREP}S> StartTransaction {"connectorId":1,"idTag":"A","meterStart":100,"timestamp":"@"} = ${REFUSED}\nS> StatusNotification {"connectorId":1,"errorCode":"NoError","status":"SuspendedEVSE"} = {}\nwait 100`,
  },
  'OCPP16-TX-016': {
    passes: `${ON}${keys(['StopTransactionOnInvalidId', 'false'])}${AUTH}${PREP}S> StartTransaction {"connectorId":1,"idTag":"A","meterStart":100,"timestamp":"@"} = ${REFUSED}\nS> StatusNotification {"connectorId":1,"errorCode":"NoError","status":"SuspendedEVSE"} = {}\nwait 100`,
    fails: `${ON}${keys(['StopTransactionOnInvalidId', 'false'])}${AUTH}${PREP}S> StartTransaction {"connectorId":1,"idTag":"A","meterStart":100,"timestamp":"@"} = ${REFUSED}\n${CHARGE}wait 100`,
  },
  'OCPP16-TX-017': {
    passes: WHOLE,
    fails: `${TWO}${AUTH}${START}S> StartTransaction {"connectorId":2,"idTag":"B","meterStart":1,"timestamp":"@-60"} = {"transactionId":8,"idTagInfo":{"status":"Accepted"}}`,
  },
  'OCPP16-TX-018': {
    passes: `${TWO}${keys(['TransactionMessageAttempts', '1'])}S> StartTransaction {"connectorId":1,"idTag":"A","meterStart":1,"timestamp":"@"} = !InternalError\nS> StartTransaction {"connectorId":2,"idTag":"B","meterStart":1,"timestamp":"@"} = {"transactionId":8,"idTagInfo":{"status":"Accepted"}}`,
    passesWith: ['OCPP16-TX-003'],
    fails: `${TWO}${keys(['TransactionMessageAttempts', '3'])}S> StartTransaction {"connectorId":1,"idTag":"A","meterStart":1,"timestamp":"@"} = !InternalError\nS> StartTransaction {"connectorId":2,"idTag":"B","meterStart":1,"timestamp":"@"} = {"transactionId":8,"idTagInfo":{"status":"Accepted"}}`,
    with: ['OCPP16-TX-003'],
  },
  'OCPP16-TX-019': {
    passes: `${ON}${keys(['TransactionMessageAttempts', '3'], ['TransactionMessageRetryInterval', '10'])}S> StartTransaction {"connectorId":1,"idTag":"A","meterStart":1,"timestamp":"2026-03-01T10:00:05Z"} = !InternalError\n+10 S> StartTransaction {"connectorId":1,"idTag":"A","meterStart":1,"timestamp":"2026-03-01T10:00:05Z"} = !InternalError\n+20 S> StartTransaction {"connectorId":1,"idTag":"A","meterStart":1,"timestamp":"2026-03-01T10:00:05Z"} = {"transactionId":8,"idTagInfo":{"status":"Accepted"}}`,
    passesWith: ['OCPP16-TX-003'],
    fails: [
      `${ON}${keys(['TransactionMessageAttempts', '3'], ['TransactionMessageRetryInterval', '10'])}S> StartTransaction {"connectorId":1,"idTag":"A","meterStart":1,"timestamp":"2026-03-01T10:00:05Z"} = !InternalError\n+2 S> StartTransaction {"connectorId":1,"idTag":"A","meterStart":1,"timestamp":"2026-03-01T10:00:05Z"} = {"transactionId":8,"idTagInfo":{"status":"Accepted"}}`,
      `${ON}${keys(['TransactionMessageAttempts', '1'], ['TransactionMessageRetryInterval', '10'])}S> StartTransaction {"connectorId":1,"idTag":"A","meterStart":1,"timestamp":"2026-03-01T10:00:05Z"} = !InternalError\n+10 S> StartTransaction {"connectorId":1,"idTag":"A","meterStart":1,"timestamp":"2026-03-01T10:00:05Z"} = {"transactionId":8,"idTagInfo":{"status":"Accepted"}}`,
    ],
    with: ['OCPP16-TX-003'],
  },
  'OCPP16-TX-024': {
    passes: `${ON + keys(['StopTxnSampledData', ''], ['StopTxnAlignedData', '']) + AUTH + PREP + START + CHARGE}+60 ${FINISH}${STOP}`,
    fails: `${ON}${keys(['StopTxnSampledData', ''], ['StopTxnAlignedData', ''])}${AUTH}${PREP}${START}${CHARGE}+60 S> StopTransaction {"transactionId":7,"meterStop":200,"timestamp":"@","transactionData":[{"timestamp":"@","sampledValue":[{"value":"200"}]}]} = {}`,
  },
  'OCPP16-TX-025': {
    passes: `${ON}${keys(['StopTxnSampledData', 'Energy.Active.Import.Register'])}${AUTH}${PREP}${START}${CHARGE}+60 S> StopTransaction {"transactionId":7,"meterStop":200,"timestamp":"@","transactionData":[{"timestamp":"@-61","sampledValue":[{"value":"100","context":"Transaction.Begin"}]},{"timestamp":"@","sampledValue":[{"value":"200","context":"Transaction.End"}]}]} = {}`,
    fails: `${ON + keys(['StopTxnSampledData', 'Energy.Active.Import.Register']) + AUTH + PREP + START + CHARGE}+60 ${STOP}`,
  },
  'OCPP16-TX-029': {
    passes: [WHOLE, ON + START],
    fails:
      ON +
      keys(['LocalPreAuthorize', 'false'], ['AuthorizationCacheEnabled', 'false'], ['LocalAuthListEnabled', 'false']) +
      START,
  },
  'OCPP16-TX-033': {
    passes: `${BEGIN}S> MeterValues {"connectorId":1,"transactionId":7,"meterValue":[{"timestamp":"@","sampledValue":[{"value":"120"}]}]} = {}`,
    fails: `${ON}${AUTH}${PREP}S> [2,"s","StartTransaction",{"connectorId":1,"idTag":"A","meterStart":1,"timestamp":"@"}]\nS> [2,"m","MeterValues",{"connectorId":1,"transactionId":0,"meterValue":[{"timestamp":"@","sampledValue":[{"value":"120"}]}]}]\nC> [3,"s",{"transactionId":8,"idTagInfo":{"status":"Accepted"}}]\nC> [3,"m",{}]`,
    with: ['OCPPJ-RPC-010', 'OCPP16-MV-001'],
  },
});

describeRules('F5 authorization', {
  'OCPP16-AU-001': { passes: `${ON}${AUTH}+5 ${AUTH}`, fails: `${ON}${AUTH}+0.5 ${AUTH}` },
  'OCPP16-AU-002': {
    passes: ON + AUTH,
    fails: `${ON}S> Authorize {"idTag":"A"} = {"idTagInfo":{"status":"ConcurrentTx"}}`,
  },
  'OCPP16-AU-003': {
    passes: `${ON}S> Authorize {"idTag":"Ab"} = {"idTagInfo":{"status":"Accepted"}}\n+5 S> Authorize {"idTag":"aB"} = {"idTagInfo":{"status":"Accepted"}}`,
    fails: `${ON}S> Authorize {"idTag":"Ab"} = {"idTagInfo":{"status":"Accepted"}}\n+5 S> Authorize {"idTag":"aB"} = {"idTagInfo":{"status":"Invalid"}}`,
  },
  'OCPP16-AU-004': {
    passes: `${ON}S> Authorize {"idTag":"A"} = {"idTagInfo":{"status":"Accepted","expiryDate":"@+60"}}`,
    fails: `${ON}S> Authorize {"idTag":"A"} = {"idTagInfo":{"status":"Accepted","expiryDate":"@-60"}}`,
  },
  'OCPP16-AU-005': {
    passes: `${BEGIN}+60 S> Authorize {"idTag":"B"} = {"idTagInfo":{"status":"Accepted"}}\nS> StopTransaction {"transactionId":7,"meterStop":200,"timestamp":"@","idTag":"B"} = {}`,
    fails: `${BEGIN}+60 S> StopTransaction {"transactionId":7,"meterStop":200,"timestamp":"@","idTag":"B"} = {}`,
  },
});
