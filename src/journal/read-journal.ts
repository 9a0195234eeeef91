import { SystemClock } from '../core/system-clock.ts';
import { CommitGroup } from '../storage/commit-group.ts';
import type { ImportResult } from './exchange-file.ts';
import { type Journal, openMemoryJournal } from './index.ts';

/** What a program can ask of messages that were exported: lists, views, sessions, statistics, and another export. */
export interface ReadJournal extends Pick<Journal, 'query' | 'export' | 'close'> {
  readonly imported: ImportResult;
}

/**
 * Takes an export (`compote journal export`, `GET /journal/export`) into memory, to be asked. Findings are those that the
 * export has; secrets stay masked. Lines that are no message are told in `imported.errors`.
 * @param chunks the JSON Lines, in pieces of any size
 * @param messages how many are kept, the newest
 */
export async function readJournal(
  chunks: AsyncIterable<string> | Iterable<string>,
  messages = 1_000_000,
): Promise<ReadJournal> {
  const clock = new SystemClock();
  const group = new CommitGroup(clock, () => {});
  const journal = openMemoryJournal({
    clock,
    group,
    retention: { messages, bytes: Number.MAX_SAFE_INTEGER, ageMs: Number.MAX_SAFE_INTEGER },
  });
  const imported = await journal.import(chunks);
  return { imported, query: journal.query, export: journal.export, close: () => journal.close() };
}
