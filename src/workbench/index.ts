import { EventFeed } from '../platform/http/event-feed.ts';
import { createHttpService, type HttpService, type HttpServiceOptions } from '../platform/http/http-service.ts';
import { httpOptions } from '../platform/prepare-service.ts';
import { defineService, type RunningService, type Runtime, type ServiceName } from '../platform/service.ts';
import { mountWebApp } from '../platform/web-app.ts';
import { ApiDocuments } from './api-documents.ts';
import { DemoRuns } from './demo/demo-runs.ts';
import { DEMOS } from './demo/index.ts';
import { workbenchDocument } from './document.ts';
import { Forwarder } from './forward.ts';
import { MergedJournal } from './merged-journal/merged-journal.ts';
import { MergedRules } from './merged-journal/merged-rules.ts';
import { refuseOtherWorld } from './own-world.ts';
import { PresetFolder } from './presets.ts';
import { Replacements } from './replace/replacements.ts';
import { workbenchSection } from './section.ts';
import { Services, WATCHED } from './services.ts';
import { WorldEvents } from './world-events.ts';

/** The workbench as a service: the web app at `/`, and one API over all services. */
export const workbenchService = defineService({
  name: 'workbench',
  title: 'Workbench, the web UI',
  section: workbenchSection,
  start: (runtime, settings) => startWorkbench(runtime, httpOptions(runtime, settings), settings.token),
});

/** Starts the service; tests give their own HTTP options (a free port). */
export async function startWorkbench(
  runtime: Runtime,
  options: HttpServiceOptions,
  token?: string,
): Promise<RunningService & { readonly http: HttpService }> {
  const { socketClock: clock, journal } = runtime;
  const http = createHttpService(options);
  const feed = new EventFeed({ clock, epoch: journal.epoch });
  const forwarder = new Forwarder(
    (service) => runtime.addressOf(service),
    (origin, seq, waitMs) => merged.localSeq({ origin, seq }, waitMs),
  );
  const health = async (service: ServiceName): Promise<unknown> => {
    const told = await forwarder.get(service, 'health');
    refuseOtherWorld(runtime.config, service, told);
    return told;
  };
  // Whoever may look here may look there: their token reads the journals until the configuration names one.
  let followToken = token;
  const merged = new MergedJournal({
    clock,
    journal,
    services: WATCHED.map((each) => each.name),
    open: async (service, path, signal) => {
      await health(service);
      return forwarder.open(service, `/api/v1/${path}`, followToken, signal);
    },
    file: runtime.dataFolder.file('followed.json'),
    log: runtime.log,
    rules:
      runtime.shared.journal.rules === 'off'
        ? undefined
        : new MergedRules({
            clock,
            report: (finding) => journal.unwatched.finding(finding),
            clocksAgree: runtime.shared.clock === 'system',
            defect: (where, thrown) => runtime.log.error({ err: thrown }, where),
          }),
  });
  const services = new Services({
    clock,
    addressOf: (service) => runtime.addressOf(service),
    health,
    changed: () => {
      feed.publish('service', services.states);
      events.topologyChanged();
    },
  });
  const events = new WorldEvents({
    clock,
    journal,
    feed,
    forwarder,
    services: WATCHED.map((each) => each.name),
    healthOf: (service) => services.healthOf(service),
  });
  const presets = new PresetFolder(runtime.dataFolder.file('presets'));
  const replacements = new Replacements(runtime.dataFolder.file('parties.json'), runtime.config);
  const demos = new DemoRuns({
    clock,
    ids: runtime.ids,
    journal,
    demos: DEMOS,
    folder: runtime.dataFolder.file('demo'),
    absent: async (needed) => {
      await services.look();
      return services.absent(needed);
    },
    call: (shown, service, method, path, body) =>
      forwarder.call(service, method, path.startsWith('/pnc_api/') ? path : `/api/v1${path}`, body, shown ?? token),
    changed: (run) => feed.publish('demo', run),
  });
  const documents = new ApiDocuments({
    forwarder,
    services,
    file: runtime.dataFolder.file('apis.json'),
    now: () => clock.now(),
    log: runtime.log,
  });
  const seenToken = (seen: string | undefined): void => {
    followToken ??= seen;
  };
  const api = {
    runtime,
    services,
    forwarder,
    events,
    feed,
    presets,
    merged,
    demos,
    documents,
    replacements,
    seenToken,
  };
  http.mount(workbenchDocument(api));
  http.mountRoutes('/api/v1', forwarder.routes());
  mountWebApp(http, { base: '/', scope: 'all', service: 'workbench', version: runtime.version });
  const stop = async (): Promise<void> => {
    await demos.stop();
    events.watch(false);
    await merged.stop();
    services.watch(false);
    feed.close();
    await http.close();
    await forwarder.close();
  };
  try {
    const { url } = await http.listen();
    merged.start().catch((cause: unknown) => runtime.log.error({ err: cause }, 'the journals are not followed'));
    return {
      url,
      doors: [
        { name: 'Workbench', url },
        { name: 'API docs', url: `${url}/api/docs` },
      ],
      stop,
      http,
    };
  } catch (cause) {
    await stop();
    throw cause;
  }
}
