import { ACCEPTED, type CommandCase, REJECTED, RUNNING } from './command-cases.ts';

const COMPONENT = '{"name":"OCPPCommCtrlr"}';
const VARIABLE = '{"name":"HeartbeatInterval"}';
const REPORT_REFUSALS = [REJECTED, '{"status":"NotSupported"}', '{"status":"EmptyResultSet"}'];

/** Blocks A, B, C, D, E and F. */
export const PROVISIONING_CASES: readonly CommandCase[] = [
  {
    action: 'SetVariables',
    rule: 'each result stands for itself (B05.FR.01)',
    request: `{"setVariableData":[
      {"component":${COMPONENT},"variable":${VARIABLE},"attributeValue":"60"},
      {"component":{"name":"TxCtrlr"},"variable":{"name":"EVConnectionTimeOut"},"attributeValue":"-1"},
      {"component":{"name":"EVSE","evse":{"id":1}},"variable":{"name":"Power"},"attributeType":"MaxSet","attributeValue":"11000"}]}`,
    answer: `{"setVariableResult":[
      {"component":{"name":"EVSE","evse":{"id":1}},"variable":{"name":"Power"},"attributeType":"MaxSet","attributeStatus":"RebootRequired"},
      {"component":${COMPONENT},"variable":${VARIABLE},"attributeStatus":"Accepted"},
      {"component":{"name":"TxCtrlr"},"variable":{"name":"EVConnectionTimeOut"},"attributeStatus":"Rejected"}]}`,
    items: {
      variables: [
        {
          id: 'evse@1.power#maxset',
          evse: 1,
          value: { component: 'EVSE', variable: 'Power', attribute: 'MaxSet', value: '11000', afterReboot: true },
        },
        { id: 'ocppcommctrlr.heartbeatinterval', value: { value: '60', source: 'set', afterReboot: false } },
      ],
    },
    station: { heartbeatIntervalS: 60 },
    unchangedBy: ['Rejected', 'UnknownComponent', 'UnknownVariable', 'NotSupportedAttributeType'].map(
      (status) =>
        `{"setVariableResult":[{"component":${COMPONENT},"variable":${VARIABLE},"attributeStatus":"${status}"}]}`,
    ),
  },
  {
    action: 'SetVariables',
    rule: 'an accepted BasicAuthPassword is kept as a hash only (A01.FR.03)',
    request:
      '{"setVariableData":[{"component":{"name":"SecurityCtrlr"},"variable":{"name":"BasicAuthPassword"},"attributeValue":"0123456789abcdef"}]}',
    answer:
      '{"setVariableResult":[{"component":{"name":"SecurityCtrlr"},"variable":{"name":"BasicAuthPassword"},"attributeStatus":"Accepted"}]}',
    items: { variables: [{ id: 'securityctrlr.basicauthpassword', value: { value: '***' } }] },
    // printf 0123456789abcdef | sha256sum
    station: { nextPasswordHash: '9f9f5111f7b27a781f1f1ddde5ebc2dd2b796bfc7365c9c28b548e564176929f' },
    unchangedBy: [
      '{"setVariableResult":[{"component":{"name":"SecurityCtrlr"},"variable":{"name":"BasicAuthPassword"},"attributeStatus":"Rejected"}]}',
    ],
  },
  {
    action: 'GetVariables',
    rule: 'what was read is known, what is unknown is not there, what is unset is empty (B06.FR.06-13)',
    before: [
      {
        told: 'SetVariables',
        payload: `{"setVariableData":[{"component":{"name":"Gone"},"variable":{"name":"Old"},"attributeValue":"1"}]}`,
        answer:
          '{"setVariableResult":[{"component":{"name":"Gone"},"variable":{"name":"Old"},"attributeStatus":"Accepted"}]}',
      },
    ],
    request: `{"getVariableData":[
      {"component":${COMPONENT},"variable":${VARIABLE}},
      {"component":{"name":"gone"},"variable":{"name":"old"}},
      {"component":{"name":"TariffCostCtrlr"},"variable":{"name":"Currency"}}]}`,
    answer: `{"getVariableResult":[
      {"component":${COMPONENT},"variable":${VARIABLE},"attributeStatus":"Accepted","attributeValue":"300"},
      {"component":{"name":"gone"},"variable":{"name":"old"},"attributeStatus":"UnknownComponent"},
      {"component":{"name":"TariffCostCtrlr"},"variable":{"name":"Currency"},"attributeStatus":"Accepted"}]}`,
    items: {
      variables: [
        { id: 'ocppcommctrlr.heartbeatinterval', value: { value: '300', source: 'read' } },
        { id: 'tariffcostctrlr.currency', value: { value: '' } },
      ],
    },
    unchangedBy: [
      `{"getVariableResult":[{"component":${COMPONENT},"variable":${VARIABLE},"attributeStatus":"Rejected"}]}`,
    ],
  },
  {
    action: 'GetBaseReport',
    rule: 'an accepted request expects its report (B07)',
    request: '{"requestId":7,"reportBase":"SummaryInventory"}',
    answer: ACCEPTED,
    items: {
      reports: [
        {
          id: 'inventory-7',
          status: 'Requested',
          value: { requestId: 7, request: { reportBase: 'SummaryInventory' } },
        },
      ],
    },
    unchangedBy: REPORT_REFUSALS,
  },
  {
    action: 'GetReport',
    rule: 'an accepted request expects its report (B08)',
    request: '{"requestId":8,"componentCriteria":["Problem"]}',
    answer: ACCEPTED,
    items: { reports: [{ id: 'inventory-8', status: 'Requested' }] },
    unchangedBy: REPORT_REFUSALS,
  },
  {
    action: 'SetNetworkProfile',
    rule: 'the profile stands in its slot, without its secrets (B09)',
    request: `{"configurationSlot":2,"connectionData":{"ocppVersion":"OCPP20","ocppTransport":"JSON","ocppCsmsUrl":"wss://csms.example/ocpp","messageTimeout":30,"securityProfile":2,"ocppInterface":"Wireless0",
      "apn":{"apn":"iot.example","apnUserName":"u","apnPassword":"secret1","simPin":1234,"apnAuthentication":"CHAP"},
      "vpn":{"server":"vpn.example","user":"v","password":"secret2","key":"secret3","type":"IPSec"}}}`,
    answer: ACCEPTED,
    items: {
      'network-profiles': [
        {
          id: '2',
          status: 'Accepted',
          value: {
            connectionData: {
              ocppCsmsUrl: 'wss://csms.example/ocpp',
              apn: { apn: 'iot.example', apnPassword: '***', simPin: '***' },
              vpn: { user: 'v', password: '***', key: '***' },
            },
          },
        },
      ],
    },
    unchangedBy: [REJECTED, '{"status":"Failed"}'],
  },
  {
    action: 'Reset',
    rule: 'the answer is kept; what follows is a boot (B11, B12)',
    request: '{"type":"OnIdle","evseId":1}',
    answer: '{"status":"Scheduled"}',
    items: { commands: [{ status: 'Scheduled', value: { command: 'Reset', type: 'OnIdle', evseId: 1 } }] },
    unchangedBy: [REJECTED],
  },
  {
    action: 'ClearCache',
    rule: 'the answer is kept (C11)',
    request: '{}',
    answer: ACCEPTED,
    items: { commands: [{ status: 'Accepted', value: { command: 'ClearCache' } }] },
    unchangedBy: [REJECTED],
  },
  {
    action: 'SendLocalList',
    rule: 'Full replaces the list, and the version moves (D01.FR.04)',
    before: [
      {
        told: 'SendLocalList',
        payload:
          '{"versionNumber":1,"updateType":"Full","localAuthorizationList":[{"idToken":{"idToken":"OLD","type":"Central"},"idTokenInfo":{"status":"Accepted"}}]}',
        answer: ACCEPTED,
      },
    ],
    request:
      '{"versionNumber":2,"updateType":"Full","localAuthorizationList":[{"idToken":{"idToken":"NEW","type":"ISO14443"},"idTokenInfo":{"status":"Blocked"}}]}',
    answer: ACCEPTED,
    items: { 'local-list': [{ id: 'new', value: { idToken: 'NEW', type: 'ISO14443', status: 'Blocked' } }] },
    station: { localListVersion: 2 },
    unchangedBy: ['{"status":"Failed"}', '{"status":"VersionMismatch"}'],
  },
  {
    action: 'SendLocalList',
    rule: 'Differential adds, and an entry without info deletes (D01.FR.17)',
    before: [
      {
        told: 'SendLocalList',
        payload:
          '{"versionNumber":1,"updateType":"Full","localAuthorizationList":[{"idToken":{"idToken":"A","type":"Central"},"idTokenInfo":{"status":"Accepted"}},{"idToken":{"idToken":"B","type":"Central"},"idTokenInfo":{"status":"Accepted"}}]}',
        answer: ACCEPTED,
      },
    ],
    request:
      '{"versionNumber":2,"updateType":"Differential","localAuthorizationList":[{"idToken":{"idToken":"a","type":"Central"}},{"idToken":{"idToken":"C","type":"Central"},"idTokenInfo":{"status":"Accepted"}}]}',
    answer: ACCEPTED,
    items: { 'local-list': [{ id: 'b' }, { id: 'c' }] },
    station: { localListVersion: 2 },
    unchangedBy: ['{"status":"Failed"}', '{"status":"VersionMismatch"}'],
  },
  {
    action: 'GetLocalListVersion',
    rule: 'the version is known (D02)',
    request: '{}',
    answer: '{"versionNumber":5}',
    station: { localListVersion: 5 },
  },
  {
    action: 'GetTransactionStatus',
    rule: 'what the station says stands on the transaction (E14)',
    before: [RUNNING],
    request: '{"transactionId":"T1"}',
    answer: '{"ongoingIndicator":false,"messagesInQueue":false}',
    transaction: {
      id: 'T1',
      state: 'active',
      details: { ongoingIndicator: false, messagesInQueue: false },
      remarks: ['The station says that it is over, but its end never came'],
    },
    items: { commands: [{ status: 'Answered', value: { transactionId: 'T1', messagesInQueue: false } }] },
  },
  {
    action: 'RequestStartTransaction',
    rule: 'the answer is kept; its profile is on the station until the transaction comes (F01)',
    request:
      '{"evseId":1,"remoteStartId":11,"idToken":{"idToken":"GOOD","type":"ISO14443"},"chargingProfile":{"id":4,"stackLevel":0,"chargingProfilePurpose":"TxProfile","chargingProfileKind":"Relative","chargingSchedule":[{"id":1,"chargingRateUnit":"A","chargingSchedulePeriod":[{"startPeriod":0,"limit":10}]}]}}',
    answer: ACCEPTED,
    items: {
      commands: [{ status: 'Accepted', value: { remoteStartId: 11, evseId: 1, idToken: 'GOOD' } }],
      profiles: [{ id: '4', evse: 1, status: 'TxProfile', value: { remoteStartId: 11, source: 'set' } }],
    },
    unchangedBy: [REJECTED],
  },
  {
    action: 'RequestStopTransaction',
    rule: 'the answer is kept; the end comes by TransactionEvent (F03)',
    before: [RUNNING],
    request: '{"transactionId":"T1"}',
    answer: ACCEPTED,
    items: { commands: [{ status: 'Accepted', value: { transactionId: 'T1' } }] },
    transaction: { id: 'T1', state: 'active' },
    unchangedBy: [REJECTED],
  },
  {
    action: 'UnlockConnector',
    rule: 'the answer is kept (F05)',
    request: '{"evseId":1,"connectorId":2}',
    answer: '{"status":"OngoingAuthorizedTransaction"}',
    items: { commands: [{ status: 'OngoingAuthorizedTransaction', value: { evseId: 1, connectorId: 2 } }] },
    unchangedBy: ['{"status":"UnlockFailed"}', '{"status":"UnknownConnector"}'],
  },
  {
    action: 'TriggerMessage',
    rule: 'the answer is kept; the message follows (F06)',
    request: '{"requestedMessage":"StatusNotification","evse":{"id":1,"connectorId":1}}',
    answer: ACCEPTED,
    items: {
      commands: [
        { status: 'Accepted', value: { requestedMessage: 'StatusNotification', evse: { id: 1, connectorId: 1 } } },
      ],
    },
    unchangedBy: [REJECTED, '{"status":"NotImplemented"}'],
  },
];
