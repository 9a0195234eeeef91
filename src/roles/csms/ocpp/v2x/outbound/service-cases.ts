import { ACCEPTED, type CommandCase, REJECTED, type Scene } from './command-cases.ts';

const HASH = '{"hashAlgorithm":"SHA256","issuerNameHash":"aa","issuerKeyHash":"bb","serialNumber":"01"}';
const CSR = '-----BEGIN CERTIFICATE REQUEST-----\\nMIIB\\n-----END CERTIFICATE REQUEST-----';
const LISTED: Scene = {
  told: 'GetInstalledCertificateIds',
  payload: '{}',
  answer: `{"status":"Accepted","certificateHashDataChain":[{"certificateType":"V2GRootCertificate","certificateHashData":${HASH}}]}`,
};
const monitor = (severity: number): string =>
  `{"value":80,"type":"UpperThreshold","severity":${severity},"component":{"name":"EVSE","evse":{"id":1}},"variable":{"name":"Temperature"}}`;
const monitorResult = (severity: number, status: string, id = ''): string =>
  `{${id}"status":"${status}","type":"UpperThreshold","severity":${severity},"component":{"name":"EVSE","evse":{"id":1}},"variable":{"name":"Temperature"}}`;
const MONITORED: Scene = {
  told: 'SetVariableMonitoring',
  payload: `{"setMonitoringData":[${monitor(3)},${monitor(5)}]}`,
  answer: `{"setMonitoringResult":[${monitorResult(3, 'Accepted', '"id":1,')},${monitorResult(5, 'Accepted', '"id":2,')}]}`,
};
const message = (id: number, priority: string): string =>
  `{"id":${id},"priority":"${priority}","state":"Idle","message":{"format":"UTF8","language":"en","content":"Hello"}}`;
const shown = (id: number, priority: string): Scene => ({
  told: 'SetDisplayMessage',
  payload: `{"message":${message(id, priority)}}`,
  answer: ACCEPTED,
});
const PUBLISHED: readonly Scene[] = [
  {
    told: 'PublishFirmware',
    payload: '{"location":"https://fw.example/a.bin","checksum":"c0ffee","requestId":31}',
    answer: ACCEPTED,
  },
  {
    says: 'PublishFirmwareStatusNotification',
    payload: '{"status":"Published","requestId":31,"location":["http://local/a.bin"]}',
  },
];

/** Blocks L, M, N, O, P and the certificates of A. */
export const SERVICE_CASES: readonly CommandCase[] = [
  {
    action: 'UpdateFirmware',
    rule: 'an accepted update is a job (L01, L02)',
    request:
      '{"requestId":21,"firmware":{"location":"https://fw.example/b.bin","retrieveDateTime":"2026-01-01T12:00:00Z"}}',
    answer: ACCEPTED,
    items: { jobs: [{ id: 'firmware-21', status: 'Accepted', value: { type: 'firmware', requestId: 21 } }] },
    unchangedBy: [REJECTED, '{"status":"InvalidCertificate"}', '{"status":"RevokedCertificate"}'],
  },
  {
    action: 'PublishFirmware',
    rule: 'an accepted publication is a job (L03)',
    request: '{"location":"https://fw.example/a.bin","checksum":"c0ffee","requestId":31}',
    answer: ACCEPTED,
    items: { jobs: [{ id: 'publish-firmware-31', status: 'Accepted' }], published: [] },
    unchangedBy: [REJECTED],
  },
  {
    action: 'UnpublishFirmware',
    rule: 'the firmware is not published any more (L04)',
    before: PUBLISHED,
    request: '{"checksum":"c0ffee"}',
    answer: '{"status":"Unpublished"}',
    items: { published: [] },
    unchangedBy: ['{"status":"DownloadOngoing"}'],
  },
  {
    action: 'GetLog',
    rule: 'an accepted upload is a job, with the file’s name (N01)',
    request: '{"logType":"SecurityLog","requestId":41,"log":{"remoteLocation":"https://files.example/"}}',
    answer: '{"status":"AcceptedCanceled","filename":"log.zip"}',
    items: { jobs: [{ id: 'log-41', status: 'Accepted', value: { filename: 'log.zip' } }] },
    unchangedBy: [REJECTED],
  },
  {
    action: 'CertificateSigned',
    rule: 'the signing request is done (A02, A03)',
    before: [{ says: 'SignCertificate', payload: `{"csr":"${CSR}","certificateType":"V2GCertificate"}` }],
    request: '{"certificateChain":"-----BEGIN CERTIFICATE-----","certificateType":"V2GCertificate"}',
    answer: ACCEPTED,
    items: {
      certificates: [
        {
          id: 'request-V2GCertificate',
          status: 'Signed',
          value: { certificateType: 'V2GCertificate', certificateChain: '-----BEGIN CERTIFICATE-----' },
        },
      ],
    },
    unchangedBy: [REJECTED],
  },
  {
    action: 'InstallCertificate',
    rule: 'the accepted certificate is kept (M05)',
    request: '{"certificateType":"CSMSRootCertificate","certificate":"-----BEGIN CERTIFICATE-----"}',
    answer: ACCEPTED,
    items: { certificates: [{ status: 'Accepted', value: { certificateType: 'CSMSRootCertificate' } }] },
    unchangedBy: [REJECTED, '{"status":"Failed"}'],
  },
  {
    action: 'GetInstalledCertificateIds',
    rule: 'the list takes the place of the one before, for the types that were asked for (M03)',
    before: [LISTED],
    request: '{"certificateType":["V2GRootCertificate"]}',
    answer:
      '{"status":"Accepted","certificateHashDataChain":[{"certificateType":"V2GRootCertificate","certificateHashData":{"hashAlgorithm":"SHA256","issuerNameHash":"cc","issuerKeyHash":"dd","serialNumber":"02"},"childCertificateHashData":[{"hashAlgorithm":"SHA256","issuerNameHash":"ee","issuerKeyHash":"ff","serialNumber":"03"}]}]}',
    items: {
      certificates: [
        {
          id: 'sha256-cc-dd-02',
          status: 'Installed',
          value: { certificateType: 'V2GRootCertificate', children: [{ serialNumber: '03' }] },
        },
      ],
    },
  },
  {
    action: 'GetInstalledCertificateIds',
    rule: 'NotFound: there is none (M03)',
    before: [LISTED],
    request: '{}',
    answer: '{"status":"NotFound"}',
    items: { certificates: [] },
  },
  {
    action: 'DeleteCertificate',
    rule: 'the certificate is gone (M04)',
    before: [LISTED],
    request: `{"certificateHashData":${HASH}}`,
    answer: ACCEPTED,
    items: { certificates: [] },
    unchangedBy: ['{"status":"Failed"}'],
  },
  {
    action: 'SetVariableMonitoring',
    rule: 'each accepted monitor stands under the id that the station gave (N04.FR.11)',
    request: `{"setMonitoringData":[${monitor(3)},${monitor(5)}]}`,
    answer: `{"setMonitoringResult":[${monitorResult(5, 'Accepted', '"id":77,')},${monitorResult(3, 'Duplicate')}]}`,
    items: {
      monitors: [
        {
          id: '77',
          evse: 1,
          status: 'UpperThreshold',
          value: { severity: 5, value: 80, transaction: false, source: 'set', variable: { name: 'Temperature' } },
        },
      ],
    },
    unchangedBy: ['UnknownComponent', 'UnknownVariable', 'UnsupportedMonitorType', 'Rejected', 'Duplicate'].map(
      (status) => `{"setMonitoringResult":[${monitorResult(3, status)},${monitorResult(5, status)}]}`,
    ),
  },
  {
    action: 'ClearVariableMonitoring',
    rule: 'each result stands for itself (N06)',
    before: [MONITORED],
    request: '{"id":[1,2,3]}',
    answer:
      '{"clearMonitoringResult":[{"id":1,"status":"Rejected"},{"id":2,"status":"Accepted"},{"id":3,"status":"NotFound"}]}',
    items: { monitors: [{ id: '1' }] },
    unchangedBy: ['{"clearMonitoringResult":[{"id":1,"status":"Rejected"},{"id":2,"status":"Rejected"}]}'],
  },
  {
    action: 'SetMonitoringBase',
    rule: 'FactoryDefault drops what was set (N03)',
    before: [MONITORED],
    request: '{"monitoringBase":"FactoryDefault"}',
    answer: ACCEPTED,
    items: { monitors: [] },
    station: { monitoringBase: 'FactoryDefault' },
    unchangedBy: [REJECTED, '{"status":"NotSupported"}', '{"status":"EmptyResultSet"}'],
  },
  {
    action: 'SetMonitoringBase',
    rule: 'All keeps what was set (N03)',
    before: [MONITORED],
    request: '{"monitoringBase":"All"}',
    answer: ACCEPTED,
    items: { monitors: [{ id: '1' }, { id: '2' }] },
    station: { monitoringBase: 'All' },
    unchangedBy: [REJECTED],
  },
  {
    action: 'SetMonitoringLevel',
    rule: 'the level is known (N05)',
    request: '{"severity":4}',
    answer: ACCEPTED,
    station: { monitoringLevel: 4 },
    unchangedBy: [REJECTED],
  },
  {
    action: 'GetMonitoringReport',
    rule: 'an accepted request expects its report (N02)',
    request: '{"requestId":51}',
    answer: ACCEPTED,
    items: { reports: [{ id: 'monitoring-51', status: 'Requested' }] },
    unchangedBy: [REJECTED, '{"status":"NotSupported"}', '{"status":"EmptyResultSet"}'],
  },
  {
    action: 'CustomerInformation',
    rule: 'an accepted request expects its report, a clearing is kept (N09, N10)',
    request: '{"requestId":52,"report":true,"clear":true,"idToken":{"idToken":"GOOD","type":"ISO14443"}}',
    answer: ACCEPTED,
    items: {
      reports: [{ id: 'customer-information-52', status: 'Requested' }],
      commands: [{ status: 'Accepted', value: { command: 'CustomerInformation', clear: true } }],
    },
    unchangedBy: [REJECTED, '{"status":"Invalid"}'],
  },
  {
    action: 'SetDisplayMessage',
    rule: 'the message is shown; AlwaysFront replaces AlwaysFront (O01)',
    before: [shown(1, 'AlwaysFront'), shown(2, 'NormalCycle')],
    request: `{"message":${message(3, 'AlwaysFront')}}`,
    answer: ACCEPTED,
    items: {
      messages: [
        { id: '2', status: 'NormalCycle' },
        { id: '3', status: 'AlwaysFront', value: { source: 'set', message: { content: 'Hello' } } },
      ],
    },
    unchangedBy: [
      REJECTED,
      '{"status":"NotSupportedMessageFormat"}',
      '{"status":"NotSupportedPriority"}',
      '{"status":"NotSupportedState"}',
      '{"status":"UnknownTransaction"}',
    ],
  },
  {
    action: 'GetDisplayMessages',
    rule: 'an accepted request expects its report (O03)',
    request: '{"requestId":61}',
    answer: ACCEPTED,
    items: { reports: [{ id: 'messages-61', status: 'Requested' }] },
  },
  {
    action: 'GetDisplayMessages',
    rule: 'Unknown: what was asked for is not there (O04)',
    before: [shown(1, 'AlwaysFront'), shown(2, 'NormalCycle')],
    request: '{"requestId":61,"priority":"NormalCycle"}',
    answer: '{"status":"Unknown"}',
    items: { messages: [{ id: '1' }], reports: [] },
  },
  {
    action: 'ClearDisplayMessage',
    rule: 'the message is gone (O05)',
    before: [shown(1, 'AlwaysFront'), shown(2, 'NormalCycle')],
    request: '{"id":1}',
    answer: ACCEPTED,
    items: { messages: [{ id: '2' }] },
  },
  {
    action: 'ClearDisplayMessage',
    rule: 'Rejected keeps it (2.1 O05)',
    only: '2.1',
    before: [shown(1, 'AlwaysFront')],
    request: '{"id":1}',
    answer: REJECTED,
    items: { messages: [{ id: '1' }] },
  },
  {
    action: 'DataTransfer',
    rule: 'the transfer is kept with its answer (P01)',
    request: '{"vendorId":"com.example","messageId":"m","data":{"a":1}}',
    answer: '{"status":"Accepted","data":[1]}',
    items: {
      'data-transfers': [
        {
          status: 'Accepted',
          value: { direction: 'to-station', vendorId: 'com.example', messageId: 'm', data: { a: 1 }, answer: [1] },
        },
      ],
    },
    unchangedBy: [REJECTED, '{"status":"UnknownVendorId"}'],
  },
];
