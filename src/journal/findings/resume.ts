import { RecentMap } from '../../core/recent-map.ts';
import type { NewFinding } from '../entry.ts';
import { type EntryLine, readEntryLine } from '../entry-line.ts';
import type { Journal } from '../index.ts';

/**
 * How many messages of an earlier run the rules look at again when a service starts: the running sessions of some hundred
 * stations, in a fraction of a second. Of stations that are not in them they know nothing, as of any log that begins in
 * the middle.
 */
const MESSAGES = 5_000;
const PAGE = 1_000;
/** What is older says nothing about now. */
const MAX_AGE_MS = 24 * 3_600_000;
/** Findings that are remembered, so that none is written twice. */
const REMEMBERED = 50_000;

/** The newest messages of a journal, oldest first; without those that were imported. */
export async function* tailOf({ query }: Pick<Journal, 'query'>, nowMs: number): AsyncGenerator<EntryLine> {
  const { head } = await query.info();
  let cursor: string | undefined = head === 0 ? undefined : String(Math.max(1, head - MESSAGES + 1));
  while (cursor !== undefined) {
    const page = await query.exportPage({ cursor, limit: PAGE }, { unmasked: true });
    for (const text of page.text.split('\n')) {
      if (text === '') continue;
      const line = readEntryLine(JSON.parse(text));
      if (nowMs - line.entry.time < MAX_AGE_MS && line.entry.flags?.includes('imported') !== true) yield line;
    }
    cursor = page.next;
  }
}

/** Passes findings on, but none about what was judged in an earlier run. */
export class FindingsSince {
  readonly #report: (finding: NewFinding) => void;
  readonly #told = new RecentMap<string, true>(REMEMBERED);
  #looksBack = false;

  constructor(report: (finding: NewFinding) => void) {
    this.#report = report;
  }

  readonly report = (finding: NewFinding): void => {
    // It was told then, or would have been; what is due only now may have been told already.
    if (!this.#looksBack && !this.#told.has(nameOf(finding))) this.#report(finding);
  };

  /** Shows what an earlier run recorded, message by message, without a finding about it. */
  async lookBack(lines: AsyncIterable<EntryLine>, show: (line: EntryLine, seq: number) => void): Promise<number> {
    let count = 0;
    this.#looksBack = true;
    try {
      for await (const line of lines) {
        for (const finding of line.findings) this.#told.set(nameOf({ ...finding, seq: line.seq ?? 0 }), true);
        show(line, line.seq ?? 0);
        count++;
      }
    } finally {
      this.#looksBack = false;
    }
    return count;
  }

  /** For what is done at the end of looking back: connections that nobody has seen the end of. */
  silently(task: () => void): void {
    this.#looksBack = true;
    try {
      task();
    } finally {
      this.#looksBack = false;
    }
  }
}

function nameOf({ rule, seq, party, pointer, text }: NewFinding): string {
  return seq === undefined ? `${rule} ${party} ${text}` : `${seq} ${rule} ${pointer ?? ''}`;
}
