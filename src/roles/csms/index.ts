import { SECOND_MS } from '../../core/time.ts';
import { OcppServer } from '../../link/ocpp-server.ts';
import { createHttpService, type HttpServiceOptions } from '../../platform/http/http-service.ts';
import { httpOptions } from '../../platform/prepare-service.ts';
import type { RunningService, Runtime } from '../../platform/service.ts';
import { defineService } from '../../platform/service.ts';
import { serviceApi, withServiceApi } from '../../platform/service-routes.ts';
import { mountWebApp } from '../../platform/web-app.ts';
import { OcppSchemaSet } from '../../protocols/ocpp/schemas.ts';
import { csmsDocument } from './api/document.ts';
import { LiveChanges } from './api/live-changes.ts';
import { Csms } from './csms.ts';
import { FilePlace } from './files/file-place.ts';
import { stationFileRoutes } from './files/station-file-routes.ts';
import { MessageLog } from './message-log.ts';
import { type CsmsSection, csmsConfigOf, csmsSection } from './section.ts';
import { seed } from './seed.ts';
import { CsmsState } from './state/csms-state.ts';

/** How long stations get to complete the closing handshake. */
const FAREWELL_MS = SECOND_MS;

/** The CSMS as a service: its database, its stations at `/ocpp/{identity}`, its REST with docs. */
export const csmsService = defineService({
  name: 'csms',
  title: 'CSMS (CPO backend)',
  section: csmsSection,
  start(runtime, settings) {
    const options = httpOptions(runtime, settings);
    // Stations name the service as they were told.
    const hosts = settings.publicUrl === undefined ? [] : [new URL(settings.publicUrl).hostname];
    return startCsms(runtime, settings, { ...options, hosts: [...(options.hosts ?? []), ...hosts] });
  },
});

/** Starts the service; tests give their own HTTP options (a free port, checked responses). */
export async function startCsms(
  runtime: Runtime,
  settings: CsmsSection,
  options: HttpServiceOptions,
): Promise<RunningService & { readonly csms: Csms; readonly http: ReturnType<typeof createHttpService> }> {
  const { socketClock: clock, commitGroup, dataFolder, ids, log, journal, shared } = runtime;
  // First, since it refuses wrong addresses and certificates: nothing else is open then.
  const http = createHttpService(options);
  const database = dataFolder.database('csms.db', { sync: shared.storage.sync, group: commitGroup });
  const state = new CsmsState(database);
  seed(state, settings, clock.now());
  const schemas = new OcppSchemaSet();
  const csms = new Csms({
    config: csmsConfigOf(settings),
    state,
    schemas,
    clock,
    ids,
    recorder: new MessageLog(journal.recorder, log, shared.log.level === 'debug'),
    afterCommit: (task) => commitGroup.afterCommit(task),
    defect: (where, thrown) => log.error({ err: thrown }, where),
  });
  const { maxFrameBytes, pingIntervalMs, compression, maxConnections } = csms.config;
  const server = new OcppServer({
    clock,
    role: csms.connections,
    maxFrameBytes,
    pingIntervalMs,
    compression,
    maxConnections,
  });
  const common = serviceApi(runtime, ['stations', 'tokens', 'send', 'commands', 'files']);
  const files = new FilePlace({
    folder: dataFolder.file('files'),
    database,
    ids,
    clock,
    ...settings.files,
    baseUrl: () => settings.publicUrl?.replace(/\/+$/, '') ?? http.address?.url ?? '',
  });
  const api = { csms, settings, clock, files, journal };
  const changes = new LiveChanges(api, common.feed);
  http.mount(withServiceApi(csmsDocument(api), common));
  http.mountRoutes('', stationFileRoutes(files));
  mountWebApp(http, { base: '/ui', scope: 'cpo', service: 'csms', version: runtime.version });
  http.onUpgrade('/ocpp/', (request, socket, head) => server.handleUpgrade(request, socket, head));

  const close = async (): Promise<void> => {
    server.stop();
    changes.close();
    common.close();
    await farewell();
    await http.close();
    csms.stop();
    await commitGroup.settled();
    database.close();
  };
  const farewell = async (): Promise<void> => {
    const until = clock.monotonic() + FAREWELL_MS;
    while (server.connections > 0 && clock.monotonic() < until) await clock.sleep(10);
    server.terminateAll();
  };

  // What a live frame would wait for is made before the first one can come.
  for (const version of csms.connections.versions) schemas.of(version).compileAll();
  try {
    const { url } = await http.listen();
    return {
      url,
      doors: [
        { name: 'UI', url: `${url}/ui` },
        { name: 'API', url: `${url}/api/v1` },
        { name: 'API docs', url: `${url}/api/docs` },
        { name: 'OCPP', url: `${url.replace(/^http/, 'ws')}/ocpp/{identity}` },
      ],
      stop: close,
      csms,
      http,
    };
  } catch (cause) {
    await close();
    throw cause;
  }
}
