import Type, { type Static } from 'typebox';
import { pncKeys } from '../../platform/config/pnc-keys.ts';
import { httpKeys, section } from '../../platform/config/shared-config.ts';
import { oneOf } from '../../platform/schema/words.ts';
import { OCPP_VERSIONS } from '../../protocols/ocpp/versions.ts';
import { BUILT_IN_NAMES } from './template-names.ts';

/** One simulated station of the configuration. */
const configuredStation = section(
  {
    id: Type.String({ minLength: 1, maxLength: 48, description: 'Identity, as in the path of the socket.' }),
    version: oneOf(OCPP_VERSIONS, { default: '2.0.1', description: 'The OCPP version it speaks.' }),
    template: Type.String({
      default: 'ac-22-duo',
      description: `What it is made of: ${BUILT_IN_NAMES.join(', ')}, or the path of your own JSON file.`,
    }),
    csms: Type.Optional(
      Type.String({
        pattern: '^wss?://',
        description: 'Its CSMS without the identity; `csms` of this section when absent.',
      }),
    ),
    password: Type.Optional(Type.String({ description: 'HTTP Basic password; hexadecimal for 1.6.' })),
    certificate: Type.Optional(
      Type.String({ description: 'PEM file of its certificate chain: security profile 3 over `wss:`.' }),
    ),
    key: Type.Optional(Type.String({ description: 'PEM file of the key that belongs to `certificate`.' })),
    free: Type.Boolean({ default: false, description: 'Whoever plugs in charges, without a card.' }),
  },
  'One simulated station.',
);

export const stationSection = section(
  {
    ...httpKeys(8010),
    csms: Type.Optional(
      Type.String({
        pattern: '^wss?://',
        description: 'Where stations connect, for example `ws://192.0.2.7:9000/ocpp`; our own CSMS when absent.',
      }),
    ),
    csmsRoots: Type.Optional(
      Type.String({
        description: 'PEM file of the roots that a CSMS at `wss:` stands under; those of the system when absent.',
      }),
    ),
    validation: oneOf(['strict', 'lenient', 'off'], {
      default: 'lenient',
      description: 'Messages of the CSMS that break their schema: refused, reported, or not looked at.',
    }),
    pnc: section(
      pncKeys('cpo-demo'),
      'Where stations get certificates for TLS before their first connection (`security.profile` 2 and 3).',
    ),
    fileHosts: Type.Array(Type.String(), {
      default: ['127.0.0.1', 'localhost', '::1'],
      description:
        'Hosts to which stations upload logs and from which they download firmware, also by redirects; `*` allows all.',
    }),
    stations: Type.Array(configuredStation, {
      default: [
        { id: 'CS-DEMO-1', version: '1.6', template: 'ac-22-duo', free: false },
        { id: 'CS-DEMO-2', version: '2.0.1', template: 'ac-22-duo', free: false },
        { id: 'CS-DEMO-3', version: '2.1', template: 'dc-150', free: false },
      ],
      description: 'Stations that exist from the start. Others are made by REST and stay.',
    }),
  },
  'Simulated charging stations; REST to drive them stands at `/api/v1/sim`.',
);

export type StationSection = Static<typeof stationSection>;
