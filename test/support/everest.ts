import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SystemIds } from '../../src/core/ids.ts';
import { Random } from '../../src/core/random.ts';
import { ScaledClock, SystemClock } from '../../src/core/system-clock.ts';
import { openMemoryJournal } from '../../src/journal/index.ts';
import { type MqttBroker, startMqttBroker } from '../../src/link/mqtt-broker.ts';
import { configSchema } from '../../src/platform/config/config-schema.ts';
import { loadConfig } from '../../src/platform/config/load-config.ts';
import { openServiceLog } from '../../src/platform/logging/service-log.ts';
import { httpOptions } from '../../src/platform/prepare-service.ts';
import type { Runtime } from '../../src/platform/service.ts';
import { startEverest } from '../../src/roles/everest/index.ts';
import type { LookAlikeOptions } from '../../src/roles/everest/look-alike-port.ts';
import { type EverestSection, everestSection } from '../../src/roles/everest/section.ts';
import { CommitGroup } from '../../src/storage/commit-group.ts';
import { openDataFolder } from '../../src/storage/data-folder.ts';
import { startLookAlike } from '../../src/workbench/look-alike/index.ts';
import { LookAlike } from '../../src/workbench/look-alike/look-alike.ts';
import type { LookAlikeTraits } from '../../src/workbench/look-alike/place.ts';

type Json = Record<string, unknown>;

export interface RestAnswer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers member by member
  readonly body: any;
}

export const clock = new SystemClock();

/** Asks again at the end of each turn until it is so; the test's own time-out is the limit. */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await clock.sleep(5);
}

/** A broker that a test can end and begin again on the same port. */
export async function testBroker(port = 0): Promise<MqttBroker> {
  return startMqttBroker({ host: '127.0.0.1', port, refused: () => {} });
}

/** The adapter as a service, on a free port, with its journal in memory. */
export async function testEverest(config: Json, csmsUrl?: string) {
  const folder = mkdtempSync(join(tmpdir(), 'everest-'));
  const loaded = loadConfig({
    schema: configSchema({ everest: everestSection }),
    flags: [{ path: ['everest', 'port'], text: '0', source: 'test' }],
  });
  const defaults = loaded.all['everest'] as Json;
  const [station] = defaults['stations'] as Json[];
  const stations = (config['stations'] as Json[] | undefined) ?? [{}];
  const settings = {
    ...defaults,
    ...config,
    broker: { ...(defaults['broker'] as Json), ...(config['broker'] as Json | undefined) },
    pnc: { ...(defaults['pnc'] as Json), ...(config['pnc'] as Json | undefined) },
    lookAlike: { ...(defaults['lookAlike'] as Json), ...(config['lookAlike'] as Json | undefined) },
    stations: stations.map((one) => ({ ...station, ...one })),
  } as unknown as EverestSection;
  const commitGroup = new CommitGroup(clock, (cause) => {
    throw cause;
  });
  const dataFolder = openDataFolder(folder, 'everest');
  const journal = openMemoryJournal({ clock, group: commitGroup, ids: new SystemIds() });
  const serviceLog = openServiceLog({
    service: 'everest',
    folder,
    level: 'debug',
    maxFileBytes: 5_000_000,
    maxFiles: 1,
    clock,
  });
  const runtime: Runtime = {
    service: 'everest',
    version: '0.0.0-test',
    clock: new ScaledClock(20),
    socketClock: clock,
    random: new Random('test'),
    ids: new SystemIds(),
    log: serviceLog.log,
    logs: serviceLog.reader,
    dataFolder,
    commitGroup,
    journal,
    shared: { ...loaded.shared, storage: { sync: 'normal' } },
    config: { ...loaded, all: { ...loaded.all, everest: settings } },
    addressOf: (service) => (service === 'csms' ? csmsUrl : undefined),
  };
  const service = await startEverest(
    runtime,
    settings,
    { ...httpOptions(runtime, settings), checkResponses: true },
    startLookAlike,
  );
  const base = service.url ?? '';
  const call = async (method: string, path: string, body?: unknown): Promise<RestAnswer> => {
    const response = await fetch(`${base}${path}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
    const text = await response.text();
    return { status: response.status, body: text === '' ? undefined : JSON.parse(text) };
  };
  const sid = settings.stations[0]?.id ?? 'cp001';
  return {
    ...service,
    base,
    journal,
    folder,
    call,
    /** An operation at a connector of the first station. */
    op: (name: string, body: Json = {}, query = '', n = 1) =>
      call('POST', `/api/v1/everest/stations/${sid}/connectors/${n}/${name}${query}`, body),
    async connector(n = 1) {
      return (await call('GET', `/api/v1/everest/stations/${sid}/connectors/${n}`)).body;
    },
    station: async (id = sid) => (await call('GET', `/api/v1/everest/stations/${id}`)).body,
    async end() {
      await service.stop();
      await journal.close();
      await serviceLog.close();
      dataFolder.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A look-alike whose seconds are so many times shorter. */
export function testLookAlike(
  brokerUrl: string,
  options: Partial<LookAlikeOptions> = {},
  traits: LookAlikeTraits = {},
): LookAlike {
  const log = {
    debug: () => {},
    info: () => {},
    warn: () => {},
    error: (...told: unknown[]) => {
      throw new Error(`look-alike: ${JSON.stringify(told)}`);
    },
    child: () => log,
  };
  const fast = new ScaledClock(20);
  const lookAlike = new LookAlike(
    {
      brokerUrl,
      clock: fast,
      socketClock: clock,
      log,
      release: '2025.10',
      connectors: 1,
      externalPrefix: '',
      ...options,
    },
    { periods: fast, ...traits },
  );
  lookAlike.start();
  return lookAlike;
}
