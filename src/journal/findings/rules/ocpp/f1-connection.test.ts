import { describeRules } from '../../testing/rule-cases.ts';

const ON = '1.6\nopen\nboot\n';
const PROFILE_1 =
  'C> GetConfiguration {"key":["SecurityProfile"]} = {"configurationKey":[{"key":"SecurityProfile","readonly":false,"value":"1"}]}\n';

// HS-001, HS-003, HS-004, HS-005 and WS-005 are the server's own: src/link/ocpp-server.test.ts shows them.
describeRules('F1 connection', {
  'OCPPJ-HS-010': {
    passes: `${ON}${PROFILE_1}close\nopen authorization=basic basicUser=identity`,
    fails: [
      `${ON}${PROFILE_1}close\nopen authorization=none`,
      '1.6\nopen authorization=basic basicUser=other',
      '1.6\nrefused status=401 reason=user-is-not-identity authorization=basic basicUser=other',
    ],
  },
  'OCPPJ-HS-014': { passes: '1.6\nopen tls=TLSv1.2', fails: ['1.6\nopen tls=TLSv1.1', '2.0.1\nopen tls=TLSv1'] },
  'OCPPJ-HS-015': {
    passes: '1.6\nopen tls=TLSv1.3 clientCn=SN authorization=none',
    fails: '1.6\nopen tls=TLSv1.3 clientCn=SN authorization=basic',
  },
  'OCPPJ-HS-018': {
    passes: '1.6\nopen authorization=basic\nclose\nopen tls=TLSv1.3 authorization=basic',
    fails: '1.6\nopen tls=TLSv1.3 authorization=basic\nclose\nopen authorization=basic',
  },
  'OCPPJ-WS-003': {
    passes: `${ON}wait 80000\nS> Heartbeat {} = {"currentTime":"@"}\nwait 80000`,
    fails: `${ON}wait 80000\nS> Authorize {"idTag":"A"} = {"idTagInfo":{"status":"Accepted"}}\nwait 80000`,
    with: ['OCPP-BOOT-016'],
  },
  'OCPPJ-WS-004': { passes: `${ON}close 1000`, fails: `${ON}close 1006` },
});
