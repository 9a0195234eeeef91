import { chmodSync, mkdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { CompoteError, messageOf, systemCodeOf } from '../core/errors.ts';
import { Database, type DatabaseOptions } from './database.ts';

/** The folder in which one service keeps its files, held by a lock until it is closed. */
export interface DataFolder {
  readonly path: string;
  readonly service: string;
  /** The absolute path of a file of this service; the name may not leave the folder. */
  file(name: string): string;
  /** Opens a database in this folder. Whoever opens it closes it. */
  database(name: string, options?: Omit<DatabaseOptions, 'path'>): Database;
  /** Gives the lock back. */
  close(): void;
}

/**
 * Opens (or creates, readable by its owner only) the data folder and takes the lock of this service: two services may share
 * a folder, two runs of one service may not.
 *
 * The lock is the write lock of a small SQLite file: the system drops it when the process dies, however it dies, so
 * there are no stale locks to clean up.
 *
 * Errors: `STORAGE_UNUSABLE`, with `extra.reason: locked` when another run holds the folder.
 */
export function openDataFolder(path: string, service: string): DataFolder {
  const folder = resolve(path);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    if (!statSync(folder).isDirectory()) throw new Error('it is not a folder');
  } catch (cause) {
    throw new CompoteError('STORAGE_UNUSABLE', {
      detail: `The data folder ${folder} cannot be made or opened: ${messageOf(cause)}`,
      extra: { reason: 'unwritable', ...(systemCodeOf(cause) === undefined ? {} : { code: systemCodeOf(cause) }) },
      cause,
    });
  }
  closeToOthers(folder);
  const file = (name: string): string => {
    if (!/^[\w][\w.-]*$/.test(name))
      throw new CompoteError('INTERNAL', { detail: `“${name}” is not a file name of ours` });
    return join(folder, name);
  };
  let closed = false;
  const lock = takeLock(folder, file(`${service}.lock`), service);
  return {
    path: folder,
    service,
    file,
    database: (name, options = {}) => new Database({ ...options, path: file(name) }),
    close: () => {
      if (!closed) lock.close();
      closed = true;
    },
  };
}

function closeToOthers(folder: string): void {
  try {
    if ((statSync(folder).mode & 0o077) !== 0) chmodSync(folder, 0o700);
  } catch {
    // A folder that somebody else owns, or a file system without modes: the user has arranged it so.
  }
}

function takeLock(folder: string, path: string, service: string): { close(): void } {
  let lock: Database | undefined;
  try {
    lock = new Database({ path, busyTimeoutMs: 0 });
    lock.exec('begin immediate');
    const held = lock;
    return {
      close() {
        // The driver keeps the connection until its statements are collected: the rollback gives the lock back now.
        held.exec('rollback');
        held.close();
      },
    };
  } catch (cause) {
    lock?.close();
    if (cause instanceof CompoteError && cause.extra['reason'] === 'locked') {
      throw new CompoteError('STORAGE_UNUSABLE', {
        detail: `The data folder ${folder} is in use by another running “${service}”`,
        hint: 'Stop the other one, or give this one its own folder with `--data`.',
        extra: { reason: 'locked' },
        cause,
      });
    }
    throw cause;
  }
}
