import { CompoteError } from '../../core/errors.ts';
import { openPoolClient } from '../../link/pool-client.ts';
import { UndiciPort } from '../../link/undici-port.ts';
import { createHttpService, type HttpServiceOptions } from '../../platform/http/http-service.ts';
import { httpOptions } from '../../platform/prepare-service.ts';
import { defineService, type RunningService, type Runtime, type ServiceDefinition } from '../../platform/service.ts';
import { serviceApi, withServiceApi } from '../../platform/service-routes.ts';
import { mountWebApp } from '../../platform/web-app.ts';
import { type CsmsReader, EverestAdapter } from './adapter.ts';
import { aliasRoutes } from './api/aliases.ts';
import { everestDocument } from './api/document.ts';
import { chooseBroker } from './broker-choice.ts';
import { CsmsRest } from './csms-rest.ts';
import type { LookAlikeOptions, StartLookAlike } from './look-alike-port.ts';
import { oemConsole } from './pnc/oem-console.ts';
import { type EverestSection, everestSection } from './section.ts';
import { stationView } from './views.ts';

export type { LookAlikeOptions, StartLookAlike } from './look-alike-port.ts';

/** The service; the look-alike comes from whoever composes (decision 40). */
export function everestService(startLookAlike: StartLookAlike): ServiceDefinition {
  return defineService({
    name: 'everest',
    title: 'EVerest MQTT adapter',
    section: everestSection,
    start: (runtime, settings) => startEverest(runtime, settings, httpOptions(runtime, settings), startLookAlike),
  });
}

/** Starts the service; tests give their own HTTP options. */
export async function startEverest(
  runtime: Runtime,
  settings: EverestSection,
  options: HttpServiceOptions,
  startLookAlike: StartLookAlike,
): Promise<RunningService & { readonly adapter: EverestAdapter }> {
  const { socketClock, log, journal, ids } = runtime;
  const broker = await chooseBroker(settings.broker, socketClock, log);
  const common = serviceApi(runtime, ['everest'], () => adapter.problems());
  const adapter: EverestAdapter = new EverestAdapter(
    stationsOf(settings),
    {
      clock: socketClock,
      recorder: journal.recorder,
      newId: () => ids.uuid(),
      log,
      changed: (station) => common.feed.publish('everest', stationView(station)),
    },
    broker,
    csmsReader(runtime, settings),
  );
  const http = createHttpService(options);
  http.mount(withServiceApi(everestDocument(adapter), common));
  http.mountRoutes('', aliasRoutes(adapter));
  const poolPort = new UndiciPort({ clock: socketClock });
  const pools = openPoolClient(settings.pnc, {
    clock: socketClock,
    port: poolPort,
    recorder: journal.recorder,
    us: { id: 'oem', role: 'ext' },
    trustUrl: runtime.addressOf('trust'),
  });
  http.mount(oemConsole(pools));
  mountWebApp(http, {
    base: '/gui',
    scope: 'cpo',
    home: '/everest',
    service: 'everest',
    version: runtime.version,
  });
  let lookAlike: Awaited<ReturnType<StartLookAlike>> | undefined;
  const stop = async (): Promise<void> => {
    await lookAlike?.stop();
    common.close();
    await http.close();
    await poolPort.close();
    await adapter.close();
  };
  try {
    const { url } = await http.listen();
    adapter.start();
    if (settings.lookAlike.on) {
      lookAlike = await startLookAlike(lookAlikeOptions(runtime, settings, adapter));
      adapter.lookAlike = true;
    }
    return {
      url,
      doors: [
        { name: 'UI', url: `${url}/gui` },
        { name: 'API', url: `${url}/api/v1/everest` },
        { name: 'API docs', url: `${url}/docs` },
        { name: 'OEM console', url: `${url}/pnc_api/docs` },
        { name: 'MQTT', url: adapter.brokerView().text },
      ],
      stop,
      adapter,
    };
  } catch (cause) {
    await stop();
    throw cause;
  }
}

/** The look-alike behaves like the first station, so its release is known where the configuration says nothing. */
function stationsOf({ stations, lookAlike }: EverestSection): EverestSection['stations'] {
  return stations.map((station, at) =>
    at === 0 && lookAlike.on && station.release === undefined && station.carGrammar === undefined
      ? { ...station, release: lookAlike.release }
      : station,
  );
}

function csmsReader(runtime: Runtime, settings: EverestSection): CsmsReader {
  // The port of our own CSMS is known only once it listens.
  return new CsmsRest(() => settings.csms ?? runtime.addressOf('csms'), runtime.socketClock);
}

function lookAlikeOptions(runtime: Runtime, settings: EverestSection, adapter: EverestAdapter): LookAlikeOptions {
  const { lookAlike } = settings;
  const [station] = settings.stations;
  const own = runtime.addressOf('csms');
  const endpoint = lookAlike.csms ?? (own === undefined ? undefined : `${own.replace(/^http/, 'ws')}/ocpp`);
  if (lookAlike.ocpp !== 'off' && endpoint === undefined) {
    throw new CompoteError('CONFIG_INVALID', {
      detail: 'everest.lookAlike.csms: it is not known where the CSMS listens',
      hint: 'Set it, for example to ws://127.0.0.1:8001/ocpp, or set `everest.lookAlike.ocpp` to off.',
    });
  }
  return {
    brokerUrl: adapter.broker.endpoint.url,
    clock: runtime.clock,
    socketClock: runtime.socketClock,
    log: runtime.log.child({ part: 'look-alike' }),
    release: lookAlike.release,
    connectors: lookAlike.connectors,
    externalPrefix: station?.externalPrefix ?? '',
    ...(lookAlike.ocpp === 'off' || endpoint === undefined
      ? {}
      : {
          ocpp: {
            identity: station?.id ?? 'cp001',
            version: lookAlike.ocpp,
            endpoint,
            recorder: lookAlike.csms === undefined ? null : runtime.journal.recorder,
          },
        }),
  };
}
