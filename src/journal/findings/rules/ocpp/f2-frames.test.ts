import { describeRules } from '../../testing/rule-cases.ts';

const OPEN = '1.6\nopen\nboot\n';
const OPEN2 = '2.0.1\nopen\nboot\n';
const OPEN21 = '2.1\nopen\nboot\n';
const BEAT = 'S> Heartbeat {} = {"currentTime":"@"}';
describeRules('F2 frames', {
  'OCPPJ-RPC-001': { passes: OPEN + BEAT, fails: `${OPEN}S> [2,"1","Heartbeat",{},]`, says: 'not JSON' },
  'OCPPJ-RPC-002': {
    passes: OPEN + BEAT,
    fails: [`${OPEN}S> {"a":1}`, `${OPEN}S> ["2","1","Heartbeat",{}]`, `${OPEN}S> [9,"1","Heartbeat",{}]`],
  },
  'OCPPJ-RPC-003': {
    passes: `${OPEN}C> [2,"7","Reset",{"type":"Soft"}]\nS> [4,"7","InternalError","",{}]`,
    fails: [
      `${OPEN}S> [2,"1","Heartbeat"]`,
      `${OPEN}C> [2,"7","Reset",{"type":"Soft"}]\nS> [4,"7","InternalError"]`,
      `${OPEN}S> [2,"1","Heartbeat",{},{}]\nC> [3,"1",{"currentTime":"@"}]`,
    ],
  },
  'OCPPJ-RPC-004': {
    passes: OPEN + BEAT,
    fails: [
      `${OPEN}S> [2,1,"Heartbeat",{}]`,
      `${OPEN}S> [2,"","Heartbeat",{}]`,
      `${OPEN}S> [2,"0123456789012345678901234567890123456","Heartbeat",{}]`,
    ],
  },
  'OCPPJ-RPC-007': { passes: OPEN + BEAT, fails: `${OPEN}C> [3,"nobody",{}]` },
  'OCPPJ-RPC-008': {
    passes: `${OPEN}S> [2,"1","Heartbeat",{}]\n+10 C> [3,"1",{"currentTime":"@"}]`,
    fails: `${OPEN}S> [2,"1","Heartbeat",{}]\n+31 C> [3,"1",{"currentTime":"@"}]`,
    with: ['OCPPJ-RPC-011'],
  },
  'OCPPJ-RPC-009': {
    passes: OPEN + BEAT,
    fails: `${OPEN}S> [2,"1","Heartbeat",{}]\nC> [3,"1",{"currentTime":"@"}]\nC> [3,"1",{"currentTime":"@"}]`,
  },
  'OCPPJ-RPC-010': {
    // Crossing calls of the two sides are legal.
    passes: `${OPEN}S> [2,"1","Heartbeat",{}]\n+0.1 C> ClearCache {} = {"status":"Accepted"}\n+0.1 C> [3,"1",{"currentTime":"@"}]`,
    fails: `${OPEN}S> [2,"1","Heartbeat",{}]\n+0.1 S> [2,"2","Heartbeat",{}]\n+0.1 C> [3,"1",{"currentTime":"@"}]\n+0.1 C> [3,"2",{"currentTime":"@"}]`,
  },
  'OCPPJ-RPC-011': {
    passes: [
      `${OPEN}S> [2,"1","Heartbeat",{}]\n+29 C> [3,"1",{"currentTime":"@"}]`.replace('+29', '+14'),
      `${OPEN}S> [2,"1","Heartbeat",{}]\nclose 1006\nwait 60`,
    ],
    fails: `${OPEN}S> [2,"1","Heartbeat",{}]\nwait 40`,
  },
  'OCPPJ-RPC-013': {
    passes: `${OPEN}C> GetDiagnostics {"location":"ftp://x/"} = !NotSupported`,
    fails: `${OPEN}C> GetDiagnostics {"location":"ftp://x/"} = !SomethingFailed`,
  },
  'OCPPJ-RPC-014': {
    passes: `${OPEN}C> GetDiagnostics {"location":"ftp://x/"} = !InternalError`,
    fails: `${OPEN}C> [2,"7","GetDiagnostics",{"location":7}]\nS> [4,"7","FormatViolation","",{}]`,
    with: ['OCPPJ-RPC-021'],
  },
  'OCPPJ-RPC-015': {
    passes: `${OPEN2}C> [2,"7","ClearCache",{}]\nS> [4,"7","InternalError","sorry",{"a":1}]`,
    fails: [
      `${OPEN}C> [2,"7","ClearCache",{}]\nS> [4,"7","InternalError","sorry","no object"]`,
      `${OPEN2}C> [2,"7","ClearCache",{}]\nS> [4,"7","InternalError","${'x'.repeat(256)}",{}]`,
    ],
  },
  'OCPPJ-RPC-016': {
    passes: OPEN + BEAT,
    fails: [
      `${OPEN}S> [2,"1","Heartbeat",null]\nC> [4,"1","FormationViolation","",{}]`,
      `${OPEN}C> [2,"7","ClearCache",{}]\nS> [3,"7",[]]`,
    ],
  },
  'OCPPJ-RPC-018': {
    passes: OPEN + BEAT,
    fails: `${OPEN}S> [2,"1","StartEverything",{}]\nC> [4,"1","NotImplemented","",{}]`,
  },
  'OCPPJ-RPC-019': {
    passes: OPEN + BEAT,
    fails: `${OPEN}C> [2,"1","Heartbeat",{}]\nS> [4,"1","NotSupported","",{}]`,
    with: ['OCPPJ-RPC-024'],
  },
  'OCPPJ-RPC-021': {
    passes: OPEN + BEAT,
    fails: `${OPEN}S> [2,"1","Authorize",{"idTag":"012345678901234567890"}]\nC> [4,"1","PropertyConstraintViolation","",{}]`,
  },
  'OCPPJ-RPC-022': {
    passes: `${OPEN2}C> [2,7,"ClearCache",{}]\nS> [4,"-1","RpcFrameworkError","",{}]`,
    passesWith: ['OCPPJ-RPC-004'],
    fails: `${OPEN2}C> [2,7,"ClearCache",{}]\nS> [4,"7","RpcFrameworkError","",{}]`,
    with: ['OCPPJ-RPC-004'],
  },
  'OCPPJ-RPC-023': { passes: OPEN2 + BEAT, fails: `${OPEN2}S> [6,"1","NotifyPeriodicEventStream",{}]` },
  'OCPP21-SEND-002': {
    passes: OPEN21 + BEAT,
    fails: [
      `${OPEN21}S> [6,"1","Heartbeat",{}]`,
      `${OPEN21}S> [2,"1","NotifyPeriodicEventStream",{"id":1,"pending":0,"basetime":"@","data":[{"t":0,"v":"1"}]}]\nC> [4,"1","ProtocolError","",{}]`,
    ],
    with: ['OCPPJ-RPC-025'],
  },
  'OCPP21-CRE-001': {
    passes: `${OPEN21}S> [2,"1","Heartbeat",{}]\nC> [3,"1",{"currentTime":"@"}]\nS> [5,"1","InternalError","",{}]`,
    fails: `${OPEN21}${BEAT}\nS> [5,"other","InternalError","",{}]`,
  },
});

describeRules('F2 over several frames', {
  'OCPPJ-RPC-005': {
    passes: OPEN + BEAT,
    fails: `${OPEN}S> [2,"1","Heartbeat",{}]\nC> [3,"1",{"currentTime":"@"}]\nclose\nopen\nS> [2,"1","Authorize",{"idTag":"A"}]\nC> [3,"1",{"idTagInfo":{"status":"Accepted"}}]`,
    says: 'used before, for a Heartbeat',
  },
  'OCPPJ-RPC-006': {
    passes: OPEN + BEAT,
    fails: `${OPEN}S> [2,"1","Authorize",{"idTag":"A"}]\nclose 1006\nopen\nS> [2,"1","Authorize",{"idTag":"A"}]\nC> [3,"1",{"idTagInfo":{"status":"Accepted"}}]`,
  },
  'OCPPJ-RPC-012': {
    passes: `${OPEN}S> [2,"1","Authorize",{"idTag":"A"}]\nclose 1006\nopen\n${BEAT}`,
    fails: `${OPEN}S> [2,"1","Authorize",{"idTag":"A"}]\nclose 1006\nopen\nC> [3,"1",{"idTagInfo":{"status":"Accepted"}}]`,
  },
  'OCPPJ-RPC-017': {
    passes: `${OPEN2}S> Authorize {"idToken":{"idToken":"A","type":"Local"},"customData":{"vendorId":"x.y","z":null}} = {"idTokenInfo":{"status":"Accepted"}}`,
    fails: [
      `${OPEN2}S> [2,"1","Authorize",{"idToken":{"idToken":"A","type":"Local"},"certificate":null}]\nC> [4,"1","TypeConstraintViolation","",{}]`,
      `${OPEN2}C> [2,"1","CostUpdated",{"totalCost":1,"transactionId":"x","customData":{"vendorId":"x"},"extra":{}}]\nS> [4,"1","FormatViolation","",{}]`,
    ],
    with: ['OCPPJ-RPC-021', 'OCPPJ-RPC-031'],
  },
  'OCPPJ-RPC-020': {
    passes: OPEN + BEAT,
    fails: [
      `${OPEN}S> [2,"1","heartbeat",{}]\nC> [4,"1","NotImplemented","",{}]`,
      `${OPEN2}S> [2,"1","HeartbeatRequest",{}]\nC> [4,"1","NotImplemented","",{}]`,
      `${OPEN}S> [2,"1","Heartbeat.req",{}]\nC> [4,"1","NotImplemented","",{}]`,
    ],
    with: ['OCPPJ-RPC-018'],
  },
  'OCPPJ-RPC-024': {
    passes: `${OPEN}C> GetLog {"logType":"SecurityLog","requestId":1,"log":{"remoteLocation":"ftp://x/"}} = !NotImplemented`,
    fails: [
      `${OPEN}C> ClearCache {} = !NotImplemented`,
      `${OPEN2}C> GetVariables {"getVariableData":[{"component":{"name":"X"},"variable":{"name":"Y"}}]} = !NotSupported`,
    ],
  },
  'OCPPJ-RPC-025': {
    passes: [
      `${OPEN}C> [2,"7","Reset",{"type":"Weak"}]\nS> [4,"7","FormationViolation","",{}]`
        .replace('"Weak"', '"Soft"')
        .replace('FormationViolation', 'InternalError'),
      `${OPEN2}C> GetReport {"requestId":1,"componentVariable":[{"component":{"name":"X"}}]} = !OccurrenceConstraintViolation`,
    ],
    fails: `${OPEN}C> Reset {"type":"Soft"} = !FormationViolation`,
  },
  'OCPPJ-RPC-026': {
    passes: OPEN + BEAT,
    fails: `${OPEN}S> [2,"1","Heartbeat",{"x":1}]\nC> [3,"1",{"currentTime":"@"}]`,
    with: ['OCPPJ-RPC-021', 'OCPPJ-RPC-031'],
  },
  'OCPPJ-RPC-027': {
    passes: `${OPEN}S> [2,"1","Heartbeat",{}]\n+14 C> [3,"1",{"currentTime":"@"}]`,
    fails: `${OPEN}S> [2,"1","Heartbeat",{}]\n+16 C> [3,"1",{"currentTime":"@"}]`,
    says: '16.0 s',
  },
  'OCPPJ-RPC-028': {
    passes: `${OPEN}C> DataTransfer {"vendorId":"com.example","data":"Grüße"} = {"status":"Accepted"}`,
    fails: `${OPEN}S> Authorize {"idTag":"Jürgen"} = {"idTagInfo":{"status":"Accepted"}}`,
  },
  'OCPPJ-RPC-029': {
    passes: [
      `${OPEN}S> StatusNotification {"connectorId":1,"errorCode":"NoError","status":"Preparing","timestamp":"2026-03-01T11:00:00.123456+01:00"} = {}`,
      `${OPEN2}S> StatusNotification {"evseId":1,"connectorId":1,"connectorStatus":"Occupied","timestamp":"2026-03-01T10:00:00.123Z"} = {}`,
    ],
    fails: [
      `${OPEN}S> StatusNotification {"connectorId":1,"errorCode":"NoError","status":"Preparing","timestamp":"2026-03-01T10:00:00"} = {}`,
      `${OPEN}S> StatusNotification {"connectorId":1,"errorCode":"NoError","status":"Preparing","timestamp":"2026-03-01T11:00:00+01"} = {}`,
      `${OPEN2}S> StatusNotification {"evseId":1,"connectorId":1,"connectorStatus":"Occupied","timestamp":"2026-03-01T10:00:00.1234Z"} = {}`,
    ],
    with: ['OCPPJ-RPC-021', 'OCPPJ-RPC-026'],
  },
  'OCPPJ-RPC-030': {
    passes: [
      `${OPEN}S> MeterValues {"connectorId":1,"meterValue":[{"timestamp":"@-200","sampledValue":[{"value":"1"}]}]} = {}`,
      // What a connector has been for hours.
      `${OPEN}+9000 S> StatusNotification {"connectorId":1,"errorCode":"NoError","status":"Preparing","timestamp":"@-7200"} = {}`,
    ],
    fails: [
      `${OPEN}S> MeterValues {"connectorId":1,"meterValue":[{"timestamp":"@+3600","sampledValue":[{"value":"1"}]}]} = {}`,
      `${OPEN}+7200 S> MeterValues {"connectorId":1,"meterValue":[{"timestamp":"@-3600","sampledValue":[{"value":"1"}]}]} = {}`,
      `${OPEN}S> StatusNotification {"connectorId":1,"errorCode":"NoError","status":"Preparing","timestamp":"@+3600"} = {}`,
    ],
    says: '60 min',
  },
  'OCPPJ-RPC-031': {
    passes: `${OPEN2}S> Heartbeat {"customData":{"vendorId":"x.y"}} = {"currentTime":"@"}`,
    fails: [
      `${OPEN2}S> Heartbeat {"customData":{"a":1}} = {"currentTime":"@"}`,
      `${OPEN}S> Heartbeat {"uptime":5} = {"currentTime":"@"}`,
    ],
    with: ['OCPPJ-RPC-021', 'OCPPJ-RPC-026'],
  },
  'OCPPJ-DT-001': {
    passes: `${OPEN}C> DataTransfer {"vendorId":"com.example"} = {"status":"UnknownVendorId"}`,
    fails: `${OPEN}C> DataTransfer {"vendorId":"com.example"} = {"status":"UnknownVendorId","data":"?"}`,
  },
  'OCPPJ-DT-002': {
    passes: `${OPEN}C> DataTransfer {"vendorId":"com.example"} = {"status":"Accepted"}`,
    fails: `${OPEN}C> DataTransfer {"vendorId":"Example"} = {"status":"UnknownVendorId"}`,
  },
});
