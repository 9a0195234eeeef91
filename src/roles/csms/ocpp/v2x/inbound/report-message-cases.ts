import type { Scene } from '../outbound/command-cases.ts';
import type { MessageCase } from './message-cases.ts';

const asked = (told: string, payload: string): Scene => ({ told, payload, answer: '{"status":"Accepted"}' });
const SCHEDULE = '{"id":1,"chargingRateUnit":"A","chargingSchedulePeriod":[{"startPeriod":0,"limit":16}]}';
const profile = (id: number, purpose: string): string =>
  `{"id":${id},"stackLevel":0,"chargingProfilePurpose":"${purpose}","chargingProfileKind":"Absolute","chargingSchedule":[${SCHEDULE}]}`;
const POWER =
  '{"component":{"name":"EVSE","evse":{"id":1}},"variable":{"name":"Power"},"variableAttribute":[{"value":"11000","mutability":"ReadOnly"},{"type":"MaxSet","value":"22000"}],"variableCharacteristics":{"unit":"W","dataType":"decimal","maxLimit":22000,"supportsMonitoring":true}}';
const limit = (evse: string, source: string): Scene => ({
  says: 'NotifyChargingLimit',
  payload: `{${evse}"chargingLimit":{"chargingLimitSource":"${source}"}}`,
});
const NEEDS =
  '{"evseId":1,"maxScheduleTuples":12,"chargingNeeds":{"requestedEnergyTransfer":"DC","dcChargingParameters":{"evMaxCurrent":200,"evMaxVoltage":500,"stateOfCharge":40}}}';
const needs = (status: string): object => ({
  id: 'needs-1',
  evse: 1,
  status,
  value: { maxScheduleTuples: 12, chargingNeeds: { requestedEnergyTransfer: 'DC' } },
});

/** Reports in parts, limits and needs: blocks B07, K, N and O. */
export const REPORT_MESSAGE_CASES: readonly MessageCase[] = [
  {
    action: 'NotifyReport',
    rule: 'attributes are variables of their own, with characteristics (B07)',
    before: [asked('GetReport', '{"requestId":8}')],
    payload: `{"requestId":8,"generatedAt":"2026-01-01T12:00:00Z","seqNo":0,"tbc":true,"reportData":[${POWER}]}`,
    answer: {},
    items: {
      variables: [
        {
          id: 'evse@1.power',
          evse: 1,
          value: { value: '11000', mutability: 'ReadOnly', characteristics: { unit: 'W', maxLimit: 22000 } },
        },
        { id: 'evse@1.power#maxset', value: { value: '22000', attribute: 'MaxSet' } },
      ],
      reports: [{ id: 'inventory-8', status: 'Receiving', value: { parts: 1, entries: 1, lastSeqNo: 0 } }],
    },
  },
  {
    action: 'NotifyReport',
    rule: 'a secret is masked',
    payload:
      '{"requestId":9,"generatedAt":"2026-01-01T12:00:00Z","seqNo":0,"reportData":[{"component":{"name":"SecurityCtrlr"},"variable":{"name":"BasicAuthPassword"},"variableAttribute":[{"value":"secret","mutability":"WriteOnly"}]}]}',
    answer: {},
    items: {
      variables: [{ id: 'securityctrlr.basicauthpassword', value: { value: '***', mutability: 'WriteOnly' } }],
      reports: [{ id: 'inventory-9', status: 'Complete' }],
    },
  },
  {
    action: 'NotifyReport',
    rule: 'a missing part is noted: the report is Incomplete',
    before: [
      asked('GetReport', '{"requestId":8}'),
      {
        says: 'NotifyReport',
        payload: '{"requestId":8,"generatedAt":"2026-01-01T12:00:00Z","seqNo":0,"tbc":true}',
      },
    ],
    payload: '{"requestId":8,"generatedAt":"2026-01-01T12:00:00Z","seqNo":2}',
    answer: {},
    items: { reports: [{ status: 'Incomplete', value: { parts: 2, missingSeqNos: [1] } }] },
  },
  {
    action: 'NotifyReport',
    rule: 'a repeated part counts once',
    before: [
      {
        says: 'NotifyReport',
        payload: '{"requestId":8,"generatedAt":"2026-01-01T12:00:00Z","seqNo":0,"tbc":true}',
      },
    ],
    payload: '{"requestId":8,"generatedAt":"2026-01-01T12:00:00Z","seqNo":0,"tbc":true}',
    answer: {},
    items: { reports: [{ status: 'Receiving', value: { parts: 1, missingSeqNos: [] } }] },
  },
  {
    action: 'NotifyReport',
    rule: 'AvailabilityState in a report moves the connector’s status',
    payload:
      '{"requestId":9,"generatedAt":"2026-01-01T12:00:00Z","seqNo":0,"reportData":[{"component":{"name":"Connector","evse":{"id":2,"connectorId":1}},"variable":{"name":"AvailabilityState"},"variableAttribute":[{"value":"Reserved"}]}]}',
    answer: {},
    station: { evses: [{ id: 2, connectors: [{ id: 1, status: 'Reserved' }] }] },
  },
  {
    action: 'NotifyMonitoringReport',
    rule: 'monitors as reported (N02)',
    only: '2.0.1',
    payload:
      '{"requestId":51,"seqNo":0,"generatedAt":"2026-01-01T12:00:00Z","monitor":[{"component":{"name":"EVSE","evse":{"id":1}},"variable":{"name":"Temperature"},"variableMonitoring":[{"id":7,"transaction":false,"value":80,"type":"UpperThreshold","severity":3}]}]}',
    answer: {},
    items: {
      monitors: [{ id: '7', evse: 1, status: 'UpperThreshold', value: { severity: 3, source: 'reported' } }],
      reports: [{ id: 'monitoring-51', status: 'Complete' }],
    },
  },
  {
    action: 'NotifyMonitoringReport',
    rule: 'a monitor that we set stays known as ours',
    only: '2.0.1',
    before: [
      {
        told: 'SetVariableMonitoring',
        payload:
          '{"setMonitoringData":[{"value":70,"type":"UpperThreshold","severity":3,"component":{"name":"EVSE"},"variable":{"name":"Temperature"}}]}',
        answer:
          '{"setMonitoringResult":[{"id":7,"status":"Accepted","type":"UpperThreshold","severity":3,"component":{"name":"EVSE"},"variable":{"name":"Temperature"}}]}',
      },
    ],
    payload:
      '{"requestId":51,"seqNo":0,"generatedAt":"2026-01-01T12:00:00Z","monitor":[{"component":{"name":"EVSE"},"variable":{"name":"Temperature"},"variableMonitoring":[{"id":7,"transaction":false,"value":75,"type":"UpperThreshold","severity":3}]}]}',
    answer: {},
    items: { monitors: [{ id: '7', value: { source: 'set', value: 75 } }] },
  },
  {
    action: 'NotifyMonitoringReport',
    rule: '2.1 says of what kind a monitor is',
    only: '2.1',
    payload:
      '{"requestId":51,"seqNo":0,"generatedAt":"2026-01-01T12:00:00Z","monitor":[{"component":{"name":"EVSE"},"variable":{"name":"Temperature"},"variableMonitoring":[{"id":7,"transaction":false,"value":80,"type":"UpperThreshold","severity":3,"eventNotificationType":"PreconfiguredMonitor"}]}]}',
    answer: {},
    items: { monitors: [{ id: '7', value: { notificationType: 'PreconfiguredMonitor' } }] },
  },
  {
    action: 'NotifyCustomerInformation',
    rule: 'parts are joined in the order of their numbers (N09)',
    before: [
      asked('CustomerInformation', '{"requestId":52,"report":true,"clear":false,"customerIdentifier":"c"}'),
      {
        says: 'NotifyCustomerInformation',
        payload: '{"requestId":52,"seqNo":0,"tbc":true,"generatedAt":"2026-01-01T12:00:00Z","data":"one "}',
      },
    ],
    payload: '{"requestId":52,"seqNo":1,"generatedAt":"2026-01-01T12:00:00Z","data":"two"}',
    answer: {},
    items: {
      'customer-information': [{ id: '52', status: 'Complete', value: { text: 'one two' } }],
      reports: [{ id: 'customer-information-52', status: 'Complete', value: { parts: 2 } }],
    },
  },
  {
    action: 'NotifyCustomerInformation',
    rule: 'also when a part comes late',
    before: [
      {
        says: 'NotifyCustomerInformation',
        payload: '{"requestId":52,"seqNo":1,"generatedAt":"2026-01-01T12:00:00Z","data":"two"}',
      },
    ],
    payload: '{"requestId":52,"seqNo":0,"tbc":true,"generatedAt":"2026-01-01T12:00:00Z","data":"one "}',
    answer: {},
    items: {
      'customer-information': [{ id: '52', status: 'Complete', value: { text: 'one two' } }],
      reports: [{ status: 'Complete' }],
    },
  },
  {
    action: 'NotifyDisplayMessages',
    rule: 'messages as reported (O03)',
    before: [asked('GetDisplayMessages', '{"requestId":61}')],
    payload:
      '{"requestId":61,"messageInfo":[{"id":2,"priority":"NormalCycle","transactionId":"T1","message":{"format":"ASCII","content":"Hi"}}]}',
    answer: {},
    items: {
      messages: [{ id: '2', status: 'NormalCycle', value: { source: 'reported', transactionId: 'T1' } }],
      reports: [{ id: 'messages-61', status: 'Complete' }],
    },
  },
  {
    action: 'ReportChargingProfiles',
    rule: 'profiles as reported, with their source (K09)',
    before: [asked('GetChargingProfiles', '{"requestId":9,"chargingProfile":{}}')],
    payload: `{"requestId":9,"chargingLimitSource":"SO","evseId":0,"tbc":true,"chargingProfile":[${profile(-1, 'ChargingStationExternalConstraints')}]}`,
    answer: {},
    items: {
      profiles: [
        {
          id: '-1',
          evse: 0,
          status: 'ChargingStationExternalConstraints',
          value: { source: 'reported', chargingLimitSource: 'SO' },
        },
      ],
      reports: [{ id: 'profiles-9', status: 'Receiving', value: { entries: 1 } }],
    },
  },
  {
    action: 'NotifyChargingLimit',
    rule: 'one limit per EVSE and source; no EVSE is the station (K11)',
    before: [limit('"evseId":1,', 'EMS'), limit('', 'SO')],
    payload: `{"evseId":1,"chargingLimit":{"chargingLimitSource":"EMS","isGridCritical":true},"chargingSchedule":[${SCHEDULE}]}`,
    answer: {},
    items: {
      'charging-limits': [
        { id: '0-SO', evse: 0, status: 'SO' },
        { id: '1-EMS', evse: 1, status: 'EMS', value: { chargingLimit: { isGridCritical: true } } },
      ],
    },
  },
  {
    action: 'ClearedChargingLimit',
    rule: 'the limit of that source on that EVSE is released (K13)',
    before: [limit('"evseId":1,', 'EMS'), limit('"evseId":2,', 'EMS'), limit('"evseId":1,', 'SO')],
    payload: '{"chargingLimitSource":"EMS","evseId":1}',
    answer: {},
    items: { 'charging-limits': [{ id: '1-SO' }, { id: '2-EMS' }] },
  },
  {
    action: 'ClearedChargingLimit',
    rule: 'without an EVSE it is released everywhere (K13)',
    before: [limit('"evseId":1,', 'EMS'), limit('"evseId":2,', 'EMS'), limit('"evseId":1,', 'SO')],
    payload: '{"chargingLimitSource":"EMS"}',
    answer: {},
    items: { 'charging-limits': [{ id: '1-SO' }] },
  },
  {
    action: 'NotifyEVChargingNeeds',
    rule: 'Rejected: nobody plans here, and no promise is made (K15.FR.08)',
    only: '2.0.1',
    payload: NEEDS,
    answer: { status: 'Rejected' },
    items: { 'charging-needs': [needs('Rejected')] },
  },
  {
    action: 'NotifyEVChargingNeeds',
    rule: 'NoChargingProfile: the EV charges by what is installed (2.1 K18, K19)',
    only: '2.1',
    payload: NEEDS,
    answer: { status: 'NoChargingProfile' },
    items: { 'charging-needs': [needs('NoChargingProfile')] },
  },
  {
    action: 'NotifyEVChargingNeeds',
    rule: 'AC parameters for a DC transfer are a finding (K15.FR.06)',
    only: '2.0.1',
    payload:
      '{"evseId":1,"chargingNeeds":{"requestedEnergyTransfer":"DC","acChargingParameters":{"energyAmount":1,"evMinCurrent":6,"evMaxCurrent":16,"evMaxVoltage":400}}}',
    answer: { status: 'Rejected' },
    findings: ['csms.ev-needs.kind'],
  },
  {
    action: 'NotifyEVChargingSchedule',
    rule: 'what the EV follows is kept beside its needs (K15)',
    before: [{ says: 'NotifyEVChargingNeeds', payload: NEEDS }],
    payload: `{"evseId":1,"timeBase":"2026-01-01T12:00:00Z","chargingSchedule":${SCHEDULE}}`,
    answer: { status: 'Accepted' },
    items: {
      'charging-needs': [
        { id: 'needs-1' },
        { id: 'schedule-1', evse: 1, status: 'Accepted', value: { timeBase: '2026-01-01T12:00:00Z' } },
      ],
    },
  },
];
