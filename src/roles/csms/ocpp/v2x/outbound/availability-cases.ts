import { ACCEPTED, type CommandCase, REJECTED, RUNNING, type Scene } from './command-cases.ts';

const TWO_CONNECTORS: readonly Scene[] = [1, 2].map((connector) => ({
  says: 'StatusNotification',
  payload: `{"timestamp":"2026-01-01T12:00:00Z","connectorStatus":"Available","evseId":1,"connectorId":${connector}}`,
}));
const RESERVED: Scene = {
  told: 'ReserveNow',
  payload: '{"id":3,"expiryDateTime":"2026-01-01T13:00:00Z","evseId":1,"idToken":{"idToken":"GOOD","type":"ISO14443"}}',
  answer: ACCEPTED,
};
const SCHEDULE =
  '{"id":1,"chargingRateUnit":"A","chargingSchedulePeriod":[{"startPeriod":0,"limit":16}],"startSchedule":"2026-01-01T00:00:00Z"}';
const profile = (id: number, level: number, purpose = 'TxDefaultProfile'): string =>
  `{"id":${id},"stackLevel":${level},"chargingProfilePurpose":"${purpose}","chargingProfileKind":"Absolute","chargingSchedule":[${SCHEDULE}]}`;
const installed = (evse: number, id: number, level: number, purpose?: string): Scene => ({
  told: 'SetChargingProfile',
  payload: `{"evseId":${evse},"chargingProfile":${profile(id, level, purpose)}}`,
  answer: ACCEPTED,
});
const EXTERNAL: Scene = {
  says: 'ReportChargingProfiles',
  payload: `{"requestId":1,"chargingLimitSource":"SO","evseId":0,"chargingProfile":[${profile(-5, 0, 'ChargingStationExternalConstraints')}]}`,
};

/** Blocks G, H, I (2.0.1) and K. */
export const AVAILABILITY_CASES: readonly CommandCase[] = [
  {
    action: 'ChangeAvailability',
    rule: 'one connector was asked to be out of service (G03)',
    before: TWO_CONNECTORS,
    request: '{"operationalStatus":"Inoperative","evse":{"id":1,"connectorId":2}}',
    answer: ACCEPTED,
    station: {
      evses: [
        {
          id: 1,
          connectors: [
            { id: 1, status: 'Available' },
            { id: 2, status: 'Available', operational: 'Inoperative' },
          ],
        },
      ],
    },
    unchangedBy: [REJECTED],
  },
  {
    action: 'ChangeAvailability',
    rule: 'Scheduled is taken too, and no EVSE is the whole station (G03.FR.05)',
    before: TWO_CONNECTORS,
    request: '{"operationalStatus":"Inoperative"}',
    answer: '{"status":"Scheduled"}',
    station: {
      evses: [
        {
          id: 1,
          connectors: [
            { id: 1, operational: 'Inoperative' },
            { id: 2, operational: 'Inoperative' },
          ],
        },
      ],
    },
    unchangedBy: [REJECTED],
  },
  {
    action: 'ReserveNow',
    rule: 'an accepted reservation is active; the same id replaces (H01)',
    before: [RESERVED],
    request:
      '{"id":3,"expiryDateTime":"2026-01-01T14:00:00Z","evseId":2,"idToken":{"idToken":"MANY","type":"ISO14443"},"groupIdToken":{"idToken":"FLEET","type":"Central"}}',
    answer: ACCEPTED,
    items: {
      reservations: [
        {
          id: '3',
          status: 'Active',
          evse: 2,
          value: { idToken: 'MANY', groupId: 'FLEET', expiry: '2026-01-01T14:00:00Z' },
        },
      ],
    },
    unchangedBy: ['Faulted', 'Occupied', 'Rejected', 'Unavailable'].map((status) => `{"status":"${status}"}`),
  },
  {
    action: 'CancelReservation',
    rule: 'the reservation is over (H02)',
    before: [RESERVED],
    request: '{"reservationId":3}',
    answer: ACCEPTED,
    items: { reservations: [{ id: '3', status: 'Cancelled' }] },
    unchangedBy: [REJECTED],
  },
  {
    action: 'CostUpdated',
    rule: 'the cost stands on the transaction; 0 is free, not absent (I02)',
    before: [RUNNING],
    request: '{"transactionId":"T1","totalCost":0}',
    answer: '{}',
    items: { costs: [{ id: 'T1', value: { totalCost: 0 } }] },
    transaction: { id: 'T1', totalCost: 0 },
  },
  {
    action: 'SetChargingProfile',
    rule: 'the same id replaces, another id does not (K01.FR.05)',
    before: [installed(1, 1, 0), installed(1, 2, 0)],
    request: `{"evseId":2,"chargingProfile":${profile(1, 3)}}`,
    answer: ACCEPTED,
    items: {
      profiles: [
        {
          id: '1',
          evse: 2,
          status: 'TxDefaultProfile',
          value: { stackLevel: 3, kind: 'Absolute', source: 'set', profile: { id: 1, stackLevel: 3 } },
        },
        { id: '2', evse: 1, value: { stackLevel: 0 } },
      ],
    },
    unchangedBy: [REJECTED],
  },
  {
    action: 'ClearChargingProfile',
    rule: 'criteria select together (K10)',
    before: [
      installed(1, 1, 0),
      installed(1, 2, 1),
      installed(2, 3, 0),
      installed(0, 4, 0, 'ChargingStationMaxProfile'),
      EXTERNAL,
    ],
    request: '{"chargingProfileCriteria":{"stackLevel":0,"chargingProfilePurpose":"TxDefaultProfile"}}',
    answer: ACCEPTED,
    items: { profiles: [{ id: '-5' }, { id: '2' }, { id: '4' }] },
    unchangedBy: ['{"status":"Unknown"}'],
  },
  {
    action: 'ClearChargingProfile',
    rule: 'an EVSE selects; external constraints stay (K10.FR.06)',
    before: [installed(1, 1, 0), installed(0, 4, 0, 'ChargingStationMaxProfile'), EXTERNAL],
    request: '{"chargingProfileCriteria":{"evseId":0}}',
    answer: ACCEPTED,
    items: { profiles: [{ id: '-5' }, { id: '1' }] },
    unchangedBy: ['{"status":"Unknown"}'],
  },
  {
    action: 'ClearChargingProfile',
    rule: 'an id selects one (K10)',
    before: [installed(1, 1, 0), installed(1, 2, 1)],
    request: '{"chargingProfileId":2}',
    answer: ACCEPTED,
    items: { profiles: [{ id: '1' }] },
    unchangedBy: ['{"status":"Unknown"}'],
  },
  {
    action: 'GetChargingProfiles',
    rule: 'an accepted request expects its report (K09)',
    request: '{"requestId":9,"chargingProfile":{}}',
    answer: ACCEPTED,
    items: { reports: [{ id: 'profiles-9', status: 'Requested' }] },
  },
  {
    action: 'GetChargingProfiles',
    rule: 'NoProfiles: what was asked for is not there (K09)',
    before: [installed(1, 1, 0), installed(2, 2, 0)],
    request: '{"requestId":9,"evseId":1,"chargingProfile":{"chargingProfilePurpose":"TxDefaultProfile"}}',
    answer: '{"status":"NoProfiles"}',
    items: { profiles: [{ id: '2' }], reports: [] },
  },
  {
    action: 'GetCompositeSchedule',
    rule: 'the schedule as answered (K08)',
    request: '{"duration":600,"evseId":1,"chargingRateUnit":"A"}',
    answer:
      '{"status":"Accepted","schedule":{"evseId":1,"duration":600,"scheduleStart":"2026-01-01T12:00:00Z","chargingRateUnit":"A","chargingSchedulePeriod":[{"startPeriod":0,"limit":16}]}}',
    items: {
      composites: [{ id: '1', evse: 1, value: { duration: 600, schedule: { chargingRateUnit: 'A', duration: 600 } } }],
    },
    unchangedBy: [REJECTED],
  },
];
