import Type, { type Static } from 'typebox';
import { httpKeys, section } from '../../platform/config/shared-config.ts';
import { oneOf } from '../../platform/schema/words.ts';
import { CALLERS, SCOPES } from '../../protocols/opcp/index.ts';

const prefixes = (description: string) => Type.Array(Type.String({ minLength: 1 }), { default: [], description });

const client = section(
  {
    id: Type.String({ minLength: 1, maxLength: 200, description: 'Client id of the token service.' }),
    secret: Type.String({ minLength: 1, maxLength: 500, description: 'Client secret.' }),
    callers: Type.Array(oneOf(CALLERS), { minItems: 1, description: 'Columns of the access matrix.' }),
    scopes: Type.Array(oneOf(SCOPES), { default: [...SCOPES], description: 'Services that its tokens open.' }),
    wmis: prefixes('World manufacturer ids whose PCIDs it owns.'),
    providers: prefixes('Country and provider codes whose EMAIDs it owns.'),
    operators: prefixes('Country and operator codes whose EVSE and SECC ids it owns.'),
    name: Type.Optional(Type.String({ description: 'Name for people.' })),
  },
  'One client of the pools. An empty list of prefixes restricts nothing in the lenient profile.',
);

/** Words of the switches that make the environment misbehave; also the body of `PUT /api/v1/pnc/faults`. */
export const OCSP_FAULTS = ['none', 'down', 'try-later', 'stale', 'wrong-signer', 'unknown'] as const;
export const ISSUE_FAULTS = ['none', 'expired', 'revoked', 'wrong-chain'] as const;
export const DELIVERY_FAULTS = ['none', 'wrong-signature', 'wrong-key'] as const;

export const faultKeys = {
  delayMs: Type.Integer({ minimum: 0, maximum: 600_000, default: 0, description: 'Every pool answer comes so late.' }),
  ocsp: oneOf(OCSP_FAULTS, { default: 'none', description: 'What the OCSP responder does wrong.' }),
  ocspDelayMs: Type.Integer({ minimum: 0, maximum: 600_000, default: 0, description: 'OCSP answers come so late.' }),
  issue: oneOf(ISSUE_FAULTS, { default: 'none', description: 'What is wrong with certificates issued from now on.' }),
  delivery: oneOf(DELIVERY_FAULTS, { default: 'none', description: 'What is wrong with contract data that is made.' }),
  answers: Type.Array(
    section(
      {
        operation: Type.String({ description: 'Operation of the pools, or `*`.' }),
        status: Type.Integer({ minimum: 200, maximum: 599, description: 'HTTP status that is answered instead.' }),
        times: Type.Optional(Type.Integer({ minimum: 1, description: 'How often; always when absent.' })),
        retryAfterS: Type.Optional(Type.Integer({ minimum: 0, description: 'Sent as `Retry-After`.' })),
      },
      'An answer instead of the real one.',
    ),
    { default: [], maxItems: 100, description: 'Answers instead of the real ones, the first that fits.' },
  ),
};

/** The section `trust` of the configuration. */
export const trustSection = section(
  {
    ...httpKeys(8003),
    publicUrl: Type.Optional(
      Type.String({
        pattern: '^https?://',
        description: 'Where peers reach the service; it stands as OCSP address in certificates. Else its own address.',
      }),
    ),
    organization: Type.String({
      default: 'Compote',
      minLength: 1,
      maxLength: 32,
      description: 'O of the certificates that are generated. Short names keep contract data small.',
    }),
    profile: oneOf(['lenient', 'strict'], {
      default: 'lenient',
      description: '`lenient` takes what live environments take; `strict` refuses what the published profiles forbid.',
    }),
    requireRegistration: Type.Boolean({
      default: false,
      description: 'Enrolment of stations refuses common names that were not registered before.',
    }),
    demoClients: Type.Optional(
      Type.Boolean({
        description:
          'Clients with published secrets (`cpo-demo`, `mo-demo`, `oem-demo` …). On while the service listens on this machine only.',
      }),
    ),
    clients: Type.Array(client, { default: [], description: 'Clients of the token service and the pools.' }),
    tokenLifetimeS: Type.Integer({ minimum: 1, default: 86_400, description: 'How long access tokens hold.' }),
    ocspValidForS: Type.Integer({
      minimum: 1,
      default: 604_800,
      description: 'OCSP answers name a next update so much later; stations ask again weekly.',
    }),
    authorities: Type.Record(
      Type.String(),
      section(
        {
          certificate: Type.String({ description: 'PEM file of the certificate.' }),
          key: Type.Optional(
            Type.String({ description: 'PEM file of its private key; without it nothing is issued.' }),
          ),
        },
        'An authority of your own.',
      ),
      {
        default: {},
        description:
          'Your own authorities by name: `iso2-` or `iso20-` and the role, for example `iso2-v2g-root`, `iso2-mo-sub-ca-2`, `iso2-cps`.',
      },
    ),
    webhooks: section(
      {
        hosts: Type.Array(Type.String(), {
          default: ['localhost', '127.0.0.1', '[::1]'],
          description: 'Host names to which events are posted; subscribers elsewhere are refused.',
        }),
        retryDelayMs: Type.Integer({
          minimum: 1,
          default: 3_600_000,
          description: 'Wait before a failed delivery is tried again.',
        }),
        timeoutMs: Type.Integer({ minimum: 1, default: 10_000, description: 'How long a subscriber may take.' }),
      },
      'Events to subscribers.',
    ),
    faults: section(faultKeys, 'Misbehaviour on purpose; REST changes it until the next start.'),
  },
  'The Plug & Charge trust environment: its own PKI, certificate pools, enrolment, OCSP and token service.',
);

export type TrustSection = Static<typeof trustSection>;
export type ClientSettings = Static<typeof client>;
export type FaultSettings = TrustSection['faults'];
