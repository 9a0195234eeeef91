import { CompoteError } from '../core/errors.ts';
import { Database } from '../storage/database.ts';
import type { SqlValue } from '../storage/sql-value.ts';
import type { Annotation, Notes } from './message-store.ts';

/** Grows when the tables or the packed records change. */
const VERSION = 3;

/** The notes in a small database beside the messages' files. */
export class NotesDatabase implements Notes {
  readonly #database: Database;
  #open = false;

  /** Errors: `STORAGE_UNUSABLE`, with `extra.reason: damaged` for a file that is none of ours. */
  constructor(path: string) {
    // `normal`: what a power loss takes from here is read from the message files.
    const database = new Database({ path, sync: 'normal' });
    try {
      checkVersion(database);
      database.exec(`
        pragma user_version = ${VERSION};
        create table if not exists link (number integer primary key, json text not null);
        create table if not exists finding (id integer primary key, seq integer, json text not null);
        create table if not exists annotation (seq integer primary key, json text not null);
        create table if not exists mute (id text primary key, json text not null);
        create table if not exists meta (name text primary key, value) without rowid;`);
    } catch (error) {
      database.close();
      throw error;
    }
    this.#database = database;
  }

  get pending(): boolean {
    return this.#open;
  }

  putLink(link: number, json: string): void {
    this.#write('insert or replace into link values (?, ?)', link, json);
  }

  removeLink(link: number): void {
    this.#write('delete from link where number = ?', link);
  }

  addFinding(id: number, seq: number | undefined, json: string): void {
    this.#write('insert or replace into finding values (?, ?, ?)', id, seq ?? null, json);
  }

  removeFindings(belowId: number): void {
    this.#write('delete from finding where id < ?', belowId);
  }

  annotate(seq: number, annotation: Annotation): void {
    this.#write('insert or replace into annotation values (?, ?)', seq, JSON.stringify(annotation));
  }

  putMute(id: string, json: string): void {
    this.#write('insert or replace into mute values (?, ?)', id, json);
  }

  removeMute(id: string): void {
    this.#write('delete from mute where id = ?', id);
  }

  setMeta(name: string, value: string | number): void {
    this.#write('insert or replace into meta values (?, ?)', name, value);
  }

  deleteBelow(seq: number): void {
    this.#write('delete from annotation where seq < ?', seq);
    this.#write('delete from finding where seq < ?', seq);
  }

  commit(): void {
    if (!this.#open) return;
    this.#database.exec('commit');
    this.#open = false;
  }

  rollback(): void {
    if (!this.#open) return;
    this.#open = false;
    // After some errors (full disk) SQLite has rolled back by itself.
    try {
      this.#database.exec('rollback');
    } catch {
      // See above.
    }
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

  mutes(): string[] {
    return this.#database.all('select json from mute order by rowid').map((row) => String(row['json']));
  }

  meta(name: string): SqlValue {
    return this.#database.get('select value from meta where name = ?', name)?.['value'] ?? null;
  }

  close(): void {
    this.rollback();
    this.#database.close();
  }

  #write(sql: string, ...values: (string | number | null)[]): void {
    if (!this.#open) {
      this.#database.exec('begin immediate');
      this.#open = true;
    }
    this.#database.run(sql, ...values);
  }
}

/** A file of another shape is put aside like a damaged one: it cannot be read, and it is not deleted. */
function checkVersion(database: Database): void {
  const version = database.get('pragma user_version')?.['user_version'];
  const tables = database.get('select count(*) as n from sqlite_master')?.['n'];
  if (tables === 0 || version === VERSION) return;
  throw new CompoteError('STORAGE_UNUSABLE', {
    detail: `${database.path} has the journal format ${version}, this version reads ${VERSION}`,
    extra: { reason: 'damaged' },
  });
}
