import { describeRules } from '../../testing/rule-cases.ts';

const ON = '1.6\nopen\nboot\n';
const text = (value: string) => JSON.stringify(value);
const transfer = (sender: 'S' | 'C', messageId: string, data: string, answer: string) =>
  `${sender}> DataTransfer {"vendorId":"org.openchargealliance.iso15118pnc","messageId":"${messageId}","data":${data}} = ${answer}\n`;
const AUTHORIZE = text('{"idToken":{"idToken":"DEDCBC00000001","type":"eMAID"}}');
const AUTHORIZED = `{"status":"Accepted","data":${text('{"idTokenInfo":{"status":"Accepted"},"certificateStatus":"Accepted"}')}}`;
const INSTALL = text('{"certificateType":"MORootCertificate","certificate":"-----BEGIN CERTIFICATE-----"}');
const INSTALLED = `{"status":"Accepted","data":${text('{"status":"Accepted"}')}}`;

describeRules('F13 Plug & Charge of 1.6', {
  'OCPP16-PNC-001': {
    passes: [
      ON + transfer('S', 'Authorize', AUTHORIZE, AUTHORIZED) + transfer('C', 'InstallCertificate', INSTALL, INSTALLED),
      // Of another vendor nobody knows anything.
      `${ON}S> DataTransfer {"vendorId":"com.example","messageId":"x","data":"y"} = {"status":"UnknownVendorId"}`,
    ],
    fails: [
      ON + transfer('S', 'Authorise', AUTHORIZE, '{"status":"UnknownMessageId"}'),
      ON + transfer('S', 'InstallCertificate', INSTALL, '{"status":"UnknownMessageId"}'),
      ON + transfer('S', 'Authorize', text('{"idToken":'), '{"status":"Rejected"}'),
      ON + transfer('C', 'InstallCertificate', text('{"certificateType":"V2GRoot"}'), '{"status":"Rejected"}'),
    ],
    says: /is no message of this vendor|are not JSON|do not fit/,
  },
  'OCPP16-PNC-002': {
    passes: [
      ON + transfer('S', 'Authorize', AUTHORIZE, AUTHORIZED),
      ON + transfer('C', 'InstallCertificate', INSTALL, '{"status":"Rejected"}'),
    ],
    fails: [
      ON + transfer('C', 'InstallCertificate', INSTALL, '{"status":"Accepted"}'),
      ON + transfer('C', 'InstallCertificate', INSTALL, '{"status":"Accepted","data":"Accepted"}'),
      ON + transfer('S', 'Authorize', AUTHORIZE, INSTALLED),
    ],
    says: /hold no answer|lack idTokenInfo/,
  },
});
