import { closeSync, fdatasync, fdatasyncSync, fsyncSync, ftruncateSync, openSync, writevSync } from 'node:fs';
import { CompoteError, messageOf, systemCodeOf } from '../core/errors.ts';
import { type Location, messageFilePath } from './message-files.ts';

export interface MessageWriterOptions {
  readonly folder: string;
  readonly sync: 'full' | 'normal';
  /** A file is closed and a new one begun above this size; 16 MB by default. */
  readonly maxFileBytes?: number;
}

/**
 * Writes the journal's files, and with them its promise that an answered frame has its entry: every turn's segment is
 * appended here before the answers leave, and stays here until retention deletes its file. Nothing is written twice.
 */
export class MessageWriter {
  readonly #folder: string;
  readonly #full: boolean;
  readonly #maxFileBytes: number;
  #descriptor: number | undefined;
  #file = 0;
  #bytes = 0;
  #unsynced = false;
  /** The descriptor that a trip to the disk is using: it is closed when that ends. */
  #syncing: number | undefined;

  constructor(options: MessageWriterOptions) {
    this.#folder = options.folder;
    this.#full = options.sync === 'full';
    this.#maxFileBytes = options.maxFileBytes ?? 16 * 1024 * 1024;
  }

  /**
   * Appends the segments of one turn with one write. Returns where the first byte stands; the others follow it.
   *
   * Errors: `STORAGE_UNUSABLE`; nothing of this turn counts as written then.
   */
  append(parts: readonly Uint8Array[], firstSegment: number): Location {
    try {
      if (this.#descriptor !== undefined && this.#bytes >= this.#maxFileBytes) this.rotate();
      const descriptor = this.#descriptor ?? this.#beginFile(firstSegment);
      writeAll(descriptor, parts);
    } catch (cause) {
      this.#takeBackPartialWrite();
      throw unusable(this.#folder, cause);
    }
    const location = { file: this.#file, offset: this.#bytes };
    for (const part of parts) this.#bytes += part.length;
    this.#unsynced = true;
    return location;
  }

  /** Brings what was appended to the disk, beside the event loop, when the configuration asks for it. */
  sync(): Promise<void> | undefined {
    const descriptor = this.#descriptor;
    if (!this.#full || !this.#unsynced || descriptor === undefined) return undefined;
    this.#unsynced = false;
    this.#syncing = descriptor;
    return new Promise((resolve, reject) => {
      fdatasync(descriptor, (cause) => {
        this.#syncing = undefined;
        if (this.#descriptor !== descriptor) closeSync(descriptor);
        if (cause === null) return resolve();
        this.#unsynced = true;
        reject(unusable(this.#folder, cause));
      });
    });
  }

  /** Ends the file that is being written; the next segment begins a new one. */
  rotate(): void {
    const descriptor = this.#descriptor;
    if (descriptor === undefined) return;
    if (this.#full && this.#unsynced) fdatasyncSync(descriptor);
    this.#unsynced = false;
    if (this.#syncing !== descriptor) closeSync(descriptor);
    this.#descriptor = undefined;
  }

  close(): void {
    this.rotate();
  }

  /** A half-written segment would stand between this and the next. */
  #takeBackPartialWrite(): void {
    if (this.#descriptor === undefined) return;
    try {
      ftruncateSync(this.#descriptor, this.#bytes);
    } catch {
      this.rotate();
    }
  }

  #beginFile(firstSegment: number): number {
    const descriptor = openSync(messageFilePath(this.#folder, firstSegment), 'a', 0o600);
    if (this.#full) syncFolder(this.#folder);
    this.#descriptor = descriptor;
    this.#file = firstSegment;
    this.#bytes = 0;
    return descriptor;
  }
}

function writeAll(descriptor: number, parts: readonly Uint8Array[]): void {
  let rest = [...parts];
  while (rest.length > 0) {
    let written = writevSync(descriptor, rest);
    const next: Uint8Array[] = [];
    for (const part of rest) {
      if (written >= part.length) written -= part.length;
      else {
        next.push(part.subarray(written));
        written = 0;
      }
    }
    rest = next;
  }
}

function syncFolder(folder: string): void {
  try {
    const descriptor = openSync(folder, 'r');
    fsyncSync(descriptor);
    closeSync(descriptor);
  } catch {
    // Windows has no such thing, and needs none.
  }
}

function unusable(folder: string, cause: unknown): CompoteError {
  if (cause instanceof CompoteError) return cause;
  return new CompoteError('STORAGE_UNUSABLE', {
    detail: `The journal in ${folder} cannot be written: ${messageOf(cause)}`,
    extra: { reason: systemCodeOf(cause) === 'ENOSPC' ? 'full' : 'unwritable' },
    cause,
  });
}
