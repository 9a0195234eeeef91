import { closeSync, existsSync, fstatSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

/** Where a log's older files are: `csms.log`, then `csms.1.log`, `csms.2.log` … with the oldest last. */
export function rotatedPath(path: string, number: number): string {
  return number === 0 ? path : path.replace(/(\.[^./\\]+)?$/, `.${number}$1`);
}

/** A log file that starts anew when it is full, keeping a fixed number of older ones. */
export class RotatingFile {
  readonly #path: string;
  readonly #maxBytes: number;
  readonly #maxFiles: number;
  #descriptor: number | undefined;
  #bytes = 0;

  constructor(path: string, limits: { maxBytes: number; maxFiles: number }) {
    this.#path = path;
    this.#maxBytes = limits.maxBytes;
    this.#maxFiles = limits.maxFiles;
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    this.#open();
  }

  /** Appends whole lines. After `close` they are dropped. */
  write(text: string): void {
    if (this.#descriptor === undefined) return;
    const bytes = Buffer.from(text);
    if (this.#bytes > 0 && this.#bytes + bytes.length > this.#maxBytes) this.#rotate();
    try {
      for (let at = 0; at < bytes.length; ) at += writeSync(this.#descriptor, bytes, at);
      this.#bytes += bytes.length;
    } catch {
      // A full disk must not stop the service; the lines are lost, the terminal still shows them.
    }
  }

  close(): void {
    if (this.#descriptor !== undefined) closeSync(this.#descriptor);
    this.#descriptor = undefined;
  }

  #open(): void {
    this.#descriptor = openSync(this.#path, 'a', 0o600);
    this.#bytes = fstatSync(this.#descriptor).size;
  }

  #rotate(): void {
    if (this.#descriptor !== undefined) closeSync(this.#descriptor);
    rmSync(rotatedPath(this.#path, this.#maxFiles - 1), { force: true });
    for (let number = this.#maxFiles - 2; number >= 0; number--) {
      const from = rotatedPath(this.#path, number);
      if (existsSync(from)) renameSync(from, rotatedPath(this.#path, number + 1));
    }
    this.#open();
  }
}
