import { describeRules } from '../../testing/rule-cases.ts';

const ON = '2.1\nopen\nboot\n';
const ACCEPTED = '{"status":"Accepted"}';
const REJECTED = '{"status":"Rejected"}';
const PERIOD = '{"startPeriod":0,"limit":16}';
interface Shape {
  readonly kind?: string;
  readonly more?: string;
  readonly periods?: string;
  readonly schedule?: string;
  readonly answer?: string;
}
const start = (kind: string) => (kind === 'Absolute' ? ',"startSchedule":"2026-03-01T00:00:00Z"' : '');
const profile = ({ kind = 'Dynamic', more = '', periods = PERIOD, schedule = '' }: Shape) =>
  `{"id":7,"stackLevel":0,"chargingProfilePurpose":"ChargingStationMaxProfile","chargingProfileKind":"${kind}"${more},"chargingSchedule":[{"id":1,"chargingRateUnit":"A"${start(kind)}${schedule},"chargingSchedulePeriod":[${periods}]}]}`;
const set = (shape: Shape = {}) =>
  `C> SetChargingProfile {"evseId":0,"chargingProfile":${profile(shape)}} = ${shape.answer ?? ACCEPTED}\n`;
const update = (id: number, answer = ACCEPTED) =>
  `C> UpdateDynamicSchedule {"chargingProfileId":${id},"scheduleUpdate":{"limit":10}} = ${answer}\n`;
const PULL =
  'S> PullDynamicScheduleUpdate {"chargingProfileId":7} = {"status":"Accepted","scheduleUpdate":{"limit":12}}\n';
const CLEAR = `C> ClearChargingProfile {"chargingProfileId":7} = ${ACCEPTED}\n`;
const CLEAR_ALL = `C> ClearChargingProfile {} = ${ACCEPTED}\n`;
const supports = (...pairs: [string, string][]) =>
  `C> GetVariables {"getVariableData":[${pairs.map(([name]) => `{"component":{"name":"SmartChargingCtrlr"},"variable":{"name":"Supports${name}"}}`).join(',')}]} = {"getVariableResult":[${pairs.map(([name, value]) => `{"attributeStatus":"Accepted","attributeType":"Actual","attributeValue":"${value}","component":{"name":"SmartChargingCtrlr"},"variable":{"name":"Supports${name}"}}`).join(',')}]}\n`;
const absent = (name: string) =>
  `C> GetVariables {"getVariableData":[{"component":{"name":"SmartChargingCtrlr"},"variable":{"name":"Supports${name}"}}]} = {"getVariableResult":[{"attributeStatus":"UnknownVariable","attributeType":"Actual","component":{"name":"SmartChargingCtrlr"},"variable":{"name":"Supports${name}"}}]}\n`;
const DYNAMIC = supports(['DynamicProfiles', 'true']);

const TAG = ',"idToken":{"idToken":"04A1B2C3D4E5F6","type":"ISO14443"}';
const occupied = (value: string) =>
  `S> NotifyEvent {"generatedAt":"@","seqNo":0,"eventData":[{"eventId":9,"timestamp":"@","trigger":"Delta","actualValue":"${value}","eventNotificationType":"HardWiredNotification","component":{"name":"Connector","evse":{"id":1,"connectorId":1}},"variable":{"name":"AvailabilityState"}}]} = {}\n`;
const AUTH = `S> Authorize {${TAG.slice(1)}} = {"idTokenInfo":{"status":"Accepted"}}\n`;
const STARTED = `S> TransactionEvent {"eventType":"Started","timestamp":"@","triggerReason":"Authorized","seqNo":0,"transactionInfo":{"transactionId":"t1","chargingState":"Charging"},"evse":{"id":1,"connectorId":1}${TAG}} = {"idTokenInfo":{"status":"Accepted"}}\n`;
const ENDED = `S> TransactionEvent {"eventType":"Ended","timestamp":"@","triggerReason":"StopAuthorized","seqNo":1,"transactionInfo":{"transactionId":"t1","chargingState":"EVConnected","stoppedReason":"Local"}${TAG}} = {"idTokenInfo":{"status":"Accepted"}}\n`;
const BEGIN = ON + AUTH + occupied('Occupied') + STARTED;
const use = (activate: boolean, answer = ACCEPTED) =>
  `C> UsePriorityCharging {"transactionId":"t1","activate":${activate}} = ${answer}\n`;
const notify = (activated: boolean) =>
  `S> NotifyPriorityCharging {"transactionId":"t1","activated":${activated}} = {}\n`;

describeRules('F12 profiles', {
  'OCPP21-SC-001': {
    passes: [ON + DYNAMIC + set(), ON + set({ kind: 'Absolute', periods: `${PERIOD},{"startPeriod":60,"limit":8}` })],
    fails: [
      ON + set({ periods: `${PERIOD},{"startPeriod":60,"limit":8}`, answer: REJECTED }),
      ON + DYNAMIC + set({ periods: '{"startPeriod":60,"limit":8}' }),
    ],
    with: ['OCPP-SC-004'],
    says: /The CSMS sent a Dynamic profile 7 with 1 schedules of [12] periods/,
  },
  'OCPP21-SC-002': {
    passes: [ON + DYNAMIC + set({ more: ',"dynUpdateInterval":60' }), ON + set({ kind: 'Absolute' })],
    fails: [
      ON + set({ kind: 'Absolute', more: ',"dynUpdateInterval":60', answer: REJECTED }),
      ON + set({ kind: 'Absolute', more: ',"dynUpdateTime":"@"', answer: REJECTED }),
    ],
    says: /Profile 7 is Absolute and has dynUpdate(Interval|Time)/,
  },
  'OCPP21-SC-003': {
    passes: [ON + DYNAMIC + set() + update(7), ON + set({ kind: 'Absolute' }) + update(7, REJECTED)],
    fails: [ON + set({ kind: 'Absolute' }) + update(7), ON + CLEAR_ALL + update(8)],
    with: ['OCPP-SC-017'],
    cannotTell: ON + update(8),
    says: /An update of profile [78] was accepted, which is (Absolute|not there)/,
  },
  'OCPP21-SC-004': {
    passes: [
      `${ON}${DYNAMIC}${set({ more: ',"dynUpdateInterval":60' })}+60 ${PULL}+60 ${PULL}wait 100`,
      `${ON}${DYNAMIC}${set({ more: ',"dynUpdateInterval":60' })}+60 ${PULL}${CLEAR}wait 400`,
    ],
    fails: [
      `${ON}${DYNAMIC}${set({ more: ',"dynUpdateInterval":60' })}wait 130`,
      `${ON}${DYNAMIC}${set({ more: ',"dynUpdateInterval":60' })}+60 ${PULL}wait 100\nwait 40`,
    ],
    says: 'is to be asked for every 60 s',
  },
  'OCPP21-SC-005': {
    passes: [
      `${BEGIN}${use(true)}${notify(true)}wait 40`,
      `${BEGIN}${use(true)}${notify(true)}${use(true)}wait 40`,
      `${BEGIN}${use(true, '{"status":"NoProfile"}')}wait 40`,
      `${BEGIN}${use(true)}${ENDED}${occupied('Available')}wait 40`,
    ],
    fails: [`${BEGIN}${use(true)}wait 40`, `${BEGIN}${use(true)}${notify(true)}${use(false)}wait 40`],
    says: /NotifyPriorityCharging did not come/,
  },
  'OCPP21-SC-006': {
    passes: [
      ON + DYNAMIC + set(),
      ON + supports(['DynamicProfiles', 'false']) + set({ answer: REJECTED }),
      ON + supports(['LimitAtSoC', 'true']) + set({ kind: 'Absolute', schedule: ',"limitAtSoC":{"soc":80,"limit":8}' }),
    ],
    fails: [
      ON + supports(['DynamicProfiles', 'false']) + set(),
      ON + absent('UseLocalTime') + set({ kind: 'Absolute', schedule: ',"useLocalTime":true' }),
      ON + supports(['RandomizedDelay', 'false']) + set({ kind: 'Absolute', schedule: ',"randomizedDelay":30' }),
      ON +
        supports(['LimitAtSoC', 'false']) +
        set({ kind: 'Absolute', schedule: ',"limitAtSoC":{"soc":80,"limit":8}' }),
      ON +
        supports(['EvseSleep', 'false']) +
        set({ kind: 'Absolute', periods: '{"startPeriod":0,"limit":0,"evseSleep":true}' }),
      ON + supports(['MaxOfflineDuration', 'false']) + set({ kind: 'Absolute', more: ',"maxOfflineDuration":600' }),
    ],
    cannotTell: ON + set(),
    says: /was accepted, and SmartChargingCtrlr.Supports\w+ is (false|not there)/,
  },
});
