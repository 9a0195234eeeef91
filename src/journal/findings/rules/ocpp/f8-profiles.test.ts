import { describeRules } from '../../testing/rule-cases.ts';

const ON = '1.6\nopen\nboot\n';
const ON2 = '2.0.1\nopen\nboot\n';
const set = (
  place: number,
  members: string,
  periods = '{"startPeriod":0,"limit":16}',
  start = '"startSchedule":"2026-03-01T00:00:00Z",',
) =>
  `C> SetChargingProfile {"connectorId":${place},"csChargingProfiles":{"chargingProfileId":1,"stackLevel":0,${members},"chargingSchedule":{${start}"chargingRateUnit":"A","chargingSchedulePeriod":[${periods}]}}} = {"status":"Accepted"}\n`;
const DEFAULT = '"chargingProfilePurpose":"TxDefaultProfile","chargingProfileKind":"Absolute"';
const set2 = (members: string, period = '{"startPeriod":0,"limit":16}', evse = 1) =>
  `C> SetChargingProfile {"evseId":${evse},"chargingProfile":{"id":1,"stackLevel":0,${members},"chargingSchedule":[{"id":1,"startSchedule":"2026-03-01T00:00:00Z","chargingRateUnit":"A","chargingSchedulePeriod":[${period}]}]}} = {"status":"Rejected"}\n`;

describeRules('F8 profiles', {
  'OCPP-SC-001': {
    passes: ON + set(0, DEFAULT.replace('TxDefault', 'ChargePointMax')),
    fails: ON + set(1, DEFAULT.replace('TxDefault', 'ChargePointMax')),
  },
  'OCPP-SC-002': {
    passes: ON + set(1, DEFAULT),
    fails: [ON + set(0, DEFAULT.replace('TxDefault', 'Tx')), ON2 + set2(DEFAULT.replace('TxDefault', 'Tx'))],
  },
  'OCPP-SC-004': {
    passes: ON + set(1, DEFAULT, '{"startPeriod":0,"limit":16},{"startPeriod":60,"limit":10}'),
    fails: [
      ON + set(1, DEFAULT, '{"startPeriod":10,"limit":16}'),
      ON + set(1, DEFAULT, '{"startPeriod":0,"limit":16},{"startPeriod":60,"limit":10},{"startPeriod":60,"limit":8}'),
    ],
  },
  'OCPP-SC-006': {
    passes: ON + set(1, `${DEFAULT.replace('Absolute', 'Recurring')},"recurrencyKind":"Daily"`),
    fails: [ON + set(1, `${DEFAULT},"recurrencyKind":"Daily"`), ON + set(1, DEFAULT.replace('Absolute', 'Recurring'))],
  },
  'OCPP-SC-007': {
    passes: ON + set(1, DEFAULT.replace('Absolute', 'Relative'), undefined, ''),
    fails: [ON + set(1, DEFAULT, undefined, ''), ON + set(1, DEFAULT.replace('Absolute', 'Relative'))],
  },
  'OCPP-SC-008': {
    passes: ON + set(1, `${DEFAULT},"validTo":"@+600"`),
    fails: [
      ON + set(1, `${DEFAULT},"validTo":"@-600"`),
      ON + set(1, `${DEFAULT},"validFrom":"@+900","validTo":"@+600"`),
    ],
  },
  'OCPP-SC-010': {
    passes: ON2 + set2(DEFAULT),
    fails: ON2 + set2(DEFAULT.replace('TxDefaultProfile', 'ChargingStationExternalConstraints')),
  },
  'OCPP-SC-011': {
    passes: ON2 + set2(DEFAULT, '{"startPeriod":0,"limit":16,"numberPhases":1,"phaseToUse":2}'),
    fails: ON2 + set2(DEFAULT, '{"startPeriod":0,"limit":16,"phaseToUse":2}'),
  },
  'OCPP-SC-017': {
    passes: `${ON2}C> ClearChargingProfile {"chargingProfileId":1} = {"status":"Unknown"}`,
    fails: `${ON2}C> ClearChargingProfile {} = {"status":"Unknown"}`,
  },
  'OCPP-SC-023': {
    passes: `${ON2}S> ClearedChargingLimit {"chargingLimitSource":"EMS"} = {}`,
    fails: `${ON2}S> ClearedChargingLimit {"chargingLimitSource":"CSO"} = {}`,
  },
});
