import Type, { type Static } from 'typebox';
import { pncKeys } from '../../../platform/config/pnc-keys.ts';
import { section } from '../../../platform/config/shared-config.ts';
import { oneOf } from '../../../platform/schema/words.ts';

/** The part `csms.pnc` of the configuration: which Plug & Charge environment the CSMS works with. */
export const pncSection = section(
  {
    ...pncKeys('cpo-demo'),
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
