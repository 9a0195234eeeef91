import { existsSync, renameSync } from 'node:fs';
import { CompoteError, messageOf } from '../core/errors.ts';
import { isoTime } from '../core/time.ts';
import { FileMessageStore, notesPath } from './file-store.ts';
import type { MessageStore } from './message-store.ts';

/** Opens the journal in a folder; a database that is damaged is moved aside, and the world starts anyway. */
export function openJournalFiles(
  folder: string,
  nowMs: number,
): { readonly store: MessageStore; readonly damage?: string } {
  try {
    return { store: new FileMessageStore(folder) };
  } catch (error) {
    if (!isDamage(error)) throw error;
    const { path } = moveAside(folder, nowMs);
    return { store: new FileMessageStore(folder), damage: damageText(path, nowMs, error) };
  }
}

export function isDamage(error: unknown): boolean {
  return error instanceof CompoteError && error.extra['reason'] === 'damaged';
}

/** Renames the database and what belongs to it; nothing is deleted, a person may want to look at it. */
export function moveAside(folder: string, nowMs: number): { readonly path: string } {
  const path = notesPath(folder);
  for (const suffix of ['', '-wal', '-shm']) {
    if (existsSync(path + suffix)) renameSync(path + suffix, asidePath(path, nowMs) + suffix);
  }
  return { path };
}

export function damageText(path: string, nowMs: number, cause: unknown): string {
  return `${path} cannot be read (${messageOf(cause)}). It was moved to ${asidePath(path, nowMs)}; a new one begins. Messages and findings are in files of their own and are not lost; marks and notes on messages may be.`;
}

function asidePath(path: string, nowMs: number): string {
  return `${path}.damaged-${isoTime(nowMs).replace(/[:.]/g, '-')}`;
}
