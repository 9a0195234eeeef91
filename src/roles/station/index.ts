import { systemEntropy } from '../../core/entropy.ts';
import { CompoteError, messageOf } from '../../core/errors.ts';
import type { LinkWorld } from '../../link/ocpp-link.ts';
import { createHttpService, type HttpServiceOptions } from '../../platform/http/http-service.ts';
import { httpOptions } from '../../platform/prepare-service.ts';
import { defineService, type RunningService, type Runtime } from '../../platform/service.ts';
import { serviceApi, withServiceApi } from '../../platform/service-routes.ts';
import { OcppSchemaSet } from '../../protocols/ocpp/schemas.ts';
import { simulatorDocument } from './api/document.ts';
import { scenarioRoutes } from './api/scenario-routes.ts';
import { webSocketDialer } from './dialer.ts';
import { httpFiles } from './http-files.ts';
import { ScenarioRuns } from './scenario/scenario-runs.ts';
import { type StationSection, stationSection } from './section.ts';
import { pemFile, splitPem } from './security/pem-file.ts';
import { pkiCrypto } from './security/pki-crypto.ts';
import { Simulator } from './simulator.ts';
import type { StationWorld } from './station-world.ts';
import { StationRecords } from './store.ts';
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
  const simulator = new Simulator({
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
    ids,
    endpoint,
    station: { dialer, files, link, schemas, ...(crypto === undefined ? {} : { crypto }) },
    changed: (run) => common.feed.publish('sim-run', run),
  });
  http.mount(withServiceApi(simulatorDocument(simulator, scenarioRoutes(records.scenarios, runs)), common));
  const stop = async (): Promise<void> => {
    runs.stop();
    simulator.stop();
    common.close();
    await http.close();
    commitGroup.flush();
    database.close();
  };
  try {
    const { url } = await http.listen();
    populate(simulator, settings, records, (detail) => log.error(detail));
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

/** Stations of the configuration first, then those that REST made. A bad one is told and does not stop the others. */
function populate(
  simulator: Simulator,
  settings: StationSection,
  records: StationRecords,
  problem: (detail: string) => void,
): void {
  const configured = settings.stations.map(({ id, ...rest }) => ({ ...rest, identity: id }));
  for (const definition of configured) simulator.add(definition, false);
  for (let page = records.definitions.list(); ; page = records.definitions.list({ after: page.next ?? '' })) {
    for (const definition of page.items) {
      if (simulator.identities.includes(definition.identity)) continue;
      try {
        simulator.add(definition, false);
      } catch (cause) {
        problem(`Station ${definition.identity} cannot be made again: ${messageOf(cause)}`);
      }
    }
    if (page.next === undefined) return;
  }
}

function ownCsms(runtime: Runtime): string {
  const address = runtime.addressOf('csms');
  if (address === undefined) {
    throw new CompoteError('CONFIG_INVALID', {
      detail: 'station.csms: it is not known where the CSMS listens',
      hint: 'Set `station.csms`, for example to ws://127.0.0.1:8001/ocpp.',
    });
  }
  return `${address.replace(/^http/, 'ws')}/ocpp`;
}
