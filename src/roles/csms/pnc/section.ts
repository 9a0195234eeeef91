import Type, { type Static } from 'typebox';
import { section } from '../../../platform/config/shared-config.ts';
import { oneOf } from '../../../platform/schema/words.ts';

/** The part `csms.pnc` of the configuration: which Plug & Charge environment the CSMS works with. */
export const pncSection = section(
  {
    use: oneOf(['auto', 'off'], {
      default: 'auto',
      description: '`auto`: the environment of `url`, else the trust service of this configuration; `off`: none.',
    }),
    url: Type.Optional(
      Type.String({ pattern: '^https?://', description: 'Base address of the pools. Absent: the trust service.' }),
    ),
    tokenUrl: Type.Optional(
      Type.String({ pattern: '^https?://', description: 'Token service; `/oauth/token` below `url` when absent.' }),
    ),
    audience: Type.Optional(Type.String({ description: 'Audience of the token; `url` when absent.' })),
    clientId: Type.String({ default: 'cpo-demo', description: 'Client id of the token service.' }),
    clientSecret: Type.String({ default: 'cpo-demo-secret', description: 'Client secret of the token service.' }),
    timeoutMs: Type.Integer({
      minimum: 1,
      default: 4_000,
      description: 'How long a pool may take. A vehicle waits 5 s for its contract, all parties together.',
    }),
    ocspResponders: Type.Array(Type.String(), {
      default: [],
      description:
        'Origins of OCSP responders that may be asked, for example `http://ocsp.example`; the environment’s own always may. Stations name addresses: others are refused.',
    }),
    sign: oneOf(['all', 'v2g', 'none'], {
      default: 'all',
      description: 'Which signing requests of stations are enrolled by themselves: all, those for ISO 15118, none.',
    }),
    registerStations: Type.Boolean({
      default: false,
      description: 'Registers a station before its first enrolment, where the environment demands that.',
    }),
    maxExiChars: Type.Integer({
      minimum: 1,
      default: 5_600,
      description: 'Longer answers for vehicles are reported: stations may take no more.',
    }),
  },
  'Plug & Charge: contracts, enrolment and certificate status.',
);

export type PncSection = Static<typeof pncSection>;
