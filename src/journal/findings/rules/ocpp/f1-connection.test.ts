import { describe, expect, it } from 'vitest';
import { OcppSchemaSet } from '../../../../protocols/ocpp/schemas.ts';
import { ruleCatalogue } from '../../catalogue.ts';
import { describeRules } from '../../testing/rule-cases.ts';
import { runTrace } from '../../testing/trace.ts';

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

describe('a station of 2.x that is tried without passwords', () => {
  const REPORTS =
    'C> GetVariables {"getVariableData":[{"component":{"name":"SecurityCtrlr"},"variable":{"name":"SecurityProfile"}}]} = {"getVariableResult":[{"attributeStatus":"Accepted","attributeValue":"1","component":{"name":"SecurityCtrlr"},"variable":{"name":"SecurityProfile"}}]}\n';
  const severities = (trace: string): string[] =>
    runTrace(trace, { rules: ruleCatalogue(), schemas: new OcppSchemaSet() })
      .findings.filter(({ rule }) => rule === 'OCPPJ-HS-010')
      .map(({ severity }) => severity);

  it('is told as a remark where the CSMS lets it in, as an error where it does not', () => {
    const begin = `2.0.1\nopen authorization=none\nboot\n${REPORTS}close 1000\n`;
    expect(severities(`${begin}open authorization=none`)).toEqual(['info']);
    expect(severities(`${begin}refused status=401 authorization=none`)).toEqual(['error']);
    expect(severities(`${ON}${PROFILE_1}close\nopen authorization=none`)).toEqual(['error']);
  });
});
