import type { Static, TObject } from 'typebox';
import type { Clock } from '../core/clock.ts';
import type { Ids } from '../core/ids.ts';
import type { Random } from '../core/random.ts';
import type { Journal } from '../journal/index.ts';
import type { CommitGroup } from '../storage/commit-group.ts';
import type { DataFolder } from '../storage/data-folder.ts';
import type { LoadedConfig } from './config/load-config.ts';
import type { SharedConfig } from './config/shared-config.ts';
import type { Log } from './logging/log.ts';
import type { LogReader } from './logging/log-reader.ts';

/** The services of the house, in the order in which one process starts them. */
export const SERVICE_NAMES = ['trust', 'hub', 'emp', 'csms', 'everest', 'workbench', 'station'] as const;
export type ServiceName = (typeof SERVICE_NAMES)[number];

/** All that a service gets from the house. Roles share nothing else, and meet only over the wire. */
export interface Runtime {
  readonly service: ServiceName;
  readonly version: string;
  /** The world's time: simulated cars, meters and people. May run faster (`--clock scaled:60`). */
  readonly clock: Clock;
  /** The machine's time: sockets, HTTP, deadlines between parties. */
  readonly socketClock: Clock;
  readonly random: Random;
  readonly ids: Ids;
  readonly log: Log;
  /** The service's own log files, for its REST. */
  readonly logs: LogReader;
  /** This service's own folder, locked. */
  readonly dataFolder: DataFolder;
  readonly commitGroup: CommitGroup;
  /** This service's own journal. */
  readonly journal: Journal;
  readonly shared: SharedConfig;
  /** The whole configuration with sources, for `GET /api/v1/settings`. */
  readonly config: LoadedConfig;
  /**
   * Where another service of this configuration answers, for example `http://127.0.0.1:8002`; the real port once it
   * listens in this process. `undefined` for a port that nobody can know yet (0, or a service without one).
   */
  addressOf(service: ServiceName): string | undefined;
}

/** An address that people or peers open. */
export interface Door {
  /** `API`, `API docs`, `OCPP`, `UI` … */
  readonly name: string;
  readonly url: string;
}

export interface RunningService {
  /** Base address, for `Runtime.addressOf`; absent for a service without a port. */
  readonly url?: string | undefined;
  readonly doors: readonly Door[];
  /** Ends in good order: peers are told, what was decided is durable. Called once. */
  stop(): Promise<void>;
}

/** A service as the table of services knows it. */
export interface ServiceDefinition {
  readonly name: ServiceName;
  /** What it is, for help and logs. */
  readonly title: string;
  /** Its section of the configuration. */
  readonly section: TObject;
  start(runtime: Runtime, config: unknown): Promise<RunningService>;
}

/** Declares a service; `start` gets its section as the schema types it. */
export function defineService<Section extends TObject>(definition: {
  readonly name: ServiceName;
  readonly title: string;
  readonly section: Section;
  start(runtime: Runtime, config: Static<Section>): Promise<RunningService>;
}): ServiceDefinition {
  return definition as unknown as ServiceDefinition;
}
