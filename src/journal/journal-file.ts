import { existsSync, renameSync } from 'node:fs';
import { CompoteError, messageOf } from '../core/errors.ts';
import { isoTime } from '../core/time.ts';
import { type MessageStore, SqliteMessageStore } from './message-store.ts';

/** Opens the journal's database; one that is damaged is moved aside, and the world starts anyway. */
export function openJournalFile(
  path: string,
  nowMs: number,
): { readonly store: MessageStore; readonly damage?: string } {
  try {
    return { store: new SqliteMessageStore(path) };
  } catch (error) {
    if (!isDamage(error)) throw error;
    return { store: new SqliteMessageStore(moveAside(path, nowMs).path), damage: damageText(path, nowMs, error) };
  }
}

export function isDamage(error: unknown): boolean {
  return error instanceof CompoteError && error.extra['reason'] === 'damaged';
}

/** Renames the database and what belongs to it; nothing is deleted, a person may want to look at it. */
export function moveAside(path: string, nowMs: number): { readonly path: string; readonly aside: string } {
  const aside = asidePath(path, nowMs);
  for (const suffix of ['', '-wal', '-shm']) {
    if (existsSync(path + suffix)) renameSync(path + suffix, aside + suffix);
  }
  return { path, aside };
}

export function damageText(path: string, nowMs: number, cause: unknown): string {
  return `The journal file ${path} cannot be read (${messageOf(cause)}). It was moved to ${asidePath(path, nowMs)}; a new journal begins.`;
}

function asidePath(path: string, nowMs: number): string {
  return `${path}.damaged-${isoTime(nowMs).replace(/[:.]/g, '-')}`;
}
