import { CompoteError } from '../../core/errors.ts';
import type { Random } from '../../core/random.ts';
import { type StationHandle, stationHandle } from './create-station.ts';
import { pemFile } from './security/pem-file.ts';
import type { StationOptions, StationWorld } from './station-world.ts';
import type { StationDefinition, StationRecords } from './store.ts';

export interface SimulatorOptions {
  readonly world: StationWorld;
  readonly random: Random;
  readonly records: StationRecords;
  /** Where stations without a CSMS of their own connect. */
  readonly endpoint: string;
  /** What the factory puts into stations without a CSMS, password or certificate of their own. */
  readonly factory?: {
    readonly password?: string;
    readonly certificates?: (identity: string) => Promise<StationOptions['certificates'] | undefined>;
  };
  /** PEM of the roots that a CSMS stands under. */
  readonly csmsRoots?: readonly string[];
  /** False when the world's time is not the machine's: the CSMS's clock would pull the stations back. */
  readonly followCsmsClock: boolean;
}

/** The simulated stations of a service, by identity. */
export class Simulator {
  readonly #options: SimulatorOptions;
  readonly #stations = new Map<string, { readonly definition: StationDefinition; readonly handle: StationHandle }>();

  constructor(options: SimulatorOptions) {
    this.#options = options;
  }

  get handles(): StationHandle[] {
    return [...this.#stations.values()].map((one) => one.handle);
  }

  get identities(): string[] {
    return [...this.#stations.keys()];
  }

  /**
   * Makes a station once the factory has given it what it needs, and switches it on. `undefined`: we stopped meanwhile.
   * `keep`: it comes back after a restart.
   */
  async make(definition: StationDefinition, keep: boolean): Promise<StationHandle | undefined> {
    const { factory } = this.#options;
    const isOurs = definition.csms === undefined && definition.certificate === undefined;
    if (!isOurs || factory?.certificates === undefined) return this.add(definition, keep);
    const certificates = await factory.certificates(definition.identity);
    return certificates === undefined ? undefined : this.add(definition, keep, certificates);
  }

  /** Makes a station and switches it on, with certificates that it already has. */
  add(definition: StationDefinition, keep: boolean, given?: StationOptions['certificates']): StationHandle {
    const { identity } = definition;
    if (this.#stations.has(identity))
      throw new CompoteError('CONFLICT', { detail: `There is a station ${identity} already` });
    const { world, random, records, endpoint, followCsmsClock, csmsRoots, factory } = this.#options;
    const password = definition.password ?? (definition.csms === undefined ? factory?.password : undefined);
    const handle = stationHandle(world, {
      certificates: given ?? certificatesOf(definition, csmsRoots),
      identity,
      version: definition.version,
      template: definition.template,
      endpoint: definition.csms ?? endpoint,
      random: random.fork(identity),
      followCsmsClock,
      ...(password === undefined ? {} : { password }),
      ...(definition.free === undefined ? {} : { free: definition.free }),
    });
    this.#stations.set(identity, { definition, handle });
    if (keep) records.definitions.put(definition);
    handle.start();
    return handle;
  }

  /** @throws UNKNOWN_STATION */
  handle(identity: string): StationHandle {
    const found = this.#stations.get(identity);
    if (found === undefined) {
      throw new CompoteError('UNKNOWN_STATION', {
        detail: `No simulated station is called ${identity}`,
        hint: 'List them with GET /api/v1/sim/stations.',
      });
    }
    return found.handle;
  }

  remove(identity: string): void {
    this.handle(identity).stop();
    this.#stations.delete(identity);
    this.#options.records.forget(identity);
  }

  stop(): void {
    for (const { handle } of this.#stations.values()) handle.stop();
  }
}

/** Roots, and the station's own certificate with its key. @throws CONFIG_INVALID naming the file */
function certificatesOf(
  { identity, certificate, key }: StationDefinition,
  csmsRoots: readonly string[] | undefined,
): StationOptions['certificates'] {
  if ((certificate === undefined) !== (key === undefined)) {
    throw new CompoteError('CONFIG_INVALID', {
      detail: `station.stations: ${identity} has ${certificate === undefined ? 'a key without certificate' : 'a certificate without key'}`,
      hint: 'Give both `certificate` and `key`, or neither.',
    });
  }
  return {
    ...(csmsRoots === undefined ? {} : { csmsRoots }),
    ...(certificate === undefined || key === undefined
      ? {}
      : {
          certificate: {
            chain: pemFile(certificate, `certificate of ${identity}`, 'CERTIFICATE'),
            privateKey: pemFile(key, `key of ${identity}`, 'PRIVATE KEY'),
          },
        }),
  };
}
