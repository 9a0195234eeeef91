import { systemEntropy } from '../../core/entropy.ts';
import { DAY_MS, SECOND_MS } from '../../core/time.ts';
import { oicpRoutes } from '../../link/oicp-routes.ts';
import { servedBy } from '../../link/oicp-server.ts';
import { openPoolClient } from '../../link/pool-client.ts';
import { UndiciPort } from '../../link/undici-port.ts';
import { createHttpService, type HttpServiceOptions } from '../../platform/http/http-service.ts';
import { servedRoutes } from '../../platform/http/served-routes.ts';
import { clientTls } from '../../platform/http/tls.ts';
import { ChosenPeer, peerRoutes } from '../../platform/peers.ts';
import { httpOptions } from '../../platform/prepare-service.ts';
import { defineService, type RunningService, type Runtime } from '../../platform/service.ts';
import { serviceApi, withServiceApi } from '../../platform/service-routes.ts';
import { mountWebApp } from '../../platform/web-app.ts';
import { canonicalOperatorId } from '../../protocols/oicp/index.ts';
import { consoleDocument, empDocument } from './api/document.ts';
import { Emp } from './emp.ts';
import { pullCdrs, pullEvseData, pullPrices, pullStatuses } from './outbound/pulls.ts';
import { pncConsole } from './pnc/console-document.ts';
import { Schedule, type ScheduledPull } from './schedule.ts';
import { type EmpSection, empSection } from './section.ts';
import { seedDemo } from './seed.ts';
import { knownOperators } from './state/catalogue.ts';

/** The EMP as a service: REST and journal at `/api/v1`, the console at `/oicp_api`, inbound OICP at `/api/oicp`. */
export const empService = defineService({
  name: 'emp',
  title: 'EMP backend',
  section: empSection,
  start: (runtime, settings) => startEmp(runtime, settings, httpOptions(runtime, settings)),
});

/** Starts the service; tests give their own HTTP options (a free port, checked responses). */
export async function startEmp(
  runtime: Runtime,
  settings: EmpSection,
  options: HttpServiceOptions,
): Promise<RunningService & { readonly emp: Emp; readonly http: ReturnType<typeof createHttpService> }> {
  const { socketClock: clock, commitGroup, dataFolder, ids, log, journal, shared } = runtime;
  const database = dataFolder.database('emp.db', { sync: shared.storage.sync, group: commitGroup });
  const common = serviceApi(runtime, ['emp', 'send']);
  const port = new UndiciPort({ clock, tls: clientTls(settings.hub) });
  const hub = new ChosenPeer(dataFolder.file('peers.json'), {
    peer: 'hub',
    key: 'emp.hub.baseUrl',
    configured: settings.hub.baseUrl,
    ours: () => runtime.addressOf('hub'),
  });
  const hubUrl = (): string => hub.url ?? 'http://127.0.0.1:8002';
  const defect = (where: string, thrown: unknown): void => log.error({ err: thrown }, where);
  const emp = new Emp({
    config: {
      providerId: settings.providerId,
      content: settings.content,
      geoFormat: settings.geoFormat,
      remoteMs: settings.hub.remoteMs,
      otherMs: settings.hub.otherMs,
      inboundKey: settings.hub.inboundKey,
    },
    database,
    clock,
    ids,
    random: runtime.random,
    recorder: journal.recorder,
    port,
    hubUrl,
    hubIsOurs: () => hub.isOurs,
    ...(settings.hub.apiKey === undefined ? {} : { headers: { 'x-api-key': settings.hub.apiKey } }),
    afterCommit: (task) => commitGroup.afterCommit(task),
    log: (level, facts, text) => log[level](facts, text),
    defect,
    changed: (what, id) => common.feed.publish(`emp-${what}`, { id }),
  });
  if (settings.demoData) await seedDemo(emp);
  const schedule = new Schedule({
    emp,
    clock,
    random: runtime.random.fork('schedule'),
    pulls: scheduledPulls(emp, settings),
    defect,
  });
  const http = createHttpService(options);
  const api = { emp, hubUrl, journal: runtime.journal };
  const poolPort = new UndiciPort({ clock });
  const pnc = pncConsole({
    emp,
    settings: settings.pnc,
    client: openPoolClient(settings.pnc, {
      clock,
      port: poolPort,
      recorder: journal.recorder,
      us: { id: 'emp', role: 'emp' },
      trustUrl: runtime.addressOf('trust'),
    }),
    entropy: systemEntropy,
    nowMs: () => clock.now(),
    changed: (id) => common.feed.publish('emp-contracts', { id }),
  });
  const served = oicpRoutes(servedBy('EMP'), (request) => emp.hub.server.serve(request));
  http.mount(withServiceApi(empDocument(api), { ...common, routes: [...common.routes, ...peerRoutes(hub)] }));
  http.mount(consoleDocument(api, servedRoutes(served, settings.maxBodyBytes)));
  http.mount(pnc);
  mountWebApp(http, { base: '/gui', scope: 'emp', home: '/emp', service: 'emp', version: runtime.version });
  const close = async (): Promise<void> => {
    schedule.stop();
    common.close();
    await http.close();
    emp.stop();
    await port.close();
    await poolPort.close();
    await commitGroup.settled();
    database.close();
  };
  try {
    const { url } = await http.listen();
    schedule.start();
    return {
      url,
      doors: [
        { name: 'UI', url: `${url}/gui` },
        { name: 'API', url: `${url}/api/v1` },
        { name: 'API docs', url: `${url}/docs` },
        { name: 'OICP console', url: `${url}/oicp_api/docs` },
        { name: 'Plug & Charge console', url: `${url}/pnc_api/docs` },
        { name: 'OICP', url: `${url}/api/oicp` },
      ],
      stop: close,
      emp,
      http,
    };
  } catch (cause) {
    await close();
    throw cause;
  }
}

/** What is pulled by itself, and how often. */
export function scheduledPulls(emp: Emp, { pulls }: EmpSection): ScheduledPull[] {
  const every = (kind: string, seconds: number, run: ScheduledPull['run'], firstMs = 0): ScheduledPull[] =>
    seconds === 0 ? [] : [{ kind, everyMs: seconds * SECOND_MS, firstMs, run }];
  const dayMs = pulls.evseDataFullS * SECOND_MS;
  return [
    ...every('evse-data', pulls.evseDataS, async () => {
      const result = await pullEvseData(emp, 'delta');
      const unpriced = knownOperators(emp.state).filter(
        ({ operatorId }) => emp.state.prices.get(canonicalOperatorId(operatorId)) === undefined,
      );
      // The prices of an operator who is new here do not wait for the next round.
      if (pulls.pricesS > 0 && unpriced.length > 0) {
        await pullPrices(
          emp,
          unpriced.map(({ operatorId }) => operatorId),
        );
      }
      return result;
    }),
    // The first pull of changes is a full one.
    ...every('evse-data-full', pulls.evseDataFullS, () => pullEvseData(emp, 'full'), dayMs),
    ...every('statuses', pulls.statusS, () => pullStatuses(emp)),
    ...every('prices', pulls.pricesS, () => pullPrices(emp)),
    ...every('cdrs', pulls.cdrsS, () => {
      const nowMs = emp.nowMs();
      const sinceMs = emp.state.pulls.get('cdrs')?.lastSuccessMs ?? nowMs - 30 * DAY_MS;
      return pullCdrs(emp, { fromMs: sinceMs - DAY_MS, toMs: nowMs + SECOND_MS, onlyMissing: true });
    }),
  ];
}
