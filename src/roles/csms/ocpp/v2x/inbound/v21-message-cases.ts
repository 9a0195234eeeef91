import type { Scene } from '../outbound/command-cases.ts';
import type { MessageCase } from './message-cases.ts';

const only = '2.1';
const OPEN: Scene = {
  says: 'OpenPeriodicEventStream',
  payload: '{"constantStreamData":{"id":5,"variableMonitoringId":9,"params":{"interval":10,"values":4}}}',
};
const dynamic = (kind: string): Scene => ({
  told: 'SetChargingProfile',
  payload: `{"evseId":1,"chargingProfile":{"id":6,"stackLevel":0,"chargingProfilePurpose":"TxDefaultProfile","chargingProfileKind":"${kind}","chargingSchedule":[{"id":1,"chargingRateUnit":"W","chargingSchedulePeriod":[{"startPeriod":0,"limit":11000,"setpoint":5000,"operationMode":"CentralSetpoint"}]}]}}`,
  answer: '{"status":"Accepted"}',
});
const gradient = (id: string): Scene => ({
  told: 'SetDERControl',
  payload: `{"isDefault":false,"controlId":"${id}","controlType":"Gradients","gradient":{"priority":1,"gradient":2,"softGradient":1}}`,
  answer: '{"status":"Accepted"}',
});
const HASH = '{"hashAlgorithm":"SHA256","issuerNameHash":"aa","issuerKeyHash":"bb","serialNumber":"01"}';
const battery = (serial: string): string => `{"evseId":1,"serialNumber":"${serial}","soC":80,"soH":99}`;
const TOKEN = '"idToken":{"idToken":"GOOD","type":"ISO14443"}';

/** What only 2.1 has. */
export const V21_MESSAGE_CASES: readonly MessageCase[] = [
  {
    action: 'NotifySettlement',
    rule: 'the settlement stands under its payment reference (C19-C22)',
    only,
    payload:
      '{"pspRef":"P1","status":"Settled","settlementAmount":12.5,"settlementTime":"2026-01-01T12:00:00Z","receiptId":"R1"}',
    answer: {},
    items: { settlements: [{ id: 'P1', status: 'Settled', value: { settlementAmount: 12.5, receiptId: 'R1' } }] },
  },
  {
    action: 'VatNumberValidation',
    rule: 'number and EVSE come back; the shape decides (C18.FR.08-10)',
    only,
    payload: '{"vatNumber":"DE123456789","evseId":1}',
    answer: { status: 'Accepted', vatNumber: 'DE123456789', evseId: 1 },
    items: { settlements: [{ id: 'vat-DE123456789', evse: 1, status: 'Accepted' }] },
  },
  {
    action: 'VatNumberValidation',
    rule: 'what is no VAT number is Rejected with a reason',
    only,
    payload: '{"vatNumber":"12"}',
    answer: { status: 'Rejected', vatNumber: '12', statusInfo: { reasonCode: 'InvalidValue' } },
    items: { settlements: [{ id: 'vat-12', status: 'Rejected' }] },
  },
  {
    action: 'NotifyPriorityCharging',
    rule: 'it began (K21, K22)',
    only,
    payload: '{"transactionId":"T1","activated":true}',
    answer: {},
    items: { 'energy-transfer': [{ id: 'priority-T1', status: 'Active', value: { activated: true } }] },
  },
  {
    action: 'PullDynamicScheduleUpdate',
    rule: 'the limits that hold now (K28.FR.07)',
    only,
    before: [
      dynamic('Dynamic'),
      {
        told: 'UpdateDynamicSchedule',
        payload: '{"chargingProfileId":6,"scheduleUpdate":{"limit":7000}}',
        answer: '{"status":"Accepted"}',
      },
    ],
    payload: '{"chargingProfileId":6}',
    answer: { status: 'Accepted', scheduleUpdate: { limit: 7000, setpoint: 5000 } },
    items: { profiles: [{ id: '6', value: { pulledAt: '2026-01-01T12:00:00.000Z' } }] },
  },
  {
    action: 'PullDynamicScheduleUpdate',
    rule: 'a profile of another kind is Rejected (K28.FR.12)',
    only,
    before: [dynamic('Relative')],
    payload: '{"chargingProfileId":6}',
    answer: { status: 'Rejected', statusInfo: { reasonCode: 'InvalidProfile' } },
  },
  {
    action: 'PullDynamicScheduleUpdate',
    rule: 'an unknown profile is Rejected (K28.FR.10)',
    only,
    payload: '{"chargingProfileId":7}',
    answer: { status: 'Rejected', statusInfo: { reasonCode: 'NotFound' } },
  },
  {
    action: 'GetCertificateChainStatus',
    rule: 'without Plug & Charge each is Failed, and the question is kept (M07)',
    only,
    payload: `{"certificateStatusRequests":[{"certificateHashData":${HASH},"source":"CRL","urls":["http://crl.example"]}]}`,
    answer: {
      certificateStatus: [
        {
          certificateHashData: {
            hashAlgorithm: 'SHA256',
            issuerNameHash: 'aa',
            issuerKeyHash: 'bb',
            serialNumber: '01',
          },
          source: 'CRL',
          status: 'Failed',
          nextUpdate: '2026-01-01T12:00:00.000Z',
        },
      ],
    },
    items: { 'certificate-questions': [{ status: 'Failed', value: { question: 'GetCertificateChainStatus' } }] },
  },
  {
    action: 'OpenPeriodicEventStream',
    rule: 'the stream is open (N11)',
    only,
    payload: '{"constantStreamData":{"id":5,"variableMonitoringId":9,"params":{"interval":10,"values":4}}}',
    answer: { status: 'Accepted' },
    items: {
      'event-streams': [
        { id: '5', status: 'Open', value: { variableMonitoringId: 9, params: { interval: 10, values: 4 } } },
      ],
    },
  },
  {
    action: 'ClosePeriodicEventStream',
    rule: 'the stream is closed (N13)',
    only,
    before: [OPEN],
    payload: '{"id":5}',
    answer: {},
    items: { 'event-streams': [{ id: '5', status: 'Closed' }] },
  },
  {
    action: 'NotifyPeriodicEventStream',
    rule: 'values with their instants; never answered (N15.FR.02)',
    only,
    before: [OPEN],
    payload:
      '{"id":5,"pending":1,"basetime":"2026-01-01T11:59:00Z","data":[{"t":0,"v":"230.1"},{"t":2.5,"v":"229.8"}]}',
    items: {
      'event-streams': [
        {
          id: '5',
          status: 'Open',
          value: {
            pending: 1,
            values: [
              { at: '2026-01-01T11:59:00.000Z', v: '230.1' },
              { at: '2026-01-01T11:59:02.500Z', v: '229.8' },
            ],
          },
        },
      ],
    },
  },
  {
    action: 'NotifyPeriodicEventStream',
    rule: 'a stream that is not open is a finding',
    only,
    payload: '{"id":8,"pending":0,"basetime":"2026-01-01T11:59:00Z","data":[{"t":0,"v":"1"}]}',
    items: { 'event-streams': [{ id: '8', status: 'Unknown' }] },
  },
  {
    action: 'NotifyDERAlarm',
    rule: 'the alarm is kept (R05)',
    only,
    payload: '{"controlType":"VoltVar","gridEventFault":"OverVoltage","timestamp":"2026-01-01T12:00:00Z"}',
    answer: {},
    items: { 'der-events': [{ status: 'Alarm', value: { gridEventFault: 'OverVoltage' } }] },
  },
  {
    action: 'NotifyDERStartStop',
    rule: 'the control started and pushed another aside (R04.FR.20-22)',
    only,
    before: [gradient('g1'), gradient('g2')],
    payload: '{"controlId":"g2","started":true,"timestamp":"2026-01-01T12:00:00Z","supersededIds":["g1"]}',
    answer: {},
    items: {
      'der-events': [{ status: 'Started', value: { controlId: 'g2' } }],
      'der-controls': [
        { id: 'g1', status: 'Superseded' },
        { id: 'g2', status: 'Started' },
      ],
    },
  },
  {
    action: 'ReportDERControl',
    rule: 'controls of all lists, with their marks (R04.FR.31/32)',
    only,
    payload:
      '{"requestId":71,"gradient":[{"id":"g1","gradient":{"priority":1,"gradient":2,"softGradient":1}}],"fixedPFInject":[{"id":"p1","isDefault":false,"isSuperseded":true,"fixedPF":{"priority":2,"displacement":0.9,"excitation":true}}]}',
    answer: {},
    items: {
      'der-controls': [
        { id: 'g1', status: 'Accepted', value: { controlType: 'Gradients', isDefault: true, source: 'reported' } },
        { id: 'p1', status: 'Superseded', value: { controlType: 'FixedPFInject', settings: { displacement: 0.9 } } },
      ],
      reports: [{ id: 'der-controls-71', status: 'Complete', value: { entries: 2 } }],
    },
  },
  {
    action: 'BatterySwap',
    rule: 'in and out of one swap are one record (S03)',
    only,
    before: [
      {
        says: 'BatterySwap',
        payload: `{"eventType":"BatteryIn","requestId":81,${TOKEN},"batteryData":[${battery('B1')}]}`,
      },
    ],
    payload: `{"eventType":"BatteryOut","requestId":81,${TOKEN},"batteryData":[${battery('B2')}]}`,
    answer: {},
    items: {
      'battery-swaps': [
        {
          id: '81',
          status: 'BatteryOut',
          value: { in: [{ serialNumber: 'B1' }], out: [{ serialNumber: 'B2' }], idToken: { idToken: 'GOOD' } },
        },
      ],
    },
  },
];
