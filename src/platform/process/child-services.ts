import { type ChildProcess, spawn } from 'node:child_process';
import type { Clock } from '../../core/clock.ts';
import { CompoteError } from '../../core/errors.ts';
import type { Door, ServiceName } from '../service.ts';

/** What a child tells its parent. */
export type ChildMessage =
  | { readonly compote: 'ready'; readonly doors: readonly Door[] }
  | { readonly compote: 'failed'; readonly text: string };

export interface ChildServicesOptions {
  readonly clock: Clock;
  /** The command line of one service, without the program: `[main.js, csms, --data, …]`. */
  arguments(service: ServiceName): readonly string[];
  readonly problem: (text: string) => void;
  /** A child that was restarted is ready again. */
  readonly restarted: (service: ServiceName) => void;
  readonly startWithinMs?: number;
  readonly stopWithinMs?: number;
}

const FIRST_RESTART_MS = 500;
const LONGEST_RESTART_MS = 30_000;
/** A child that lived this long starts with the shortest pause again. */
const STEADY_MS = 60_000;

/**
 * One child process per service: started in order, stopped in reverse, started again when it dies, with growing pauses.
 * The children run the same code as `compote csms` and so on.
 */
export class ChildServices {
  readonly #options: ChildServicesOptions;
  readonly #children: Child[] = [];
  #stopping = false;

  constructor(options: ChildServicesOptions) {
    this.#options = options;
  }

  /** @throws the reason of the first child that cannot start; the others are stopped then */
  async start(services: readonly ServiceName[]): Promise<{ service: ServiceName; doors: readonly Door[] }[]> {
    const doors: { service: ServiceName; doors: readonly Door[] }[] = [];
    for (const service of services) {
      if (this.#stopping) break;
      const child = new Child(service, this.#options, () => this.#stopping);
      this.#children.push(child);
      try {
        doors.push({ service, doors: await child.start() });
      } catch (cause) {
        await this.stop();
        throw cause;
      }
    }
    return doors;
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    for (let child = this.#children.pop(); child !== undefined; child = this.#children.pop()) await child.stop();
  }

  /** Kills every child at once. */
  kill(): void {
    this.#stopping = true;
    for (const child of this.#children) child.kill();
  }
}

class Child {
  readonly #service: ServiceName;
  readonly #options: ChildServicesOptions;
  readonly #stopping: () => boolean;
  #process: ChildProcess | undefined;
  #pauseMs = FIRST_RESTART_MS;

  constructor(service: ServiceName, options: ChildServicesOptions, stopping: () => boolean) {
    this.#service = service;
    this.#options = options;
    this.#stopping = stopping;
  }

  start(): Promise<readonly Door[]> {
    return new Promise((resolve, reject) => {
      const { clock } = this.#options;
      const startedAt = clock.monotonic();
      const child = spawn(process.execPath, [...this.#options.arguments(this.#service)], {
        stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      });
      this.#process = child;
      let ready = false;
      let reason: string | undefined;
      const timer = clock.after(this.#options.startWithinMs ?? 30_000, () => {
        reason = 'it was not ready in time';
        child.kill('SIGKILL');
      });
      child.on('error', (cause) => {
        reason = cause.message;
      });
      child.on('message', (message: ChildMessage) => {
        if (message.compote === 'failed') reason = message.text;
        if (message.compote !== 'ready') return;
        ready = true;
        timer.cancel();
        resolve(message.doors);
      });
      child.once('close', (code, signal) => {
        timer.cancel();
        this.#process = undefined;
        if (!ready) {
          const why = reason ?? `it ended with ${signal ?? `code ${code}`}`;
          return reject(
            new CompoteError('NOT_AVAILABLE', {
              detail: `${this.#service} does not start: ${why}`,
              hint: 'Its log file tells more.',
            }),
          );
        }
        if (!this.#stopping()) this.#restart(code, signal, clock.monotonic() - startedAt);
      });
    });
  }

  #restart(code: number | null, signal: string | null, livedMs: number): void {
    if (livedMs > STEADY_MS) this.#pauseMs = FIRST_RESTART_MS;
    const pauseMs = this.#pauseMs;
    this.#pauseMs = Math.min(pauseMs * 2, LONGEST_RESTART_MS);
    this.#options.problem(
      `${this.#service} ended with ${signal ?? `code ${code}`}; it starts again in ${pauseMs / 1_000} s`,
    );
    this.#options.clock.after(pauseMs, () => {
      if (this.#stopping()) return;
      const startedAt = this.#options.clock.monotonic();
      this.start().then(
        () => this.#options.restarted(this.#service),
        (cause: unknown) => {
          if (this.#stopping()) return;
          this.#options.problem(String(cause));
          this.#restart(1, null, this.#options.clock.monotonic() - startedAt);
        },
      );
    });
  }

  async stop(): Promise<void> {
    const child = this.#process;
    if (child === undefined) return;
    const ended = new Promise<void>((resolve) => {
      child.once('close', () => resolve());
    });
    // A message, not a signal: signals end a process without asking on some systems.
    if (child.connected) child.send({ compote: 'stop' });
    else child.kill();
    const timer = this.#options.clock.after(this.#options.stopWithinMs ?? 15_000, () => {
      this.#options.problem(`${this.#service} did not stop in time and was killed`);
      child.kill('SIGKILL');
    });
    await ended;
    timer.cancel();
  }

  kill(): void {
    this.#process?.kill('SIGKILL');
  }
}
