import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const CLI = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}

/** A second on a machine of one's own; many others may be at work on this one. */
const START_LIMIT_MS = 90_000;

export const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Asks until it is so; fails after `limitMs` with what was last seen. */
export async function until<T>(look: () => Promise<T> | T, holds: (seen: T) => boolean, limitMs = 20_000): Promise<T> {
  const end = Date.now() + limitMs;
  for (;;) {
    const seen = await look();
    if (holds(seen)) return seen;
    if (Date.now() > end)
      throw new Error(`Not reached within ${limitMs} ms; last seen: ${JSON.stringify(seen)?.slice(0, 2000)}`);
    await sleep(20);
  }
}

export interface HttpAnswer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers member by member
  readonly body: any;
}

/** The environment of a child: ours without the variables of the tests, which would be read as keys of the configuration. */
export function childEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('COMPOTE_FUZZ_')));
}

/** A service of the build as a process of its own. */
export class ServiceProcess {
  readonly port: number;
  readonly data: string;
  readonly child: ChildProcess;
  output = '';

  private constructor(port: number, data: string, child: ChildProcess) {
    this.port = port;
    this.data = data;
    this.child = child;
    const keep = (chunk: Buffer): void => {
      this.output = (this.output + chunk.toString()).slice(-20_000);
    };
    child.stdout?.on('data', keep);
    child.stderr?.on('data', keep);
  }

  /**
   * Starts `compote SERVICE` and waits until it answers. `data` and `port` can be those of a process that ended; `through`
   * is a command that starts the command after it.
   */
  static async start(
    service: string,
    flags: readonly string[] = [],
    again: { port?: number; data?: string; through?: readonly string[] } = {},
  ): Promise<ServiceProcess> {
    const port = again.port ?? (await freePort());
    const data = again.data ?? mkdtempSync(join(tmpdir(), 'compote-system-'));
    const command = [process.execPath, CLI, service, '--port', String(port), '--data', data, ...flags];
    const [program = process.execPath, ...rest] = [...(again.through ?? []), ...command];
    const child = spawn(program, rest, { stdio: ['ignore', 'pipe', 'pipe'], env: childEnvironment() });
    const started = new ServiceProcess(port, data, child);
    await until(
      () => started.isUp(),
      (up) => up,
      START_LIMIT_MS,
    ).catch((error) => {
      child.kill('SIGKILL');
      throw new Error(`${service} did not start: ${started.output}`, { cause: error });
    });
    return started;
  }

  async isUp(): Promise<boolean> {
    if (this.child.exitCode !== null) throw new Error(`ended with ${this.child.exitCode}: ${this.output}`);
    return fetch(`http://127.0.0.1:${this.port}/api/v1/health`).then(
      (response) => response.ok,
      () => false,
    );
  }

  async call(method: string, path: string, body?: unknown): Promise<HttpAnswer> {
    const response = await fetch(`http://127.0.0.1:${this.port}/api/v1${path}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
    const text = await response.text();
    return { status: response.status, body: text === '' ? undefined : JSON.parse(text) };
  }

  async end(signal: NodeJS.Signals = 'SIGINT'): Promise<number | null> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return this.child.exitCode;
    const ended = new Promise<number | null>((resolve) => this.child.once('exit', (code) => resolve(code)));
    this.child.kill(signal);
    return ended;
  }

  async remove(): Promise<void> {
    await this.end();
    rmSync(this.data, { recursive: true, force: true });
  }
}
