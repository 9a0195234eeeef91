/**
 * One human sentence about a message: value before label, units always, at most 80 characters. For the messages that
 * people read most; every other one is told by its first plain values (`summaryOf`).
 */
import type { EntryKind, Protocol } from './entry.ts';
import { summaryOf } from './payload.ts';

type Members = Readonly<Record<string, unknown>>;
type Describe = (payload: Members) => readonly (string | undefined)[];

const LIMIT = 80;

export function describeMessage(protocol: Protocol, kind: EntryKind, action: string, payload: unknown): string {
  if (protocol === 'ocpp' && isObject(payload)) {
    const describe = kind === 'response' ? ANSWERS[action] : kind === 'error' ? undefined : REQUESTS[action];
    const parts = describe?.(payload).filter((part) => part !== undefined && part !== '') ?? [];
    if (parts.length > 0) return cut(parts.join(' · '));
  }
  return summaryOf(payload);
}

function cut(line: string): string {
  return line.length > LIMIT ? `${line.slice(0, LIMIT - 1)}…` : line;
}

function isObject(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const text = (value: unknown): string | undefined =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
const member = (value: unknown, name: string): unknown => (isObject(value) ? value[name] : undefined);
const labelled = (label: string, value: unknown): string | undefined => {
  const word = text(value);
  return word === undefined ? undefined : `${label} ${word}`;
};
const joined = (...words: unknown[]): string | undefined => words.map(text).filter(Boolean).join(' ') || undefined;
const kilo = (value: unknown, unit: string): string | undefined => {
  const number = Number(value);
  return value === undefined || !Number.isFinite(number)
    ? undefined
    : `${(number / 1_000).toFixed(unit === 'Wh' ? 3 : 2)} k${unit}`;
};
const place = (payload: Members): string | undefined => {
  const evse = payload['evse'];
  if (isObject(evse))
    return labelled('EVSE', [evse['id'], evse['connectorId']].filter((id) => id !== undefined).join('.'));
  if (payload['evseId'] !== undefined)
    return labelled('EVSE', [payload['evseId'], payload['connectorId']].filter((id) => id !== undefined).join('.'));
  return payload['connectorId'] === 0 ? 'station' : labelled('connector', payload['connectorId']);
};
const token = (payload: Members): string | undefined =>
  text(payload['idTag']) ?? joined(member(payload['idToken'], 'idToken'), member(payload['idToken'], 'type'));

/** Power and energy of the newest set of meter values. */
function meter(values: unknown): (string | undefined)[] {
  const last: unknown = Array.isArray(values) ? values.at(-1) : undefined;
  const samples = member(last, 'sampledValue');
  if (!Array.isArray(samples)) return [];
  const of = (measurand: string, otherwise: boolean): string | undefined => {
    const sample: unknown = samples.find(
      (each) =>
        member(each, 'phase') === undefined &&
        (member(each, 'measurand') === measurand || (otherwise && member(each, 'measurand') === undefined)),
    );
    if (sample === undefined) return undefined;
    const unit =
      text(member(sample, 'unit')) ?? text(member(member(sample, 'unitOfMeasure'), 'unit')) ?? (otherwise ? 'Wh' : 'W');
    const value = member(sample, 'value');
    return unit === 'W' || unit === 'Wh' ? kilo(value, unit) : joined(value, unit);
  };
  return [of('Power.Active.Import', false), of('Energy.Active.Import.Register', true)];
}

const REQUESTS: Readonly<Record<string, Describe>> = {
  BootNotification: (p) => {
    const station = isObject(p['chargingStation']) ? p['chargingStation'] : p;
    return [
      joined(station['chargePointVendor'] ?? station['vendorName'], station['chargePointModel'] ?? station['model']),
      labelled('firmware', station['firmwareVersion']),
      text(p['reason']),
    ];
  },
  Heartbeat: () => [],
  StatusNotification: (p) => [
    place(p),
    text(p['status'] ?? p['connectorStatus']),
    p['errorCode'] === 'NoError' ? undefined : text(p['errorCode']),
  ],
  Authorize: (p) => [token(p)],
  StartTransaction: (p) => [place(p), text(p['idTag']), labelled('meter', kilo(p['meterStart'], 'Wh'))],
  StopTransaction: (p) => [
    labelled('transaction', p['transactionId']),
    text(p['reason']) ?? 'Local',
    labelled('meter', kilo(p['meterStop'], 'Wh')),
  ],
  MeterValues: (p) => [place(p), ...meter(p['meterValue']), labelled('transaction', p['transactionId'])],
  TransactionEvent: (p) => [
    joined(p['eventType'], p['seqNo'] === undefined ? undefined : `#${text(p['seqNo'])}`),
    place(p),
    ...meter(p['meterValue']),
    text(member(p['transactionInfo'], 'stoppedReason')) ?? text(member(p['transactionInfo'], 'chargingState')),
    text(p['triggerReason']),
  ],
  RemoteStartTransaction: (p) => [place(p), text(p['idTag'])],
  RequestStartTransaction: (p) => [place(p), token(p), labelled('remote start', p['remoteStartId'])],
  RemoteStopTransaction: (p) => [labelled('transaction', p['transactionId'])],
  RequestStopTransaction: (p) => [labelled('transaction', p['transactionId'])],
  Reset: (p) => [text(p['type']), place(p)],
  UnlockConnector: (p) => [place(p)],
  ChangeAvailability: (p) => [place(p), text(p['type'] ?? p['operationalStatus'])],
  TriggerMessage: (p) => [text(p['requestedMessage']), place(p)],
  ChangeConfiguration: (p) => [`${text(p['key'])} = ${text(p['value'])}`],
  GetConfiguration: (p) => (Array.isArray(p['key']) && p['key'].length > 0 ? [p['key'].join(', ')] : ['all keys']),
  SecurityEventNotification: (p) => [text(p['type']), text(p['techInfo'])],
  DataTransfer: (p) => [joined(p['vendorId'], p['messageId']), text(p['data'])],
  SetVariables: (p) => setVariables(p['setVariableData'], true),
  GetVariables: (p) => setVariables(p['getVariableData'], false),
  GetBaseReport: (p) => [text(p['reportBase']), labelled('request', p['requestId'])],
  NotifyReport: (p) => [
    `part ${(Number(p['seqNo']) || 0) + 1}${p['tbc'] === true ? '' : ', the last'}`,
    Array.isArray(p['reportData']) ? `${p['reportData'].length} variables` : undefined,
    labelled('request', p['requestId']),
  ],
  FirmwareStatusNotification: (p) => [text(p['status'])],
  ReserveNow: (p) => [place(p), token(p), labelled('until', p['expiryDate'] ?? p['expiryDateTime'])],
};

const status: Describe = (p) => [text(p['status'])];

const ANSWERS: Readonly<Record<string, Describe>> = {
  BootNotification: (p) => [
    text(p['status']),
    p['interval'] === undefined ? undefined : `every ${text(p['interval'])} s`,
  ],
  Heartbeat: (p) => [text(p['currentTime'])],
  Authorize: (p) => [text(member(p['idTagInfo'] ?? p['idTokenInfo'], 'status'))],
  StartTransaction: (p) => [text(member(p['idTagInfo'], 'status')), labelled('transaction', p['transactionId'])],
  StopTransaction: (p) => [text(member(p['idTagInfo'], 'status'))],
  TransactionEvent: (p) => [text(member(p['idTokenInfo'], 'status'))],
  RequestStartTransaction: (p) => [text(p['status']), labelled('transaction', p['transactionId'])],
  Reset: status,
  TriggerMessage: status,
  ChangeConfiguration: status,
  GetConfiguration: (p) => [Array.isArray(p['configurationKey']) ? `${p['configurationKey'].length} keys` : undefined],
  DataTransfer: (p) => [text(p['status']), text(p['data'])],
};

function setVariables(data: unknown, withValue: boolean): string[] {
  if (!Array.isArray(data)) return [];
  const words = data.slice(0, 2).map((each: unknown) => {
    const name = `${text(member(member(each, 'component'), 'name'))}.${text(member(member(each, 'variable'), 'name'))}`;
    return withValue ? `${name} = ${text(member(each, 'attributeValue'))}` : name;
  });
  return data.length > 2 ? [...words, `and ${data.length - 2} more`] : words;
}
