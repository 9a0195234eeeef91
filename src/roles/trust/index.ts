import { systemEntropy } from '../../core/entropy.ts';
import { UndiciPort } from '../../link/undici-port.ts';
import { createHttpService, type HttpServiceOptions } from '../../platform/http/http-service.ts';
import { isLoopback } from '../../platform/http/origin-check.ts';
import { httpOptions } from '../../platform/prepare-service.ts';
import { defineService, type RunningService, type Runtime } from '../../platform/service.ts';
import { serviceApi, withServiceApi } from '../../platform/service-routes.ts';
import { trustDocument } from './api/document.ts';
import { KeyFolder } from './pki/key-files.ts';
import { poolDocument, poolRemainders } from './pool-routes.ts';
import { type TrustSection, trustSection } from './section.ts';
import { Trust } from './trust.ts';
import { TrustState } from './trust-state.ts';

/** The Plug & Charge trust environment as a service: its pools at their published paths, its REST with docs. */
export const trustService = defineService({
  name: 'trust',
  title: 'Plug & Charge trust environment',
  section: trustSection,
  start(runtime, settings) {
    const options = httpOptions(runtime, settings);
    const hosts = settings.publicUrl === undefined ? [] : [new URL(settings.publicUrl).hostname];
    return startTrust(runtime, settings, { ...options, hosts: [...(options.hosts ?? []), ...hosts] });
  },
});

/** Starts the service; tests give their own HTTP options (a free port, checked responses). */
export async function startTrust(
  runtime: Runtime,
  settings: TrustSection,
  options: HttpServiceOptions,
): Promise<RunningService & { readonly trust: Trust; readonly http: ReturnType<typeof createHttpService> }> {
  const { socketClock: clock, commitGroup, dataFolder, ids, log, journal, shared } = runtime;
  const http = createHttpService(options);
  const database = dataFolder.database('trust.db', { sync: shared.storage.sync, group: commitGroup });
  const state = new TrustState(database);
  const port = new UndiciPort({ clock });
  const trust = new Trust({
    settings,
    demoClients: settings.demoClients ?? isLoopback(options.host),
    state,
    keys: new KeyFolder(dataFolder.file('keys')),
    clock,
    ids,
    entropy: systemEntropy,
    recorder: journal.recorder,
    log,
    port,
    afterCommit: (task) => commitGroup.afterCommit(task),
    baseUrl: () => settings.publicUrl?.replace(/\/+$/, '') ?? http.address?.url ?? `http://127.0.0.1:${settings.port}`,
  });
  const common = serviceApi(runtime, ['pnc']);
  http.mount(poolDocument(trust.serve));
  http.mountRoutes('', poolRemainders(trust.serve));
  http.mount(withServiceApi(trustDocument(trust), common));

  const close = async (): Promise<void> => {
    trust.stop();
    common.close();
    await http.close();
    await port.close();
    await commitGroup.settled();
    database.close();
  };
  try {
    const { url } = await http.listen();
    // After listening: certificates name the OCSP responder, and with port 0 nobody knew where it would stand.
    trust.start();
    return {
      url,
      doors: [
        { name: 'Pools', url },
        { name: 'Pool docs', url: `${url}/docs` },
        { name: 'API docs', url: `${url}/api/docs` },
      ],
      stop: close,
      trust,
      http,
    };
  } catch (cause) {
    await close();
    throw cause;
  }
}
