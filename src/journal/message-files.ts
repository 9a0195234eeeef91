import { closeSync, openSync, readdirSync, readFileSync, readSync, truncateSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { CompoteError } from '../core/errors.ts';
import { RecordReader } from './packed-entry.ts';
import { readSegments } from './segment.ts';

/** Where a record stands: the file (named after its first segment) and the byte in it. */
export interface Location {
  readonly file: number;
  readonly offset: number;
}

const FILE_NAME = /^messages-(\d{15})\.bin$/;

export function messageFilePath(folder: string, file: number): string {
  return join(folder, `messages-${String(file).padStart(15, '0')}.bin`);
}

/** The files of a journal's messages, oldest first. */
export function listMessageFiles(folder: string): number[] {
  return readdirSync(folder)
    .flatMap((name) => FILE_NAME.exec(name)?.[1] ?? [])
    .map(Number)
    .sort((a, b) => a - b);
}

export interface FileRest {
  /** Newest segment that was read; 0 for none. */
  readonly lastSegment: number;
  /** Bytes at the end that are no whole segment: what was being written when the process ended. */
  readonly tornBytes: number;
  /** Bytes before that which changed since they were written. */
  readonly lostBytes: number;
}

/** Reads a whole file; every segment is checked. */
export function readMessageFile(
  folder: string,
  file: number,
  record: (reader: RecordReader, segment: number) => void,
): FileRest {
  const bytes = readFileSync(messageFilePath(folder, file));
  const { lastSegment, readBytes, lostBytes } = readSegments(bytes, record, { check: true });
  return { lastSegment, lostBytes, tornBytes: bytes.length - readBytes };
}

/** Cuts what is torn at the end of a file, so that it is not reported at every start. */
export function cutTornEnd(folder: string, file: number, size: number, tornBytes: number): void {
  if (size === tornBytes) removeQuietly(messageFilePath(folder, file));
  else truncateSync(messageFilePath(folder, file), size - tornBytes);
}

/** Most messages are smaller: one read finds them whole. */
const SINGLE_BYTES = 4_096;
const RANGE_BYTES = 256 * 1024;
const OPEN_FILES = 16;
const HEAD_BYTES = 72;
const TOTAL_AT = 32;

/** A part of a file in memory. */
interface Window {
  readonly file: number;
  readonly from: number;
  readonly bytes: Buffer;
}

/** Finds records again by their numbers. */
export class MessageFiles {
  readonly #folder: string;
  readonly #places = new Places();
  /** File -> the newest number in it. */
  readonly #newest = new Map<number, number>();
  readonly #descriptors = new Map<number, number>();
  readonly #reader = new RecordReader();

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Tells that a file is there, also when nothing in it is shown any more: it is deleted with the others. */
  know(file: number): void {
    if (!this.#newest.has(file)) this.#newest.set(file, 0);
  }

  /** Tells where a message stands. */
  place(seq: number, file: number, offset: number): void {
    this.#places.put(seq, file, offset);
    if (seq > (this.#newest.get(file) ?? 0)) this.#newest.set(file, seq);
  }

  /** The record, in memory of its own. Errors: `STORAGE_UNUSABLE` when other bytes stand there. */
  get(seq: number): Uint8Array | undefined {
    const place = this.#places.find(seq);
    if (place === undefined) return undefined;
    return this.#whole(seq, this.#read(place, SINGLE_BYTES), place.offset);
  }

  /** Ascending, both ends included; what is not there is left out. */
  *range(from: number, to: number): Generator<{ readonly seq: number; readonly record: Uint8Array }> {
    let window: Window | undefined;
    for (let seq = from; seq <= to; seq++) {
      const place = this.#places.find(seq);
      if (place === undefined) continue;
      if (window?.file !== place.file || !holds(window, place.offset)) window = this.#read(place, RANGE_BYTES);
      yield { seq, record: this.#whole(seq, window, place.offset) };
    }
  }

  /** Deletes the files of which nothing from `seq` on is known; the newest stays, it may be growing. */
  deleteBelow(seq: number): void {
    this.#places.dropBelow(seq);
    const last = Math.max(...this.#newest.keys());
    for (const [file, newest] of this.#newest) if (newest < seq && file !== last) this.#delete(file);
  }

  /** Deletes the files that hold nothing from `seq` on, the newest too: another one was begun. */
  deleteWhole(seq: number): void {
    this.#places.dropBelow(seq);
    for (const [file, newest] of [...this.#newest]) if (newest < seq) this.#delete(file);
  }

  close(): void {
    for (const descriptor of this.#descriptors.values()) closeSync(descriptor);
    this.#descriptors.clear();
  }

  #whole(seq: number, window: Window, offset: number): Uint8Array {
    const at = offset - window.from;
    const { bytes } = window;
    if (at + HEAD_BYTES > bytes.length) throw damaged(messageFilePath(this.#folder, window.file), seq);
    const total = bytes.readUInt32LE(at + TOTAL_AT);
    const record =
      at + total <= bytes.length
        ? bytes.subarray(at, at + total)
        : this.#read({ file: window.file, offset }, total).bytes;
    this.#reader.moveTo(record);
    if (record.length !== total || total < HEAD_BYTES || this.#reader.seq !== seq)
      throw damaged(messageFilePath(this.#folder, window.file), seq);
    return record;
  }

  #read({ file, offset }: Location, size: number): Window {
    const bytes = Buffer.allocUnsafe(size);
    const length = readSync(this.#descriptor(file), bytes, 0, size, offset);
    return { file, from: offset, bytes: bytes.subarray(0, length) };
  }

  #descriptor(file: number): number {
    const known = this.#descriptors.get(file);
    if (known !== undefined) return known;
    for (const [oldest, descriptor] of this.#descriptors) {
      if (this.#descriptors.size < OPEN_FILES) break;
      closeSync(descriptor);
      this.#descriptors.delete(oldest);
    }
    const descriptor = openSync(messageFilePath(this.#folder, file), 'r');
    this.#descriptors.set(file, descriptor);
    return descriptor;
  }

  #delete(file: number): void {
    const descriptor = this.#descriptors.get(file);
    if (descriptor !== undefined) closeSync(descriptor);
    this.#descriptors.delete(file);
    this.#newest.delete(file);
    removeQuietly(messageFilePath(this.#folder, file));
  }
}

/** True when the record at `offset` begins within the window, with its head. */
function holds({ from, bytes }: Window, offset: number): boolean {
  return offset >= from && offset + HEAD_BYTES <= from + bytes.length;
}

const ROWS = 16_384;

/** Number -> file and offset, in typed arrays: 12 bytes a message. */
class Places {
  readonly #chunks = new Map<number, { readonly file: Float64Array; readonly offset: Uint32Array }>();
  #first = 0;

  put(seq: number, file: number, offset: number): void {
    const number = Math.floor(seq / ROWS);
    let chunk = this.#chunks.get(number);
    if (chunk === undefined) {
      chunk = { file: new Float64Array(ROWS), offset: new Uint32Array(ROWS) };
      this.#chunks.set(number, chunk);
    }
    chunk.file[seq % ROWS] = file;
    chunk.offset[seq % ROWS] = offset;
  }

  find(seq: number): Location | undefined {
    if (seq < this.#first) return undefined;
    const chunk = this.#chunks.get(Math.floor(seq / ROWS));
    // Segments are counted from 1: file 0 is none.
    const file = chunk?.file[seq % ROWS] ?? 0;
    return file === 0 ? undefined : { file, offset: chunk?.offset[seq % ROWS] ?? 0 };
  }

  dropBelow(seq: number): void {
    for (const number of this.#chunks.keys()) if ((number + 1) * ROWS <= seq) this.#chunks.delete(number);
    this.#first = Math.max(this.#first, seq);
  }
}

/** A file that cannot be deleted holds nothing that the journal still shows. */
function removeQuietly(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // See above.
  }
}

function damaged(path: string, seq: number): CompoteError {
  return new CompoteError('STORAGE_UNUSABLE', {
    detail: `${path} does not hold message ${seq} where it was written`,
    extra: { reason: 'damaged' },
  });
}
