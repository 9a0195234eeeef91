import { parseJson } from '../../core/json.ts';
import {
  type ErrorSeen,
  enforcedLimitOf,
  errorOf,
  isObject,
  type Json,
  type LimitSeen,
  type MeterReading,
  meterOf,
  numberOf,
  present,
  type SessionEventSeen,
  sessionEventOf,
  type TokenSeen,
  textOf,
  tokenOf,
} from './payloads.ts';
import { type ConnectorState, stateOfN, stateOfSession } from './states.ts';
import { rowOfTopic, TOPICS, type TopicFamily, type TopicName, type TopicParts } from './topics.ts';

/** What a message says. */
export type Said =
  | { readonly kind: 'state'; readonly state: ConnectorState | 'fault'; readonly word: string }
  | { readonly kind: 'stateNumber'; readonly number: number }
  | {
      readonly kind: 'sessionInfo';
      readonly state: ConnectorState;
      readonly word: string;
      readonly fault?: boolean;
      readonly chargedWh?: number;
      readonly powerW?: number;
      readonly durationS?: number;
      readonly protocol?: string;
    }
  | ({ readonly kind: 'sessionEvent' } & SessionEventSeen)
  | ({ readonly kind: 'meter' } & MeterReading)
  | ({ readonly kind: 'limit' } & LimitSeen)
  | { readonly kind: 'evInfo' | 'capabilities'; readonly values: Json }
  /** Values of the board and the telemetry, by the part that they are of: `board`, `power_path_controller`, `control` … */
  | { readonly kind: 'telemetry'; readonly part: string; readonly values: Json }
  | { readonly kind: 'protocol'; readonly protocol: string }
  | { readonly kind: 'connectors'; readonly modules: readonly string[] }
  | { readonly kind: 'heartbeat'; readonly count: number }
  | { readonly kind: 'errors'; readonly errors: readonly ErrorSeen[] }
  | { readonly kind: 'errorRaised' | 'errorCleared'; readonly error: ErrorSeen }
  | { readonly kind: 'ocppLink'; readonly connected: boolean | undefined }
  | {
      readonly kind: 'ocppTransaction';
      readonly sessionId: string;
      readonly transactionId?: string;
      readonly evseId?: number;
    }
  | { readonly kind: 'tokenStatus'; readonly status: string; readonly token?: TokenSeen }
  | { readonly kind: 'hlcFailed'; readonly reason: string }
  | { readonly kind: 'reply'; readonly request: string; readonly value: unknown }
  | { readonly kind: 'alive' }
  /** A message to the station, by us or by somebody else on the broker. */
  | { readonly kind: 'command' }
  | { readonly kind: 'invalid'; readonly reason: string };

/** A message with its place: N and telemetry name EVSE numbers, L module ids of EvseManagers, E API modules. */
export interface Observation {
  readonly family: TopicFamily;
  readonly topic: TopicName;
  readonly at: { readonly n?: number; readonly evse?: string; readonly type?: string; readonly module?: string };
  readonly said: Said;
}

/** A longer payload is not looked into. */
const MAX_PAYLOAD_BYTES = 262_144;

/**
 * Reads one message. Returns `undefined` for a topic that is not EVerest's; a payload that cannot be read is an `invalid`
 * observation, never an exception.
 * @param topic without the external prefix
 */
export function decode(topic: string, payload: Uint8Array | string): Observation | undefined {
  const row = rowOfTopic(topic);
  if (row === undefined) return undefined;
  const { name, parts } = row;
  const { family, by } = TOPICS[name];
  const observation = (said: Said): Observation => ({ family, topic: name, at: placeOf(parts), said });
  if (by === 'adapter') return observation({ kind: 'command' });
  if (payload.length > MAX_PAYLOAD_BYTES) return observation(invalid(`longer than ${MAX_PAYLOAD_BYTES} bytes`));
  const text = typeof payload === 'string' ? payload : utf8(payload);
  if (text === undefined) return observation(invalid('not UTF-8 text'));
  return observation(READERS[name]?.(text, parts) ?? { kind: 'alive' });
}

function placeOf({ n, evse, api, type, module }: TopicParts): Observation['at'] {
  return present({
    n: n !== undefined && /^\d{1,4}$/.test(n) ? Number(n) : undefined,
    evse,
    type: api === undefined ? type : 'evse_manager_consumer',
    module: api ?? module,
  });
}

function utf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

const invalid = (reason: string): Said => ({ kind: 'invalid', reason });

type Reader = (text: string, parts: TopicParts) => Said;

const json =
  (read: (value: unknown, parts: TopicParts) => Said | undefined, wanted: string): Reader =>
  (text, parts) => {
    let value: unknown;
    try {
      value = parseJson(text);
    } catch {
      return invalid(`not JSON: ${text.slice(0, 80)}`);
    }
    return read(value, parts) ?? invalid(`not ${wanted}: ${text.slice(0, 80)}`);
  };

const object = (read: (value: Json) => Said | undefined, wanted: string): Reader =>
  json((value) => (isObject(value) ? read(value) : undefined), wanted);

const telemetry = (partOf: (parts: TopicParts) => string): Reader =>
  json((value, parts) => {
    const values = unwrapped(value);
    return isObject(values) ? { kind: 'telemetry', part: partOf(parts), values } : undefined;
  }, 'an object of values');

const number =
  (read: (value: number) => Said): Reader =>
  (text) =>
    /^-?\d+(\.\d+)?$/.test(text.trim()) ? read(Number(text)) : invalid(`not a number: ${text.slice(0, 80)}`);

const word = (text: string): string => {
  // Dialect E writes texts as JSON, the others as they are.
  try {
    const value: unknown = parseJson(text);
    return typeof value === 'string' ? value : text;
  } catch {
    return text;
  }
};

const meter = object((value) => {
  const reading = meterOf(value);
  return Object.keys(reading).length === 0 ? undefined : { kind: 'meter', ...reading };
}, 'a power meter');

const sessionInfo = object((value) => {
  const state = textOf(value['state']);
  if (state === undefined) return undefined;
  const fault = value['permanent_fault'];
  return {
    kind: 'sessionInfo',
    state: stateOfSession(state),
    word: state,
    ...present({
      fault: typeof fault === 'boolean' ? fault : undefined,
      chargedWh: numberOf(value['charged_energy_wh']),
      powerW: numberOf(value['latest_total_w']),
      durationS: numberOf(value['charging_duration_s']) ?? numberOf(value['session_duration_s']),
      protocol: textOf(value['selected_protocol']),
    }),
  };
}, 'a session info');

const values = (kind: 'evInfo' | 'capabilities'): Reader => {
  const read = object((value) => ({ kind, values: value }), 'an object');
  // Capabilities are empty until they are known.
  return (text, parts) => (text === '' ? { kind: 'alive' } : read(text, parts));
};

const error = (kind: 'errorRaised' | 'errorCleared'): Reader =>
  object((value) => {
    const seen = errorOf(value);
    return seen === undefined ? undefined : { kind, error: seen };
  }, 'an error');

const protocol: Reader = (text) => ({ kind: 'protocol', protocol: word(text) });

const READERS: Readonly<Partial<Record<TopicName, Reader>>> = {
  nState: (text) => ({ kind: 'state', state: stateOfN(text), word: text.slice(0, 80) }),
  nStateNumber: number((value) => ({ kind: 'stateNumber', number: value })),
  nMaxCurrent: number((currentA) => ({ kind: 'limit', currentA })),
  nMaxWatt: number((powerW) => ({ kind: 'limit', powerW })),
  nMeterJson: meter,
  lConnectors: json(
    (value) =>
      Array.isArray(value) && value.every((each) => typeof each === 'string')
        ? { kind: 'connectors', modules: value as string[] }
        : undefined,
    'a list of module ids',
  ),
  lSessionInfo: sessionInfo,
  lCapabilities: values('capabilities'),
  lTelemetry: telemetry(() => 'board'),
  nTemperature: number((temperature) => ({ kind: 'telemetry', part: 'board', values: { temperature } })),
  lProtocol: protocol,
  lMeter: meter,
  lLimits: object((value) => {
    const currentA = numberOf(value['max_current']);
    return currentA === undefined
      ? undefined
      : { kind: 'limit', currentA, ...present({ phases: numberOf(value['nr_of_phases_available']) }) };
  }, 'limits'),
  lEvInfo: values('evInfo'),
  lOcppLink: (text) => ({ kind: 'ocppLink', connected: text === 'unknown' ? undefined : text === 'connected' }),
  lErrors: json(errorList, 'a list of errors'),
  eHeartbeat: number((count) => ({ kind: 'heartbeat', count })),
  eSessionEvent: object((value) => {
    const event = sessionEventOf(value);
    return event === undefined ? undefined : { kind: 'sessionEvent', ...event };
  }, 'a session event'),
  eSessionInfo: sessionInfo,
  eMeter: meter,
  eLimits: object((value) => ({ kind: 'limit', ...enforcedLimitOf(value) }), 'enforced limits'),
  eEvInfo: values('evInfo'),
  eCapabilities: values('capabilities'),
  eProtocol: protocol,
  eHlcFailed: object((value) => {
    const reason = textOf(value['reason']);
    return reason === undefined ? undefined : { kind: 'hlcFailed', reason };
  }, 'a failed ISO 15118 session'),
  eTokenStatus: object((value) => {
    const status = textOf(value['status']);
    return status === undefined
      ? undefined
      : { kind: 'tokenStatus', status, ...present({ token: tokenOf(value['token']) }) };
  }, 'a token status'),
  eErrorRaised: error('errorRaised'),
  eErrorCleared: error('errorCleared'),
  eOcppTransaction: object((value) => {
    const sessionId = textOf(value['session_id']);
    const evse = value['evse'];
    return sessionId === undefined
      ? undefined
      : {
          kind: 'ocppTransaction',
          sessionId,
          ...present({
            transactionId: textOf(value['transaction_id']),
            evseId: isObject(evse) ? numberOf(evse['id']) : undefined,
          }),
        };
  }, 'an OCPP transaction event'),
  eOcppConnected: json(
    (value) => (typeof value === 'boolean' ? { kind: 'ocppLink', connected: value } : undefined),
    'true or false',
  ),
  eOcppStatus: object(
    (value) =>
      typeof value['connected'] === 'boolean' ? { kind: 'ocppLink', connected: value['connected'] } : undefined,
    'a connection status',
  ),
  eReply: json((value, parts) => ({ kind: 'reply', request: parts['request'] ?? '', value }), 'an answer'),
  tSession: json((value) => {
    const inner = unwrapped(value);
    return isObject(inner) ? telemetryEvent(inner) : undefined;
  }, 'a telemetry event'),
  tLive: telemetry(({ part }) => part ?? ''),
  tControl: telemetry(() => 'control'),
  tCertificates: telemetry(() => 'certificates'),
  tV2g: telemetry(({ part }) => `v2g ${part ?? ''}`),
};

/** 2026.02 wraps the text of telemetry once more. */
function unwrapped(value: unknown): unknown {
  return isObject(value) && value['msg_type'] === 'ExternalMQTT' ? parsed(value['data']) : value;
}

function parsed(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  try {
    return parseJson(value);
  } catch {
    return undefined;
  }
}

const TELEMETRY_EVENTS: Readonly<Record<string, string>> = {
  session_started: 'SessionStarted',
  transaction_started: 'TransactionStarted',
  transaction_finished: 'TransactionFinished',
  session_finished: 'SessionFinished',
};

function telemetryEvent(value: Json): Said | undefined {
  const type = textOf(value['type']) ?? '';
  const event = Object.hasOwn(TELEMETRY_EVENTS, type) ? TELEMETRY_EVENTS[type] : undefined;
  if (event === undefined) return undefined;
  const tag = textOf(value['id_tag']) || undefined;
  return {
    kind: 'sessionEvent',
    event,
    ...present({
      sessionId: textOf(value['session_id']) || undefined,
      timestamp: textOf(value['timestamp']),
      reason: textOf(value['reason']) || undefined,
      meterWh: numberOf(value['energy_counter_import_wh']),
      token: tag === undefined ? undefined : { value: tag },
    }),
  };
}

function errorList(value: unknown): Said | undefined {
  if (!Array.isArray(value)) return undefined;
  return { kind: 'errors', errors: value.map(errorOf).filter((one) => one !== undefined) };
}

/** The answer to `active_errors` or `get_errors`. */
export function errorsOfReply(value: unknown): readonly ErrorSeen[] {
  const list = isObject(value) ? value['errors'] : undefined;
  return Array.isArray(list) ? list.map(errorOf).filter((one) => one !== undefined) : [];
}

/** The EVSE number of `get_evse`. */
export function evseNumberOfReply(value: unknown): number | undefined {
  return isObject(value) ? numberOf(value['id']) : undefined;
}
