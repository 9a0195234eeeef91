import { systemEntropy } from '../../core/entropy.ts';
import { CompoteError } from '../../core/errors.ts';
import { SECOND_MS } from '../../core/time.ts';
import { OcppServer } from '../../link/ocpp-server.ts';
import { oicpRoutes } from '../../link/oicp-routes.ts';
import { servedBy } from '../../link/oicp-server.ts';
import type { PoolClient } from '../../link/pool-client.ts';
import { UndiciPort } from '../../link/undici-port.ts';
import { createHttpService, type HttpServiceOptions } from '../../platform/http/http-service.ts';
import { servedRoutes } from '../../platform/http/served-routes.ts';
import { clientTls } from '../../platform/http/tls.ts';
import { ChosenPeer, peerRoutes } from '../../platform/peers.ts';
import { httpOptions } from '../../platform/prepare-service.ts';
import type { RunningService, Runtime } from '../../platform/service.ts';
import { defineService } from '../../platform/service.ts';
import { serviceApi, withServiceApi } from '../../platform/service-routes.ts';
import { mountWebApp } from '../../platform/web-app.ts';
import { OcppSchemaSet } from '../../protocols/ocpp/schemas.ts';
import { csmsDocument } from './api/document.ts';
import { LiveChanges } from './api/live-changes.ts';
import { oicpDocument } from './api/oicp-document.ts';
import { Csms } from './csms.ts';
import { doorFiles } from './door-files.ts';
import { FilePlace } from './files/file-place.ts';
import { stationFileRoutes } from './files/station-file-routes.ts';
import { MessageLog } from './message-log.ts';
import { Cpo } from './oicp/cpo.ts';
import { CertificateSigner } from './pnc/certificate-signer.ts';
import { pncConsole } from './pnc/console-document.ts';
import { createPnc } from './pnc/index.ts';
import { withProfile } from './profile.ts';
import { type CsmsSection, csmsConfigOf, csmsSection } from './section.ts';
import { SecureDoor } from './secure-door.ts';
import { seed } from './seed.ts';
import { CsmsState } from './state/csms-state.ts';

/** How long stations get to complete the closing handshake. */
const FAREWELL_MS = SECOND_MS;
const MAX_OICP_BYTES = 1_048_576;

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
): Promise<
  RunningService & {
    readonly csms: Csms;
    readonly cpo: Cpo;
    readonly http: ReturnType<typeof createHttpService>;
    readonly door: SecureDoor | undefined;
  }
> {
  const { socketClock: clock, commitGroup, dataFolder, ids, log, journal, shared } = runtime;
  // First, since it refuses wrong addresses and certificates: nothing else is open then.
  const http = createHttpService(options);
  const database = dataFolder.database('csms.db', { sync: shared.storage.sync, group: commitGroup });
  const state = new CsmsState(database);
  seed(state, settings, clock.now());
  const schemas = new OcppSchemaSet();
  const common = serviceApi(runtime, ['stations', 'tokens', 'send', 'commands', 'files', 'roaming']);
  const port = new UndiciPort({ clock, tls: clientTls(settings.oicp) });
  const defect = (where: string, thrown: unknown): void => log.error({ err: thrown }, where);
  const poolPort = new UndiciPort({ clock });
  const pnc = createPnc(settings.pnc, {
    clock,
    port: poolPort,
    log,
    recorder: journal.recorder,
    trustUrl: runtime.addressOf('trust'),
  });
  const messageLog = new MessageLog(journal.recorder, log, shared.log.level === 'debug');
  const unheard = runtime.config.changes.onChange('log.level', (level) => {
    messageLog.everyMessage = level === 'debug';
  });
  const csms: Csms = new Csms({
    config: withProfile(csmsConfigOf(settings), shared.security, options.host),
    state,
    schemas,
    clock,
    ids,
    recorder: messageLog,
    afterCommit: (task) => commitGroup.afterCommit(task),
    defect,
    askRoaming: (question, done) => cpo.askRoaming(question, done),
    ...(pnc === undefined ? {} : { vehicleCertificates: pnc.plugAndCharge }),
  });
  const hub = new ChosenPeer(dataFolder.file('peers.json'), {
    peer: 'hub',
    key: 'csms.oicp.hubUrl',
    configured: settings.oicp.hubUrl,
    ours: () => runtime.addressOf('hub'),
  });
  const cpo: Cpo = new Cpo({
    config: {
      ...settings.oicp,
      enabled: settings.oicp.enabled ?? hub.url !== undefined,
      authorizeMs: shared.deadlines.hubMs,
      clocksAgree: shared.clock === 'system',
    },
    csms,
    database,
    clock,
    ids,
    random: runtime.random.fork('oicp'),
    recorder: journal.recorder,
    port,
    hubUrl: () => hub.url ?? 'http://127.0.0.1:8002',
    hubIsOurs: () => hub.isOurs,
    ...(settings.oicp.apiKey === undefined ? {} : { headers: { 'x-api-key': settings.oicp.apiKey } }),
    afterCommit: (task) => commitGroup.afterCommit(task),
    log: (level, facts, text) => log[level](facts, text),
    defect,
    changed: (what, id) => common.feed.publish(what, { id }),
  });
  const signer =
    pnc &&
    new CertificateSigner({
      csms,
      client: pnc.client,
      log,
      sign: pnc.settings.sign,
      registerStations: pnc.settings.registerStations,
    });
  const { maxFrameBytes, pingIntervalMs, compression, maxConnections } = csms.config;
  const server = new OcppServer({
    clock,
    role: csms.connections,
    entropy: systemEntropy,
    maxFrameBytes,
    pingIntervalMs,
    compression,
    maxConnections,
  });
  const door =
    shared.security.profile < 2
      ? undefined
      : secureDoor(runtime, options.host, server, demandPnc(pnc?.client), demandPnc(signer));
  const files = new FilePlace({
    folder: dataFolder.file('files'),
    database,
    ids,
    clock,
    ...settings.files,
    baseUrl: () => settings.publicUrl?.replace(/\/+$/, '') ?? http.address?.url ?? '',
  });
  const api = { csms, cpo, settings, clock, files, journal };
  const changes = new LiveChanges(api, common.feed);
  http.mount(withServiceApi(csmsDocument(api), { ...common, routes: [...common.routes, ...peerRoutes(hub)] }));
  http.mount(pncConsole(csms, pnc, signer));
  http.mountRoutes('', stationFileRoutes(files));
  const served = oicpRoutes(servedBy('CPO'), (request) => cpo.hub.server.serve(request));
  http.mount(oicpDocument(api, servedRoutes(served, MAX_OICP_BYTES)));
  mountWebApp(http, { base: '/ui', scope: 'cpo', service: 'csms', version: runtime.version });
  http.onUpgrade('/ocpp/', (request, socket, head) => server.handleUpgrade(request, socket, head));

  const close = async (): Promise<void> => {
    unheard();
    server.stop();
    changes.close();
    common.close();
    await farewell();
    await door?.stop();
    await http.close();
    cpo.stop();
    signer?.stop();
    await poolPort.close();
    await port.close();
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
    await door?.start();
    cpo.start();
    return {
      url,
      doors: [
        { name: 'UI', url: `${url}/ui` },
        { name: 'API', url: `${url}/api/v1` },
        { name: 'API docs', url: `${url}/api/docs` },
        { name: 'OICP console', url: `${url}/oicp_api/docs` },
        { name: 'Plug & Charge console', url: `${url}/pnc_api/docs` },
        { name: 'OCPP', url: `${url.replace(/^http/, 'ws')}/ocpp/{identity}` },
        ...(door?.url === undefined ? [] : [{ name: 'OCPP (TLS)', url: `${door.url}/{identity}` }]),
      ],
      stop: close,
      door,
      csms,
      cpo,
      http,
    };
  } catch (cause) {
    await close();
    throw cause;
  }
}

/** Certificates for TLS come from a Plug & Charge environment. @throws CONFIG_INVALID without one */
function demandPnc<T>(part: T | undefined): T {
  if (part !== undefined) return part;
  throw new CompoteError('CONFIG_INVALID', {
    detail: 'security profiles 2 and 3 need an environment that issues the certificate of the CSMS',
    hint: 'Start the trust service too, or set `csms.pnc.url`; or set `csms.tls` to files of your own.',
  });
}

function secureDoor(
  { socketClock: clock, log, dataFolder, shared }: Runtime,
  bind: string,
  ocpp: OcppServer,
  client: PoolClient,
  signer: CertificateSigner,
): SecureDoor {
  const { profile, host, port } = shared.security;
  const kept = doorFiles(dataFolder.file('tls'));
  const asksCertificate = profile === 3;
  return new SecureDoor({
    clock,
    entropy: systemEntropy,
    log,
    client,
    signer,
    ocpp,
    bind,
    port,
    host,
    asksCertificate,
    kept,
  });
}
