import type { PlainCommand } from './commands/plain.ts';

/** What shows a quirk, in what the station sends once it has it: a text that is there, that is missing, or that comes twice. */
type Sign = { readonly says: string } | { readonly lacks: string } | { readonly twice: string };

interface Quirk {
  readonly does: string;
  readonly actions: readonly PlainCommand[];
  /** Missing: a test of its own, which `heldBy` names. */
  readonly sign?: Sign;
  readonly heldBy?: string;
  /** What must happen for it to show, beside a session. */
  readonly shows?: readonly PlainCommand[];
  readonly version?: '2.0.1';
}

/** From now on. */
const ALWAYS = 1_000_000;

const meter = (set: Readonly<Record<string, unknown>>): PlainCommand => ({
  type: 'distort',
  action: 'MeterValues',
  set,
  times: ALWAYS,
});
const silent = (action: string, where?: Readonly<Record<string, string | number>>): PlainCommand => ({
  type: 'distort',
  action,
  silence: true,
  times: ALWAYS,
  ...(where === undefined ? {} : { where }),
});
const status = (set: Readonly<Record<string, unknown>>): PlainCommand => ({
  type: 'distort',
  action: 'StatusNotification',
  set,
  times: ALWAYS,
});
const configuration = (set: Readonly<Record<string, unknown>>): PlainCommand => ({
  type: 'answer-with',
  action: 'GetConfiguration',
  set,
  times: ALWAYS,
});
const HANDSHAKES = 'src/roles/station/handshake-faults.test.ts';

/**
 * Deviations of stations that were seen in public issues of other projects, each of one firmware, and some that experience
 * expects; of OCPP 1.6 unless a version stands with them.
 */
export const QUIRKS = {
  tsNoZone: {
    does: 'time without zone',
    actions: [meter({ '/meterValue/0/timestamp': '2023-10-19T15:28:07' })],
    sign: { says: '"timestamp":"2023-10-19T15:28:07"' },
  },
  tsHourOffset: {
    does: 'offset of hours only',
    actions: [meter({ '/meterValue/0/timestamp': '2023-10-19T15:28:07+02' })],
    sign: { says: '15:28:07+02"' },
  },
  tsLocalAsZ: {
    does: 'local time told as UTC, whatever the CSMS says',
    actions: [{ type: 'clock', seconds: 7_200 }],
    heldBy: 'src/roles/station/commands.test.ts',
  },
  resIdZero: {
    does: 'reservation 0 in every start',
    actions: [{ type: 'distort', action: 'StartTransaction', set: { '/reservationId': 0 }, times: ALWAYS }],
    sign: { says: '"reservationId":0' },
  },
  tx0InMeterValues: {
    does: 'transaction 0 in meter values',
    actions: [meter({ '/transactionId': 0 })],
    sign: { says: '"transactionId":0' },
  },
  clientTxId: {
    does: 'transaction ids of its own in meter values',
    actions: [meter({ '/transactionId': 1_697_722_087 })],
    sign: { says: '"transactionId":1697722087' },
  },
  restartSendsStart: {
    does: 'a start is sent again, with its first time',
    actions: [{ type: 'distort', action: 'StartTransaction', duplicate: true, times: ALWAYS }],
    sign: { twice: '"StartTransaction"' },
  },
  startInsteadOfStop: {
    does: 'a start in the place of the stop',
    actions: [
      {
        type: 'distort',
        action: 'StopTransaction',
        text: '[2,"{id}","StartTransaction",{"connectorId":1,"idTag":"APP","meterStart":7,"timestamp":"2026-01-01T07:00:00Z"}]',
      },
    ],
    sign: { says: '"meterStart":7,' },
  },
  emptySampledValue: {
    does: 'meter values without samples',
    actions: [meter({ '/meterValue/0/sampledValue': [] })],
    sign: { says: '"sampledValue":[]' },
  },
  brokenJsonMeter: {
    does: 'a comma too many in meter values',
    actions: [
      {
        type: 'distort',
        action: 'MeterValues',
        text: '[2,"{id}","MeterValues",{"connectorId":1,"meterValue":[{"timestamp":"2026-01-01T07:00:00Z","sampledValue":[{"value":"1"},]}]}]',
        times: ALWAYS,
      },
    ],
    sign: { says: '{"value":"1"},]' },
  },
  kwhAsWh: {
    does: 'kWh told as Wh',
    actions: [meter({ '/meterValue/0/sampledValue': [{ value: '1.25', unit: 'Wh' }] })],
    sign: { says: '"value":"1.25"' },
  },
  sessionRegister: {
    does: 'the register begins anew',
    actions: [{ type: 'set-meter', Wh: 5 }],
    sign: { says: '"meterStart":5' },
  },
  beginInLive: {
    does: 'the value of the begin in live samples',
    actions: [meter({ '/meterValue/0/sampledValue/0/context': 'Transaction.Begin' })],
    sign: { says: '"context":"Transaction.Begin"' },
  },
  beginZeroOffline: {
    does: 'an offline start tells a register of 0',
    version: '2.0.1',
    actions: [
      {
        type: 'distort',
        action: 'TransactionEvent',
        where: { '/eventType': 'Started' },
        set: {
          '/offline': true,
          '/meterValue': [
            { timestamp: '2026-01-01T07:00:00Z', sampledValue: [{ value: 0, context: 'Transaction.Begin' }] },
          ],
        },
        times: ALWAYS,
      },
    ],
    sign: { says: '"sampledValue":[{"value":0,"context":"Transaction.Begin"}]' },
  },
  floatMeter: {
    does: 'fractions in the register',
    actions: [{ type: 'distort', action: 'StopTransaction', set: { '/meterStop': 1234.5 }, times: ALWAYS }],
    sign: { says: '"meterStop":1234.5' },
  },
  stackZeroOnly: {
    does: 'profiles of a higher level than 0 are refused',
    actions: [
      {
        type: 'answer-with',
        action: 'SetChargingProfile',
        where: { '/csChargingProfiles/stackLevel': 1 },
        status: 'Rejected',
        times: ALWAYS,
      },
    ],
    sign: { says: '{"status":"Rejected"}' },
  },
  noMaxProfile: {
    does: 'a limit of the whole station is refused',
    actions: [
      {
        type: 'answer-with',
        action: 'SetChargingProfile',
        where: { '/csChargingProfiles/chargingProfilePurpose': 'ChargePointMaxProfile' },
        status: 'NotSupported',
        times: ALWAYS,
      },
    ],
    sign: { says: '{"status":"NotSupported"}' },
  },
  prepAfterReboot: {
    does: 'after a restart the old transaction is never stopped',
    actions: [silent('StopTransaction')],
    shows: [{ type: 'reboot' }],
    sign: { lacks: '"StopTransaction"' },
  },
  repeatBoot10s: {
    does: 'the same boot with the same id again',
    actions: [
      {
        type: 'send-text',
        text: '[2,"b","BootNotification",{"chargePointVendor":"V","chargePointModel":"M"}]',
        times: 2,
      },
    ],
    sign: { twice: '[2,"b",' },
  },
  bootOnReconnect: {
    does: 'BootNotification at every connection',
    actions: [{ type: 'flaws', bootOnEveryConnect: true }],
    shows: [{ type: 'close-socket' }],
    sign: { says: '"BootNotification"' },
  },
  idTagColons: {
    does: 'colons in the card',
    actions: [{ type: 'distort', action: 'Authorize', set: { '/idTag': '20:69:C0:21' }, times: ALWAYS }],
    sign: { says: '"20:69:C0:21"' },
  },
  idPrefixMismatch: {
    does: 'an answer with another id than the call',
    actions: [{ type: 'answer-with', action: 'GetConfiguration', frame: { '/1': 'other' } }],
    sign: { says: '[3,"other"' },
  },
  rejectMeasurands: {
    does: 'measurands are refused as a whole',
    actions: [
      {
        type: 'answer-with',
        action: 'ChangeConfiguration',
        where: { '/key': 'MeterValuesSampledData' },
        status: 'Rejected',
        times: ALWAYS,
      },
    ],
    sign: { says: '{"status":"Rejected"}' },
  },
  noZeroStatus: {
    does: 'no status of the whole station',
    actions: [silent('StatusNotification', { '/connectorId': 0 })],
    shows: [{ type: 'reboot' }],
    sign: { lacks: '"StatusNotification",{"connectorId":0' },
  },
  noFinishing: {
    does: 'Finishing is never told',
    actions: [silent('StatusNotification', { '/status': 'Finishing' })],
    sign: { lacks: '"Finishing"' },
  },
  occupied15: {
    does: '`Occupied` of OCPP 1.5',
    actions: [status({ '/status': 'Occupied' })],
    sign: { says: '"status":"Occupied"' },
  },
  lowerCaseEnums: {
    does: 'values in lower case',
    actions: [status({ '/status': 'charging' })],
    sign: { says: '"status":"charging"' },
  },
  extraFields: {
    does: 'members that nobody knows',
    actions: [status({ '/extra': 1 })],
    sign: { says: '"extra":1' },
  },
  objectData: {
    does: 'an object in DataTransfer',
    actions: [{ type: 'send-text', text: '[2,"q1","DataTransfer",{"vendorId":"v","data":{"a":1}}]' }],
    sign: { says: '"data":{"a":1}' },
  },
  nullOptionals: {
    does: 'null for what is absent',
    actions: [
      {
        type: 'send-text',
        text: '[2,"q2","StatusNotification",{"connectorId":1,"errorCode":"NoError","status":"Available","info":null}]',
      },
    ],
    sign: { says: '"info":null' },
  },
  intIds: {
    does: 'numbers as message ids',
    actions: [{ type: 'send-text', text: '[2,7,"Heartbeat",{}]' }],
    sign: { says: '[2,7,' },
  },
  boolUpper: {
    does: '`True` in place of `true`',
    actions: [configuration({ '/configurationKey/0/value': 'True' })],
    sign: { says: '"value":"True"' },
  },
  keyCaseChange: {
    does: 'configuration keys in another case',
    actions: [configuration({ '/configurationKey/0/key': 'AUTHORIZEREMOTETXREQUESTS' })],
    sign: { says: '"AUTHORIZEREMOTETXREQUESTS"' },
  },
  csvSpaces: {
    does: 'spaces in comma-separated lists',
    actions: [configuration({ '/configurationKey/0/value': 'Core, SmartCharging' })],
    sign: { says: '"Core, SmartCharging"' },
  },
  statusBeforeBoot: {
    does: 'talks before its boot is accepted, as if it were',
    actions: [{ type: 'flaws', skipBoot: true }],
    shows: [{ type: 'reboot' }],
    sign: { lacks: '"BootNotification"' },
  },
  heartbeatOnly: {
    does: 'heartbeats, and nothing else of its own',
    actions: ['Authorize', 'StartTransaction', 'StopTransaction', 'MeterValues', 'StatusNotification'].map((action) =>
      silent(action),
    ),
    sign: { lacks: '"StatusNotification"' },
  },
  noSubprotocol: {
    does: 'no subprotocol in the handshake',
    actions: [{ type: 'handshake', subprotocols: [], times: ALWAYS }],
    heldBy: HANDSHAKES,
  },
  noPong: {
    does: 'pings stay unanswered',
    actions: [{ type: 'handshake', noPong: true, times: ALWAYS }],
    heldBy: HANDSHAKES,
  },
  tlsNoSni: {
    does: 'TLS without the name of the server',
    actions: [{ type: 'handshake', noServerName: true, times: ALWAYS }],
    heldBy: HANDSHAKES,
  },
} as const satisfies Record<string, Quirk>;

export type QuirkName = keyof typeof QUIRKS;
export const quirks = (): readonly (readonly [QuirkName, Quirk])[] => Object.entries(QUIRKS) as [QuirkName, Quirk][];
