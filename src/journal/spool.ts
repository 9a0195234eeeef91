import {
  closeSync,
  fdatasync,
  fdatasyncSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readdirSync,
  readFileSync,
  unlinkSync,
  writevSync,
} from 'node:fs';
import { join } from 'node:path';
import { CompoteError, messageOf, systemCodeOf } from '../core/errors.ts';
import type { RecordReader } from './packed-entry.ts';
import { readSegments } from './segment.ts';

const FILE_NAME = /^journal-spool-(\d+)\.bin$/;

export interface SpoolOptions {
  readonly folder: string;
  readonly sync: 'full' | 'normal';
  /** A file is closed and a new one begun above this size; 16 MB by default. */
  readonly maxFileBytes?: number;
}

interface SpoolFile {
  readonly path: string;
  lastSegment: number;
}

/**
 * The journal's promise that an answered frame has its entry: every turn's segment is appended here before the answers
 * leave, and a file is deleted once the database has all of it on disk. Append-only, a few files, normally almost empty.
 */
export class Spool {
  readonly #folder: string;
  readonly #full: boolean;
  readonly #maxFileBytes: number;
  #descriptor: number | undefined;
  #bytes = 0;
  #unsynced = false;
  /** The descriptor that a trip to the disk is using: it is closed when that ends. */
  #syncing: number | undefined;
  #current: SpoolFile | undefined;
  #closed: SpoolFile[] = [];

  constructor(options: SpoolOptions) {
    this.#folder = options.folder;
    this.#full = options.sync === 'full';
    this.#maxFileBytes = options.maxFileBytes ?? 16 * 1024 * 1024;
  }

  /**
   * Appends the segments of one turn with one write. Returns true when a file was finished: the observer should then put
   * its database on disk, so that the file can go.
   *
   * Errors: `STORAGE_UNUSABLE`; nothing of this turn counts as written then.
   */
  append(parts: readonly Uint8Array[], firstSegment: number, lastSegment: number): boolean {
    let finished = false;
    try {
      if (this.#descriptor !== undefined && this.#bytes >= this.#maxFileBytes) {
        this.#finishFile();
        finished = true;
      }
      const descriptor = this.#descriptor ?? this.#beginFile(firstSegment);
      writeAll(descriptor, parts);
    } catch (cause) {
      this.#takeBackPartialWrite();
      throw unusable(this.#folder, cause);
    }
    for (const part of parts) this.#bytes += part.length;
    this.#unsynced = true;
    if (this.#current !== undefined) this.#current.lastSegment = lastSegment;
    return finished;
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

  /** The database has everything up to this segment on disk: files that hold nothing newer are deleted. */
  release(durableSegment: number): void {
    this.#closed = this.#closed.filter((file) => {
      if (file.lastSegment > durableSegment) return true;
      removeQuietly(file.path);
      return false;
    });
  }

  /** @param durableSegment when given and nothing is newer, the open file is deleted too. */
  close(durableSegment = 0): void {
    if (this.#descriptor !== undefined) this.#finishFile();
    this.release(durableSegment);
  }

  /** A half-written segment would hide everything behind it from the next start. */
  #takeBackPartialWrite(): void {
    if (this.#descriptor === undefined) return;
    try {
      ftruncateSync(this.#descriptor, this.#bytes);
    } catch {
      this.#finishFile();
    }
  }

  #beginFile(firstSegment: number): number {
    const path = join(this.#folder, `journal-spool-${String(firstSegment).padStart(15, '0')}.bin`);
    const descriptor = openSync(path, 'a', 0o600);
    if (this.#full) syncFolder(this.#folder);
    this.#descriptor = descriptor;
    this.#bytes = 0;
    this.#current = { path, lastSegment: 0 };
    return descriptor;
  }

  #finishFile(): void {
    const descriptor = this.#descriptor;
    if (descriptor !== undefined) {
      if (this.#full && this.#unsynced) fdatasyncSync(descriptor);
      this.#unsynced = false;
      if (this.#syncing !== descriptor) closeSync(descriptor);
    }
    if (this.#current !== undefined) this.#closed.push(this.#current);
    this.#descriptor = undefined;
    this.#current = undefined;
  }
}

export interface SpoolRest {
  readonly files: readonly string[];
  readonly lastSegment: number;
  /** What could not be read at the end of a file: the last write before the process died. */
  readonly torn: readonly { readonly file: string; readonly bytes: number }[];
}

/** Reads what an earlier run left, in the order in which it was written. */
export function readSpool(folder: string, record: (reader: RecordReader, segment: number) => void): SpoolRest {
  const files = readdirSync(folder)
    .filter((name) => FILE_NAME.test(name))
    .sort()
    .map((name) => join(folder, name));
  const torn: { file: string; bytes: number }[] = [];
  let lastSegment = 0;
  for (const file of files) {
    const bytes = readFileSync(file);
    const rest = readSegments(bytes, record, { check: true });
    lastSegment = Math.max(lastSegment, rest.lastSegment);
    if (rest.readBytes < bytes.length) torn.push({ file, bytes: bytes.length - rest.readBytes });
  }
  return { files, lastSegment, torn };
}

export function removeSpool(files: readonly string[]): void {
  for (const file of files) removeQuietly(file);
}

/** A file that cannot be deleted is read again at the next start and found to hold nothing new. */
function removeQuietly(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // See above.
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
    detail: `The journal's spool in ${folder} cannot be written: ${messageOf(cause)}`,
    extra: { reason: systemCodeOf(cause) === 'ENOSPC' ? 'full' : 'unwritable' },
    cause,
  });
}
