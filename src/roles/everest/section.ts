import Type, { type Static } from 'typebox';
import { pncKeys } from '../../platform/config/pnc-keys.ts';
import { httpKeys, section } from '../../platform/config/shared-config.ts';
import { oneOf } from '../../platform/schema/words.ts';
import { CAR_GRAMMARS, DIALECTS } from '../../protocols/everest/releases.ts';
import { TOKEN_TOPIC } from '../../protocols/everest/topics.ts';

const moduleId = (description: string) => Type.Optional(Type.String({ pattern: '^[A-Za-z0-9_-]+$', description }));

export const connectorSection = section(
  {
    n: Type.Integer({ minimum: 1, maximum: 999, description: 'Its number: `connector_id` of the EvseManager.' }),
    evseModule: moduleId('Module id of its EvseManager (dialect L); heard when absent.'),
    apiModule: moduleId('Module id of its `evse_manager_consumer_API` (dialect E); heard when absent.'),
    hlc: Type.Boolean({ default: true, description: 'Whether the simulated car has ISO 15118 here.' }),
    ocpp: Type.Optional(
      Type.Integer({ minimum: 1, description: 'Its EVSE (2.x) or connector (1.6) number in OCPP; `n` when absent.' }),
    ),
  },
  'One connector of an EVerest station.',
);

export const everestStationSection = section(
  {
    id: Type.String({ pattern: '^[A-Za-z0-9_.-]{1,48}$', description: 'Its name here; best its OCPP identity.' }),
    externalPrefix: Type.String({
      default: '',
      maxLength: 100,
      pattern: '^[^+#]*$',
      description: 'EVerest’s `mqtt_external_prefix`: stands before every topic.',
    }),
    dialects: Type.Array(oneOf(DIALECTS), {
      default: [],
      description: 'N node-red style, L module `API`, E `everest_api/1`. Empty: what is heard.',
    }),
    release: Type.Optional(
      Type.String({ pattern: '^\\d{4}\\.\\d{1,2}(\\.\\d+)?$', description: 'EVerest release, for example `2025.10`.' }),
    ),
    carGrammar: Type.Optional(
      oneOf(CAR_GRAMMARS, { description: 'How car commands are written; from `release` when absent.' }),
    ),
    control: Type.Boolean({
      default: true,
      description: 'False: only watch. Commands move contactors if the station is real.',
    }),
    tokenTopic: Type.Union([Type.String({ pattern: '^[^+#]+$' }), Type.Null()], {
      default: TOKEN_TOPIC,
      description: 'Where tokens are presented; null: the station takes its own.',
    }),
    connectors: Type.Array(connectorSection, {
      default: [{ n: 1, hlc: true }],
      description: 'Its connectors. Others that are heard are added.',
    }),
  },
  'One EVerest station on the broker.',
);

export const everestSection = section(
  {
    ...httpKeys(8004),
    broker: section(
      {
        url: Type.Optional(
          Type.String({
            pattern: '^(mqtts?|wss?)://[^\\s]+$',
            description:
              'The broker, for example `mqtt://localhost:1883`. Absent: what answers there, else an embedded one.',
          }),
        ),
        mqttVersion: oneOf(['3.1.1', '5'], {
          default: '3.1.1',
          description: 'How we speak to it; EVerest may speak another version to the same broker.',
        }),
        username: Type.Optional(Type.String({ description: 'User at the broker.' })),
        password: Type.Optional(Type.String({ description: 'Its password.' })),
        ca: Type.Array(Type.String(), { default: [], description: 'PEM files of the authorities that vouch for it.' }),
        embeddedPort: Type.Integer({
          minimum: 0,
          maximum: 65_535,
          default: 18_830,
          description:
            'Port of the embedded broker on 127.0.0.1; another one is taken when it is in use. 0 takes a free one.',
        }),
        look: Type.Boolean({
          default: true,
          description: 'Whether localhost:1883 is tried before the embedded broker starts.',
        }),
      },
      'Where EVerest’s MQTT goes through.',
    ),
    csms: Type.Optional(
      Type.String({
        pattern: '^https?://',
        description: 'REST of the CSMS that knows the same stations, for the session reports; our own when absent.',
      }),
    ),
    stations: Type.Array(everestStationSection, {
      default: [
        {
          id: 'cp001',
          externalPrefix: '',
          dialects: [],
          control: true,
          tokenTopic: TOKEN_TOPIC,
          connectors: [{ n: 1, hlc: true }],
        },
      ],
      description: 'EVerest stations to watch and drive.',
    }),
    pnc: section(pncKeys('oem-demo'), 'Plug & Charge: the pools that the console of the OEM calls.'),
    lookAlike: section(
      {
        on: Type.Boolean({
          default: false,
          description: 'Starts a simulated station that speaks as EVerest does, for tries without one.',
        }),
        release: Type.String({
          default: '2026.02',
          description:
            'The release that it behaves like. The default is the newest that speaks MQTT 3.1.1: all three dialects, and a car that can be told to pay by contract.',
        }),
        ocpp: oneOf(['1.6', '2.0.1', '2.1', 'off'], { default: '2.0.1', description: 'Its OCPP version.' }),
        connectors: Type.Integer({ minimum: 1, maximum: 16, default: 1, description: 'How many connectors it has.' }),
        csms: Type.Optional(Type.String({ pattern: '^wss?://', description: 'Its CSMS; our own when absent.' })),
      },
      'The EVerest look-alike. What it does says nothing about EVerest itself.',
    ),
  },
  'The EVerest adapter: MQTT on one side, REST on the other.',
);

export type EverestSection = Static<typeof everestSection>;
export type EverestStationSection = Static<typeof everestStationSection>;
