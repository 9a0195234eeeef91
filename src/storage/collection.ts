import { CompoteError } from '../core/errors.ts';
import type { Database } from './database.ts';
import type { SqlParameter } from './sql-value.ts';

/** A value of an index column. Booleans are compared as 1 and 0. */
export type IndexValue = string | number | boolean | null | undefined;

export interface CollectionOptions<T, I extends string> {
  /** The table's name: letters, digits and underscores. */
  readonly name: string;
  /** The record's own key; it never changes for a record. */
  readonly key: (record: T) => string;
  /** Columns that `list` and `count` can filter and order by, computed from the record. */
  readonly index?: Readonly<Record<I, (record: T) => IndexValue>>;
  /** Which columns get an SQL index, alone or together; each alone when this is left out. */
  readonly indexes?: readonly (readonly I[])[];
  /** Records that stay in memory as long as this holds: connected stations, running transactions. */
  readonly pinned?: (record: T) => boolean;
  /** How many of the other records are kept in memory; 1,000 by default. */
  readonly cached?: number;
}

/** What an index column must be: a value, any of several, or a range (`from` included, `below` excluded). */
export type Condition =
  | IndexValue
  | readonly IndexValue[]
  | { readonly from?: string | number; readonly below?: string | number };

export interface ListOptions<I extends string> {
  readonly where?: Readonly<Partial<Record<I, Condition>>>;
  /** `next` of the page before. */
  readonly after?: string;
  /** 100 by default. */
  readonly limit?: number;
  /** An index column, or `key` (default); ties are ordered by key. */
  readonly by?: I | 'key';
  readonly order?: 'ascending' | 'descending';
}

export interface Page<T> {
  readonly items: readonly T[];
  /** Give it as `after` for the next page; missing on the last one. */
  readonly next?: string;
}

/**
 * A durable set of JSON records, one table, addressed by key. What is used often stays in memory; a `put` is written once
 * at the end of the turn, however often the record changed in it, and is durable with the turn's commit group.
 *
 * Records are values: put a new one instead of changing one that was put or got.
 */
export class Collection<T, I extends string = never> {
  readonly #database: Database;
  readonly #name: string;
  readonly #keyOf: (record: T) => string;
  readonly #columns: readonly I[];
  readonly #indexes: readonly (readonly I[])[];
  readonly #index: Readonly<Record<string, (record: T) => IndexValue>>;
  readonly #isPinned: (record: T) => boolean;
  readonly #cacheLimit: number;
  readonly #pinned = new Map<string, T>();
  /** In order of use, the oldest first. */
  readonly #recent = new Map<string, T>();
  /** True while every record is in memory: what is not there is nowhere. */
  #whole: boolean;
  /** What this turn changed: the record, or undefined for a deleted one. */
  readonly #dirty = new Map<string, T | undefined>();
  readonly #upsert: string;

  constructor(database: Database, options: CollectionOptions<T, I>) {
    this.#database = database;
    this.#name = identifier(options.name);
    this.#keyOf = options.key;
    this.#index = options.index ?? {};
    this.#columns = Object.keys(this.#index).map(identifier) as I[];
    this.#indexes = options.indexes ?? this.#columns.map((column) => [column]);
    this.#isPinned = options.pinned ?? (() => false);
    this.#cacheLimit = options.cached ?? 1_000;
    const columns = ['key', 'json', ...this.#columns.map(columnOf)];
    const updates = columns.slice(1).map((column) => `${column} = excluded.${column}`);
    this.#upsert = `insert into ${this.#name} (${columns.join(', ')}) values (${columns.map(() => '?').join(', ')})
      on conflict (key) do update set ${updates.join(', ')}`;
    database.transaction(() => this.#createTable());
    database.beforeCommit(() => this.flush());
    this.#whole = this.count() === 0;
    if (options.pinned !== undefined) this.#loadPinned();
  }

  get(key: string): T | undefined {
    const pinned = this.#pinned.get(key);
    if (pinned !== undefined) return pinned;
    const recent = this.#recent.get(key);
    if (recent !== undefined) {
      this.#recent.delete(key);
      this.#recent.set(key, recent);
      return recent;
    }
    if (this.#dirty.has(key)) return this.#dirty.get(key);
    if (this.#whole) return undefined;
    const row = this.#database.get(`select json from ${this.#name} where key = ?`, key);
    if (row === undefined) return undefined;
    const record = this.#parse(row['json']);
    this.#remember(key, record);
    return record;
  }

  has(key: string): boolean {
    return this.get(key) !== undefined;
  }

  /** Adds the record or replaces the one of the same key. */
  put(record: T): void {
    const key = this.#keyOf(record);
    if (this.#dirty.size === 0) this.#database.enlist();
    this.#dirty.set(key, record);
    this.#remember(key, record);
  }

  /** Returns whether there was one. */
  delete(key: string): boolean {
    if (!this.has(key)) return false;
    if (this.#dirty.size === 0) this.#database.enlist();
    this.#dirty.set(key, undefined);
    this.#pinned.delete(key);
    this.#recent.delete(key);
    return true;
  }

  /** Errors: `INVALID_REQUEST` for an `after` that no page gave. */
  list(options: ListOptions<I> = {}): Page<T> {
    this.flush();
    const limit = options.limit ?? 100;
    const by = options.by ?? 'key';
    const column = by === 'key' ? 'key' : columnOf(this.#mustHave(by));
    const ascending = (options.order ?? 'ascending') === 'ascending';
    const { conditions, parameters } = this.#where(options.where ?? {});
    if (options.after !== undefined) this.#after(options.after, column, ascending, conditions, parameters);
    const direction = ascending ? 'asc' : 'desc';
    const rows = this.#database.all(
      `select key, json, ${column} as place from ${this.#name}${conditions.length === 0 ? '' : ` where ${conditions.join(' and ')}`}
       order by ${column === 'key' ? '' : `${column} ${direction}, `}key ${direction} limit ?`,
      ...parameters,
      limit + 1,
    );
    const page = rows.slice(0, limit);
    const items = page.map((row) => this.#inMemory(String(row['key'])) ?? this.#parse(row['json']));
    const last = page.at(-1);
    if (rows.length <= limit || last === undefined) return { items };
    return { items, next: Buffer.from(JSON.stringify([last['key'], last['place']])).toString('base64url') };
  }

  /** All records, page by page, in the order of their keys. Records may be put and deleted on the way. */
  *all(where?: Readonly<Partial<Record<I, Condition>>>): IterableIterator<T> {
    let after: string | undefined;
    do {
      const page: Page<T> = this.list({
        limit: 500,
        ...(where === undefined ? {} : { where }),
        ...(after === undefined ? {} : { after }),
      });
      yield* page.items;
      after = page.next;
    } while (after !== undefined);
  }

  count(where?: Readonly<Partial<Record<I, Condition>>>): number {
    this.flush();
    const { conditions, parameters } = this.#where(where ?? {});
    const filter = conditions.length === 0 ? '' : ` where ${conditions.join(' and ')}`;
    return Number(this.#database.get(`select count(*) as n from ${this.#name}${filter}`, ...parameters)?.['n'] ?? 0);
  }

  /** How many records each value of an index column has. Records without a value are not counted. */
  countsBy(by: I): Map<string, number> {
    this.flush();
    const column = columnOf(this.#mustHave(by));
    const rows = this.#database.all(
      `select ${column} as value, count(*) as n from ${this.#name} where ${column} is not null group by ${column}`,
    );
    return new Map(rows.map((row) => [String(row['value']), Number(row['n'])]));
  }

  /** The records that stay in memory. */
  pinned(): IterableIterator<T> {
    return this.#pinned.values();
  }

  /** Writes what this turn changed into the database (not yet durable). */
  flush(): void {
    if (this.#dirty.size === 0) return;
    for (const [key, record] of this.#dirty) {
      if (record === undefined) this.#database.run(`delete from ${this.#name} where key = ?`, key);
      else this.#database.run(this.#upsert, key, JSON.stringify(record), ...this.#indexValues(record));
    }
    this.#dirty.clear();
  }

  #inMemory(key: string): T | undefined {
    return this.#pinned.get(key) ?? this.#recent.get(key);
  }

  #remember(key: string, record: T): void {
    this.#recent.delete(key);
    if (this.#isPinned(record)) {
      this.#pinned.set(key, record);
      return;
    }
    this.#pinned.delete(key);
    this.#recent.set(key, record);
    if (this.#recent.size <= this.#cacheLimit) return;
    this.#whole = false;
    for (const oldest of this.#recent.keys()) {
      this.#recent.delete(oldest);
      break;
    }
  }

  #where(where: Readonly<Record<string, Condition>>): { conditions: string[]; parameters: SqlParameter[] } {
    const conditions: string[] = [];
    const parameters: SqlParameter[] = [];
    for (const [name, condition] of Object.entries(where)) {
      const column = columnOf(this.#mustHave(name));
      if (Array.isArray(condition)) {
        conditions.push(`${column} in (${condition.map(() => '?').join(', ')})`);
        parameters.push(...condition.map(toParameter));
      } else if (typeof condition === 'object' && condition !== null) {
        const range = condition as { readonly from?: string | number; readonly below?: string | number };
        if (range.from !== undefined) {
          conditions.push(`${column} >= ?`);
          parameters.push(range.from);
        }
        if (range.below !== undefined) {
          conditions.push(`${column} < ?`);
          parameters.push(range.below);
        }
      } else if (condition !== undefined) {
        conditions.push(`${column} is ?`);
        parameters.push(toParameter(condition));
      }
    }
    return { conditions, parameters };
  }

  #after(cursor: string, column: string, ascending: boolean, conditions: string[], parameters: SqlParameter[]): void {
    const [key, place] = parseCursor(cursor);
    const sign = ascending ? '>' : '<';
    if (column === 'key') {
      conditions.push(`key ${sign} ?`);
      parameters.push(key);
    } else if (place === null) {
      // SQLite orders NULL before everything.
      conditions.push(`(${column} is null and key ${sign} ?${ascending ? ` or ${column} is not null` : ''})`);
      parameters.push(key);
    } else {
      conditions.push(
        `(${column} ${sign} ? or ${column} = ? and key ${sign} ?${ascending ? '' : ` or ${column} is null`})`,
      );
      parameters.push(place, place, key);
    }
  }

  #mustHave(name: string): string {
    if (name in this.#index) return name;
    throw new CompoteError('INTERNAL', { detail: `The collection ${this.#name} has no index column “${name}”` });
  }

  #indexValues(record: T): SqlParameter[] {
    return this.#columns.map((name) => toParameter(this.#index[name]?.(record)));
  }

  #parse(json: unknown): T {
    if (typeof json === 'string') return JSON.parse(json) as T;
    throw new CompoteError('STORAGE_UNUSABLE', {
      detail: `A record of ${this.#name} in ${this.#database.path} is not text`,
    });
  }

  #createTable(): void {
    const name = this.#name;
    this.#database.exec(`create table if not exists ${name} (key text primary key, json text not null)`);
    const present = new Set(
      this.#database.all(`select name from pragma_table_info(?)`, name).map((row) => row['name']),
    );
    const missing = this.#columns.filter((column) => !present.has(columnOf(column)));
    for (const column of missing) this.#database.exec(`alter table ${name} add column ${columnOf(column)}`);
    for (const columns of this.#indexes) {
      const list = columns.map(columnOf).join(', ');
      this.#database.exec(`create index if not exists ${name}_${columns.join('_')} on ${name} (${list}, key)`);
    }
    // A column that a newer version declares is filled from the records once.
    if (missing.length === 0) return;
    const set = this.#columns.map((column) => `${columnOf(column)} = ?`).join(', ');
    for (const row of this.#database.all(`select key, json from ${name}`)) {
      const record = this.#parse(row['json']);
      this.#database.run(`update ${name} set ${set} where key = ?`, ...this.#indexValues(record), row['key'] ?? null);
    }
  }

  #loadPinned(): void {
    let after: string | undefined;
    do {
      const page: Page<T> = this.list({ limit: 1_000, ...(after === undefined ? {} : { after }) });
      for (const record of page.items) if (this.#isPinned(record)) this.#pinned.set(this.#keyOf(record), record);
      after = page.next;
    } while (after !== undefined);
  }
}

/** Index columns have a prefix of their own: an index may be called `key`, `json` or like a word of SQL. */
function columnOf(name: string): string {
  return `i_${name}`;
}

function identifier(name: string): string {
  if (/^[a-zA-Z]\w*$/.test(name)) return name;
  throw new CompoteError('INTERNAL', { detail: `“${name}” cannot be the name of a table or column` });
}

function toParameter(value: IndexValue): SqlParameter {
  return value === undefined ? null : value;
}

function parseCursor(cursor: string): [string, string | number | null] {
  try {
    const parts: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    if (Array.isArray(parts) && typeof parts[0] === 'string') {
      const place: unknown = parts[1];
      if (place === null || typeof place === 'string' || typeof place === 'number') return [parts[0], place];
    }
  } catch {
    // Not JSON: the same answer as for JSON of another shape.
  }
  throw new CompoteError('INVALID_REQUEST', {
    detail: 'The cursor does not belong to this list',
    fields: [{ pointer: '/query/cursor', msg: 'must be the `next` of the page before, unchanged' }],
  });
}
