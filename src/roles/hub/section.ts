import Type, { type Static } from 'typebox';
import { httpKeys, section } from '../../platform/config/shared-config.ts';
import { oneOf } from '../../platform/schema/words.ts';
import { PartnerInput } from './state/partner-input.ts';

const ms = (value: number, description: string) => Type.Integer({ minimum: 1, default: value, description });

/** The section `hub` of the configuration. */
export const hubSection = section(
  {
    ...httpKeys(8002),
    profile: oneOf(['observed', 'doc'], {
      default: 'observed',
      description:
        'HTTP status of refusals: `observed` answers some with 4xx and a fault body as the live hub does, `doc` everything with 200 as the documents draw it.',
    }),
    content: oneOf(['lenient', 'strict'], {
      default: 'lenient',
      description: 'Bodies that deviate: `lenient` takes what the live hub takes and reports it, `strict` refuses it.',
    }),
    callers: Type.Array(oneOf(['certificate', 'header', 'path']), {
      default: ['certificate', 'header', 'path'],
      minItems: 1,
      description:
        'How callers are known: client certificate, header `x-api-key`, or the id in the path (from this machine only).',
    }),
    strictIdSpelling: Type.Boolean({
      default: false,
      description: 'Operator and provider ids count only as they are registered, separators and case included.',
    }),
    demoPartners: Type.Boolean({
      default: true,
      description: 'In an empty data folder: registers the CSMS (DE*ABC) and the EMP (DE-DCB) of this configuration.',
    }),
    partners: Type.Array(
      section(
        {
          id: Type.String({ pattern: '^[A-Za-z0-9][\\w.-]{0,63}$', description: 'Short name, as in addresses.' }),
          ...PartnerInput.properties,
          contracts: oneOf(['all', 'none'], {
            default: 'all',
            description: '`all`: offers every service to everybody, and may push and pull. `none`: made by REST.',
          }),
        },
        'One partner.',
      ),
      { default: [], description: 'Partners that are registered at every start, over what is stored.' },
    ),
    deadlines: section(
      {
        remoteMs: ms(60_000, 'How long a CPO may take for a remote start or stop, or a reservation.'),
        cdrMs: ms(30_000, 'How long an EMP may take for a charge detail record.'),
        notificationMs: ms(10_000, 'How long an EMP may take for a notification.'),
      },
      'How long the hub waits for partners; for an EMP’s authorisation see the shared `deadlines.empMs`.',
    ),
    cdrForwarding: section(
      {
        attempts: Type.Integer({ minimum: 1, default: 50, description: 'Tries until a record counts as `emp-error`.' }),
        firstMs: ms(2_000, 'Waiting time after the first failed try; it doubles each time.'),
        maxMs: ms(300_000, 'The longest waiting time.'),
      },
      'Charge detail records that an EMP could not take are sent again.',
    ),
    rateLimits: section(
      {
        enabled: Type.Boolean({
          default: false,
          description: 'Answers 429 above the limits; they are counted anyway.',
        }),
        perMinute: Type.Record(Type.String(), Type.Integer({ minimum: 1 }), {
          default: {},
          description: 'Calls per partner and minute by operation, over the published limits.',
        }),
      },
      'Limits of calls.',
    ),
    evseVersions: Type.Integer({
      minimum: 1,
      default: 50,
      description: 'Versions of an EVSE’s data that are kept for delta pulls.',
    }),
    maxBodyBytes: Type.Integer({ minimum: 1_000, default: 33_554_432, description: 'The longest OICP body taken.' }),
    client: Type.Optional(
      section(
        {
          cert: Type.Optional(Type.String({ description: 'PEM file of the certificate that partners see.' })),
          key: Type.Optional(Type.String({ description: 'PEM file of its key.' })),
          ca: Type.Optional(Type.Array(Type.String(), { description: 'PEM files of the authorities of partners.' })),
          verify: Type.Boolean({ default: true, description: 'Whether partners’ certificates are verified.' }),
        },
        'TLS towards partners.',
      ),
    ),
  },
  'The e-roaming hub: OICP 2.3 at `/oicp/...` and `/api/oicp/...`, REST at `/api/v1/hub`.',
);

export type HubSection = Static<typeof hubSection>;
