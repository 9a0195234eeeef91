import { type Dialect, hasFeature, type Release } from './releases.ts';
import { topicOf } from './topics.ts';

/** What can be asked of an EVSE. */
export type EvseCommand =
  | {
      readonly do: 'authorize';
      readonly idToken: string;
      readonly type: string;
      readonly authorizationType: string;
      readonly prevalidated: boolean;
      readonly connectors?: readonly number[];
    }
  | { readonly do: 'evExecute' | 'evModify'; readonly list: string }
  | { readonly do: 'evEnable'; readonly on: boolean }
  | { readonly do: 'evsePause' | 'evseResume' }
  | { readonly do: 'evseStop'; readonly reason: string }
  | { readonly do: 'evseEnable' | 'evseDisable'; readonly priority: number; readonly source: string }
  | { readonly do: 'evseUnlock'; readonly connectorId: number }
  | {
      readonly do: 'evseLimit';
      readonly amps?: number;
      readonly watts?: number;
      readonly phases?: 1 | 3;
      readonly at: string;
    }
  | { readonly do: 'error'; readonly type: string; readonly raise: boolean }
  | { readonly do: 'ocppLink'; readonly connect: boolean };

/** How one connector is reached: which dialects the station speaks, and its names in them. */
export interface Ways {
  readonly dialects: readonly Dialect[];
  readonly release: Release | undefined;
  readonly n: number;
  /** Dialect L: module id of the EvseManager. */
  readonly evse?: string | undefined;
  /** Dialect E: module ids by API type. */
  readonly api?: {
    readonly evse?: string | undefined;
    readonly token?: string | undefined;
    readonly limits?: string | undefined;
  };
  /** Where tokens are presented without dialect E; `null`: the station takes none. */
  readonly tokenTopic: string | null;
}

export interface Publish {
  readonly topic: string;
  readonly payload: string;
}

export type Encoded =
  | {
      readonly dialect: Dialect;
      readonly publish: Publish;
      /** Present: a request of dialect E that gets an answer; `publish.payload` is its payload as JSON, without headers. */
      readonly asks?: true;
      readonly warning?: string;
    }
  | { readonly unsupported: string };

/** Official API first, then the module API, then Node-RED style. */
const PREFERENCE: readonly Dialect[] = ['E', 'L', 'N'];

/**
 * How a command is said to this station.
 * @param only tries this dialect alone
 */
export function encode(command: EvseCommand, ways: Ways, only?: Dialect): Encoded {
  const reasons: string[] = [];
  for (const dialect of PREFERENCE) {
    if (only !== undefined && only !== dialect) continue;
    if (!ways.dialects.includes(dialect)) {
      if (only === dialect) reasons.push(`the station does not speak dialect ${dialect}`);
      continue;
    }
    const encoded = ENCODERS[dialect](command, ways);
    if (typeof encoded !== 'string') return encoded;
    reasons.push(encoded);
  }
  const why = [...new Set(reasons)].join('; ');
  return { unsupported: why === '' ? 'the station has been heard in no dialect yet' : why };
}

/** A reason when this dialect cannot say it. */
type Encoder = (command: EvseCommand, ways: Ways) => Encoded | string;

const said = (dialect: Dialect, topic: string, payload: string, warning?: string): Encoded => ({
  dialect,
  publish: { topic, payload },
  ...(warning === undefined ? {} : { warning }),
});
const asked = (topic: string, payload: unknown): Encoded => ({
  dialect: 'E',
  publish: { topic, payload: JSON.stringify(payload) },
  asks: true,
});

/** ProvidedIdToken: the object of 2024.3 and newer, or the flat text before. */
function tokenPayload(command: Extract<EvseCommand, { do: 'authorize' }>, release: Release | undefined): string {
  const { idToken, type, authorizationType, prevalidated, connectors } = command;
  const token =
    hasFeature(release, 'L token as object') === false
      ? { id_token: idToken, id_token_type: type }
      : { id_token: { value: idToken, type } };
  return JSON.stringify({
    ...token,
    authorization_type: authorizationType,
    prevalidated,
    ...(connectors === undefined ? {} : { connectors }),
  });
}

const NO_LIMIT = 'there is no limit command in dialect N since release 2025.9';

const ENCODERS: Readonly<Record<Dialect, Encoder>> = {
  N(command, ways) {
    const parts = { n: String(ways.n) };
    switch (command.do) {
      case 'authorize':
        return tokenByTopic(command, ways, 'N');
      case 'evExecute':
        return said('N', topicOf('nExecute', parts), command.list);
      case 'evModify':
        return said('N', topicOf('nModify', parts), command.list);
      case 'evEnable':
        return said('N', topicOf('nCarEnable', parts), String(command.on));
      case 'error':
        if (hasFeature(ways.release, 'N error') === false) return 'errors can be raised from release 2023.12 on';
        // `raise` as a boolean ends the station in several releases: it must be a text.
        return said(
          'N',
          topicOf('nCarError', parts),
          JSON.stringify({ error_type: command.type, raise: String(command.raise) }),
        );
      case 'evsePause':
        return said('N', topicOf('nPause', parts), '');
      case 'evseResume':
        return said('N', topicOf('nResume', parts), '');
      case 'evseEnable':
        return said('N', topicOf('nEnable', parts), '');
      case 'evseDisable':
        return said('N', topicOf('nDisable', parts), '');
      case 'evseStop':
        return hasFeature(ways.release, 'N stop') === true
          ? said('N', topicOf('nStop', parts), '')
          : 'there is no stop command in dialect N since release 2025.3: present the same RFID token again';
      case 'evseLimit':
        if (command.watts !== undefined) {
          return hasFeature(ways.release, 'N limit in W') === true
            ? said('N', topicOf('nLimitW', parts), String(command.watts))
            : NO_LIMIT;
        }
        return hasFeature(ways.release, 'N limit in A') === true
          ? said('N', topicOf('nLimitA', parts), String(command.amps))
          : NO_LIMIT;
      default:
        return 'dialect N has no such command';
    }
  },
  L(command, ways) {
    if (command.do === 'authorize') return tokenByTopic(command, ways, 'L');
    if (command.do === 'ocppLink') {
      return said('L', topicOf(command.connect ? 'lOcppConnect' : 'lOcppDisconnect'), '');
    }
    const { evse, release } = ways;
    if (evse === undefined) return `the module \`API\` does not serve EVSE ${ways.n}`;
    switch (command.do) {
      case 'evsePause':
        return said('L', topicOf('lPause', { evse }), '');
      case 'evseResume':
        return said('L', topicOf('lResume', { evse }), '');
      case 'evseStop':
        if (hasFeature(release, 'L stop') === false) return '`stop_charging` came with release 2025.6';
        return said('L', topicOf('lStop', { evse }), '');
      case 'evseUnlock':
        if (hasFeature(release, 'L unlock') === false) return '`force_unlock` came with release 2023.12';
        return said('L', topicOf('lUnlock', { evse }), String(command.connectorId));
      case 'evseEnable':
      case 'evseDisable': {
        const enable = command.do === 'evseEnable';
        if (hasFeature(release, 'L enable with source') === false) {
          return said('L', topicOf(enable ? 'lEnable' : 'lDisable', { evse }), '0');
        }
        const { source, priority } = command;
        const state = enable ? 'Enable' : 'Disable';
        return said(
          'L',
          topicOf('lEnableDisable', { evse }),
          JSON.stringify({ connector_id: 0, source, state, priority }),
        );
      }
      case 'evseLimit':
        if (hasFeature(release, 'L limit') === false) return '`set_limit_amps` came with release 2023.5';
        if (command.watts !== undefined) return said('L', topicOf('lLimitW', { evse }), String(command.watts));
        if (command.phases === undefined) return said('L', topicOf('lLimitA', { evse }), String(command.amps));
        if (hasFeature(release, 'L limit with phases') === false)
          return '`set_limit_amps_phases` came with release 2025.2';
        return said(
          'L',
          topicOf('lLimitPhases', { evse }),
          JSON.stringify({ amps: command.amps, phases: command.phases }),
        );
      default:
        return 'dialect L has no such command';
    }
  },
  E(command, { api = {}, release, n }) {
    if (command.do === 'authorize') {
      if (api.token === undefined) return 'no module `auth_token_provider_API` was heard';
      return said('E', topicOf('eToken', { module: api.token }), tokenPayload(command, release));
    }
    if (command.do === 'evseLimit') {
      if (api.limits === undefined) return 'no module `external_energy_limits_consumer_API` was heard';
      return said('E', topicOf('eSetLimits', { module: api.limits }), JSON.stringify(externalLimits(command)));
    }
    if (api.evse === undefined) return `no module \`evse_manager_consumer_API\` was heard for EVSE ${n}`;
    const parts = { api: api.evse };
    switch (command.do) {
      case 'evsePause':
        return asked(topicOf('ePause', parts), null);
      case 'evseResume':
        return asked(topicOf('eResume', parts), null);
      case 'evseStop':
        return asked(topicOf('eStop', parts), { reason: command.reason });
      case 'evseUnlock':
        return asked(topicOf('eUnlock', parts), command.connectorId);
      case 'evseEnable':
      case 'evseDisable':
        return asked(topicOf('eEnableDisable', parts), {
          connector_id: 0,
          source: {
            enable_source: command.source,
            enable_state: command.do === 'evseEnable' ? 'Enable' : 'Disable',
            enable_priority: command.priority,
          },
        });
      default:
        return 'dialect E has no such command';
    }
  },
};

function tokenByTopic(
  command: Extract<EvseCommand, { do: 'authorize' }>,
  { tokenTopic, release }: Ways,
  dialect: Dialect,
): Encoded | string {
  return tokenTopic === null
    ? 'this station takes its tokens from nobody over MQTT (`tokenTopic: null`)'
    : said(dialect, tokenTopic, tokenPayload(command, release));
}

/** All three arrays are required; a time stamp of now or before holds at once. */
function externalLimits({ amps, watts, phases, at }: Extract<EvseCommand, { do: 'evseLimit' }>): object {
  const value = (limit: number | undefined) => (limit === undefined ? undefined : { value: limit, source: 'toolkit' });
  return {
    schedule_import: [
      {
        timestamp: at,
        limits_to_root: {},
        limits_to_leaves: {
          ac_max_current_A: value(amps),
          total_power_W: value(watts),
          ac_max_phase_count: value(phases),
        },
      },
    ],
    schedule_export: [],
    schedule_setpoints: [],
  };
}

/** The request of dialect E with the place of its answer; `null` stands for no payload. */
export function withReplyTo(payload: string, replyTo: string): string {
  const value: unknown = JSON.parse(payload);
  return JSON.stringify({ headers: { replyTo }, ...(value === null ? {} : { payload: value }) });
}
