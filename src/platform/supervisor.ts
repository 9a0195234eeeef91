import type { Clock } from '../core/clock.ts';
import { CompoteError, messageOf } from '../core/errors.ts';
import type { RunningService, ServiceDefinition, ServiceName } from './service.ts';

/** One service made ready to start, with what must be closed after it. */
export interface PreparedService {
  start(): Promise<RunningService>;
  /** Closes journal, log and data folder; after `stop`, also after a failed start. */
  release(): Promise<void>;
}

export interface SupervisorOptions {
  readonly clock: Clock;
  /** Makes the runtime of one service. @throws what the person at the terminal has to read */
  prepare(definition: ServiceDefinition, supervisor: Supervisor): Promise<PreparedService>;
  /** Tells that a service did not stop in good order. */
  readonly onStopProblem: (service: ServiceName, cause: unknown) => void;
  /** How long one service may take to stop. */
  readonly stopWithinMs?: number;
}

interface Started {
  readonly definition: ServiceDefinition;
  readonly prepared: PreparedService;
  readonly running: RunningService;
}

/** Starts services one after another in one process, and stops them in reverse. All start or none does. */
export class Supervisor {
  readonly #options: SupervisorOptions;
  readonly #started: Started[] = [];
  #stopping: Promise<void> | undefined;

  constructor(options: SupervisorOptions) {
    this.#options = options;
  }

  /** The services that run, in the order of their start. */
  get running(): readonly { readonly definition: ServiceDefinition; readonly running: RunningService }[] {
    return this.#started;
  }

  /** The base address of a service that runs here. */
  urlOf(service: ServiceName): string | undefined {
    return this.#started.find((each) => each.definition.name === service)?.running.url;
  }

  /** @throws the first service's reason; everything that had started is stopped then */
  async start(definitions: readonly ServiceDefinition[]): Promise<void> {
    for (const definition of definitions) {
      if (this.#stopping !== undefined) return;
      let prepared: PreparedService | undefined;
      try {
        prepared = await this.#options.prepare(definition, this);
        const running = await prepared.start();
        this.#started.push({ definition, prepared, running });
      } catch (cause) {
        await prepared?.release().catch((problem: unknown) => this.#options.onStopProblem(definition.name, problem));
        await this.stop();
        throw cause instanceof CompoteError
          ? cause
          : new CompoteError('INTERNAL', { detail: `${definition.name} does not start: ${messageOf(cause)}`, cause });
      }
    }
  }

  /** Stops everything, the last started first. The second call waits for the first. */
  stop(): Promise<void> {
    this.#stopping ??= this.#stopAll();
    return this.#stopping;
  }

  async #stopAll(): Promise<void> {
    for (let last = this.#started.pop(); last !== undefined; last = this.#started.pop()) {
      const { definition, prepared, running } = last;
      try {
        await this.#within(running.stop(), definition.name);
      } catch (cause) {
        this.#options.onStopProblem(definition.name, cause);
      }
      try {
        await this.#within(prepared.release(), definition.name);
      } catch (cause) {
        this.#options.onStopProblem(definition.name, cause);
      }
    }
  }

  async #within(work: Promise<void>, service: ServiceName): Promise<void> {
    const limitMs = this.#options.stopWithinMs ?? 10_000;
    let settle: (() => void) | undefined;
    const timer = this.#options.clock.after(limitMs, () => settle?.());
    const late = new Promise<never>((_resolve, reject) => {
      settle = () => reject(new Error(`${service} did not stop within ${limitMs} ms`));
    });
    try {
      await Promise.race([work, late]);
    } finally {
      timer.cancel();
    }
  }
}
