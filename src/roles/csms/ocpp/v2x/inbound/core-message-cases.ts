import type { MessageCase } from './message-cases.ts';

const RESERVED = {
  told: 'ReserveNow',
  payload: '{"id":3,"expiryDateTime":"2026-01-01T13:00:00Z","evseId":1,"idToken":{"idToken":"GOOD","type":"ISO14443"}}',
  answer: '{"status":"Accepted"}',
} as const;
const CSR = '-----BEGIN CERTIFICATE REQUEST-----\\nMIIB\\n-----END CERTIFICATE REQUEST-----';
const connectorEvent = (component: string, value: string): string =>
  `{"generatedAt":"2026-01-01T12:00:00Z","seqNo":0,"eventData":[{"eventId":1,"timestamp":"2026-01-01T11:59:00Z","trigger":"Delta","actualValue":"${value}","eventNotificationType":"HardWiredNotification","component":${component},"variable":{"name":"AvailabilityState"}}]}`;

/** Blocks A to J, L, N and P, as far as no report is in parts. */
export const CORE_MESSAGE_CASES: readonly MessageCase[] = [
  {
    action: 'Heartbeat',
    rule: 'the answer is the time (G02)',
    payload: '{}',
    answer: { currentTime: '2026-01-01T12:00:00.000Z' },
  },
  {
    action: 'BootNotification',
    rule: 'vendor data and reason are known (B01)',
    payload:
      '{"reason":"RemoteReset","chargingStation":{"vendorName":"Maker","model":"X","serialNumber":"S","firmwareVersion":"1.0","modem":{"iccid":"I","imsi":"M"}}}',
    answer: { status: 'Accepted', currentTime: '2026-01-01T12:00:00.000Z', interval: 300 },
    station: {
      boot: { status: 'Accepted', reason: 'RemoteReset' },
      info: { vendor: 'Maker', model: 'X', serial: 'S', firmware: '1.0', iccid: 'I', imsi: 'M' },
    },
  },
  {
    action: 'Authorize',
    rule: 'a good token, with its group (C01.FR.06)',
    payload: '{"idToken":{"idToken":"good","type":"ISO14443"}}',
    answer: { idTokenInfo: { status: 'Accepted', groupIdToken: { idToken: 'FLEET', type: 'Central' } } },
  },
  {
    action: 'Authorize',
    rule: 'a blocked token',
    payload: '{"idToken":{"idToken":"BAD","type":"ISO14443"}}',
    answer: { idTokenInfo: { status: 'Blocked' } },
  },
  {
    action: 'Authorize',
    rule: 'an expiry becomes the cache’s expiry (C10.FR.10)',
    payload: '{"idToken":{"idToken":"UNTIL","type":"ISO14443"}}',
    answer: { idTokenInfo: { status: 'Accepted', cacheExpiryDateTime: '2026-01-01T13:00:00.000Z', language1: 'en' } },
  },
  {
    action: 'Authorize',
    rule: 'an unknown contract: nothing is said of a certificate that nobody judged (C07)',
    payload:
      '{"idToken":{"idToken":"DE8ACC12E46L89","type":"eMAID"},"iso15118CertificateHashData":[{"hashAlgorithm":"SHA256","issuerNameHash":"aa","issuerKeyHash":"bb","serialNumber":"01","responderURL":"http://ocsp.example"}]}',
    answer: { idTokenInfo: { status: 'Unknown' } },
  },
  {
    action: 'TransactionEvent',
    rule: 'without a token the answer is empty (E01)',
    payload:
      '{"eventType":"Started","timestamp":"2026-01-01T12:00:00Z","triggerReason":"CablePluggedIn","seqNo":0,"transactionInfo":{"transactionId":"T1"}}',
    answer: {},
  },
  {
    action: 'StatusNotification',
    rule: 'one connector; the others stay as they are (G01.FR.08)',
    before: [
      {
        says: 'StatusNotification',
        payload: '{"timestamp":"2026-01-01T11:00:00Z","connectorStatus":"Available","evseId":1,"connectorId":1}',
      },
    ],
    payload: '{"timestamp":"2026-01-01T11:59:00Z","connectorStatus":"Occupied","evseId":1,"connectorId":2}',
    answer: {},
    station: {
      evses: [
        {
          id: 1,
          connectors: [
            { id: 1, status: 'Available' },
            // 2026-01-01T11:59:00Z
            { id: 2, status: 'Occupied', since: 1_767_268_740_000 },
          ],
        },
      ],
    },
  },
  {
    action: 'MeterValues',
    rule: 'the newest values of the EVSE, with their units and multipliers (J01)',
    payload:
      '{"evseId":2,"meterValue":[{"timestamp":"2026-01-01T11:45:00Z","sampledValue":[{"value":1000}]},{"timestamp":"2026-01-01T12:00:00Z","sampledValue":[{"value":2.5,"measurand":"Energy.Active.Import.Register","unitOfMeasure":{"unit":"kWh"}},{"value":11,"measurand":"Power.Active.Import","unitOfMeasure":{"unit":"W","multiplier":3}}]}]}',
    answer: {},
    readings: [[2, { energyWh: 2500, powerW: 11_000, at: 1_767_268_800_000 }]],
  },
  {
    action: 'NotifyEvent',
    rule: 'AvailabilityState of a connector moves its status (2.1 G01.FR.03)',
    payload: connectorEvent('{"name":"Connector","evse":{"id":1,"connectorId":2}}', 'Occupied'),
    answer: {},
    items: {
      events: [{ status: 'Delta', evse: 1, value: { eventId: 1, actualValue: 'Occupied' } }],
      variables: [{ id: 'connector@1.2.availabilitystate', value: { value: 'Occupied', source: 'reported' } }],
    },
    station: { evses: [{ id: 1, connectors: [{ id: 2, status: 'Occupied', since: 1_767_268_740_000 }] }] },
  },
  {
    action: 'NotifyEvent',
    rule: 'AvailabilityState of an EVSE and of the station are their connector 0',
    before: [{ says: 'NotifyEvent', payload: connectorEvent('{"name":"ChargingStation"}', 'Available') }],
    payload: connectorEvent('{"name":"EVSE","evse":{"id":1}}', 'Faulted'),
    answer: {},
    station: {
      evses: [
        { id: 0, connectors: [{ id: 0, status: 'Available' }] },
        { id: 1, connectors: [{ id: 0, status: 'Faulted' }] },
      ],
    },
  },
  {
    action: 'NotifyEvent',
    rule: 'a cleared alert says so (N07.FR.02), and changes no connector',
    payload:
      '{"generatedAt":"2026-01-01T12:00:00Z","seqNo":4,"eventData":[{"eventId":2,"timestamp":"2026-01-01T12:00:00Z","trigger":"Alerting","cleared":true,"actualValue":"60","variableMonitoringId":7,"eventNotificationType":"CustomMonitor","component":{"name":"EVSE","evse":{"id":1}},"variable":{"name":"Temperature"}}]}',
    answer: {},
    items: { events: [{ status: 'Cleared', value: { seqNo: 4, variableMonitoringId: 7 } }] },
    station: { evses: [] },
  },
  {
    action: 'NotifyEvent',
    rule: 'a secret is masked, in the event and in the variable',
    payload:
      '{"generatedAt":"2026-01-01T12:00:00Z","seqNo":0,"eventData":[{"eventId":3,"timestamp":"2026-01-01T12:00:00Z","trigger":"Delta","actualValue":"hush","eventNotificationType":"HardWiredNotification","component":{"name":"SecurityCtrlr"},"variable":{"name":"BasicAuthPassword"}}]}',
    answer: {},
    items: { events: [{ value: { actualValue: '***' } }], variables: [{ value: { value: '***' } }] },
  },
  {
    action: 'ReservationStatusUpdate',
    rule: 'the reservation is over (H04)',
    before: [RESERVED],
    payload: '{"reservationId":3,"reservationUpdateStatus":"Expired"}',
    answer: {},
    items: { reservations: [{ id: '3', status: 'Expired' }] },
  },
  {
    action: 'ReservationStatusUpdate',
    rule: 'one that is not known here is answered too, with a finding',
    payload: '{"reservationId":4,"reservationUpdateStatus":"Removed"}',
    answer: {},
    items: { reservations: [] },
    findings: ['csms.reservation.unknown'],
  },
  {
    action: 'ReservationStatusUpdate',
    rule: 'NoTransaction (2.1)',
    only: '2.1',
    before: [RESERVED],
    payload: '{"reservationId":3,"reservationUpdateStatus":"NoTransaction"}',
    answer: {},
    items: { reservations: [{ id: '3', status: 'NoTransaction' }] },
  },
  {
    action: 'FirmwareStatusNotification',
    rule: 'a step of its job (L01)',
    before: [
      {
        told: 'UpdateFirmware',
        payload:
          '{"requestId":21,"firmware":{"location":"https://fw.example/b.bin","retrieveDateTime":"2026-01-01T12:00:00Z"}}',
        answer: '{"status":"Accepted"}',
      },
    ],
    payload: '{"status":"Installed","requestId":21}',
    answer: {},
    items: {
      jobs: [
        {
          id: 'firmware-21',
          status: 'Installed',
          value: { finished: true, steps: [{ status: 'Accepted' }, { status: 'Installed' }] },
        },
      ],
    },
    station: { firmwareStatus: { status: 'Installed', requestId: 21 } },
  },
  {
    action: 'LogStatusNotification',
    rule: 'a step of a job that nobody asked for makes it exist (N01)',
    payload: '{"status":"Uploading","requestId":41}',
    answer: {},
    items: { jobs: [{ id: 'log-41', status: 'Uploading', value: { finished: false } }] },
    station: { diagnosticsStatus: { status: 'Uploading' } },
  },
  {
    action: 'PublishFirmwareStatusNotification',
    rule: 'Published: the firmware stands under its checksum (L03)',
    before: [
      {
        told: 'PublishFirmware',
        payload: '{"location":"https://fw.example/a.bin","checksum":"c0ffee","requestId":31}',
        answer: '{"status":"Accepted"}',
      },
    ],
    payload: '{"status":"Published","requestId":31,"location":["http://local/a.bin"]}',
    answer: {},
    items: {
      jobs: [{ id: 'publish-firmware-31', status: 'Published' }],
      published: [{ id: 'c0ffee', status: 'Published', value: { location: ['http://local/a.bin'] } }],
    },
  },
  {
    action: 'SecurityEventNotification',
    rule: 'the event is kept (A04)',
    payload: '{"type":"FirmwareUpdated","timestamp":"2026-01-01T12:00:00Z","techInfo":"1.1"}',
    answer: {},
    items: { 'security-events': [{ status: 'FirmwareUpdated', value: { techInfo: '1.1' } }] },
  },
  {
    action: 'SignCertificate',
    rule: 'a request is kept until it is signed (A02)',
    payload: `{"csr":"${CSR}"}`,
    answer: { status: 'Accepted' },
    items: { certificates: [{ id: 'request-ChargingStationCertificate', status: 'Requested' }] },
  },
  {
    action: 'SignCertificate',
    rule: 'what is no request is Rejected with a reason (A02.FR.02)',
    payload: '{"csr":"nonsense"}',
    answer: { status: 'Rejected', statusInfo: { reasonCode: 'InvalidCSR' } },
    items: { certificates: [] },
  },
  {
    action: 'DataTransfer',
    rule: 'an unknown vendor is said so; any JSON may be data (P02)',
    payload: '{"vendorId":"com.example","messageId":"m","data":[1,{"a":null}]}',
    answer: { status: 'UnknownVendorId' },
    items: { 'data-transfers': [{ status: 'UnknownVendorId', value: { direction: 'from-station', messageId: 'm' } }] },
  },
  {
    action: 'Get15118EVCertificate',
    rule: 'without Plug & Charge it is Failed, with a reason, and kept (M01)',
    payload: '{"iso15118SchemaVersion":"urn:iso:15118:2:2013:MsgDef","action":"Install","exiRequest":"gJg="}',
    answer: {
      status: 'Failed',
      exiResponse: '',
      statusInfo: { reasonCode: 'NotEnabled', additionalInfo: 'Nobody answers for certificates of vehicles here' },
    },
    items: {
      'certificate-questions': [{ status: 'Failed', value: { question: 'Get15118EVCertificate', action: 'Install' } }],
    },
  },
  {
    action: 'GetCertificateStatus',
    rule: 'without Plug & Charge it is Failed, with a reason, and kept (M06)',
    payload:
      '{"ocspRequestData":{"hashAlgorithm":"SHA256","issuerNameHash":"aa","issuerKeyHash":"bb","serialNumber":"01","responderURL":"http://ocsp.example"}}',
    answer: {
      status: 'Failed',
      statusInfo: { reasonCode: 'NotEnabled', additionalInfo: 'Nobody answers for certificates of vehicles here' },
    },
    items: {
      'certificate-questions': [
        { status: 'Failed', value: { question: 'GetCertificateStatus', ocspRequestData: { serialNumber: '01' } } },
      ],
    },
  },
];
