import { EventFeed } from '../platform/http/event-feed.ts';
import { createHttpService, type HttpService, type HttpServiceOptions } from '../platform/http/http-service.ts';
import { httpOptions } from '../platform/prepare-service.ts';
import { defineService, type RunningService, type Runtime } from '../platform/service.ts';
import { mountWebApp } from '../platform/web-app.ts';
import { workbenchDocument } from './document.ts';
import { Forwarder } from './forward.ts';
import { PresetFolder } from './presets.ts';
import { workbenchSection } from './section.ts';
import { Services, WATCHED } from './services.ts';
import { WorldEvents } from './world-events.ts';

/** The workbench as a service: the web app at `/`, and one API over all services. */
export const workbenchService = defineService({
  name: 'workbench',
  title: 'Workbench, the web UI',
  section: workbenchSection,
  start: (runtime, settings) => startWorkbench(runtime, httpOptions(runtime, settings)),
});

/** Starts the service; tests give their own HTTP options (a free port). */
export async function startWorkbench(
  runtime: Runtime,
  options: HttpServiceOptions,
): Promise<RunningService & { readonly http: HttpService }> {
  const { socketClock: clock, journal } = runtime;
  const http = createHttpService(options);
  const feed = new EventFeed({ clock, epoch: journal.epoch });
  const forwarder = new Forwarder((service) => runtime.addressOf(service));
  const services = new Services({
    clock,
    addressOf: (service) => runtime.addressOf(service),
    get: (service, path) => forwarder.get(service, path),
    changed: () => {
      feed.publish('service', services.states);
      events.topologyChanged();
    },
  });
  const events = new WorldEvents({
    clock,
    feed,
    forwarder,
    services: WATCHED.map((each) => each.name),
    healthOf: (service) => services.healthOf(service),
  });
  const presets = new PresetFolder(runtime.dataFolder.file('presets'));
  http.mount(workbenchDocument({ runtime, services, forwarder, events, feed, presets }));
  http.mountRoutes('/api/v1', forwarder.routes());
  mountWebApp(http, { base: '/', scope: 'all', service: 'workbench', version: runtime.version });
  const stop = async (): Promise<void> => {
    events.watch(false);
    services.watch(false);
    feed.close();
    await http.close();
    await forwarder.close();
  };
  try {
    const { url } = await http.listen();
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
