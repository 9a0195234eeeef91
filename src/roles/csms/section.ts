import Type, { type Static } from 'typebox';
import { httpKeys, section } from '../../platform/config/shared-config.ts';
import { oneOf } from '../../platform/schema/words.ts';
import { OCPP_VERSIONS } from '../../protocols/ocpp/versions.ts';
import type { CsmsConfig } from './config.ts';
import { DEFAULT_CSMS_CONFIG as DEFAULTS } from './config.ts';
import { oicpSection } from './oicp/section.ts';
import { pncSection } from './pnc/section.ts';
import { TokenInput } from './state/token-input.ts';

const word = <const Words extends readonly (string | number)[]>(
  words: Words,
  value: Words[number],
  description: string,
) => oneOf(words, { default: value, description });

const positive = (value: number, description: string, minimum = 1) =>
  Type.Integer({ minimum, default: value, description });

const { boot, security, authorization } = DEFAULTS;

/** The section `csms` of the configuration: every key of {@link CsmsConfig} and what the service around it needs. */
export const csmsSection = section(
  {
    ...httpKeys(8001),
    versions: Type.Array(oneOf(OCPP_VERSIONS), {
      default: [...DEFAULTS.versions],
      minItems: 1,
      description: 'OCPP versions that are served.',
    }),
    acceptOcpp20: Type.Boolean({
      default: DEFAULTS.acceptOcpp20,
      description: 'Serves the withdrawn subprotocol `ocpp2.0` as 2.0.1 instead of refusing it.',
    }),
    validation: word(
      ['strict', 'lenient', 'off'],
      DEFAULTS.validation,
      'Messages that break their schema: `strict` answers CALLERROR, `lenient` reports and goes on, `off` does not look.',
    ),
    callTimeoutMs: positive(DEFAULTS.callTimeoutMs, 'How long the CSMS waits for the answer of a station.'),
    maxQueuedCalls: positive(DEFAULTS.maxQueuedCalls, 'Messages that may wait for one station; more get QUEUE_FULL.'),
    maxFrameBytes: positive(DEFAULTS.maxFrameBytes, 'Longer frames close the socket with 1009.', 1_024),
    maxConnections: positive(DEFAULTS.maxConnections, 'Stations at once; more are answered 503.'),
    pingIntervalMs: positive(DEFAULTS.pingIntervalMs, 'How often sockets are pinged; 0 never.', 0),
    compression: word(
      ['off', '2.x', 'all'],
      DEFAULTS.compression,
      'permessage-deflate: a 2.x CSMS has to offer it; many 1.6 stations do not expect it.',
    ),
    boot: section(
      {
        policy: word(
          ['accept-all', 'known-only', 'pending'],
          boot.policy,
          'Who is accepted at boot: everybody, registered stations only, or nobody until a person releases the station.',
        ),
        heartbeatIntervalS: positive(boot.heartbeatIntervalS, 'Heartbeat interval that accepted stations are given.'),
        retryIntervalS: positive(
          boot.retryIntervalS,
          'How long a pending or rejected station waits before it asks again.',
        ),
        unknownStations: word(
          ['refuse', 'reject-boot'],
          boot.unknownStations,
          'With `known-only`: refuse the connection with 404, or let it in and answer Rejected.',
        ),
        gate: word(
          ['enforce', 'report'],
          boot.gate,
          'Messages before acceptance: answered with SecurityError, or only reported as a finding.',
        ),
        askInventory: word(
          ['per-model', 'each', 'never'],
          boot.askInventory,
          'Who of the 2.x stations is asked for a full inventory: one for all of the same vendor, model and firmware, each once per firmware, or none.',
        ),
      },
      'Acceptance of stations.',
    ),
    security: section(
      {
        minimumProfile: word([0, 1, 2, 3], security.minimumProfile, 'Connections below this profile are refused.'),
        basicAuthEncoding: word(
          ['hexDecoded', 'verbatim', 'autoByLength'],
          security.basicAuthEncoding,
          'How the 1.6 AuthorizationKey becomes the password of HTTP Basic.',
        ),
      },
      'Security profiles of stations.',
    ),
    authorization: section(
      {
        unknownTokens: word(['reject', 'accept'], authorization.unknownTokens, 'What a token gets that nobody knows.'),
      },
      'Decisions about tokens.',
    ),
    dataTransfer: section(
      {
        vendors: Type.Record(
          Type.String(),
          section(
            { messageIds: Type.Optional(Type.Array(Type.String(), { description: 'Message ids; any when absent.' })) },
            'What one vendor may send.',
          ),
          { default: {}, description: 'Vendor ids whose DataTransfer is accepted.' },
        ),
      },
      'DataTransfer of stations.',
    ),
    oicp: oicpSection,
    stations: Type.Array(
      section(
        {
          id: Type.String({ minLength: 1, maxLength: 255, description: 'Identity, as in the path of the socket.' }),
          password: Type.Optional(
            Type.String({
              minLength: 1,
              description: 'HTTP Basic password for the first start; one that was set later over REST or OCPP stays.',
            }),
          ),
          admission: Type.Optional(
            oneOf(['accept', 'pending', 'reject'], { description: 'Overrides `boot.policy` for this station.' }),
          ),
        },
        'One station.',
      ),
      { default: [], description: 'Stations that are registered at start.' },
    ),
    tokens: Type.Array(TokenInput, {
      default: [],
      description: 'Tokens that are added at start, unless a token of that text is there already.',
    }),
    pnc: pncSection,
    publicUrl: Type.Optional(
      Type.String({
        pattern: '^https?://',
        description:
          'Where stations reach this service for files, for example `http://192.0.2.5:8001`; else its own address.',
      }),
    ),
    files: section(
      {
        maxFileBytes: positive(268_435_456, 'The longest upload of a station or a user.'),
        maxTotalBytes: positive(2_147_483_648, 'All files together.'),
        maxFiles: positive(1_000, 'How many upload addresses are kept; the oldest go with their file.'),
      },
      'The file place for firmware, logs and diagnostics.',
    ),
  },
  'The CSMS: stations connect at `/ocpp/{identity}`, REST stands at `/api/v1`.',
);

export type CsmsSection = Static<typeof csmsSection>;

/** The domain's part of the section. It has the same names, so that a missing key does not compile. */
export function csmsConfigOf(settings: CsmsSection): CsmsConfig {
  const { versions, acceptOcpp20, validation, callTimeoutMs, maxQueuedCalls, maxFrameBytes, maxConnections } = settings;
  const { pingIntervalMs, compression, boot, security, authorization } = settings;
  const vendors: Record<string, { readonly messageIds?: readonly string[] }> = {};
  for (const [vendor, { messageIds }] of Object.entries(settings.dataTransfer.vendors))
    vendors[vendor] = messageIds === undefined ? {} : { messageIds };
  return {
    versions,
    acceptOcpp20,
    validation,
    callTimeoutMs,
    maxQueuedCalls,
    maxFrameBytes,
    maxConnections,
    pingIntervalMs,
    compression,
    boot,
    security,
    authorization,
    dataTransfer: { vendors },
  };
}
