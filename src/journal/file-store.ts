import { statSync } from 'node:fs';
import { join } from 'node:path';
import { systemCodeOf } from '../core/errors.ts';
import { cutTornEnd, listMessageFiles, MessageFiles, messageFilePath, readMessageFile } from './message-files.ts';
import type { MessageStore, StoredMessage, TakeRecord, UnreadableBytes } from './message-store.ts';
import { NotesDatabase } from './notes-database.ts';
import { RECORD_TYPES } from './packed-entry.ts';

const ROWS_PER_SLICE = 4_096;

/** The database beside the message files. */
export function notesPath(folder: string): string {
  return join(folder, 'journal.db');
}

/**
 * The journal on disk. Messages stand in the files that the recorder wrote (`MessageWriter`): they are read there and
 * nowhere else, by place. Links, findings and annotations stand in a small database.
 */
export class FileMessageStore implements MessageStore {
  readonly #folder: string;
  notes: NotesDatabase;
  readonly #files: MessageFiles;
  /** Files of earlier runs, oldest first. */
  readonly #old: readonly number[];

  /** Errors: `STORAGE_UNUSABLE`, with `extra.reason: damaged` for a database that is none of ours. */
  constructor(folder: string) {
    this.#folder = folder;
    this.notes = new NotesDatabase(notesPath(folder));
    this.#files = new MessageFiles(folder);
    this.#old = listMessageFiles(folder);
  }

  append(message: StoredMessage, file: number, offset: number): void {
    this.#files.place(message.seq, file, offset);
  }

  get(seq: number): StoredMessage | undefined {
    const record = this.#files.get(seq);
    return record === undefined ? undefined : { seq, record };
  }

  range(from: number, to: number): StoredMessage[] {
    return [...this.#files.range(from, to)];
  }

  deleteBelow(seq: number): void {
    this.#files.deleteBelow(seq);
    this.notes.deleteBelow(seq);
    this.notes.setMeta('first', seq);
  }

  clear(seq: number): void {
    this.notes.deleteBelow(seq);
    this.notes.removeFindings(Number.MAX_SAFE_INTEGER);
    this.notes.setMeta('first', seq);
  }

  deleteCleared(seq: number): void {
    this.#files.deleteWhole(seq);
  }

  recover(afterSegment: number, take: TakeRecord): { lastSegment: number; torn: UnreadableBytes[] } {
    const torn: UnreadableBytes[] = [];
    let lastSegment = afterSegment;
    for (const [index, file] of this.#old.entries()) {
      // All of it was noted when the next one began; the newest is looked at for its end in any case.
      const next = this.#old[index + 1];
      if (next !== undefined && next <= afterSegment + 1) continue;
      const path = messageFilePath(this.#folder, file);
      const { size } = statSync(path);
      const rest = readMessageFile(this.#folder, file, (reader, segment) => {
        if (segment > afterSegment) take(reader, segment, file, reader.offset);
      });
      lastSegment = Math.max(lastSegment, rest.lastSegment);
      if (rest.tornBytes === 0) continue;
      torn.push({ file: path, bytes: rest.tornBytes });
      cutTornEnd(this.#folder, file, size, rest.tornBytes);
    }
    return { lastSegment, torn };
  }

  *earlier(unreadable: (what: UnreadableBytes) => void): Generator<Uint8Array[]> {
    const first = Number(this.notes.meta('first') ?? 0);
    for (const file of this.#old.toReversed()) {
      const records: Uint8Array[] = [];
      this.#files.know(file);
      let rest: ReturnType<typeof readMessageFile>;
      try {
        rest = readMessageFile(this.#folder, file, (reader) => {
          const { seq } = reader;
          if (reader.type !== RECORD_TYPES.entry || seq < first) return;
          this.#files.place(seq, file, reader.offset);
          records.push(reader.record());
        });
      } catch (error) {
        // Deleted meanwhile, by retention or by clearing.
        if (systemCodeOf(error) === 'ENOENT') continue;
        throw error;
      }
      const bytes = rest.lostBytes + rest.tornBytes;
      if (bytes > 0) unreadable({ file: messageFilePath(this.#folder, file), bytes });
      for (let to = records.length; to > 0; to -= ROWS_PER_SLICE) {
        yield records.slice(Math.max(0, to - ROWS_PER_SLICE), to).reverse();
      }
    }
    // What was cleared in an earlier run that ended before its files were deleted.
    if (first > 0) this.#files.deleteWhole(first);
  }

  reopenNotes(): void {
    this.notes = new NotesDatabase(notesPath(this.#folder));
  }

  close(): void {
    this.#files.close();
    this.notes.close();
  }
}
