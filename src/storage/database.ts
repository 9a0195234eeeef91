import { closeSync, fdatasync, openSync, statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import Libsql from 'libsql';
import { CompoteError, messageOf, systemCodeOf } from '../core/errors.ts';
import type { CommitGroup, CommitParticipant } from './commit-group.ts';
import { fromDriver, type SqlParameter, type SqlValue, toDriver } from './sql-value.ts';

/** One row, by column name. */
export type SqlRow = Record<string, SqlValue>;

export interface DatabaseOptions {
  /** A file, or `:memory:`. The folder must exist. */
  readonly path: string;
  /** `full` (default): a commit survives power loss. `normal`: it survives `kill -9`. */
  readonly sync?: 'full' | 'normal';
  /** With a group, the first write of a turn begins a transaction that the group commits. Without, see `transaction`. */
  readonly group?: CommitGroup;
  /** Page cache in kB; 8,000 by default. */
  readonly cacheKb?: number;
  /** How long to wait for another connection's lock; 2,000 ms by default. */
  readonly busyTimeoutMs?: number;
}

type DriverStatement = Libsql.Statement<unknown[]>;

/** How many prepared statements are kept; statements with varying text (lists) push out old ones. */
const STATEMENT_LIMIT = 500;

/**
 * A prepared statement. Parameters are plain `?` only, and their number must fit: the driver would fill up with NULL.
 */
export class Statement {
  readonly #database: Database;
  readonly #driver: DriverStatement;
  readonly #sql: string;
  readonly #parameterCount: number;
  readonly #writes: boolean;
  #columns: readonly string[] | undefined;

  /** Use `database.prepare`. */
  constructor(database: Database, driver: DriverStatement, sql: string) {
    this.#database = database;
    this.#driver = driver;
    this.#sql = sql;
    this.#parameterCount = countParameters(sql);
    this.#writes = !/^\s*(select|pragma|explain|values)\b/i.test(sql);
    if (this.#driver.reader) this.#driver.raw(true);
  }

  /** Runs a statement that gives no rows. Returns how many rows it changed. */
  run(...parameters: SqlParameter[]): number {
    const bound = this.#bind(parameters);
    return this.#guarded(() => this.#driver.run(bound).changes);
  }

  /** The first row. */
  get(...parameters: SqlParameter[]): SqlRow | undefined {
    const bound = this.#bind(parameters);
    const row = this.#guarded(() => this.#driver.get(bound));
    return row === undefined ? undefined : this.#toRow(row);
  }

  all(...parameters: SqlParameter[]): SqlRow[] {
    const bound = this.#bind(parameters);
    return this.#guarded(() => this.#driver.all(bound)).map((row) => this.#toRow(row));
  }

  /** All rows as arrays in column order: for many rows of few columns. */
  allRaw(...parameters: SqlParameter[]): SqlValue[][] {
    const bound = this.#bind(parameters);
    const rows = this.#guarded(() => this.#driver.all(bound)) as unknown[][];
    return rows.map((row) => row.map(fromDriver));
  }

  #bind(parameters: readonly SqlParameter[]): unknown[] {
    if (parameters.length !== this.#parameterCount) {
      throw new CompoteError('INTERNAL', {
        detail: `A statement takes ${this.#parameterCount} parameters and was given ${parameters.length}: ${this.#sql}`,
      });
    }
    const bound = parameters.map((value, index) => toDriver(value, index + 1));
    if (this.#writes) this.#database.aboutToWrite();
    return bound;
  }

  #toRow(values: unknown): SqlRow {
    this.#columns ??= this.#driver.columns().map((column) => column.name);
    const row: SqlRow = {};
    const raw = values as unknown[];
    for (const [index, name] of this.#columns.entries()) row[name] = fromDriver(raw[index]);
    return row;
  }

  #guarded<T>(task: () => T): T {
    try {
      return task();
    } catch (cause) {
      throw this.#database.failure(cause);
    }
  }
}

/**
 * The only door to SQLite: the driver (`libsql`) aborts the whole process on a parameter of a wrong type and cuts text at
 * NUL, so every value passes `toDriver` and `fromDriver`.
 *
 * Errors: `STORAGE_UNUSABLE` when the file is locked, damaged, full or not writable (`extra.reason` says which of
 * `locked`, `damaged`, `full`, `unwritable`); a broken constraint is an `INTERNAL` error with `extra.reason: constraint`.
 */
export class Database implements CommitParticipant {
  readonly path: string;
  readonly #driver: Libsql.Database;
  readonly #group: CommitGroup | undefined;
  readonly #statements = new Map<string, Statement>();
  readonly #beforeCommit = new Set<() => void>();
  #explicit = 0;
  #began = false;
  #committing = false;
  #broken: CompoteError | undefined;
  #closed = false;
  readonly #syncsItself: boolean;
  #unsynced = false;
  #walDescriptor: number | undefined;
  #syncing: Promise<void> | undefined;

  constructor(options: DatabaseOptions) {
    this.path = options.path;
    this.#group = options.group;
    // In a group the wait for the disk runs beside the event loop (`sync`): SQLite's own would stop the sockets.
    this.#syncsItself = options.group !== undefined && options.sync !== 'normal' && options.path !== ':memory:';
    try {
      this.#driver = new Libsql(options.path);
    } catch (cause) {
      throw this.failure(cause);
    }
    try {
      this.#driver.exec(`pragma busy_timeout = ${options.busyTimeoutMs ?? 2_000}`);
      // Reading the schema is the first thing that looks at the file: a damaged one shows here.
      this.#driver.prepare('select count(*) from sqlite_master').get([]);
      this.#driver.exec(
        `pragma journal_mode = wal; pragma synchronous = ${this.#syncsItself ? 'normal' : (options.sync ?? 'full')}; pragma foreign_keys = on;
         pragma temp_store = memory; pragma cache_size = -${options.cacheKb ?? 8_000}`,
      );
    } catch (cause) {
      this.#driver.close();
      throw this.failure(cause);
    }
  }

  /** Runs statements without parameters: schema changes, pragmas. */
  exec(sql: string): void {
    this.#mustBeUsable();
    try {
      this.#driver.exec(sql);
    } catch (cause) {
      throw this.failure(cause);
    }
  }

  /** The prepared statement of this text; kept, so calling it again is cheap. */
  prepare(sql: string): Statement {
    const known = this.#statements.get(sql);
    if (known !== undefined) return known;
    this.#mustBeUsable();
    try {
      const statement = new Statement(this, this.#driver.prepare(sql), sql);
      if (this.#statements.size >= STATEMENT_LIMIT) {
        for (const oldest of this.#statements.keys()) {
          this.#statements.delete(oldest);
          break;
        }
      }
      this.#statements.set(sql, statement);
      return statement;
    } catch (cause) {
      throw this.failure(cause);
    }
  }

  run(sql: string, ...parameters: SqlParameter[]): number {
    return this.prepare(sql).run(...parameters);
  }

  get(sql: string, ...parameters: SqlParameter[]): SqlRow | undefined {
    return this.prepare(sql).get(...parameters);
  }

  all(sql: string, ...parameters: SqlParameter[]): SqlRow[] {
    return this.prepare(sql).all(...parameters);
  }

  /**
   * Runs `task` so that all of its writes happen or none. Without a commit group it is durable when this returns; with
   * one it becomes durable with the turn.
   */
  transaction<T>(task: () => T): T {
    this.aboutToWrite();
    const depth = this.#explicit;
    const [begin, end, back] =
      depth === 0 && !this.#began
        ? ['begin immediate', 'commit', 'rollback']
        : [`savepoint s${depth}`, `release s${depth}`, `rollback to s${depth}; release s${depth}`];
    this.exec(begin);
    this.#explicit++;
    try {
      const result = task();
      this.exec(end);
      return result;
    } catch (cause) {
      if (this.#driver.inTransaction) this.exec(back);
      throw cause;
    } finally {
      this.#explicit--;
    }
  }

  /** Something that holds writes back until the end of the turn (a collection); called before each commit. */
  beforeCommit(flush: () => void): void {
    this.#beforeCommit.add(flush);
  }

  /** Asks for a commit at the end of this turn. Called by statements that write, and by who holds writes back. */
  enlist(): void {
    this.#group?.enlist(this);
  }

  /** Begins this turn's transaction when a group commits. Called by statements before they write. */
  aboutToWrite(): void {
    this.#mustBeUsable();
    if (this.#group === undefined || this.#began) return;
    this.exec('begin immediate');
    this.#began = true;
    if (!this.#committing) this.#group.enlist(this);
  }

  /** Makes the writes of this turn durable. A failure leaves them pending, or says that they are lost. */
  commit(): void {
    this.#committing = true;
    try {
      for (const flush of this.#beforeCommit) flush();
      if (!this.#began) return;
      this.#driver.exec('commit');
      this.#began = false;
      this.#unsynced = true;
    } catch (cause) {
      const error = this.failure(cause);
      // SQLite rolls back by itself on some errors (full disk): then memory and file differ, and nothing may go on.
      if (this.#began && !this.#driver.inTransaction) {
        this.#began = false;
        this.#broken = new CompoteError('STORAGE_UNUSABLE', {
          detail: `${error.detail}; what was decided since the last commit is not kept`,
          hint: 'Make room, then start the service again.',
          extra: error.extra,
          cause,
        });
        throw this.#broken;
      }
      throw error;
    } finally {
      this.#committing = false;
    }
  }

  /** Commits what is pending and closes. Doing it twice does nothing. */
  close(): void {
    if (this.#closed) return;
    try {
      if (this.#broken === undefined) {
        this.commit();
        this.#checkpoint();
      }
    } finally {
      this.#closed = true;
      if (this.#walDescriptor !== undefined && this.#syncing === undefined) closeSync(this.#walDescriptor);
      this.#statements.clear();
      this.#driver.close();
    }
  }

  /** The driver keeps the connection until its statements are collected, so do what closing would have done. */
  #checkpoint(): void {
    try {
      if (!this.#driver.inTransaction) this.#driver.exec('pragma wal_checkpoint(truncate)');
    } catch {
      // On a full disk, for one. The log stays beside the file, and the next start reads it.
    }
  }

  /**
   * Brings the write-ahead log to the disk. With `synchronous = normal` SQLite leaves that to checkpoints; a log that is on
   * disk is what `full` would have given (its frames carry checksums and need no order).
   */
  sync(): Promise<void> | undefined {
    if (!this.#syncsItself || !this.#unsynced || this.#closed) return undefined;
    this.#unsynced = false;
    this.#walDescriptor ??= openSync(`${this.path}-wal`, 'r+');
    const descriptor = this.#walDescriptor;
    const trip = new Promise<void>((resolve, reject) => {
      fdatasync(descriptor, (cause) => {
        this.#syncing = undefined;
        if (this.#closed) closeSync(descriptor);
        if (cause === null) return resolve();
        this.#unsynced = true;
        reject(this.failure(cause));
      });
    });
    this.#syncing = trip;
    return trip;
  }

  /** The driver's error as one of ours. */
  failure(cause: unknown): CompoteError {
    if (cause instanceof CompoteError) return cause;
    if (this.#broken !== undefined) return this.#broken;
    const reason = reasonOf(cause, this.path);
    if (reason === 'constraint' || reason === 'other') {
      return new CompoteError('INTERNAL', { detail: `${this.path}: ${messageOf(cause)}`, extra: { reason }, cause });
    }
    const { detail, hint } = WORDS[reason];
    return new CompoteError('STORAGE_UNUSABLE', {
      detail: `${this.path} ${detail} (${messageOf(cause)})`,
      hint,
      extra: { reason },
      cause,
    });
  }

  #mustBeUsable(): void {
    if (this.#broken !== undefined) throw this.#broken;
    if (this.#closed) throw new CompoteError('STORAGE_UNUSABLE', { detail: `${this.path} is closed` });
  }
}

type Reason = 'locked' | 'damaged' | 'full' | 'unwritable';

const WORDS: Readonly<Record<Reason, { readonly detail: string; readonly hint: string }>> = {
  locked: {
    detail: 'is in use by another process',
    hint: 'Stop the other process, or give another folder with `--data`.',
  },
  damaged: {
    detail: 'is damaged or is not a database of OCPP Compote',
    hint: 'Move the file away (a new one is made at the next start) or put a backup in its place.',
  },
  full: { detail: 'cannot grow: the disk is full', hint: 'Free some space, or give another folder with `--data`.' },
  unwritable: {
    detail: 'cannot be opened or written',
    hint: 'Check that the folder exists and that this user may write in it, or give another with `--data`.',
  },
};

function reasonOf(cause: unknown, path: string): Reason | 'constraint' | 'other' {
  const code = systemCodeOf(cause) ?? '';
  if (code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED')) return 'locked';
  if (code.startsWith('SQLITE_CORRUPT') || code.startsWith('SQLITE_NOTADB')) return 'damaged';
  // Shared memory that cannot be made is told as a failure of the disk, whatever the reason.
  if (code.startsWith('SQLITE_FULL') || (code.startsWith('SQLITE_IOERR') && isFull(path))) return 'full';
  if (/^SQLITE_(CANTOPEN|READONLY|IOERR|PERM|AUTH)/.test(code)) return 'unwritable';
  if (code.startsWith('SQLITE_CONSTRAINT')) return 'constraint';
  // Opening fails without a code: only SQLite's number stands at the end of the message.
  if (messageOf(cause).includes('Unable to open connection')) return 'unwritable';
  return 'other';
}

/** SQLite grows its shared memory in pieces of this size. */
const SMALLEST_PIECE_BYTES = 32_768;

function isFull(path: string): boolean {
  try {
    const { bavail, bsize } = statfsSync(dirname(path));
    return bavail * bsize < SMALLEST_PIECE_BYTES;
  } catch {
    return false;
  }
}

/** Counts the plain `?` of a statement, outside of texts, quoted names and comments. */
export function countParameters(sql: string): number {
  let count = 0;
  for (const match of sql.matchAll(/'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|\/\*[\s\S]*?\*\/|\?/g)) {
    if (match[0] === '?') count++;
  }
  return count;
}
