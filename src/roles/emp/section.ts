import Type, { type Static } from 'typebox';
import { httpKeys, section } from '../../platform/config/shared-config.ts';
import { oneOf } from '../../platform/schema/words.ts';
import { pncSection } from './pnc/section.ts';

const seconds = (value: number, description: string) =>
  Type.Integer({ minimum: 0, default: value, description: `${description} 0: never.` });

/** The section `emp` of the configuration. */
export const empSection = section(
  {
    ...httpKeys(8000),
    providerId: Type.String({
      pattern: '^[A-Za-z]{2}[*-]?[A-Za-z0-9]{3}$',
      default: 'DE-DCB',
      description: 'The provider id under which we are connected to the hub.',
    }),
    hub: section(
      {
        baseUrl: Type.Optional(
          Type.String({ pattern: '^https?://', description: 'A hub that is not ours; `/api/oicp/...` is appended.' }),
        ),
        inboundKey: Type.Optional(
          Type.String({
            minLength: 8,
            description:
              'What a hub on another machine sends as `x-api-key`, unless it shows a certificate that `tls.clientCa` trusts.',
          }),
        ),
        apiKey: Type.Optional(Type.String({ description: 'Sent as `x-api-key`.' })),
        cert: Type.Optional(Type.String({ description: 'PEM file of our client certificate.' })),
        key: Type.Optional(Type.String({ description: 'PEM file of its key.' })),
        ca: Type.Optional(Type.Array(Type.String(), { description: 'PEM files of the hub’s authorities.' })),
        verify: Type.Boolean({ default: true, description: 'Whether the hub’s certificate is verified.' }),
        remoteMs: Type.Integer({
          minimum: 1,
          default: 65_000,
          description: 'How long a remote start or stop may take; a hub gives operators 60 s.',
        }),
        otherMs: Type.Integer({ minimum: 1, default: 30_000, description: 'How long everything else may take.' }),
      },
      'The hub.',
    ),
    content: oneOf(['lenient', 'strict'], {
      default: 'lenient',
      description: 'Calls that deviate from their schema: `lenient` takes what is usual and reports it.',
    }),
    geoFormat: oneOf(['Google', 'DegreeMinuteSeconds', 'DecimalDegree'], {
      default: 'DecimalDegree',
      description: 'The form of coordinates that is asked for.',
    }),
    pulls: section(
      {
        evseDataS: seconds(120, 'Changes of EVSE data; everything the first time.'),
        evseDataFullS: seconds(86_400, 'All EVSE data.'),
        statusS: seconds(60, 'EVSE status; hubs allow six times a minute.'),
        pricesS: seconds(3_600, 'Prices.'),
        cdrsS: seconds(900, 'Charge detail records that the hub could not deliver.'),
      },
      'How often data is fetched from the hub, in seconds.',
    ),
    pnc: pncSection,
    demoData: Type.Boolean({
      default: true,
      description: 'In an empty data folder: two drivers with contracts and cards, one of them locked.',
    }),
    maxBodyBytes: Type.Integer({ minimum: 1_000, default: 4_194_304, description: 'The longest OICP body taken.' }),
  },
  'The EMP backend: REST at `/api/v1/emp`, console at `/oicp_api`, inbound OICP at `/api/oicp/...`.',
);

export type EmpSection = Static<typeof empSection>;
