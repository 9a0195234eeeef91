import { describeRules } from '../../testing/rule-cases.ts';

const ON = '2.1\nopen\nboot\n';
const ACCEPTED = '{"status":"Accepted"}';
const TAG = ',"idToken":{"idToken":"04A1B2C3D4E5F6","type":"ISO14443"}';
const OK = '{"idTokenInfo":{"status":"Accepted"}}';
const status = (value: string) =>
  `S> NotifyEvent {"generatedAt":"@","seqNo":0,"eventData":[{"eventId":9,"timestamp":"@","trigger":"Delta","actualValue":"${value}","eventNotificationType":"HardWiredNotification","component":{"name":"Connector","evse":{"id":1,"connectorId":1}},"variable":{"name":"AvailabilityState"}}]} = {}\n`;
const AUTH = `S> Authorize {${TAG.slice(1)}} = ${OK}\n`;
const event = (type: string, trigger: string, seqNo: number, info = '', more = '', answer = '{}') =>
  `S> TransactionEvent {"eventType":"${type}","timestamp":"@","triggerReason":"${trigger}","seqNo":${seqNo},"transactionInfo":{"transactionId":"t1"${info}}${more}} = ${answer}\n`;
const STARTED = event(
  'Started',
  'Authorized',
  0,
  ',"chargingState":"Charging"',
  `,"evse":{"id":1,"connectorId":1}${TAG}`,
  OK,
);
const BEGIN = ON + AUTH + status('Occupied') + STARTED;
const ended = (seqNo: number) =>
  event('Ended', 'StopAuthorized', seqNo, ',"chargingState":"EVConnected","stoppedReason":"Local"', TAG, OK) +
  status('Available');
const variable = (name: string, value: string) =>
  `C> GetVariables {"getVariableData":[{"component":{"name":"TxCtrlr"},"variable":{"name":"${name}"}}]} = {"getVariableResult":[{"attributeStatus":"Accepted","attributeType":"Actual","attributeValue":"${value}","component":{"name":"TxCtrlr"},"variable":{"name":"${name}"}}]}\n`;
const NO_RESUMPTION =
  'C> GetVariables {"getVariableData":[{"component":{"name":"TxCtrlr"},"variable":{"name":"ResumptionTimeout"}}]} = {"getVariableResult":[{"attributeStatus":"UnknownVariable","attributeType":"Actual","component":{"name":"TxCtrlr"},"variable":{"name":"ResumptionTimeout"}}]}\n';
const LIMITS = variable('SupportedLimits', 'maxCost,maxEnergy,maxTime,maxSoC');
const limited = (seqNo: number, limit: string) =>
  event('Updated', 'MeterValuePeriodic', seqNo, '', '', `{"transactionLimit":${limit}}`);
const limitSet = (seqNo: number, limit: string) => event('Updated', 'LimitSet', seqNo, `,"transactionLimit":${limit}`);

const RESUMABLE = variable('ResumptionTimeout', '300');
const RESET = `C> Reset {"type":"ImmediateAndResume"} = ${ACCEPTED}\n`;
const RESET_EVENT = event('Updated', 'ResetCommand', 1);
const BOOTED =
  'S> BootNotification {"reason":"RemoteReset","chargingStation":{"vendorName":"ACME","model":"AC22"}} = {"status":"Accepted","currentTime":"@","interval":86400}\n' +
  status('Occupied');
const endedByReset = (seqNo: number) =>
  event('Ended', 'ResetCommand', seqNo, ',"chargingState":"EVConnected","stoppedReason":"ImmediateReset"');

const tariff = (id: string) => `{"tariffId":"${id}","currency":"EUR","energy":{"prices":[{"priceKwh":0.4}]}}`;
const change = (answer = ACCEPTED) =>
  `C> ChangeTransactionTariff {"transactionId":"t1","tariff":${tariff('T2')}} = ${answer}\n`;
const setDefault = (id: string, evse = 0, answer = ACCEPTED) =>
  `C> SetDefaultTariff {"evseId":${evse},"tariff":${tariff(id)}} = ${answer}\n`;

describeRules('F12 transactions', {
  'OCPP21-TX-001': {
    passes: [
      `${BEGIN}${LIMITS}${limited(1, '{"maxEnergy":9000}')}${limitSet(2, '{"maxEnergy":8000}')}wait 40`,
      // The same limit again, and one that the station does not support.
      `${BEGIN}${LIMITS}${limited(1, '{"maxEnergy":9000}')}${limitSet(2, '{"maxEnergy":9000}')}${limited(3, '{"maxEnergy":9000}')}wait 40`,
      `${BEGIN}${variable('SupportedLimits', 'maxTime')}${limited(1, '{"maxEnergy":9000}')}wait 40`,
      `${BEGIN}${LIMITS}${limited(1, '{"maxEnergy":9000}')}${ended(2)}wait 40`,
    ],
    fails: [
      `${BEGIN}${LIMITS}${limited(1, '{"maxEnergy":9000}')}wait 40`,
      `${BEGIN}${LIMITS}${limited(1, '{"maxEnergy":9000}')}${limitSet(2, '{"maxEnergy":9500}')}`,
    ],
    cannotTell: `${BEGIN}${limited(1, '{"maxEnergy":9000}')}wait 40`,
    says: /no event LimitSet came|maxEnergy of transaction t1 is 9500/,
  },
  'OCPP21-TX-002': {
    passes: [
      `${BEGIN}${RESUMABLE}${RESET}${RESET_EVENT}close\n+60 open\n${BOOTED}${event('Updated', 'TxResumed', 2)}+60 ${ended(3)}`,
      // It took longer than the station may take to resume.
      `${BEGIN}${RESUMABLE}${RESET}${RESET_EVENT}close\n+400 open\n${BOOTED}${event('Ended', 'AbnormalCondition', 2, ',"chargingState":"EVConnected","stoppedReason":"PowerLoss"')}${status('Available')}`,
    ],
    fails: [
      `${BEGIN}${RESUMABLE}${RESET}${endedByReset(1)}`,
      `${BEGIN}${RESUMABLE}${RESET}${RESET_EVENT}close\n+60 open\n${BOOTED}${endedByReset(2)}`,
    ],
    cannotTell: `${BEGIN}${RESET}${endedByReset(1)}`,
    says: 'ended by ResetCommand after a reset that should resume it',
  },
  'OCPP21-TX-003': {
    passes: [
      ON + RESUMABLE + RESET,
      `${ON}${variable('ResumptionTimeout', '0')}C> Reset {"type":"ImmediateAndResume"} = {"status":"Rejected"}`,
    ],
    fails: [ON + variable('ResumptionTimeout', '0') + RESET, ON + NO_RESUMPTION + RESET],
    cannotTell: ON + RESET,
    says: /TxCtrlr.ResumptionTimeout is (0|not there)/,
  },
  'OCPP21-TAR-001': {
    passes: [
      `${BEGIN}${change()}${event('Updated', 'TariffChanged', 1, ',"tariffId":"T2"')}wait 40`,
      `${BEGIN}${change('{"status":"NoCurrencyChange"}')}wait 40`,
      `${BEGIN}${change()}${ended(1)}wait 40`,
    ],
    fails: `${BEGIN}${change()}wait 40`,
  },
  'OCPP21-TAR-002': {
    passes: [
      ON + setDefault('T1') + setDefault('T1', 0, '{"status":"DuplicateTariffId"}'),
      // T2 took the place of T1.
      ON + setDefault('T1') + setDefault('T2') + setDefault('T1'),
      `${ON}${setDefault('T1')}C> ClearTariffs {"tariffIds":["T1"]} = {"clearTariffsResult":[{"tariffId":"T1","status":"Accepted"}]}\n${setDefault('T1')}`,
    ],
    fails: [
      ON + setDefault('T1') + setDefault('T1'),
      `${ON}C> GetTariffs {"evseId":0} = {"status":"Accepted","tariffAssignments":[{"tariffId":"T1","tariffKind":"DefaultTariff","evseIds":[1]}]}\n${setDefault('T1', 1)}`,
    ],
    cannotTell: `2.1\nopen\n${setDefault('T1')}`,
  },
});
