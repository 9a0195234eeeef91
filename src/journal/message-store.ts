import { CompoteError } from '../core/errors.ts';
import { Database } from '../storage/database.ts';
import type { SqlValue } from '../storage/sql-value.ts';
import { RecordReader } from './packed-entry.ts';

/** One message as it is kept: the packed record, with the exact raw bytes in it. */
export interface StoredMessage {
  readonly seq: number;
  readonly record: Uint8Array;
}

/** Heads are read up to this length; a longer one (much detail) is read with its whole record. */
export const HEAD_BYTES = 512;

export interface Annotation {
  readonly marked?: boolean;
  readonly note?: string;
}

/** Where the observer keeps what must come back: a database, or memory for tests and virtual time. */
export interface MessageStore {
  /** Everything since the last `commit` belongs together. */
  begin(): void;
  append(message: StoredMessage): void;
  putLink(link: number, json: string): void;
  removeLink(link: number): void;
  addFinding(id: number, seq: number | undefined, json: string): void;
  annotate(seq: number, annotation: Annotation): void;
  setMeta(name: string, value: string | number): void;
  /** Deletes messages, annotations and findings below `seq`. */
  deleteBelow(seq: number): void;
  removeFindings(belowId: number): void;
  commit(): void;
  /** Takes back what was written since `begin`. */
  rollback(): void;
  /** Puts everything on disk. */
  checkpoint(): void;
  get(seq: number): StoredMessage | undefined;
  /** Ascending, both ends included. */
  range(from: number, to: number): readonly StoredMessage[];
  /** The first `HEAD_BYTES` of the records, descending: for rebuilding the columns. */
  heads(from: number, to: number): readonly Uint8Array[];
  bounds(): { readonly first: number; readonly last: number } | undefined;
  links(): readonly { readonly link: number; readonly json: string }[];
  findings(): readonly { readonly id: number; readonly json: string }[];
  annotations(): readonly { readonly seq: number; readonly annotation: Annotation }[];
  meta(name: string): SqlValue;
  close(): void;
}

/** Grows when the tables or the packed records change. */
const VERSION = 2;

/** Each page is written twice (log, file), with two calls to the system for the log: fewer and bigger ones cost less. */
const PAGE_BYTES = 16_384;
/** How long the database's log grows before it is written back into the file. */
const LOG_BYTES = 16 * 1024 * 1024;

const ROWS_PER_INSERT = 32;
const PLACES = '(?, ?)';

/**
 * One row per message, the packed record as one BLOB (the driver's cost is per value), no index but the sequence, large transactions: three more indexes cost a
 * quarter of the throughput and stalls of 180 ms. What lists filter by is in memory (`Columns`).
 */
export class SqliteMessageStore implements MessageStore {
  readonly #database: Database;
  readonly #pending: (number | Uint8Array)[] = [];
  #open = false;

  /** Errors: `STORAGE_UNUSABLE`, with `extra.reason: damaged` for a file that is none of ours. */
  constructor(path: string) {
    // `normal`: the spool holds what a power loss could take from here, until `checkpoint` has put it on disk.
    const database = new Database({ path, sync: 'normal', cacheKb: 16_000, pageBytes: PAGE_BYTES });
    try {
      checkVersion(database);
      database.exec(`
        pragma user_version = ${VERSION};
        pragma wal_autocheckpoint = ${LOG_BYTES / PAGE_BYTES};
        create table if not exists message (seq integer primary key, record blob not null);
        create table if not exists link (number integer primary key, json text not null);
        create table if not exists finding (id integer primary key, seq integer, json text not null);
        create table if not exists annotation (seq integer primary key, json text not null);
        create table if not exists meta (name text primary key, value) without rowid;`);
    } catch (error) {
      database.close();
      throw error;
    }
    this.#database = database;
  }

  begin(): void {
    if (this.#open) return;
    this.#database.exec('begin immediate');
    this.#open = true;
  }

  append(message: StoredMessage): void {
    this.#pending.push(message.seq, message.record);
    if (this.#pending.length === ROWS_PER_INSERT * 2) {
      // A segment can come twice (spool and buffer, after a crash between the two): the same row wins over itself.
      this.#database.run(
        `insert or replace into message values ${Array(ROWS_PER_INSERT).fill(PLACES).join(', ')}`,
        ...this.#pending,
      );
      this.#pending.length = 0;
    }
  }

  putLink(link: number, json: string): void {
    this.#database.run('insert or replace into link values (?, ?)', link, json);
  }

  removeLink(link: number): void {
    this.#database.run('delete from link where number = ?', link);
  }

  addFinding(id: number, seq: number | undefined, json: string): void {
    this.#database.run('insert or replace into finding values (?, ?, ?)', id, seq ?? null, json);
  }

  annotate(seq: number, annotation: Annotation): void {
    this.#database.run('insert or replace into annotation values (?, ?)', seq, JSON.stringify(annotation));
  }

  setMeta(name: string, value: string | number): void {
    this.#database.run('insert or replace into meta values (?, ?)', name, value);
  }

  deleteBelow(seq: number): void {
    this.#flush();
    this.#database.run('delete from message where seq < ?', seq);
    this.#database.run('delete from annotation where seq < ?', seq);
    this.#database.run('delete from finding where seq < ?', seq);
  }

  removeFindings(belowId: number): void {
    this.#database.run('delete from finding where id < ?', belowId);
  }

  commit(): void {
    if (!this.#open) return;
    this.#flush();
    this.#database.exec('commit');
    this.#open = false;
  }

  rollback(): void {
    this.#pending.length = 0;
    if (!this.#open) return;
    this.#open = false;
    // After some errors (full disk) SQLite has rolled back by itself.
    try {
      this.#database.exec('rollback');
    } catch {
      // See above.
    }
  }

  checkpoint(): void {
    this.#database.exec('pragma wal_checkpoint(full)');
  }

  get(seq: number): StoredMessage | undefined {
    this.#flush();
    const row = this.#database.get('select record from message where seq = ?', seq);
    return row === undefined ? undefined : { seq, record: bytes(row['record']) };
  }

  range(from: number, to: number): StoredMessage[] {
    this.#flush();
    const reader = new RecordReader();
    const rows = this.#database.prepare('select record from message where seq between ? and ? order by seq');
    return rows.allRaw(from, to).map(([value]) => {
      const record = bytes(value);
      reader.moveTo(record);
      return { seq: reader.seq, record };
    });
  }

  heads(from: number, to: number): Uint8Array[] {
    this.#flush();
    return this.#database
      .prepare(`select substr(record, 1, ${HEAD_BYTES}) from message where seq between ? and ? order by seq desc`)
      .allRaw(from, to)
      .map(([head]) => bytes(head));
  }

  bounds(): { first: number; last: number } | undefined {
    const first = this.#database.get('select min(seq) as n from message')?.['n'];
    const last = this.#database.get('select max(seq) as n from message')?.['n'];
    return typeof first === 'number' && typeof last === 'number' ? { first, last } : undefined;
  }

  links(): { link: number; json: string }[] {
    return this.#database
      .all('select number, json from link')
      .map((row) => ({ link: Number(row['number']), json: String(row['json']) }));
  }

  findings(): { id: number; json: string }[] {
    return this.#database
      .all('select id, json from finding order by id')
      .map((row) => ({ id: Number(row['id']), json: String(row['json']) }));
  }

  annotations(): { seq: number; annotation: Annotation }[] {
    return this.#database
      .all('select seq, json from annotation')
      .map((row) => ({ seq: Number(row['seq']), annotation: JSON.parse(String(row['json'])) as Annotation }));
  }

  meta(name: string): SqlValue {
    return this.#database.get('select value from meta where name = ?', name)?.['value'] ?? null;
  }

  close(): void {
    this.commit();
    this.#database.close();
  }

  #flush(): void {
    const rows = this.#pending;
    for (let i = 0; i < rows.length; i += 2) {
      this.#database.run(`insert or replace into message values ${PLACES}`, rows[i] ?? null, rows[i + 1] ?? null);
    }
    rows.length = 0;
  }
}

/** A file of another shape is put aside like a damaged one: it cannot be read, and it is not deleted. */
function checkVersion(database: Database): void {
  const version = database.get('pragma user_version')?.['user_version'];
  const tables = database.get("select count(*) as n from sqlite_master where name = 'message'")?.['n'];
  if (tables === 0 || version === VERSION) return;
  throw new CompoteError('STORAGE_UNUSABLE', {
    detail: `${database.path} has the journal format ${version}, this version reads ${VERSION}`,
    extra: { reason: 'damaged' },
  });
}

function bytes(value: SqlValue | undefined): Uint8Array {
  return value instanceof Uint8Array ? value : new Uint8Array(0);
}
