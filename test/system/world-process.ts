import { type ChildProcess, spawn } from 'node:child_process';
import { CLI, childEnvironment, until } from './service-process.ts';

const START_LIMIT_MS = 90_000;

/** `compote up` with a configuration file, as a process of its own. */
export class WorldProcess {
  readonly child: ChildProcess;
  /** What it wrote on both its outputs. */
  output = '';

  private constructor(child: ChildProcess) {
    this.child = child;
    const keep = (chunk: Buffer): void => {
      this.output += chunk.toString();
    };
    child.stdout?.on('data', keep);
    child.stderr?.on('data', keep);
  }

  /** Resolves when all its doors are open. */
  static async start(config: string): Promise<WorldProcess> {
    const world = new WorldProcess(
      spawn(process.execPath, [CLI, 'up', '--config', config], {
        stdio: ['ignore', 'pipe', 'pipe'],
        env: childEnvironment(),
      }),
    );
    await until(
      () => {
        if (world.child.exitCode !== null) throw new Error(`did not start: ${world.output}`);
        return world.output.includes('Ctrl-C stops.');
      },
      (ready) => ready,
      START_LIMIT_MS,
    );
    return world;
  }

  async end(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const ended = new Promise((resolve) => this.child.once('exit', resolve));
    this.child.kill('SIGINT');
    await ended;
  }
}
