import { systemEntropy } from '../../core/entropy.ts';
import { CompoteError, messageOf } from '../../core/errors.ts';
import type { LinkWorld } from '../../link/ocpp-link.ts';
import { openPoolClient } from '../../link/pool-client.ts';
import { UndiciPort } from '../../link/undici-port.ts';
import { createHttpService, type HttpServiceOptions } from '../../platform/http/http-service.ts';
import { httpOptions } from '../../platform/prepare-service.ts';
import { defineService, type RunningService, type Runtime } from '../../platform/service.ts';
import { serviceApi, withServiceApi } from '../../platform/service-routes.ts';
import { OcppSchemaSet } from '../../protocols/ocpp/schemas.ts';
import { simulatorDocument } from './api/document.ts';
import { fleetRoutes } from './api/fleet-routes.ts';
import { scenarioRoutes } from './api/scenario-routes.ts';
import { webSocketDialer } from './dialer.ts';
import { FleetRuns } from './fleet-runs.ts';
import { httpFiles } from './http-files.ts';
import { ScenarioRuns } from './scenario/scenario-runs.ts';
import { type StationSection, stationSection } from './section.ts';
import { FactoryCertificates } from './security/factory-certificates.ts';
import { pemFile, splitPem } from './security/pem-file.ts';
import { pkiCrypto } from './security/pki-crypto.ts';
import { Simulator } from './simulator.ts';
import type { StationWorld } from './station-world.ts';
import { type StationDefinition, StationRecords } from './store.ts';
import { FleetTimers } from './timers.ts';
import { viewOf } from './view.ts';

export type { Command } from './commands.ts';
export { type CreateStationOptions, createStation, type StationEvent, type StationHandle } from './create-station.ts';
export { loopbackDialer, webSocketDialer } from './dialer.ts';
export { loadTemplate } from './templates.ts';

const MAX_FILE_BYTES = 512 << 20;

/** Simulated charging stations as a service: they connect to the CSMS, and REST drives them. */
export const stationService = defineService({
  name: 'station',
  title: 'Charging stations',
  section: stationSection,
  start: (runtime, settings) => startStations(runtime, settings, httpOptions(runtime, settings)),
});

/** Starts the service; tests give their own HTTP options. */
export async function startStations(
  runtime: Runtime,
  settings: StationSection,
  options: HttpServiceOptions,
): Promise<RunningService & { readonly simulator: Simulator; readonly http: ReturnType<typeof createHttpService> }> {
  const { clock, socketClock, commitGroup, dataFolder, ids, log, journal, random, shared } = runtime;
  const endpoint = settings.csms ?? ownCsms(runtime);
  const database = dataFolder.database('stations.db', { sync: shared.storage.sync, group: commitGroup });
  const records = new StationRecords(database);
  const common = serviceApi(runtime);
  const link: LinkWorld = {
    clock: socketClock,
    afterCommit: (task) => commitGroup.afterCommit(task),
    // One tap per hop: our own CSMS records what crosses; a foreign one does not.
    recorder: settings.csms === undefined ? null : journal.recorder,
    newId: () => ids.uuid(),
    defect: (where, thrown) => log.error({ err: thrown }, where),
  };
  const world: StationWorld = {
    clock,
    ids,
    timers: new FleetTimers(clock),
    link,
    schemas: new OcppSchemaSet(),
    dialer: webSocketDialer(),
    files: httpFiles({ hosts: settings.fileHosts, maxBytes: MAX_FILE_BYTES }),
    csms: { id: 'csms', role: 'csms' },
    validation: settings.validation,
    crypto: pkiCrypto(systemEntropy),
    store: records,
    observe: (station, what, data) => {
      log.debug({ station: station.identity, ...data }, what);
      common.feed.publish('sim', { station: station.identity, what, data, at: clock.now() });
      if (what === 'status' || what.startsWith('transaction-') || what === 'connected' || what === 'disconnected') {
        common.feed.publish('sim-station', viewOf(station));
      }
    },
  };
  const csmsRoots =
    settings.csmsRoots === undefined
      ? undefined
      : splitPem(pemFile(settings.csmsRoots, 'file station.csmsRoots', 'CERTIFICATE'));
  const { profile } = shared.security;
  const poolPort = new UndiciPort({ clock: socketClock });
  const factory = profile < 2 || settings.csms !== undefined ? undefined : factoryOf(runtime, settings, poolPort);
  const simulator = new Simulator({
    factory: {
      ...(profile === 1 || profile === 2 ? { password: shared.security.password } : {}),
      ...(factory === undefined ? {} : { certificates: (identity) => factory.of(identity) }),
    },
    ...(csmsRoots === undefined ? {} : { csmsRoots }),
    world,
    random,
    records,
    endpoint,
    followCsmsClock: clock === socketClock,
  });
  const http = createHttpService(options);
  const { dialer, files, crypto, schemas } = world;
  const runs = new ScenarioRuns({
    clock,
    wallClock: socketClock,
    ids,
    endpoint,
    station: { dialer, files, link, schemas, ...(crypto === undefined ? {} : { crypto }) },
    changed: (run) => common.feed.publish('sim-run', run),
  });
  // Nothing of a fleet is stored, and it counts for itself what its stations do.
  const { store: _store, observe: _observe, ...fleetWorld } = world;
  const fleets = new FleetRuns({
    clock,
    wallClock: socketClock,
    ids,
    endpoint,
    world: fleetWorld,
    changed: (fleet) => common.feed.publish('sim-fleet', fleet),
  });
  const routes = [...scenarioRoutes(records.scenarios, runs), ...fleetRoutes(fleets)];
  http.mount(withServiceApi(simulatorDocument(simulator, routes), common));
  const stop = async (): Promise<void> => {
    runs.stop();
    fleets.stop();
    factory?.stop();
    simulator.stop();
    common.close();
    await http.close();
    await poolPort.close();
    commitGroup.flush();
    database.close();
  };
  try {
    const { url } = await http.listen();
    populate(simulator, settings, records, factory !== undefined, (detail) => log.error(detail));
    return {
      url,
      doors: [
        { name: 'API', url: `${url}/api/v1/sim/stations` },
        { name: 'API docs', url: `${url}/api/docs` },
      ],
      stop,
      simulator,
      http,
    };
  } catch (cause) {
    await stop();
    throw cause;
  }
}

/**
 * Stations of the configuration first, then those that REST made. A bad one is told and does not stop the others; those
 * that wait for certificates do not hold up the service.
 */
function populate(
  simulator: Simulator,
  settings: StationSection,
  records: StationRecords,
  waits: boolean,
  problem: (detail: string) => void,
): void {
  const make = (definition: StationDefinition, told: (cause: unknown) => void): void => {
    if (!waits) return void simulator.add(definition, false);
    simulator.make(definition, false).catch(told);
  };
  for (const { id, ...rest } of settings.stations) {
    make({ ...rest, identity: id }, (cause) => problem(`Station ${id} cannot be made: ${messageOf(cause)}`));
  }
  const configured = new Set(settings.stations.map(({ id }) => id));
  for (let page = records.definitions.list(); ; page = records.definitions.list({ after: page.next ?? '' })) {
    for (const definition of page.items) {
      if (configured.has(definition.identity)) continue;
      const told = (cause: unknown): void =>
        problem(`Station ${definition.identity} cannot be made again: ${messageOf(cause)}`);
      try {
        make(definition, told);
      } catch (cause) {
        told(cause);
      }
    }
    if (page.next === undefined) return;
  }
}

/** @throws CONFIG_INVALID where nobody issues certificates */
function factoryOf(
  { socketClock: clock, log, journal, dataFolder, shared, addressOf }: Runtime,
  settings: StationSection,
  port: UndiciPort,
): FactoryCertificates {
  const us = { id: 'factory', role: 'ext' } as const;
  const world = { clock, port, recorder: journal.recorder, us, trustUrl: addressOf('trust') };
  const client = openPoolClient(settings.pnc, world);
  if (client === undefined) {
    throw new CompoteError('CONFIG_INVALID', {
      detail: 'security profiles 2 and 3 need an environment that issues certificates for stations',
      hint: 'Start the trust service too, or set `station.pnc.url`.',
    });
  }
  const folder = dataFolder.file('factory');
  const profile = shared.security.profile === 3 ? 3 : 2;
  return new FactoryCertificates({ clock, entropy: systemEntropy, log, client, folder, profile });
}

function ownCsms(runtime: Runtime): string {
  const { profile, host, port } = runtime.shared.security;
  if (profile >= 2 && port === 0) {
    throw new CompoteError('CONFIG_INVALID', {
      detail: 'security.port is 0: stations cannot know where the CSMS listens for TLS',
      hint: 'Set `security.port`, or `station.csms`.',
    });
  }
  if (profile >= 2) return `wss://${host}:${port}/ocpp`;
  const address = runtime.addressOf('csms');
  if (address === undefined) {
    throw new CompoteError('CONFIG_INVALID', {
      detail: 'station.csms: it is not known where the CSMS listens',
      hint: 'Set `station.csms`, for example to ws://127.0.0.1:8001/ocpp.',
    });
  }
  return `${address.replace(/^http/, 'ws')}/ocpp`;
}
