import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * A small disk of its own that is really full when it is full: a tmpfs in a mount namespace, which needs no rights on
 * Linux where user namespaces are allowed. The test sees it through the process that holds it.
 */
export class SmallDisk {
  readonly #folder = mkdtempSync(join(tmpdir(), 'compote-disk-'));
  readonly #holder: ReturnType<typeof spawn>;

  private constructor(megabytes: number) {
    const mount = `mount -t tmpfs -o size=${megabytes}m compote "${this.#folder}" && echo ready && exec sleep 3600`;
    this.#holder = spawn('unshare', ['-rm', 'sh', '-c', mount], { stdio: ['ignore', 'pipe', 'inherit'] });
  }

  static isPossible(): boolean {
    try {
      execFileSync('unshare', ['-rm', 'sh', '-c', 'mount -t tmpfs compote /mnt'], { stdio: 'ignore' });
      return true;
    } catch {
      return false;
    }
  }

  static async mount(megabytes: number): Promise<SmallDisk> {
    const disk = new SmallDisk(megabytes);
    await new Promise<void>((resolve, reject) => {
      disk.#holder.stdout?.once('data', () => resolve());
      disk.#holder.once('exit', () => reject(new Error('the small disk cannot be mounted')));
    });
    return disk;
  }

  /** Where a process that was started by `command` finds it. */
  get inside(): string {
    return this.#folder;
  }

  /** Where the test finds it. */
  get outside(): string {
    return `/proc/${this.#holder.pid}/root${this.#folder}`;
  }

  /** Put before a command, it runs where the disk is mounted. */
  get command(): readonly string[] {
    return ['nsenter', '-U', '-m', '--preserve-credentials', '-t', String(this.#holder.pid)];
  }

  async remove(): Promise<void> {
    const gone = new Promise((resolve) => this.#holder.once('exit', resolve));
    this.#holder.kill('SIGKILL');
    await gone;
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
