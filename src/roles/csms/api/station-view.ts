import Type, { type Static, type TProperties, type TSchema } from 'typebox';
import { isoTime } from '../../../core/time.ts';
import { oneOf } from '../../../platform/schema/words.ts';
import { OCPP_VERSIONS } from '../../../protocols/ocpp/versions.ts';
import type { EvseRecord, MeterReading, StationRecord, TransactionRecord } from '../state/records.ts';
import type { CsmsApi } from './csms-api.ts';

const optional = <S extends TSchema>(schema: S) => Type.Optional(schema);
const object = <P extends TProperties>(properties: P, description?: string) =>
  Type.Object(properties, description === undefined ? {} : { description });
const time = Type.String({ description: 'RFC 3339, UTC.' });

export const stationParams = Type.Object({
  id: Type.String({ minLength: 1, description: 'Identity of the station.' }),
});

export const ReadingView = object(
  {
    at: time,
    energyWh: optional(Type.Number()),
    exportedWh: optional(Type.Number()),
    powerW: optional(Type.Number()),
    currentA: optional(Type.Number()),
    voltageV: optional(Type.Number()),
    socPercent: optional(Type.Number()),
    frequencyHz: optional(Type.Number()),
    temperatureC: optional(Type.Number()),
    context: optional(Type.String()),
  },
  'The newest value of each kind, in base units.',
);

export const ConnectorView = object({
  id: Type.Integer({ description: '0 stands for the whole EVSE or station.' }),
  status: Type.String(),
  since: time,
  errorCode: optional(Type.String()),
  info: optional(Type.String()),
  vendorErrorCode: optional(Type.String()),
  operational: optional(Type.String({ description: 'What ChangeAvailability last asked for.' })),
});

export const EvseView = object({
  id: Type.Integer({ description: '0 is the station itself.' }),
  status: Type.String({ description: 'The state of its busiest connector.' }),
  connectors: Type.Array(ConnectorView),
  transaction: optional(Type.String({ description: 'Key of the running transaction.' })),
  powerW: optional(Type.Number()),
  reading: optional(ReadingView),
});

const JobStatus = object({ status: Type.String(), at: time, requestId: optional(Type.Integer()) });

export const LinkState = oneOf(['connected', 'silent', 'stale', 'disconnected'], {
  description:
    '`silent`: connected and has not said anything yet; `stale`: connected, but not heard for two heartbeat intervals.',
});

export const StationView = object({
  id: Type.String(),
  link: LinkState,
  since: time,
  version: optional(oneOf(OCPP_VERSIONS)),
  security: Type.Integer({ description: 'Security profile, 0 to 3.' }),
  boot: oneOf(['none', 'Accepted', 'Pending', 'Rejected']),
  bootAt: optional(time),
  bootReason: optional(Type.String()),
  info: object({
    vendor: optional(Type.String()),
    model: optional(Type.String()),
    firmware: optional(Type.String()),
    serial: optional(Type.String()),
    iccid: optional(Type.String()),
    imsi: optional(Type.String()),
    meterType: optional(Type.String()),
    meterSerial: optional(Type.String()),
  }),
  registered: Type.Boolean(),
  admission: optional(Type.String({ description: 'Overrides the boot policy.' })),
  hasPassword: Type.Boolean(),
  firstSeenAt: time,
  connectedAt: optional(time),
  disconnectedAt: optional(time),
  lastSeenAt: optional(Type.String({ description: 'Last sign of life of any kind, pongs too.' })),
  lastMessageAt: optional(time),
  connection: optional(
    object({
      conn: Type.String(),
      transport: Type.String(),
      subprotocol: Type.String(),
      facts: Type.Record(Type.String(), Type.String()),
      pendingCalls: Type.Integer({ description: 'Messages to the station that wait or are outstanding.' }),
    }),
  ),
  heartbeatIntervalS: Type.Integer(),
  localListVersion: optional(Type.Integer()),
  inventoryFrom: optional(
    Type.String({ description: 'Station of the same vendor, model and firmware that reported what there is.' }),
  ),
  firmwareStatus: optional(JobStatus),
  diagnosticsStatus: optional(JobStatus),
  evses: Type.Array(EvseView),
  transactions: Type.Array(Type.String(), { description: 'Keys of running transactions.' }),
});
export type StationView = Static<typeof StationView>;

export function stationView(api: CsmsApi, station: StationRecord): StationView {
  const { csms, clock } = api;
  const running = csms.state.transactions.activeOn(station.id);
  const readings = csms.state.stations.readingsOf(station.id);
  const { info, boot } = station;
  return {
    id: station.id,
    ...linkView(api, station, clock.now()),
    ...(station.version === undefined ? {} : { version: station.version }),
    security: station.securityProfile,
    boot: boot.status,
    ...(boot.at === undefined ? {} : { bootAt: isoTime(boot.at) }),
    ...(boot.reason === undefined ? {} : { bootReason: boot.reason }),
    info,
    registered: station.registered,
    ...(station.admission === undefined ? {} : { admission: station.admission }),
    hasPassword: station.passwordHash !== undefined,
    firstSeenAt: isoTime(station.firstSeenAt),
    ...(station.connectedAt === undefined ? {} : { connectedAt: isoTime(station.connectedAt) }),
    ...(station.disconnectedAt === undefined ? {} : { disconnectedAt: isoTime(station.disconnectedAt) }),
    heartbeatIntervalS: heartbeatS(api, station),
    ...(station.inventoryFrom === undefined ? {} : { inventoryFrom: station.inventoryFrom }),
    ...(station.localListVersion === undefined ? {} : { localListVersion: station.localListVersion }),
    ...(station.firmwareStatus === undefined ? {} : { firmwareStatus: timed(station.firmwareStatus) }),
    ...(station.diagnosticsStatus === undefined ? {} : { diagnosticsStatus: timed(station.diagnosticsStatus) }),
    evses: evsesOf(station, readings, running).map((evse) => evseView(evse, readings.get(evse.id), running)),
    transactions: running.map((transaction) => transaction.key),
  };
}

/** EVSEs with a status, and those of which only readings or a transaction came so far. */
function evsesOf(
  station: StationRecord,
  readings: ReadonlyMap<number, MeterReading>,
  running: readonly TransactionRecord[],
): EvseRecord[] {
  const heardOf = [...readings.keys(), ...running.flatMap(({ evse }) => (evse === undefined ? [] : [evse]))];
  const missing = new Set(heardOf.filter((id) => !station.evses.some((evse) => evse.id === id)));
  return [...station.evses, ...[...missing].map((id) => ({ id, connectors: [] }))].sort((a, b) => a.id - b.id);
}

type LinkFacts = Pick<StationView, 'link' | 'since' | 'lastSeenAt' | 'lastMessageAt' | 'connection'>;

function linkView(api: CsmsApi, station: StationRecord, now: number): LinkFacts {
  const session = api.csms.sessions.get(station.id);
  if (session === undefined) {
    const { disconnectedAt, firstSeenAt } = station;
    return {
      link: 'disconnected',
      since: isoTime(disconnectedAt ?? firstSeenAt),
      ...(disconnectedAt === undefined ? {} : { lastSeenAt: isoTime(disconnectedAt) }),
    };
  }
  const { link, connectedAt } = session;
  const quietMs = 2_000 * heartbeatS(api, station) + api.csms.config.callTimeoutMs;
  const { description } = link.transport;
  return {
    link: now - link.lastSeenAt > quietMs ? 'stale' : link.lastMessageAt === undefined ? 'silent' : 'connected',
    since: isoTime(connectedAt),
    lastSeenAt: isoTime(link.lastSeenAt),
    ...(link.lastMessageAt === undefined ? {} : { lastMessageAt: isoTime(link.lastMessageAt) }),
    connection: {
      conn: description.conn,
      transport: description.type,
      subprotocol: description.subprotocol,
      facts: { ...description.facts },
      pendingCalls: link.pendingCalls,
    },
  };
}

const heartbeatS = ({ csms }: CsmsApi, station: StationRecord): number =>
  station.heartbeatIntervalS ?? csms.config.boot.heartbeatIntervalS;

function timed(job: { status: string; at: number; requestId?: number }): Static<typeof JobStatus> {
  return { ...job, at: isoTime(job.at) };
}

export function readingView(reading: MeterReading): Static<typeof ReadingView> {
  return { ...reading, at: isoTime(reading.at) };
}

/** A status that says more hides one that says less. */
const BUSIEST = [
  'Faulted',
  'Charging',
  'SuspendedEV',
  'SuspendedEVSE',
  'Finishing',
  'Preparing',
  'Occupied',
  'Reserved',
  'Available',
  'Unavailable',
] as const;

function evseView(
  evse: EvseRecord,
  reading: MeterReading | undefined,
  running: readonly TransactionRecord[],
): Static<typeof EvseView> {
  const statuses = new Set<string>(evse.connectors.map((connector) => connector.status));
  const transaction = running.find((each) => each.evse === evse.id);
  return {
    id: evse.id,
    status: BUSIEST.find((status) => statuses.has(status)) ?? 'Unknown',
    connectors: evse.connectors.map((connector) => ({ ...connector, since: isoTime(connector.since) })),
    ...(transaction === undefined ? {} : { transaction: transaction.key }),
    ...(reading?.powerW === undefined ? {} : { powerW: reading.powerW }),
    ...(reading === undefined ? {} : { reading: readingView(reading) }),
  };
}
