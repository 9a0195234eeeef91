import { describeRules } from '../../testing/rule-cases.ts';

const ON = '1.6\nopen\nboot\n';
const AUTH = 'S> Authorize {"idTag":"A"} = {"idTagInfo":{"status":"Accepted"}}\n';
const PREP = 'S> StatusNotification {"connectorId":1,"errorCode":"NoError","status":"Preparing"} = {}\n';
const CHARGE = 'S> StatusNotification {"connectorId":1,"errorCode":"NoError","status":"Charging"} = {}\n';
const START =
  'S> StartTransaction {"connectorId":1,"idTag":"A","meterStart":100,"timestamp":"@"} = {"transactionId":7,"idTagInfo":{"status":"Accepted"}}\n';
const STOP =
  'S> StatusNotification {"connectorId":1,"errorCode":"NoError","status":"Finishing"} = {}\nS> StopTransaction {"transactionId":7,"meterStop":200,"timestamp":"@"} = {}\n';
const BEGIN = ON + AUTH + PREP + START + CHARGE;
const ACCEPTED = '{"status":"Accepted"}';
const UNKNOWN = '{"status":"Unknown"}';
const REJECTED = '{"status":"Rejected"}';
const MIDNIGHT = '"startSchedule":"2026-03-01T00:00:00Z",';

/** A profile of 1.6: connector, id, purpose, level, then its schedule. */
const set = (
  connector: number,
  id: number,
  purpose: string,
  level: number,
  { limit = '16', unit = 'A', kind = 'Absolute', start = MIDNIGHT, more = '', periods = '', answer = ACCEPTED } = {},
) =>
  `C> SetChargingProfile {"connectorId":${connector},"csChargingProfiles":{"chargingProfileId":${id},"stackLevel":${level},"chargingProfilePurpose":"${purpose}","chargingProfileKind":"${kind}"${more},"chargingSchedule":{${start}"chargingRateUnit":"${unit}","chargingSchedulePeriod":[${periods === '' ? `{"startPeriod":0,"limit":${limit}}` : periods}]}}} = ${answer}\n`;
const composite = (limit: number, periods = `{"startPeriod":0,"limit":${limit}}`, connector = 1) =>
  `C> GetCompositeSchedule {"connectorId":${connector},"duration":3600,"chargingRateUnit":"A"} = {"status":"Accepted","connectorId":${connector},"scheduleStart":"@","chargingSchedule":{"duration":3600,"chargingRateUnit":"A","chargingSchedulePeriod":[${periods}]}}\n`;
const clear = (criteria: string, answer = ACCEPTED) => `C> ClearChargingProfile {${criteria}} = ${answer}\n`;
const keys = (...pairs: [string, string][]) =>
  `C> GetConfiguration {"key":[${pairs.map(([key]) => `"${key}"`).join(',')}]} = {"configurationKey":[${pairs.map(([key, value]) => `{"key":"${key}","readonly":true,"value":"${value}"}`).join(',')}]}\n`;
const values = (measurand: string, unit: string, value: string, phase = '') =>
  `S> MeterValues {"connectorId":1,"transactionId":7,"meterValue":[{"timestamp":"@","sampledValue":[{"value":"${value}","measurand":"${measurand}","unit":"${unit}"${phase}}]}]} = {}\n`;
const L1 = ',"phase":"L1"';

const ON2 = '2.0.1\nopen\nboot\n';
const OCC = 'S> StatusNotification {"evseId":1,"connectorId":1,"connectorStatus":"Occupied","timestamp":"@"} = {}\n';
const AUTH2 =
  'S> Authorize {"idToken":{"idToken":"04A1B2C3D4E5F6","type":"ISO14443"}} = {"idTokenInfo":{"status":"Accepted"}}\n';
const event = (type: string, trigger: string, seqNo: number, more = '', answer = '{}') =>
  `S> TransactionEvent {"eventType":"${type}","timestamp":"@","triggerReason":"${trigger}","seqNo":${seqNo},"transactionInfo":{"transactionId":"t1","chargingState":"Charging"}${more}} = ${answer}\n`;
const STARTED =
  'S> TransactionEvent {"eventType":"Started","timestamp":"@","triggerReason":"Authorized","seqNo":0,"transactionInfo":{"transactionId":"t1","chargingState":"EVConnected"},"evse":{"id":1,"connectorId":1},"idToken":{"idToken":"04A1B2C3D4E5F6","type":"ISO14443"}} = {"idTokenInfo":{"status":"Accepted"}}\n';
const BEGIN2 = ON2 + AUTH2 + OCC + STARTED + event('Updated', 'ChargingStateChanged', 1);
const set2 = (
  evse: number,
  id: number,
  purpose: string,
  { limit = '16', unit = 'A', more = '', schedules = 1, answer = ACCEPTED } = {},
) =>
  `C> SetChargingProfile {"evseId":${evse},"chargingProfile":{"id":${id},"stackLevel":0,"chargingProfilePurpose":"${purpose}","chargingProfileKind":"Absolute"${more},"chargingSchedule":[${Array.from({ length: schedules }, (_, index) => `{"id":${index + 1},"startSchedule":"2026-03-01T00:00:00Z","chargingRateUnit":"${unit}","chargingSchedulePeriod":[{"startPeriod":0,"limit":${limit}}]}`).join(',')}]}} = ${answer}\n`;
const TX = ',"transactionId":"t1"';
const composite2 = (limit: number, duration = 600) =>
  `C> GetCompositeSchedule {"evseId":1,"duration":600} = {"status":"Accepted","schedule":{"evseId":1,"duration":${duration},"scheduleStart":"@","chargingRateUnit":"A","chargingSchedulePeriod":[{"startPeriod":0,"limit":${limit}}]}}\n`;
const variables = (...pairs: [string, string, string][]) =>
  `C> GetVariables {"getVariableData":[${pairs.map(([component, variable]) => `{"component":{"name":"${component}"},"variable":{"name":"${variable}"}}`).join(',')}]} = {"getVariableResult":[${pairs.map(([component, variable, value]) => `{"attributeStatus":"Accepted","attributeType":"Actual","attributeValue":"${value}","component":{"name":"${component}"},"variable":{"name":"${variable}"}}`).join(',')}]}\n`;
const AC = '"acChargingParameters":{"energyAmount":1000,"evMinCurrent":6,"evMaxCurrent":16,"evMaxVoltage":400}';
const DC = '"dcChargingParameters":{"evMaxCurrent":100,"evMaxVoltage":800}';
const needs = (parameters: string, answer: string) =>
  `S> NotifyEVChargingNeeds {"evseId":1,"chargingNeeds":{"requestedEnergyTransfer":"AC_three_phase"${parameters === '' ? '' : `,${parameters}`}}} = {"status":"${answer}"}\n`;
const ask = (id: number, answer = ACCEPTED) =>
  `C> GetChargingProfiles {"requestId":${id},"chargingProfile":{"stackLevel":0}} = ${answer}\n`;
const reported = (id: number, tbc: string) =>
  `S> ReportChargingProfiles {"requestId":${id},"chargingLimitSource":"CSO","evseId":1,"chargingProfile":[{"id":1,"stackLevel":0,"chargingProfilePurpose":"TxDefaultProfile","chargingProfileKind":"Absolute","chargingSchedule":[{"id":1,"startSchedule":"2026-03-01T00:00:00Z","chargingRateUnit":"A","chargingSchedulePeriod":[{"startPeriod":0,"limit":16}]}]}]${tbc}} = {}\n`;
const TBC = ',"tbc":true';
const TWO_PERIODS = '{"startPeriod":0,"limit":16},{"startPeriod":37800,"limit":8}';
const NIGHT = ',"validFrom":"2026-03-01T00:00:00Z","validTo":"2026-03-01T12:00:00Z"';
const LATER = ',"validFrom":"2026-03-01T12:00:00Z"';

const ON21 = '2.1\nopen\nboot\n';
const askDer = (id: number, answer = ACCEPTED) =>
  `C> GetDERControl {"requestId":${id},"controlType":"FixedPFAbsorb"} = ${answer}\n`;
const der = (id: number, tbc: string) =>
  `S> ReportDERControl {"requestId":${id},"fixedPFAbsorb":[{"id":"a","isDefault":true,"isSuperseded":false,"fixedPF":{"priority":1,"displacement":0.9,"excitation":true}}]${tbc}} = {}\n`;

describeRules('F8 installing', {
  'OCPP-SC-003': {
    passes: [
      BEGIN + set(1, 1, 'TxProfile', 0, { kind: 'Relative', start: '' }),
      ON + set(1, 1, 'TxProfile', 0, { answer: REJECTED }),
      BEGIN2 + set2(1, 1, 'TxProfile', { more: TX }),
    ],
    fails: [
      ON + set(1, 1, 'TxProfile', 0),
      `${BEGIN}${STOP}${set(1, 1, 'TxProfile', 0)}`,
      BEGIN2 + set2(1, 1, 'TxProfile', { more: ',"transactionId":"t9"' }),
    ],
  },
  'OCPP-SC-005': {
    passes: [
      ON +
        keys(
          ['ChargeProfileMaxStackLevel', '3'],
          ['ChargingScheduleMaxPeriods', '2'],
          ['ChargingScheduleAllowedChargingRateUnit', 'Current,Power'],
        ) +
        set(1, 1, 'TxDefaultProfile', 3, { periods: TWO_PERIODS }),
      ON2 + variables(['SmartChargingCtrlr', 'RateUnit', 'A,W']) + set2(1, 1, 'TxDefaultProfile', { unit: 'W' }),
    ],
    fails: [
      ON + keys(['ChargeProfileMaxStackLevel', '3']) + set(1, 1, 'TxDefaultProfile', 4),
      ON + keys(['ChargingScheduleMaxPeriods', '1']) + set(1, 1, 'TxDefaultProfile', 0, { periods: TWO_PERIODS }),
      ON +
        keys(['ChargingScheduleAllowedChargingRateUnit', 'Power']) +
        set(1, 1, 'TxDefaultProfile', 0, { answer: REJECTED }),
      ON2 + variables(['SmartChargingCtrlr', 'RateUnit', 'A']) + set2(1, 1, 'TxDefaultProfile', { unit: 'W' }),
    ],
  },
  'OCPP-SC-009': {
    passes: [
      ON2 + set2(1, 1, 'TxDefaultProfile') + set2(1, 1, 'TxDefaultProfile', { limit: '8' }),
      ON2 + set2(1, 1, 'TxDefaultProfile', { more: NIGHT }) + set2(1, 2, 'TxDefaultProfile', { more: LATER }),
      ON2 + set2(1, 1, 'TxDefaultProfile') + set2(2, 2, 'TxDefaultProfile'),
      `${ON2}${set2(1, 1, 'TxDefaultProfile')}C> ClearChargingProfile {"chargingProfileId":1} = ${ACCEPTED}\n${set2(1, 2, 'TxDefaultProfile')}`,
    ],
    fails: [
      ON2 + set2(1, 1, 'TxDefaultProfile') + set2(1, 2, 'TxDefaultProfile', { answer: REJECTED }),
      BEGIN2 + set2(1, 1, 'TxProfile', { more: TX }) + set2(1, 2, 'TxProfile', { more: TX, answer: REJECTED }),
    ],
  },
  'OCPP-SC-019': {
    passes: [
      `${BEGIN2}${needs(AC, 'Accepted')}${set2(1, 1, 'TxProfile', { more: TX, schedules: 3 })}`,
      BEGIN2 + set2(1, 1, 'TxProfile', { more: TX }),
    ],
    fails: BEGIN2 + set2(1, 1, 'TxProfile', { more: TX, schedules: 2, answer: REJECTED }),
  },
  'OCPP-SC-022': {
    passes: [
      ON + set(1, 1, 'TxDefaultProfile', 0, { limit: '16.1' }),
      ON2 + set2(1, 1, 'TxDefaultProfile', { limit: '8.1' }),
    ],
    fails: ON2 + set2(1, 1, 'TxDefaultProfile', { limit: '16.15' }),
  },
  'OCPP-SC-024': {
    passes: [
      `${ON}${keys(['NumberOfConnectors', '1'])}${set(2, 1, 'TxDefaultProfile', 0, { answer: '!PropertyConstraintViolation' })}`,
      ON + keys(['NumberOfConnectors', '2']) + set(2, 1, 'TxDefaultProfile', 0),
    ],
    fails: [
      ON + keys(['NumberOfConnectors', '1']) + set(2, 1, 'TxDefaultProfile', 0),
      ON + keys(['NumberOfConnectors', '1']) + set(2, 1, 'TxDefaultProfile', 0, { answer: REJECTED }),
    ],
  },
});

describeRules('F8 composite schedules and limits', {
  'OCPP-SC-012': {
    passes: [
      ON + set(1, 1, 'TxDefaultProfile', 0) + composite(16),
      // The higher level counts, whatever the lower one allows less.
      ON + set(1, 1, 'TxDefaultProfile', 0, { limit: '6' }) + set(1, 2, 'TxDefaultProfile', 1) + composite(16),
      // The profile of the transaction stands in for the default, and the station's own maximum holds for both.
      `${BEGIN}${set(1, 1, 'TxDefaultProfile', 0, { limit: '6' })}${set(1, 2, 'TxProfile', 0, { limit: '20' })}${set(0, 3, 'ChargePointMaxProfile', 0, { limit: '18' })}${composite(18)}`,
      // The limit falls at 10:30.
      ON +
        set(1, 1, 'TxDefaultProfile', 0, { periods: TWO_PERIODS }) +
        composite(0, '{"startPeriod":0,"limit":16},{"startPeriod":1795,"limit":8}'),
      ON +
        set(1, 1, 'TxDefaultProfile', 0, {
          kind: 'Recurring',
          more: ',"recurrencyKind":"Daily"',
          start: '"startSchedule":"2026-02-20T09:00:00Z",',
          periods: '{"startPeriod":0,"limit":32},{"startPeriod":7200,"limit":6}',
        }) +
        composite(32),
      // Watts say nothing about amperes here.
      ON + set(1, 1, 'TxDefaultProfile', 0, { unit: 'W', limit: '1000' }) + composite(32),
      ON2 + set2(1, 1, 'TxDefaultProfile') + composite2(16),
    ],
    fails: [
      ON + set(1, 1, 'TxDefaultProfile', 0) + composite(17),
      ON +
        set(1, 1, 'TxDefaultProfile', 0, { limit: '32' }) +
        set(1, 2, 'TxDefaultProfile', 1, { limit: '10' }) +
        composite(32),
      ON + set(0, 3, 'ChargePointMaxProfile', 0, { limit: '18' }) + composite(20, undefined, 0),
      ON + set(1, 1, 'TxDefaultProfile', 0, { periods: TWO_PERIODS }) + composite(16),
      `${BEGIN}${set(1, 1, 'TxProfile', 0, { kind: 'Relative', start: '', periods: '{"startPeriod":0,"limit":32},{"startPeriod":600,"limit":10}' })}${composite(32)}`,
      ON2 + set2(1, 1, 'TxDefaultProfile') + composite2(32),
    ],
    says: 'the profiles',
  },
  'OCPP-SC-013': {
    passes: [ON + composite(16), ON2 + composite2(16)],
    fails: [
      `${ON}C> GetCompositeSchedule {"connectorId":1,"duration":3600} = ${ACCEPTED}\n`,
      ON + composite(0, '{"startPeriod":10,"limit":16}'),
      ON + composite(0, '{"startPeriod":0,"limit":16},{"startPeriod":3600,"limit":8}'),
      ON2 + composite2(16, 700),
    ],
  },
  'OCPP-SC-014': {
    passes: ON + composite(16),
    fails: `${ON}C> GetCompositeSchedule {"connectorId":1,"duration":3600} = {"status":"Accepted","connectorId":1,"scheduleStart":"@","chargingSchedule":{"duration":3600,"startSchedule":"@","chargingRateUnit":"A","chargingSchedulePeriod":[{"startPeriod":0,"limit":16}]}}`,
  },
  'OCPP-SC-015': {
    passes: [
      `${BEGIN}${set(1, 1, 'TxDefaultProfile', 0, { limit: '10' })}+60 ${values('Current.Import', 'A', '10.9', L1)}`,
      // It has half a minute to follow.
      `${BEGIN}${set(1, 1, 'TxDefaultProfile', 0, { limit: '10' })}+10 ${values('Current.Import', 'A', '16', L1)}`,
      `${BEGIN}${set(1, 1, 'TxDefaultProfile', 0, { limit: '10' })}${clear('"id":1')}+60 ${values('Current.Import', 'A', '16', L1)}`,
      // Amperes say nothing about watts, and the sum of phases nothing about one.
      `${BEGIN}${set(1, 1, 'TxDefaultProfile', 0, { limit: '10' })}+60 ${values('Power.Active.Import', 'W', '11000')}`,
      `${BEGIN}${set(1, 1, 'TxDefaultProfile', 0, { limit: '10' })}+60 ${values('Current.Import', 'A', '30')}`,
    ],
    fails: [
      `${BEGIN}${set(1, 1, 'TxDefaultProfile', 0, { limit: '10' })}+60 ${values('Current.Import', 'A', '16', L1)}`,
      `${BEGIN}${set(0, 1, 'ChargePointMaxProfile', 0, { unit: 'W', limit: '3000' })}+60 ${values('Power.Active.Import', 'kW', '11.0')}`,
      `${BEGIN2}${set2(1, 1, 'TxProfile', { more: TX, limit: '8' })}+60 ${event('Updated', 'MeterValuePeriodic', 2, ',"meterValue":[{"timestamp":"@","sampledValue":[{"value":12.5,"measurand":"Current.Import","phase":"L2","unitOfMeasure":{"unit":"A"}}]}]')}`,
    ],
  },
});

describeRules('F8 clearing, reports and needs', {
  'OCPP-SC-016': {
    passes: [
      ON + set(1, 1, 'TxDefaultProfile', 0) + clear('"id":1'),
      ON + clear('', UNKNOWN) + clear('"id":1', UNKNOWN),
      // It may have been installed before the log began.
      ON + clear('"id":9'),
      `${BEGIN}${set(1, 1, 'TxProfile', 0)}${STOP}${clear('"id":1', UNKNOWN)}`,
      ON + set(1, 1, 'TxDefaultProfile', 0) + clear('"stackLevel":1', UNKNOWN),
    ],
    fails: [
      ON + set(1, 1, 'TxDefaultProfile', 0) + clear('"id":1', UNKNOWN),
      ON + set(1, 1, 'TxDefaultProfile', 0) + clear('"chargingProfilePurpose":"TxDefaultProfile"', UNKNOWN),
      ON + clear('', UNKNOWN) + clear('"id":1'),
      `${ON2}${set2(1, 1, 'TxDefaultProfile')}C> ClearChargingProfile {"chargingProfileCriteria":{"evseId":1}} = ${UNKNOWN}\n`,
    ],
  },
  'OCPP-SC-018': {
    passes: [
      `${ON2}${ask(4)}${reported(4, TBC)}${reported(4, ',"tbc":false')}wait 90`,
      ON2 + ask(4) + reported(4, '') + ask(5) + reported(5, ''),
    ],
    fails: [
      ON2 + ask(4) + reported(5, ''),
      ON2 + ask(4, '{"status":"NoProfiles"}') + reported(4, ''),
      ON2 + ask(4) + reported(4, '') + reported(4, ''),
      `${ON2}${ask(4)}${reported(4, TBC)}wait 90`,
    ],
  },
  'OCPP-SC-020': {
    passes: [
      `${BEGIN2}${needs(AC, 'Accepted')}+40 ${set2(1, 1, 'TxProfile', { more: TX })}wait 60`,
      `${BEGIN2}${needs(AC, 'Rejected')}wait 90`,
    ],
    fails: [`${BEGIN2}${needs(AC, 'Accepted')}wait 90`, `${BEGIN2}${needs(AC, 'Processing')}wait 90`],
  },
  'OCPP-SC-021': {
    passes: BEGIN2 + needs(AC, 'Rejected'),
    fails: [BEGIN2 + needs('', 'Rejected'), BEGIN2 + needs(`${AC},${DC}`, 'Rejected')],
  },
  'OCPP21-DER-001': {
    passes: [
      `${ON21}${askDer(4)}${der(4, TBC)}${der(4, '')}wait 90`,
      ON21 + askDer(4) + der(4, '') + askDer(5) + der(5, ''),
    ],
    fails: [
      ON21 + askDer(4) + der(5, ''),
      ON21 + askDer(4, '{"status":"NotFound"}') + der(4, ''),
      ON21 + askDer(4) + der(4, '') + der(4, ''),
      `${ON21}${askDer(4)}${der(4, TBC)}wait 90`,
    ],
  },
});
