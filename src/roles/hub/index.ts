import { oicpRoutes } from '../../link/oicp-routes.ts';
import { servedBy } from '../../link/oicp-server.ts';
import { UndiciPort } from '../../link/undici-port.ts';
import { createHttpService, type HttpServiceOptions } from '../../platform/http/http-service.ts';
import { servedRoutes } from '../../platform/http/served-routes.ts';
import { clientTls } from '../../platform/http/tls.ts';
import { httpOptions } from '../../platform/prepare-service.ts';
import { defineService, type RunningService, type Runtime, type ServiceName } from '../../platform/service.ts';
import { serviceApi } from '../../platform/service-routes.ts';
import { hubDocument } from './api/document.ts';
import { Hub } from './hub.ts';
import type { HubConfig } from './hub-options.ts';
import { type HubSection, hubSection } from './section.ts';
import { seed } from './seed.ts';

/** The hub as a service: OICP at `/oicp` and `/api/oicp`, REST and journal at `/api/v1`. */
export const hubService = defineService({
  name: 'hub',
  title: 'E-roaming hub (OICP 2.3)',
  section: hubSection,
  start: (runtime, settings) => startHub(runtime, settings, httpOptions(runtime, settings)),
});

/** Starts the service; tests give their own HTTP options (a free port, checked responses). */
export async function startHub(
  runtime: Runtime,
  settings: HubSection,
  options: HttpServiceOptions,
): Promise<RunningService & { readonly hub: Hub; readonly http: ReturnType<typeof createHttpService> }> {
  const { socketClock: clock, commitGroup, dataFolder, ids, log, journal, shared } = runtime;
  const database = dataFolder.database('hub.db', { sync: shared.storage.sync, group: commitGroup });
  const common = serviceApi(runtime, ['hub', 'send']);
  const port = new UndiciPort({ clock, tls: settings.client && clientTls(settings.client) });
  const isHouse = (name: string): name is ServiceName & ('csms' | 'emp') => name === 'csms' || name === 'emp';
  const hub = new Hub({
    config: hubConfigOf(settings, shared.deadlines.empMs),
    database,
    clock,
    ids,
    random: runtime.random,
    recorder: journal.recorder,
    port,
    afterCommit: (task) => commitGroup.afterCommit(task),
    addressOf: (partner) => (isHouse(partner) ? runtime.addressOf(partner) : undefined),
    isOurs: (baseUrl) =>
      (['csms', 'emp'] as const).some((name) => originOf(runtime.addressOf(name)) === originOf(baseUrl)),
    // What went as it should is for those who look closely.
    log: (facts, text) => (facts['code'] === '000' ? log.debug(facts, text) : log.info(facts, text)),
    defect: (where, thrown) => log.error({ err: thrown }, where),
    changed: (what, id) => common.feed.publish(`hub-${what}`, { id }),
  });
  seed(hub.state, settings);
  const http = createHttpService(options);
  const api = { hub, nowMs: () => clock.now(), newId: () => ids.uuid(), baseUrl: () => http.address?.url ?? '' };
  const operations = servedBy('HUB');
  const at = (prefix: string) => oicpRoutes(operations, (request) => hub.server.serve(request), prefix);
  http.mount(hubDocument(api, servedRoutes(at('/oicp'), settings.maxBodyBytes), common));
  for (const prefix of ['/api/oicp', '/oicp/api/oicp']) {
    http.mountRoutes('', servedRoutes(at(prefix), settings.maxBodyBytes, true));
  }
  const close = async (): Promise<void> => {
    common.close();
    await http.close();
    hub.stop();
    await port.close();
    await commitGroup.settled();
    database.close();
  };
  try {
    const { url } = await http.listen();
    hub.start();
    return {
      url,
      doors: [
        { name: 'OICP', url: `${url}/oicp` },
        { name: 'OICP and API docs', url: `${url}/oicp/docs` },
        { name: 'API', url: `${url}/api/v1/hub` },
      ],
      stop: close,
      hub,
      http,
    };
  } catch (cause) {
    await close();
    throw cause;
  }
}

function hubConfigOf(settings: HubSection, authorizeMs: number): HubConfig {
  const { profile, content, callers, strictIdSpelling, evseVersions, deadlines, cdrForwarding, rateLimits } = settings;
  return {
    profile,
    content,
    callers: { modes: new Set(callers), trustedOnly: (settings.tls?.clientCa?.length ?? 0) > 0 },
    strictIdSpelling,
    evseVersions,
    deadlines: { authorizeMs, ...deadlines },
    cdrForwarding,
    rateLimits,
  };
}

function originOf(address: string | undefined): string | undefined {
  if (address === undefined) return undefined;
  try {
    return new URL(address).origin;
  } catch {
    return undefined;
  }
}
