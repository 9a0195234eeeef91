import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadService, wholeSchema } from '../../src/cli/services.ts';
import { loadConfig } from '../../src/platform/config/load-config.ts';
import { startWorld } from '../../src/platform/process/world.ts';
import { SERVICE_NAMES, type ServiceName } from '../../src/platform/service.ts';
import { freePort } from '../system/service-process.ts';

export interface CallAnswer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: answers of different shapes, judged by the assertions
  readonly body: any;
}

/** Some services of a world in the process of the test, on real sockets. */
export interface ServicesWorld {
  /** Origin of each that runs. */
  readonly urls: ReadonlyMap<ServiceName, string>;
  /** `path` below `/api/v1`. */
  call(service: ServiceName, method: string, path: string, body?: unknown): Promise<CallAnswer>;
  /** Doing it twice does nothing. The data folder goes, unless it was given. */
  stop(): Promise<void>;
}

/**
 * Ports are chosen beforehand, as in a real world: a service knows by the configuration whether there is a hub.
 *
 * @param settings by dotted key, above the quiet ones of tests
 * @param folder of a world that was stopped
 */
export async function startServices(
  services: readonly ServiceName[],
  settings: Readonly<Record<string, string>> = {},
  folder?: string,
): Promise<ServicesWorld> {
  const data = folder ?? mkdtempSync(join(tmpdir(), 'world-'));
  const ports = await Promise.all(SERVICE_NAMES.map(async (name) => [`${name}.port`, String(await freePort())]));
  const quiet = { data, 'storage.sync': 'normal', 'log.level': 'error', telemetry: 'off' };
  const all: Record<string, string> = { ...quiet, ...Object.fromEntries(ports), ...settings };
  const flags = Object.entries(all).map(([path, text]) => ({ path: path.split('.'), text, source: 'test' }));
  const config = loadConfig({ schema: wholeSchema(), flags });
  const definitions = await Promise.all(services.map(loadService));
  const world = await startWorld({ version: '0', config, definitions, problem: () => {} });
  const urls = new Map(world.doors.map(({ service, doors }) => [service, new URL(doors[0]?.url ?? '').origin]));
  let stopped: Promise<void> | undefined;
  return {
    urls,
    async call(service, method, path, body) {
      const response = await fetch(`${urls.get(service)}/api/v1${path}`, {
        method,
        ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
      });
      const text = await response.text();
      return { status: response.status, body: text === '' ? undefined : JSON.parse(text) };
    },
    stop() {
      stopped ??= world.stop().then(() => {
        if (folder === undefined) rmSync(data, { recursive: true, force: true });
      });
      return stopped;
    },
  };
}
