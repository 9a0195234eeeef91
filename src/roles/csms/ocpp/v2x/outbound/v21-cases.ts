import { ACCEPTED, type CommandCase, REJECTED, RUNNING, type Scene } from './command-cases.ts';

const only = '2.1';
const tariff = (id: string, more = ''): string => `{"tariffId":"${id}","currency":"EUR"${more}}`;
const defaultTariff = (evse: number, id: string): Scene => ({
  told: 'SetDefaultTariff',
  payload: `{"evseId":${evse},"tariff":${tariff(id)}}`,
  answer: ACCEPTED,
});
const TARIFF_REFUSALS = ['Rejected', 'TooManyElements', 'ConditionNotSupported'].map(
  (status) => `{"status":"${status}"}`,
);
const gradient = (id: string, isDefault: boolean): string =>
  `{"isDefault":${isDefault},"controlId":"${id}","controlType":"Gradients","gradient":{"priority":1,"gradient":2,"softGradient":1}}`;
const control = (id: string, isDefault: boolean): Scene => ({
  told: 'SetDERControl',
  payload: gradient(id, isDefault),
  answer: ACCEPTED,
});
const DER_REFUSALS = [REJECTED, '{"status":"NotSupported"}'];
const STREAM: Scene = {
  says: 'OpenPeriodicEventStream',
  payload: '{"constantStreamData":{"id":5,"variableMonitoringId":9,"params":{"interval":10,"values":4}}}',
};
const DYNAMIC: Scene = {
  told: 'SetChargingProfile',
  payload:
    '{"evseId":1,"chargingProfile":{"id":6,"stackLevel":0,"chargingProfilePurpose":"TxDefaultProfile","chargingProfileKind":"Dynamic","chargingSchedule":[{"id":1,"chargingRateUnit":"W","chargingSchedulePeriod":[{"startPeriod":0,"limit":11000,"setpoint":5000}]}]}}',
  answer: ACCEPTED,
};

/** What only 2.1 has. */
export const V21_CASES: readonly CommandCase[] = [
  {
    action: 'NotifyWebPaymentStarted',
    rule: 'the EVSE is held until the time-out (C25)',
    only,
    request: '{"evseId":1,"timeout":90}',
    answer: '{}',
    items: {
      settlements: [
        { id: 'web-payment-1', evse: 1, status: 'WebPaymentStarted', value: { heldUntil: '2026-01-01T12:01:30.000Z' } },
      ],
    },
  },
  {
    action: 'SetDefaultTariff',
    rule: 'a default tariff takes the place of the one on its EVSE (I07)',
    only,
    before: [defaultTariff(1, 'A'), defaultTariff(2, 'A')],
    request: `{"evseId":1,"tariff":${tariff('B')}}`,
    answer: ACCEPTED,
    items: {
      tariffs: [
        { id: 'A', status: 'DefaultTariff', value: { evseIds: [2] } },
        { id: 'B', status: 'DefaultTariff', value: { evseIds: [1], tariff: { currency: 'EUR' } } },
      ],
    },
    unchangedBy: [...TARIFF_REFUSALS, '{"status":"DuplicateTariffId"}'],
  },
  {
    action: 'SetDefaultTariff',
    rule: 'one that begins later stands beside the present one (I07)',
    only,
    before: [defaultTariff(0, 'A')],
    request: `{"evseId":0,"tariff":${tariff('B', ',"validFrom":"2026-02-01T00:00:00Z"')}}`,
    answer: ACCEPTED,
    items: { tariffs: [{ id: 'A' }, { id: 'B', value: { validFrom: '2026-02-01T00:00:00Z' } }] },
    unchangedBy: TARIFF_REFUSALS,
  },
  {
    action: 'SetDefaultTariff',
    rule: 'one that still waits is not pushed out by one that begins now (I07)',
    only,
    before: [
      {
        told: 'SetDefaultTariff',
        payload: `{"evseId":1,"tariff":${tariff('LATER', ',"validFrom":"2026-02-01T00:00:00Z"')}}`,
        answer: ACCEPTED,
      },
    ],
    request: `{"evseId":1,"tariff":${tariff('NOW', ',"validFrom":"2026-01-01T00:00:00Z"')}}`,
    answer: ACCEPTED,
    items: { tariffs: [{ id: 'LATER' }, { id: 'NOW' }] },
    unchangedBy: TARIFF_REFUSALS,
  },
  {
    action: 'GetTariffs',
    rule: 'the list is complete; what a tariff says stays known (I09)',
    only,
    before: [defaultTariff(1, 'A'), defaultTariff(2, 'B')],
    request: '{"evseId":0}',
    answer:
      '{"status":"Accepted","tariffAssignments":[{"tariffId":"A","tariffKind":"DefaultTariff","evseIds":[1]},{"tariffId":"D","tariffKind":"DriverTariff","evseIds":[2],"idTokens":["GOOD"]}]}',
    items: {
      tariffs: [
        { id: 'A', value: { evseIds: [1], tariff: { currency: 'EUR' } } },
        { id: 'D', status: 'DriverTariff', value: { evseIds: [2], idTokens: ['GOOD'] } },
      ],
    },
    unchangedBy: [REJECTED],
  },
  {
    action: 'ClearTariffs',
    rule: 'each result stands for itself (I10)',
    only,
    before: [defaultTariff(1, 'A'), defaultTariff(2, 'B')],
    request: '{"tariffIds":["A","B"]}',
    answer: '{"clearTariffsResult":[{"tariffId":"A","status":"Accepted"},{"tariffId":"B","status":"Rejected"}]}',
    items: { tariffs: [{ id: 'B' }] },
    unchangedBy: ['{"clearTariffsResult":[{"tariffId":"A","status":"Rejected"},{"tariffId":"B","status":"Rejected"}]}'],
  },
  {
    action: 'ClearTariffs',
    rule: 'without ids all tariffs of the EVSE go (I10)',
    only,
    before: [defaultTariff(1, 'A'), defaultTariff(2, 'B')],
    request: '{"evseId":2}',
    answer: '{"clearTariffsResult":[{"status":"Accepted"}]}',
    items: { tariffs: [{ id: 'A' }] },
    unchangedBy: ['{"clearTariffsResult":[{"status":"Rejected"}]}'],
  },
  {
    action: 'ChangeTransactionTariff',
    rule: 'the transaction has the new tariff (I11)',
    only,
    before: [RUNNING],
    request: `{"transactionId":"T1","tariff":${tariff('C')}}`,
    answer: ACCEPTED,
    items: { tariffs: [{ id: 'C', status: 'DriverTariff', value: { transactionId: 'T1' } }] },
    transaction: { id: 'T1', details: { tariffId: 'C' } },
    unchangedBy: [...TARIFF_REFUSALS, '{"status":"TxNotFound"}', '{"status":"NoCurrencyChange"}'],
  },
  {
    action: 'UpdateDynamicSchedule',
    rule: 'the new limit holds at once, what is not named stays (K28.FR.06)',
    only,
    before: [DYNAMIC],
    request: '{"chargingProfileId":6,"scheduleUpdate":{"limit":7000}}',
    answer: ACCEPTED,
    items: {
      profiles: [
        {
          id: '6',
          evse: 1,
          value: {
            profile: {
              dynUpdateTime: '2026-01-01T12:00:00.000Z',
              chargingSchedule: [{ chargingSchedulePeriod: [{ startPeriod: 0, limit: 7000, setpoint: 5000 }] }],
            },
          },
        },
      ],
    },
    unchangedBy: [REJECTED],
  },
  {
    action: 'UsePriorityCharging',
    rule: 'it is asked for until the station says that it began (K21)',
    only,
    before: [RUNNING],
    request: '{"transactionId":"T1","activate":true}',
    answer: ACCEPTED,
    items: { 'energy-transfer': [{ id: 'priority-T1', status: 'Requested' }] },
    unchangedBy: [REJECTED, '{"status":"NoProfile"}'],
  },
  {
    action: 'AdjustPeriodicEventStream',
    rule: 'what is named changes (N14)',
    only,
    before: [STREAM],
    request: '{"id":5,"params":{"interval":60}}',
    answer: ACCEPTED,
    items: { 'event-streams': [{ id: '5', status: 'Open', value: { params: { interval: 60, values: 4 } } }] },
    unchangedBy: [REJECTED],
  },
  {
    action: 'GetPeriodicEventStream',
    rule: 'listed streams are open, others closed (N12)',
    only,
    before: [STREAM],
    request: '{}',
    answer: '{"constantStreamData":[{"id":6,"variableMonitoringId":10,"params":{"interval":5}}]}',
    items: {
      'event-streams': [
        { id: '5', status: 'Closed' },
        { id: '6', status: 'Open', value: { variableMonitoringId: 10 } },
      ],
    },
  },
  {
    action: 'AFRRSignal',
    rule: 'the last signal counts (Q08)',
    only,
    request: '{"timestamp":"2026-01-01T12:00:00Z","signal":-3}',
    answer: ACCEPTED,
    items: { 'energy-transfer': [{ id: 'afrr-signal', status: 'Accepted', value: { signal: -3 } }] },
    unchangedBy: ['{"status":"Rejected","statusInfo":{"reasonCode":"NoSignalWattCurve"}}'],
  },
  {
    action: 'NotifyAllowedEnergyTransfer',
    rule: 'the modes that the transaction may use (Q02)',
    only,
    before: [RUNNING],
    request: '{"transactionId":"T1","allowedEnergyTransfer":["DC_BPT","DC"]}',
    answer: ACCEPTED,
    items: {
      'energy-transfer': [{ id: 'allowed-T1', status: 'Accepted', value: { allowedEnergyTransfer: ['DC_BPT', 'DC'] } }],
    },
    unchangedBy: [REJECTED],
  },
  {
    action: 'SetDERControl',
    rule: 'the control is set, those that lost are superseded (R04)',
    only,
    before: [control('g1', false)],
    request: gradient('g2', false),
    answer: '{"status":"Accepted","supersededIds":["g1"]}',
    items: {
      'der-controls': [
        { id: 'g1', status: 'Superseded' },
        {
          id: 'g2',
          status: 'Accepted',
          value: { controlType: 'Gradients', isDefault: false, settings: { gradient: 2 }, source: 'set' },
        },
      ],
    },
    unchangedBy: [...DER_REFUSALS, '{"status":"NotFound"}'],
  },
  {
    action: 'GetDERControl',
    rule: 'an accepted request expects its report (R04.FR.31)',
    only,
    request: '{"requestId":71}',
    answer: ACCEPTED,
    items: { reports: [{ id: 'der-controls-71', status: 'Requested' }] },
    unchangedBy: DER_REFUSALS,
  },
  {
    action: 'ClearDERControl',
    rule: 'without a selector all of that isDefault go (R04.FR.41-45)',
    only,
    before: [control('g1', true), control('g2', false)],
    request: '{"isDefault":true}',
    answer: ACCEPTED,
    items: { 'der-controls': [{ id: 'g2' }] },
    unchangedBy: DER_REFUSALS,
  },
  {
    action: 'RequestBatterySwap',
    rule: 'the swap is requested (S02)',
    only,
    request: '{"requestId":81,"idToken":{"idToken":"GOOD","type":"ISO14443"}}',
    answer: ACCEPTED,
    items: { 'battery-swaps': [{ id: '81', status: 'Requested', value: { requestId: 81 } }] },
    unchangedBy: ['{"status":"Rejected","statusInfo":{"reasonCode":"NoBatteryAvailable"}}'],
  },
];
