import type { Dialect } from './releases.ts';

/** `T` is the telemetry: read-only, off by default, in no dialect. */
export type TopicFamily = Dialect | 'T';

export interface TopicRow {
  readonly family: TopicFamily;
  /** Who publishes it. */
  readonly by: 'station' | 'adapter';
  /** With `{n}` the EVSE number, `{evse}` the module id of an EvseManager, `{api}` an API module, `{module}` any other. */
  readonly topic: string;
  readonly payload: string;
}

const N = 'everest_external/nodered/{n}';
const L = 'everest_api/{evse}';
const E = 'everest_api/1/evse_manager_consumer/{api}';
const station = (family: TopicFamily, topic: string, payload: string): TopicRow => ({
  family,
  by: 'station',
  topic,
  payload,
});
const adapter = (family: Dialect, topic: string, payload: string): TopicRow => ({
  family,
  by: 'adapter',
  topic,
  payload,
});

/** Every topic that the adapter reads or writes. Names that appear twice in meaning differ by their family. */
export const TOPICS = {
  // Dialect N: node-red style.
  nState: station('N', `${N}/state/state_string`, 'text, on change'),
  nStateNumber: station('N', `${N}/state/state`, 'integer, right after the text'),
  nMaxCurrent: station('N', `${N}/state/max_current`, 'A, the enforced limit'),
  nMaxWatt: station('N', `${N}/state/max_watt`, 'W'),
  nTemperature: station('N', `${N}/state/temperature`, '°C'),
  nMeterJson: station('N', `${N}/powermeter_json`, 'JSON Powermeter'),
  nMeterValue: station('N', `${N}/powermeter/{value}`, 'single values of the meter'),
  nExecute: adapter('N', `${N}/carsim/cmd/execute_charging_session`, 'command list'),
  nModify: adapter('N', `${N}/carsim/cmd/modify_charging_session`, 'command list'),
  nCarEnable: adapter('N', `${N}/carsim/cmd/enable`, '`true` or `false`'),
  nCarError: adapter('N', `${N}/carsim/error`, '{"error_type","raise":"true"|"false"}'),
  nEnable: adapter('N', `${N}/cmd/enable`, 'empty'),
  nDisable: adapter('N', `${N}/cmd/disable`, 'empty'),
  nPause: adapter('N', `${N}/cmd/pause_charging`, 'empty'),
  nResume: adapter('N', `${N}/cmd/resume_charging`, 'empty'),
  nStop: adapter('N', `${N}/cmd/stop_transaction`, 'empty'),
  nLimitA: adapter('N', `${N}/cmd/set_max_current`, 'A'),
  nLimitW: adapter('N', `${N}/cmd/set_max_watt`, 'W'),
  // Dialect L: module API.
  lConnectors: station('L', 'everest_api/connectors', 'JSON array of module ids, each second'),
  lDateTime: station('L', `${L}/var/datetime`, 'RFC 3339'),
  lSessionInfo: station('L', `${L}/var/session_info`, 'JSON, each second'),
  lCapabilities: station('L', `${L}/var/hardware_capabilities`, 'JSON, or empty'),
  lProtocol: station('L', `${L}/var/selected_protocol`, 'text; one variable for all EVSEs'),
  lMeter: station('L', `${L}/var/powermeter`, 'JSON Powermeter'),
  lLimits: station('L', `${L}/var/limits`, 'JSON with max_current'),
  lTelemetry: station('L', `${L}/var/telemetry`, 'JSON'),
  lEvInfo: station('L', `${L}/var/ev_info`, 'JSON'),
  lHlcLog: station('L', `${L}/var/hlc_log`, 'JSON {origin,target,iso15118,msg}'),
  lLoggingPath: station('L', `${L}/var/logging_path`, 'text'),
  lOcppLink: station('L', 'everest_api/ocpp/var/connection_status', 'unknown, connected or disconnected'),
  lErrors: station('L', 'everest_api/errors/var/active_errors', 'JSON array of errors'),
  lInfo: station('L', 'everest_api/info/var/info', 'JSON'),
  lEnableDisable: adapter('L', `${L}/cmd/enable_disable`, 'JSON, flat'),
  lEnable: adapter('L', `${L}/cmd/enable`, 'connector id'),
  lDisable: adapter('L', `${L}/cmd/disable`, 'connector id'),
  lPause: adapter('L', `${L}/cmd/pause_charging`, 'empty'),
  lResume: adapter('L', `${L}/cmd/resume_charging`, 'empty'),
  lStop: adapter('L', `${L}/cmd/stop_charging`, 'empty'),
  lUnlock: adapter('L', `${L}/cmd/force_unlock`, 'connector id'),
  lLimitA: adapter('L', `${L}/cmd/set_limit_amps`, 'A'),
  lLimitW: adapter('L', `${L}/cmd/set_limit_watts`, 'W'),
  lLimitPhases: adapter('L', `${L}/cmd/set_limit_amps_phases`, 'JSON {amps,phases}'),
  lOcppConnect: adapter('L', 'everest_api/ocpp/cmd/connect', 'empty'),
  lOcppDisconnect: adapter('L', 'everest_api/ocpp/cmd/disconnect', 'empty'),
  // Dialect E: everest_api/1.
  eHeartbeat: station('E', 'everest_api/1/{type}/{module}/e2m/heartbeat', 'integer that grows'),
  eSessionEvent: station('E', `${E}/e2m/session_event`, 'JSON SessionEvent'),
  eSessionInfo: station('E', `${E}/e2m/session_info`, 'JSON SessionInfo'),
  eMeter: station('E', `${E}/e2m/powermeter`, 'JSON Powermeter'),
  eLimits: station('E', `${E}/e2m/enforced_limits`, 'JSON EnforcedLimits'),
  eEvInfo: station('E', `${E}/e2m/ev_info`, 'JSON EVInfo'),
  eCapabilities: station('E', `${E}/e2m/hw_capabilities`, 'JSON HardwareCapabilities'),
  eProtocol: station('E', `${E}/e2m/selected_protocol`, 'text'),
  eHlcFailed: station('E', `${E}/e2m/hlc_session_failed`, 'JSON {uuid,reason}'),
  eTokenStatus: station('E', 'everest_api/1/auth_consumer/{module}/e2m/token_validation_status', 'JSON'),
  eErrorRaised: station('E', 'everest_api/1/error_history_consumer/{module}/e2m/error_raised', 'JSON error'),
  eErrorCleared: station('E', 'everest_api/1/error_history_consumer/{module}/e2m/error_cleared', 'JSON error'),
  eOcppTransaction: station('E', 'everest_api/1/ocpp_consumer/{module}/e2m/ocpp_transaction_event', 'JSON'),
  eOcppConnected: station('E', 'everest_api/1/ocpp_consumer/{module}/e2m/is_connected', 'bool'),
  eOcppStatus: station('E', 'everest_api/1/ocpp_consumer/{module}/e2m/connection_status', 'JSON'),
  eReply: station('E', 'everest_api/1/{type}/{module}/e2m/{operation}/{request}', 'the bare answer'),
  eGetEvse: adapter('E', `${E}/m2e/get_evse`, 'request'),
  eEnableDisable: adapter('E', `${E}/m2e/enable_disable`, 'request, nested'),
  ePause: adapter('E', `${E}/m2e/pause_charging`, 'request'),
  eResume: adapter('E', `${E}/m2e/resume_charging`, 'request'),
  eStop: adapter('E', `${E}/m2e/stop_transaction`, 'request'),
  eUnlock: adapter('E', `${E}/m2e/force_unlock`, 'request'),
  eToken: adapter('E', 'everest_api/1/auth_token_provider/{module}/m2e/provided_token', 'JSON ProvidedIdToken'),
  eSetLimits: adapter('E', 'everest_api/1/external_energy_limits_consumer/{module}/m2e/set_external_limits', 'JSON'),
  eActiveErrors: adapter('E', 'everest_api/1/error_history_consumer/{module}/m2e/active_errors', 'request'),
  eCommunicationCheck: adapter('E', 'everest_api/1/{type}/{module}/m2e/communication_check', '`true` or `false`'),
  eDiscover: adapter('E', 'everest_api/discover', 'request; several answers'),
  // Telemetry.
  tSession: station('T', 'everest-telemetry/session/{n}/events', 'JSON'),
  tLive: station(
    'T',
    'everest-telemetry/livedata/{n}/{part}',
    'JSON of meter, power path, power switch, RCD, each second',
  ),
  tControl: station('T', 'everest-telemetry/Evse/{n}/control', 'JSON, what stopped or allowed charging'),
  tCertificates: station('T', 'everest-telemetry/Cert/{n}/status', 'JSON'),
  tV2g: station('T', 'everest-telemetry/V2G/{n}/{part}', 'JSON of transport, electrical values, payment, charger'),
} as const satisfies Record<string, TopicRow>;
export type TopicName = keyof typeof TOPICS;
export type TopicParts = Readonly<Record<string, string>>;

/** What stands for a part of a topic: nothing that would mean something to a broker. */
const PART = /^[A-Za-z0-9_-]+$/;
export const isTopicPart = (text: string): boolean => PART.test(text);

/**
 * The topic of a row with its parts filled in.
 * @throws RangeError when a part is missing or holds `/`, `+`, `#` or anything that is no module id
 */
export function topicOf(name: TopicName, parts: TopicParts = {}): string {
  return TOPICS[name].topic.replace(/\{(\w+)\}/g, (_, part: string) => {
    const value = parts[part] ?? '';
    if (!isTopicPart(value))
      throw new RangeError(`Part ${part} of topic ${name} must be letters, digits, _ or -: "${value}"`);
    return value;
  });
}

const MATCHERS = Object.entries(TOPICS).map(([name, { topic }]) => ({
  name: name as TopicName,
  pattern: new RegExp(`^${topic.replace(/\{(\w+)\}/g, '(?<$1>[^/]+)')}$`),
}));

/** Which row a topic belongs to, without the external prefix. The first row of the table wins. */
export function rowOfTopic(topic: string): { readonly name: TopicName; readonly parts: TopicParts } | undefined {
  for (const { name, pattern } of MATCHERS) {
    const match = pattern.exec(topic);
    if (match !== null) return { name, parts: match.groups ?? {} };
  }
  return undefined;
}

/** What the adapter subscribes to: everything that EVerest may say, and what others command it. */
export const SUBSCRIPTIONS = ['everest_external/nodered/#', 'everest_api/#', 'everest-telemetry/#'] as const;

/** Where DummyTokenProviderManual listens in all releases up to 2026.02, and in the shipped configurations after it. */
export const TOKEN_TOPIC = 'everest_api/dummy_token_provider/cmd/provide';
