import Type, { type Static, type TObject, type TProperties } from 'typebox';
import { TELEMETRY_MODES } from '../telemetry/collectors.ts';

/** An object of the configuration: unknown keys are refused, so that a typing error is told and not ignored. */
export function section<P extends TProperties>(properties: P, description: string): TObject<P> {
  return Type.Object(properties, { description, additionalProperties: false });
}

const tls = section(
  {
    cert: Type.String({ description: 'PEM file of the certificate with its chain.' }),
    key: Type.String({ description: 'PEM file of the private key.' }),
    passphrase: Type.Optional(Type.String({ description: 'Opens the key file.' })),
    clientCa: Type.Optional(
      Type.Array(Type.String(), { description: 'PEM files of the authorities that vouch for clients.' }),
    ),
    clientCertificate: Type.Optional(
      Type.Union([Type.Literal('no'), Type.Literal('ask'), Type.Literal('demand')], {
        description: 'Whether clients show a certificate.',
      }),
    ),
    minVersion: Type.Optional(
      Type.Union([Type.Literal('TLSv1.2'), Type.Literal('TLSv1.3')], { description: 'The oldest TLS version taken.' }),
    ),
  },
  'TLS; without it the service speaks plain HTTP.',
);

/** The keys that every service with an HTTP port has; a role's own section adds to them. */
export function httpKeys(port: number): {
  host: ReturnType<typeof Type.Optional<ReturnType<typeof Type.String>>>;
  port: ReturnType<typeof Type.Integer>;
  tls: ReturnType<typeof Type.Optional<typeof tls>>;
} {
  return {
    host: Type.Optional(Type.String({ description: 'Where this service listens; the shared `host` when absent.' })),
    port: Type.Integer({ minimum: 0, maximum: 65_535, default: port, description: 'TCP port; 0 takes a free one.' }),
    tls: Type.Optional(tls),
  };
}

/** Published, so only for stations and a CSMS on one machine. 16 bytes in hexadecimal: 1.6 demands that. */
export const DEMO_STATION_PASSWORD = '636f6d706f74652d64656d6f2d6b6579';

const durationMs = (ms: number, description: string) => Type.Integer({ minimum: 1, default: ms, description });

/** The keys that all services share. */
export const sharedKeys = {
  host: Type.String({
    default: '127.0.0.1',
    description: 'Where services listen. Anything but this machine asks for `access.tokens`.',
  }),
  data: Type.String({ default: '.compote', description: 'The data folder: one folder per service inside.' }),
  clock: Type.String({
    default: 'system',
    pattern: '^(system|scaled:[0-9]+(\\.[0-9]+)?)$',
    description: '`system`, or `scaled:60`: simulated cars and meters run 60 times faster; sockets do not.',
  }),
  seed: Type.Optional(Type.String({ description: 'Makes simulated chance repeatable.' })),
  http: section(
    {
      hosts: Type.Array(Type.String(), {
        default: [],
        description: 'Further host names (without port) under which browsers and peers reach the services.',
      }),
      origins: Type.Array(Type.String(), {
        default: [],
        description: 'Further origins whose pages may use the services, for example `https://bench.example`.',
      }),
      bodyLimitBytes: Type.Integer({ minimum: 1_000, default: 4_194_304, description: 'The longest body taken.' }),
    },
    'What the HTTP servers accept.',
  ),
  access: section(
    {
      tokens: Type.Array(
        section(
          {
            name: Type.String({ description: 'Whose token it is; stands in the journal.' }),
            role: Type.Union([Type.Literal('viewer'), Type.Literal('operator'), Type.Literal('admin')]),
            scope: Type.Optional(
              Type.Union([Type.Literal('all'), Type.Literal('cpo'), Type.Literal('emp')], {
                description: 'The half of the world that is seen; both when absent.',
              }),
            ),
            sha256: Type.String({ pattern: '^[0-9a-f]{64}$', description: 'SHA-256 of the token in hex digits.' }),
          },
          'One token; `compote token` makes one.',
        ),
        { default: [], description: 'Who may use the services. Empty: everybody at this machine.' },
      ),
    },
    'Who may use the services.',
  ),
  security: section(
    {
      profile: Type.Union([Type.Literal(0), Type.Literal(1), Type.Literal(2), Type.Literal(3)], {
        default: 0,
        description:
          'OCPP security profile between our CSMS and our stations: 1 passwords, 2 TLS, 3 mutual TLS. The trust service issues the certificates. Lower profiles are refused.',
      }),
      host: Type.String({
        default: 'localhost',
        pattern: '^[A-Za-z0-9.-]+$',
        description: 'Host name in the certificate of the CSMS, by which stations reach it (profiles 2 and 3).',
      }),
      port: Type.Integer({
        minimum: 0,
        maximum: 65_535,
        default: 8_443,
        description: 'Where the CSMS takes stations over TLS (profiles 2 and 3): `wss://host:port/ocpp`.',
      }),
      password: Type.String({
        minLength: 16,
        maxLength: 40,
        default: DEMO_STATION_PASSWORD,
        description:
          'HTTP Basic password of stations that have none of their own (profiles 1 and 2). The default is for one machine only.',
      }),
    },
    'Security of OCPP connections, the same for CSMS and simulated stations.',
  ),
  journal: section(
    {
      maxEntries: Type.Integer({ minimum: 1_000, default: 1_000_000, description: 'The oldest messages go first.' }),
      maxBytes: Type.Integer({ minimum: 1_000_000, default: 2_000_000_000, description: 'Size of the raw texts.' }),
      maxAgeDays: Type.Number({ minimum: 0.01, default: 30, description: 'Older messages are removed.' }),
      maxRawBytes: Type.Integer({
        minimum: 1_000,
        default: 1_048_576,
        description: 'A longer raw text is cut and marked as cut.',
      }),
      rules: Type.Union([Type.Literal('on'), Type.Literal('off')], {
        default: 'on',
        description: '`on`: every message is checked against the rules as it comes; `off`: only its frame and schema.',
      }),
    },
    'How much of the traffic is kept.',
  ),
  telemetry: Type.Union(
    TELEMETRY_MODES.map((mode) => Type.Literal(mode)),
    {
      default: 'auto',
      description:
        'Where traces go: `auto` looks once for a Zipkin collector on localhost:9411 and an OTLP collector on localhost:4318.',
    },
  ),
  telemetryUrl: Type.Optional(
    Type.String({ description: 'Where the collector takes spans, when it is not at its usual place on this machine.' }),
  ),
  storage: section(
    {
      sync: Type.Union([Type.Literal('full'), Type.Literal('normal')], {
        default: 'full',
        description: '`full`: what was answered survives power loss too; `normal`: it survives the process.',
      }),
    },
    'How state is kept.',
  ),
  deadlines: section(
    {
      stationMs: durationMs(30_000, 'How long a station waits for the answer of the CSMS.'),
      hubMs: durationMs(12_000, 'How long the CSMS waits for the hub.'),
      empMs: durationMs(8_000, 'How long the hub waits for an EMP.'),
    },
    'How long one party waits for the next. Each must be shorter than the one before.',
  ),
  log: section(
    {
      level: Type.Union([Type.Literal('debug'), Type.Literal('info'), Type.Literal('warn'), Type.Literal('error')], {
        default: 'info',
        description: 'What is written into the log files and to the terminal.',
      }),
      maxFileBytes: Type.Integer({
        minimum: 10_000,
        default: 10_000_000,
        description: 'A longer log file is rotated.',
      }),
      maxFiles: Type.Integer({ minimum: 1, maximum: 100, default: 5, description: 'How many files are kept.' }),
    },
    'Log files, one per service.',
  ),
};

export type SharedConfig = Static<TObject<typeof sharedKeys>>;

/** What a section with {@link httpKeys} holds. */
export type HttpConfig = Static<TObject<ReturnType<typeof httpKeys>>>;
