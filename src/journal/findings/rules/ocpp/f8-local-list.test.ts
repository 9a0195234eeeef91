import { describeRules } from '../../testing/rule-cases.ts';

const ON = '1.6\nopen\nboot\n';
const ON2 = '2.0.1\nopen\nboot\n';
const TAG = '{"idTag":"04A1","idTagInfo":{"status":"Accepted"}}';
const OTHER = '{"idTag":"04B2","idTagInfo":{"status":"Accepted"}}';
const TOKEN = '{"idToken":{"idToken":"04A1","type":"Central"},"idTokenInfo":{"status":"Accepted"}}';
const send = (version: number, type: string, entries: string, status = 'Accepted') =>
  `C> SendLocalList {"listVersion":${version},"updateType":"${type}","localAuthorizationList":[${entries}]} = {"status":"${status}"}\n`;
const send2 = (version: number, type: string, entries: string, status = 'Accepted') =>
  `C> SendLocalList {"versionNumber":${version},"updateType":"${type}","localAuthorizationList":[${entries}]} = {"status":"${status}"}\n`;
const version = (told: number) => `C> GetLocalListVersion {} = {"listVersion":${told}}\n`;
const version2 = (told: number) => `C> GetLocalListVersion {} = {"versionNumber":${told}}\n`;
const LIMIT =
  'C> GetConfiguration {"key":["SendLocalListMaxLength"]} = {"configurationKey":[{"key":"SendLocalListMaxLength","readonly":true,"value":"1"}]}\n';
const LIMIT2 =
  'C> GetVariables {"getVariableData":[{"component":{"name":"LocalAuthListCtrlr"},"variable":{"name":"ItemsPerMessage"}}]} = {"getVariableResult":[{"attributeStatus":"Accepted","attributeType":"Actual","attributeValue":"1","component":{"name":"LocalAuthListCtrlr"},"variable":{"name":"ItemsPerMessage"}}]}\n';

describeRules('F8 local list', {
  'OCPP-LL-001': {
    passes: [ON + send(1, 'Full', TAG), ON2 + send2(1, 'Full', TOKEN)],
    fails: [ON + send(0, 'Full', TAG, 'Failed'), ON2 + send2(-1, 'Full', TOKEN, 'Failed')],
    says: 'sent with version',
  },
  'OCPP-LL-002': {
    passes: [ON + send(1, 'Full', TAG), ON + send(1, 'Full', TAG) + send(2, 'Differential', '{"idTag":"04A1"}')],
    fails: [
      ON + send(1, 'Full', `${TAG},{"idTag":"04B2"}`),
      ON2 + send2(1, 'Full', '{"idToken":{"idToken":"04A1","type":"Central"}}'),
    ],
    says: /Entry [12] of a full list/,
  },
  'OCPP-LL-003': {
    passes: [
      ON + send(1, 'Full', `${TAG},${OTHER}`),
      ON2 + send2(1, 'Full', `${TOKEN},${TOKEN.replace('Central', 'Local')}`),
    ],
    fails: [
      ON + send(1, 'Full', `${TAG},${OTHER},${TAG.replace('04A1', '04a1')}`),
      ON2 + send2(1, 'Full', `${TOKEN},${TOKEN}`),
    ],
    says: /Entries 1 and [23]/,
  },
  'OCPP-LL-004': {
    passes: [
      ON + send(5, 'Full', TAG) + send(6, 'Differential', OTHER),
      ON + send(5, 'Full', TAG) + send(5, 'Differential', OTHER, 'VersionMismatch'),
      ON + send(5, 'Full', TAG) + send(3, 'Full', OTHER),
      ON2 + version2(7) + send2(8, 'Differential', TOKEN),
    ],
    fails: [
      ON + send(5, 'Full', TAG) + send(5, 'Differential', OTHER),
      ON2 + version2(7) + send2(6, 'Differential', TOKEN),
    ],
    cannotTell: ON + send(5, 'Differential', OTHER),
    says: /has version [57]/,
  },
  'OCPP-LL-005': {
    passes: [
      ON + send(5, 'Full', TAG) + version(5),
      ON + send(5, 'Full', '') + version(0),
      ON2 + send2(5, 'Full', TOKEN) + version2(5),
      ON2 + send2(5, 'Full', TOKEN) + send2(6, 'Full', TOKEN, 'Failed') + version2(5),
    ],
    cannotTell: [
      ON + version(5),
      // The list may have been taken: its answer did not come.
      `${ON + send(5, 'Full', TAG)}C> SendLocalList {"listVersion":6,"updateType":"Full"}\nclose 1006\nopen\n${version(6)}`,
    ],
    fails: [ON + send(5, 'Full', TAG) + version(4), ON2 + send2(5, 'Full', TOKEN) + version2(0)],
    says: /took version 5 of the list, and says that it has [40]/,
  },
  'OCPP-LL-006': {
    passes: ON + send(5, 'Full', TAG) + send(5, 'Differential', OTHER, 'VersionMismatch') + send(6, 'Full', OTHER),
    fails: [
      ON + send(5, 'Full', TAG) + send(5, 'Differential', OTHER, 'VersionMismatch') + send(6, 'Differential', OTHER),
      ON2 + send2(5, 'Differential', TOKEN, 'Failed') + send2(6, 'Differential', TOKEN),
    ],
    says: /answered (VersionMismatch|Failed)/,
  },
  'OCPP-LL-007': {
    passes: [ON + LIMIT + send(1, 'Full', TAG), ON2 + LIMIT2 + send2(1, 'Full', TOKEN)],
    fails: [
      ON + LIMIT + send(1, 'Full', `${TAG},${OTHER}`),
      ON2 + LIMIT2 + send2(1, 'Full', `${TOKEN},${TOKEN.replace('04A1', '04B2')}`),
    ],
    cannotTell: ON + send(1, 'Full', TAG),
    says: 'has 2 entries',
  },
});
