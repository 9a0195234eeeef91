import type { Clock } from '../../core/clock.ts';
import { type Ids, SeededIds, SystemIds } from '../../core/ids.ts';
import { Random } from '../../core/random.ts';
import { SystemClock } from '../../core/system-clock.ts';
import type { Interceptor } from '../../link/interception.ts';
import type { LinkWorld } from '../../link/ocpp-link.ts';
import { OcppSchemaSet } from '../../protocols/ocpp/schemas.ts';
import type { OcppVersion } from '../../protocols/ocpp/versions.ts';
import { type Command, runCommand } from './commands.ts';
import { type Dialer, webSocketDialer } from './dialer.ts';
import type { EvTemplate } from './physical/ev.ts';
import type { CryptoPart } from './security/certificate-vault.ts';
import { Station } from './station.ts';
import type { StationOptions, StationStore, StationWorld } from './station-world.ts';
import type { StationTemplate } from './template.ts';
import { loadTemplate } from './templates.ts';
import { FleetTimers } from './timers.ts';
import { type FilePort, NO_FILES } from './transfer.ts';
import { type StationView, viewOf } from './view.ts';

/** Something that happened to a station. */
export interface StationEvent {
  readonly identity: string;
  readonly what: string;
  readonly data: Readonly<Record<string, unknown>>;
  /** Epoch ms. */
  readonly atMs: number;
}

export interface CreateStationOptions {
  readonly identity: string;
  readonly version: OcppVersion;
  /** A built-in name (`ac-22-duo`, `ac-11-home`, `dc-150`, `dc-hub`, `min-16`), the path of a JSON file, or a template. */
  readonly template?: string | StationTemplate;
  /** The CSMS without the identity: `ws://127.0.0.1:8001/ocpp`. */
  readonly endpoint: string;
  /** The machine's clock by default; a VirtualClock for tests. */
  readonly clock?: Clock;
  readonly password?: string;
  readonly serialNumber?: string;
  /** PEM: roots that its CSMS stands under, and a certificate with key of its own (profile 3). Needs `crypto`. */
  readonly certificates?: StationOptions['certificates'];
  /** The same seed gives the same station; without one nobody can repeat it. */
  readonly seed?: string;
  /** How it connects; real WebSockets by default. */
  readonly dialer?: Dialer;
  readonly files?: FilePort;
  readonly store?: StationStore;
  readonly crypto?: CryptoPart;
  /** Whoever plugs in charges. */
  readonly free?: boolean;
  /** False: the station keeps its own time whatever the CSMS says. */
  readonly followCsmsClock?: boolean;
  /** How strictly the CSMS's messages are checked; `strict` by default. */
  readonly validation?: StationWorld['validation'];
  /** Where the link gets its group commit, recorder and message ids; without one nothing is recorded. */
  readonly link?: LinkWorld;
  readonly timers?: FleetTimers;
  readonly schemas?: OcppSchemaSet;
  readonly onEvent?: (event: StationEvent) => void;
}

/** A simulated station in the user's words. Every action is also reachable as a `Command` by REST, CLI and scenario. */
export interface StationHandle {
  readonly identity: string;
  readonly station: Station;
  /** What it looks like now. */
  view(): StationView;
  start(): void;
  stop(): void;
  /** Runs a command; throws CompoteError when it cannot be done. */
  do(command: Command): void;
  plug(where?: {
    readonly evseId?: number;
    readonly connectorId?: number;
    readonly car?: Partial<EvTemplate> | string;
    readonly soCPercent?: number;
  }): void;
  unplug(where?: { readonly evseId?: number; readonly connectorId?: number; readonly side?: 'ev' | 'station' }): void;
  swipe(token: string, more?: { readonly evseId?: number; readonly tokenType?: string }): void;
  /** Changes or drops messages on its link: faults. */
  intercept(interceptor: Interceptor | undefined): void;
}

/** Makes one station. For thousands share `timers`, `schemas` and `link`, or use a fleet. */
export function createStation(options: CreateStationOptions): StationHandle {
  const { clock = new SystemClock() } = options;
  const random = options.seed === undefined ? Random.unseeded() : new Random(options.seed);
  const ids: Ids = options.seed === undefined ? new SystemIds() : new SeededIds(random.fork('ids'));
  const world: StationWorld = {
    clock,
    ids,
    timers: options.timers ?? new FleetTimers(clock),
    link: options.link ?? plainLinkWorld(clock, ids),
    schemas: options.schemas ?? new OcppSchemaSet(),
    dialer: options.dialer ?? webSocketDialer(),
    files: options.files ?? NO_FILES,
    csms: { id: 'csms', role: 'csms' },
    validation: options.validation ?? 'strict',
    store: options.store,
    crypto: options.crypto,
    observe: (station, what, data) => options.onEvent?.({ identity: station.identity, what, data, atMs: clock.now() }),
  };
  return stationHandle(world, {
    ...options,
    random: random.fork(`station/${options.identity}`),
  });
}

/** The same in a world that many stations share. */
export function stationHandle(
  world: StationWorld,
  options: Pick<
    CreateStationOptions,
    | 'identity'
    | 'version'
    | 'template'
    | 'endpoint'
    | 'password'
    | 'serialNumber'
    | 'certificates'
    | 'free'
    | 'followCsmsClock'
  > & { readonly random: Random },
): StationHandle {
  const { template = 'ac-22-duo' } = options;
  const station = new Station(world, {
    identity: options.identity,
    version: options.version,
    template: typeof template === 'string' ? loadTemplate(template) : template,
    endpoint: options.endpoint,
    password: options.password,
    certificates: options.certificates,
    random: options.random,
    ...(options.serialNumber === undefined ? {} : { serialNumber: options.serialNumber }),
    ...(options.free === undefined ? {} : { free: options.free }),
  });
  station.machine.registrar.clockStubborn = options.followCsmsClock === false;
  const run = (command: Command): void => runCommand(station, command);
  return {
    identity: options.identity,
    station,
    view: () => viewOf(station),
    start: () => station.start(),
    stop: () => station.stop(),
    do: run,
    plug: (where = {}) => run({ type: 'plug', ...where }),
    unplug: (where = {}) => run({ type: 'unplug', ...where }),
    swipe: (token, more = {}) => run({ type: 'swipe', token, ...more }),
    intercept: (interceptor) => station.intercept(interceptor),
  };
}

/** A link world without journal and storage: what is decided leaves at the end of the turn. */
export function plainLinkWorld(clock: Clock, ids: Ids): LinkWorld {
  return {
    clock,
    afterCommit: (task) => clock.soon(task),
    recorder: null,
    newId: () => ids.uuid(),
    defect: (where, thrown) => {
      throw new Error(`Simulated station: ${where}`, { cause: thrown });
    },
  };
}
