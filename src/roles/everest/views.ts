import Type from 'typebox';
import { isoTime } from '../../core/time.ts';
import { isFatalError } from '../../protocols/everest/states.ts';
import type { Connector } from './connector.ts';
import type { EverestStation } from './everest-station.ts';

const optionalText = Type.Optional(Type.String());
const ErrorView = Type.Object({
  type: Type.String(),
  fatal: Type.Boolean({ description: 'It makes the EVSE inoperative.' }),
  severity: optionalText,
  message: optionalText,
  subType: optionalText,
  module: optionalText,
  uuid: optionalText,
});

export const ConnectorState = Type.Object(
  {
    n: Type.Integer(),
    state: Type.String({ description: '`unknown` until EVerest says something: it repeats nothing in dialect N.' }),
    since: optionalText,
    word: Type.Optional(Type.String({ description: 'EVerest’s own word.' })),
    told: Type.Unknown({ description: 'What each dialect says.' }),
    inconsistent: Type.Boolean({ description: 'Dialects have disagreed for more than 2 s.' }),
    stale: Type.Boolean({ description: 'Nothing was ever heard of it.' }),
    fault: Type.Boolean(),
    limitZero: Type.Boolean({ description: 'Less than 6 A are enforced.' }),
    pauseReasons: Type.Array(Type.String(), { description: 'UserPause, NoEnergy, Error.' }),
    errors: Type.Array(ErrorView),
    meter: Type.Optional(Type.Unknown()),
    limit: Type.Optional(Type.Unknown({ description: 'What EVerest enforces.' })),
    protocol: Type.Optional(
      Type.Object({
        name: Type.String(),
        stationWide: Type.Boolean({ description: 'Dialect L has one for all EVSEs.' }),
      }),
    ),
    ev: Type.Optional(Type.Unknown({ description: 'What the car told by ISO 15118.' })),
    capabilities: Type.Optional(Type.Unknown()),
    telemetry: Type.Optional(
      Type.Record(Type.String(), Type.Object({ at: Type.String(), values: Type.Unknown() }), {
        description:
          'What board and telemetry tell, by part: temperature, fan, control pilot, relays, residual current.',
      }),
    ),
    releaseHint: optionalText,
    car: Type.Optional(
      Type.Object(
        { list: Type.String(), at: Type.String(), assumed: Type.Literal(true) },
        { description: 'What the car was told.' },
      ),
    ),
    token: Type.Optional(Type.Object({ value: Type.String(), at: Type.String(), status: optionalText })),
    hlcFailed: optionalText,
    lastInvalid: Type.Optional(Type.Unknown({ description: 'The last message that could not be read.' })),
    lastHeard: optionalText,
    hlc: Type.Boolean(),
  },
  { title: 'EverestConnector' },
);

export const StationView = Type.Object(
  {
    id: Type.String(),
    broker: Type.Object({ connected: Type.Boolean(), reason: Type.String() }),
    heard: Type.Boolean(),
    silent: Type.Boolean({ description: 'Heard before, and silent for 5 s or more.' }),
    lastHeard: optionalText,
    says: Type.String({ description: 'How it stands, in words.' }),
    dialects: Type.Array(Type.String()),
    release: optionalText,
    carGrammar: optionalText,
    control: Type.Boolean(),
    externalPrefix: Type.String(),
    ocppConnected: Type.Optional(Type.Boolean()),
    errors: Type.Array(ErrorView),
    modules: Type.Object({ evse: Type.Array(Type.String()), api: Type.Array(Type.Unknown()) }),
    connectors: Type.Array(ConnectorState),
  },
  { title: 'EverestStation' },
);

const withTime = (atMs: number | undefined) => (atMs === undefined ? undefined : isoTime(atMs));

/** Leaves out members that are undefined. */
function tidy<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined)) as T;
}

export function connectorView(station: EverestStation, connector: Connector) {
  const { n } = connector;
  const configured = station.settings.connectors.find((one) => one.n === n);
  const modules = [configured?.evseModule ?? station.modules.evseModuleOf(n)];
  const errors = station.errors.of(modules, station.connectors.length === 1);
  const { sinceMs, lastHeardMs, meter, limit, evInfo, protocol, lastInvalid, telemetry, ...rest } =
    connector.model.view(errors);
  const { car, token } = connector;
  return tidy({
    ...rest,
    since: withTime(sinceMs),
    lastHeard: withTime(lastHeardMs),
    stale: lastHeardMs === undefined,
    errors: errors.map((error) => ({ ...error, fatal: isFatalError(error.type) })),
    meter: meter === undefined ? undefined : { ...meter, atMs: undefined, at: isoTime(meter.atMs) },
    limit: limit === undefined ? undefined : { ...limit, atMs: undefined, at: isoTime(limit.atMs) },
    ev: evInfo,
    telemetry:
      telemetry &&
      Object.fromEntries(
        Object.entries(telemetry).map(([part, { atMs, values }]) => [part, { at: isoTime(atMs), values }]),
      ),
    protocol:
      protocol === undefined
        ? undefined
        : { name: protocol, stationWide: !station.dialects.includes('E') && station.connectors.length > 1 },
    car: car === undefined ? undefined : { list: car.list, at: isoTime(car.atMs), assumed: true as const },
    token:
      token === undefined ? undefined : tidy({ value: token.value, at: isoTime(token.atMs), status: token.status }),
    hlcFailed: connector.hlcFailed,
    lastInvalid:
      lastInvalid === undefined ? undefined : { ...lastInvalid, atMs: undefined, at: isoTime(lastInvalid.atMs) },
    hlc: connector.hlc,
  });
}

export function stationView(station: EverestStation) {
  const { settings, modules } = station;
  return tidy({
    id: station.id,
    broker: { connected: station.brokerConnected, reason: station.brokerReason },
    heard: station.lastHeardMs !== undefined,
    silent: station.silent,
    lastHeard: withTime(station.lastHeardMs),
    says: says(station),
    dialects: [...station.dialects],
    release: settings.release,
    carGrammar: station.grammar,
    control: settings.control,
    externalPrefix: settings.externalPrefix,
    ocppConnected: station.ocppConnected,
    errors: station.errors.all.map((error) => ({ ...error, fatal: isFatalError(error.type) })),
    modules: { evse: [...modules.evseModules], api: [...modules.apis] },
    connectors: station.connectors.map((connector) => connectorView(station, connector)),
  });
}

function says(station: EverestStation): string {
  if (!station.brokerConnected) return `No broker: ${station.brokerReason}. It is tried again.`;
  if (station.silent) return 'EVerest is silent: it has stopped, or lost its broker.';
  if (station.lastHeardMs === undefined) return 'The broker is connected, but nothing has been heard from EVerest yet.';
  return `EVerest speaks ${station.dialects.join(', ')}.`;
}
