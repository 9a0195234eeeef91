import Type, { type Static } from 'typebox';
import { pncKeys } from '../../../platform/config/pnc-keys.ts';
import { section } from '../../../platform/config/shared-config.ts';

/** The part `emp.pnc` of the configuration. */
export const pncSection = section(
  {
    ...pncKeys('mo-demo'),
    authority: Type.Optional(
      section(
        {
          chain: Type.String({ description: 'PEM file: the issuing sub-CA and its issuers, without the root.' }),
          key: Type.String({ description: 'PEM file of the key of the issuing sub-CA.' }),
        },
        'Your own PKI for contract certificates. Its root must be in the root pool. Absent: own keys, certificates by enrolment.',
      ),
    ),
  },
  'Plug & Charge: where contracts are made, looked up and revoked.',
);

export type PncSection = Static<typeof pncSection>;
