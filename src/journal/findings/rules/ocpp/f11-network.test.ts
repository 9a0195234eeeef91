import { describeRules } from '../../testing/rule-cases.ts';

const ON = '2.0.1\nopen authorization=basic tls=TLSv1.3\nboot\n';
const PLAIN = '2.0.1\nopen\nboot\n';
const profile = (slot: number, securityProfile: number, status = 'Accepted') =>
  `C> SetNetworkProfile {"configurationSlot":${slot},"connectionData":{"ocppVersion":"OCPP20","ocppTransport":"JSON","ocppCsmsUrl":"wss://csms.test/b","messageTimeout":30,"securityProfile":${securityProfile},"ocppInterface":"Wired0"}} = {"status":"${status}"}\n`;
const SLOTS =
  'C> GetReport {"requestId":1} = {"status":"Accepted"}\nS> NotifyReport {"requestId":1,"generatedAt":"@","seqNo":0,"reportData":[{"component":{"name":"OCPPCommCtrlr"},"variable":{"name":"NetworkConfigurationPriority"},"variableAttribute":[{"value":"1"}],"variableCharacteristics":{"dataType":"SequenceList","valuesList":"1,2","supportsMonitoring":false}}]} = {}\n';
const HEARTBEAT = 'S> Heartbeat {} = {"currentTime":"@"}\n';
const BOOT =
  'S> BootNotification {"reason":"LocalReset","chargingStation":{"vendorName":"ACME","model":"AC22"}} = {"status":"Accepted","currentTime":"@","interval":86400}\nS> StatusNotification {"timestamp":"@","connectorStatus":"Available","evseId":1,"connectorId":1} = {}\n';

describeRules('F11 network', {
  'OCPP2-DM-015': {
    passes: [
      ON + SLOTS + profile(2, 2),
      ON + SLOTS + profile(3, 2, 'Rejected'),
      ON + SLOTS + profile(2, 1, 'Rejected'),
    ],
    fails: [ON + SLOTS + profile(3, 2), ON + SLOTS + profile(2, 1)],
    cannotTell: [ON + profile(2, 2), PLAIN + SLOTS + profile(2, 2)],
    says: /slot 3, and .* knows 1, 2|security profile 1 was accepted, and the station uses 2/,
  },
  'OCPP2-DM-016': {
    passes: [
      `2.0.1\nopen path=/a/CS-1 authorization=basic\nboot\nclose\nopen path=/b/CS-1 authorization=basic\n${BOOT}`,
      `2.0.1\nopen path=/a/CS-1 authorization=basic\nboot\nclose\nopen path=/a/CS-1 authorization=basic\n${HEARTBEAT}`,
    ],
    passesWith: ['OCPP-BOOT-012'],
    fails: [
      `2.0.1\nopen path=/a/CS-1 authorization=basic\nboot\nclose\nopen path=/b/CS-1 authorization=basic\n${HEARTBEAT}`,
      `2.0.1\nopen path=/a/CS-1 authorization=basic\nboot\nclose\nopen path=/a/CS-1 authorization=basic tls=TLSv1.3\n${HEARTBEAT}`,
    ],
    cannotTell: `${PLAIN}close\nopen\n${HEARTBEAT}`,
    says: /(at \/b\/CS-1 instead|with security profile 2 instead of 1).* first message is Heartbeat/,
  },
});
