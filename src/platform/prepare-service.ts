import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../core/clock.ts';
import { messageOf } from '../core/errors.ts';
import type { Ids } from '../core/ids.ts';
import type { Random } from '../core/random.ts';
import { DAY_MS } from '../core/time.ts';
import { watchedJournal } from '../journal/findings/watched-recorder.ts';
import { openJournal } from '../journal/index.ts';
import { CommitGroup } from '../storage/commit-group.ts';
import { openDataFolder } from '../storage/data-folder.ts';
import type { LoadedConfig } from './config/load-config.ts';
import type { HttpConfig } from './config/shared-config.ts';
import { halfOf } from './http/halves.ts';
import type { HttpServiceOptions } from './http/http-service.ts';
import type { LogLevel } from './logging/log-reader.ts';
import { openServiceLog, type Terminal } from './logging/service-log.ts';
import type { RunningService, Runtime, ServiceDefinition, ServiceName } from './service.ts';
import type { PreparedService } from './supervisor.ts';
import { Telemetry } from './telemetry/telemetry.ts';

export interface House {
  readonly version: string;
  readonly clock: Clock;
  readonly socketClock: Clock;
  readonly random: Random;
  readonly ids: Ids;
  readonly config: LoadedConfig;
  readonly terminal?: Terminal | undefined;
  /** The address of a service that runs in this process. */
  urlOf(service: ServiceName): string | undefined;
}

/** Opens folder, log, commit group and journal of one service; what it opened is closed by `release`. */
export async function prepareService(definition: ServiceDefinition, house: House): Promise<PreparedService> {
  const { shared, all } = house.config;
  const { name } = definition;
  const dataFolder = openDataFolder(join(shared.data, name), name);
  const closers: (() => void | Promise<void>)[] = [() => dataFolder.close()];
  const release = async (): Promise<void> => {
    for (let close = closers.pop(); close !== undefined; close = closers.pop()) await close();
  };
  try {
    const { log, reader, setLevel, close } = openServiceLog({
      service: name,
      folder: dataFolder.path,
      level: shared.log.level,
      maxFileBytes: shared.log.maxFileBytes,
      maxFiles: shared.log.maxFiles,
      clock: house.socketClock,
      terminal: house.terminal,
    });
    closers.push(close);
    closers.push(house.config.changes.onChange('log.level', (level) => setLevel(level as LogLevel)));
    const commitGroup = new CommitGroup(house.socketClock, (cause) => {
      log.error({ err: cause }, `state could not be written, so no answer was sent: ${messageOf(cause)}`);
    });
    closers.push(() => commitGroup.settled());
    const journalFolder = dataFolder.file('journal');
    mkdirSync(journalFolder, { recursive: true, mode: 0o700 });
    const opened = await openJournal({
      clock: house.socketClock,
      ids: house.ids,
      group: commitGroup,
      folder: journalFolder,
      sync: shared.storage.sync,
      retention: {
        messages: shared.journal.maxEntries,
        bytes: shared.journal.maxBytes,
        ageMs: shared.journal.maxAgeDays * DAY_MS,
      },
      maxRawBytes: shared.journal.maxRawBytes,
      ...(shared.clock === 'system' ? {} : { stationClock: shared.clock }),
      report: ({ kind, text }) => log.warn({ kind }, `journal: ${text}`),
    });
    const watched =
      shared.journal.rules === 'off'
        ? undefined
        : watchedJournal(opened, {
            clock: house.socketClock,
            clocksAgree: shared.clock === 'system',
            defect: (where, thrown) => log.error({ err: thrown }, where),
          });
    const journal = watched ?? opened;
    closers.push(() => journal.close());
    const known = await watched?.resume();
    if (known !== undefined && known > 0) log.debug({ messages: known }, 'the rules know the end of an earlier run');
    const runtime: Runtime = {
      service: name,
      version: house.version,
      clock: house.clock,
      socketClock: house.socketClock,
      random: house.random.fork(name),
      ids: house.ids,
      log,
      logs: reader,
      dataFolder,
      commitGroup,
      journal,
      shared,
      config: house.config,
      addressOf: (service) => house.urlOf(service) ?? configuredAddress(house.config, service),
    };
    const start = async (): Promise<RunningService> => {
      const beganMs = house.socketClock.monotonic();
      const running = await definition.start(runtime, all[name]);
      const telemetry = new Telemetry({
        // The workbench has what the services recorded, and they tell it themselves.
        mode: name === 'workbench' ? 'off' : shared.telemetry,
        ...(shared.telemetryUrl === undefined ? {} : { url: shared.telemetryUrl }),
        journal,
        clock: house.socketClock,
        log,
      });
      // Nobody waits for a collector.
      telemetry.start().then(
        (kind) => void (kind === 'off' || log.info({ kind }, 'telemetry: traces go to a collector')),
        (error: unknown) => log.warn({ err: error }, `telemetry: ${messageOf(error)}`),
      );
      log.info({ url: running.url, ms: Math.round(house.socketClock.monotonic() - beganMs) }, 'ready');
      const stop = async (): Promise<void> => {
        log.info('stopping');
        await running.stop();
        await telemetry.stop();
      };
      return { url: running.url, doors: running.doors, stop };
    };
    return { start, release };
  } catch (cause) {
    await release();
    throw cause;
  }
}

/** The address that the configuration gives a service, when its port is known beforehand. */
function configuredAddress(config: LoadedConfig, service: ServiceName): string | undefined {
  const section = config.all[service] as Partial<HttpConfig> | undefined;
  if (section?.port === undefined || section.port === 0) return undefined;
  const host = section.host ?? config.shared.host;
  const reachable = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host.includes(':') ? `[${host}]` : host;
  return `${section.tls === undefined ? 'http' : 'https'}://${reachable}:${section.port}`;
}

/** What a service's HTTP server takes from the runtime and its section; a role adds nothing but its documents. */
export function httpOptions(runtime: Runtime, section: HttpConfig): HttpServiceOptions {
  return {
    name: runtime.service,
    host: section.host ?? runtime.shared.host,
    port: section.port,
    version: runtime.version,
    clock: runtime.socketClock,
    ids: runtime.ids,
    log: runtime.log,
    commitGroup: runtime.commitGroup,
    tls: section.tls,
    tokens: runtime.shared.access.tokens,
    tokenFile: join(runtime.shared.data, 'access-tokens.json'),
    half: halfOf(runtime.service),
    hosts: runtime.shared.http.hosts,
    origins: runtime.shared.http.origins,
    bodyLimitBytes: runtime.shared.http.bodyLimitBytes,
  };
}
