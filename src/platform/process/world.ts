import type { Clock } from '../../core/clock.ts';
import { CompoteError, messageOf } from '../../core/errors.ts';
import { SystemIds } from '../../core/ids.ts';
import { Random } from '../../core/random.ts';
import { ScaledClock, SystemClock } from '../../core/system-clock.ts';
import type { LoadedConfig } from '../config/load-config.ts';
import type { Terminal } from '../logging/service-log.ts';
import { type House, prepareService } from '../prepare-service.ts';
import type { Door, ServiceDefinition, ServiceName } from '../service.ts';
import { Supervisor } from '../supervisor.ts';

export interface WorldOptions {
  readonly version: string;
  readonly config: LoadedConfig;
  readonly definitions: readonly ServiceDefinition[];
  readonly terminal?: Terminal | undefined;
  /** Told what did not stop in good order. */
  readonly problem: (text: string) => void;
}

/** Services that run in this process. */
export interface World {
  readonly doors: readonly { readonly service: ServiceName; readonly doors: readonly Door[] }[];
  stop(): Promise<void>;
}

/** The world's time as the configuration names it: `system` or `scaled:60`. */
export function worldClock(name: string, system: SystemClock): Clock {
  const factor = /^scaled:(.+)$/.exec(name)?.[1];
  return factor === undefined ? system : new ScaledClock(Number(factor), system);
}

/** Starts the given services in this process. @throws the reason why one cannot start; then none runs */
export async function startWorld(options: WorldOptions): Promise<World> {
  const { config } = options;
  const socketClock = new SystemClock();
  const supervisor = new Supervisor({
    clock: socketClock,
    prepare: (definition, running) => prepareService(definition, { ...house, urlOf: (name) => running.urlOf(name) }),
    onStopProblem: (service, cause) => options.problem(`${service} did not stop in good order: ${messageOf(cause)}`),
  });
  const house: Omit<House, 'urlOf'> = {
    version: options.version,
    clock: worldClock(config.shared.clock, socketClock),
    socketClock,
    random: config.shared.seed === undefined ? Random.unseeded() : new Random(config.shared.seed),
    ids: new SystemIds(),
    config,
    terminal: options.terminal,
  };
  if (options.definitions.length === 0) {
    throw new CompoteError('NOT_AVAILABLE', { detail: 'no service was named', hint: 'Name one with `--only`.' });
  }
  await supervisor.start(options.definitions);
  return {
    doors: supervisor.running.map(({ definition, running }) => ({ service: definition.name, doors: running.doors })),
    stop: () => supervisor.stop(),
  };
}
