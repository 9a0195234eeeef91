import type { SqlValue } from '../storage/sql-value.ts';
import type { RecordReader } from './packed-entry.ts';
import type { Annotation } from './query.ts';

export type { Annotation } from './query.ts';

/** One message as it is kept: the packed record, with the exact raw bytes in it. */
export interface StoredMessage {
  readonly seq: number;
  readonly record: Uint8Array;
}

/** A place where something of an earlier run could not be read. */
export interface UnreadableBytes {
  readonly file: string;
  readonly bytes: number;
}

/** Takes a record of an earlier run, with the place where it stands. */
export type TakeRecord = (reader: RecordReader, segment: number, file: number, offset: number) => void;

/**
 * What is known about the messages and does not stand in their records, or must be found without reading them. Everything
 * but annotations and mutes can be read from the messages' files again.
 */
export interface Notes {
  putLink(link: number, json: string): void;
  removeLink(link: number): void;
  addFinding(id: number, seq: number | undefined, json: string): void;
  removeFindings(belowId: number): void;
  annotate(seq: number, annotation: Annotation): void;
  putMute(id: string, json: string): void;
  removeMute(id: string): void;
  /** How far all of it has come. */
  setMeta(name: string, value: string | number): void;
  /** Forgets annotations and findings on messages below `seq`. */
  deleteBelow(seq: number): void;
  /** True when something was written since the last `commit`. */
  readonly pending: boolean;
  /** Everything written since the last `commit` belongs together. */
  commit(): void;
  rollback(): void;
  links(): readonly { readonly link: number; readonly json: string }[];
  findings(): readonly { readonly id: number; readonly json: string }[];
  annotations(): readonly { readonly seq: number; readonly annotation: Annotation }[];
  mutes(): readonly string[];
  meta(name: string): SqlValue;
  close(): void;
}

/** Where the observer keeps what must come back: files, or memory for tests and virtual time. */
export interface MessageStore {
  /** @param file,offset where the recorder has written it. */
  append(message: StoredMessage, file: number, offset: number): void;
  get(seq: number): StoredMessage | undefined;
  /** Ascending, both ends included. */
  range(from: number, to: number): readonly StoredMessage[];
  /** Forgets messages, annotations and findings below `seq`. */
  deleteBelow(seq: number): void;
  /** Forgets all annotations and findings, and that there are messages below `seq`: they are kept until `deleteCleared`. */
  clear(seq: number): void;
  /** Deletes the messages below `seq`, after `clear`. */
  deleteCleared(seq: number): void;

  /** Reads what an earlier run recorded after this segment, oldest first. A torn end is cut off and returned. */
  recover(
    afterSegment: number,
    take: TakeRecord,
  ): { readonly lastSegment: number; readonly torn: readonly UnreadableBytes[] };
  /** The other messages of earlier runs, in slices, newest first. */
  earlier(unreadable: (what: UnreadableBytes) => void): Iterable<readonly Uint8Array[]>;

  readonly notes: Notes;
  /** Begins with empty notes, after damaged ones were moved aside. */
  reopenNotes(): void;
  close(): void;
}
