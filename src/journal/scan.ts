import type { ColumnTest } from './column-filter.ts';
import { NO, UNKNOWN } from './column-filter.ts';
import type { Columns } from './columns.ts';
import type { MessageStore, StoredMessage } from './message-store.ts';

/** A filter as the scanner uses it. */
export interface MessageTest {
  readonly columns: ColumnTest;
  /** For rows that the columns cannot answer. */
  readonly message: (stored: StoredMessage) => boolean;
}

export interface ScanOptions {
  readonly columns: Columns;
  readonly store: MessageStore;
  readonly test: MessageTest;
  /** Where to begin and to end, both included; downwards when `to` is below `from`. */
  readonly from: number;
  readonly to: number;
  /** Return false to stop. */
  readonly onMatch: (seq: number) => boolean;
  /** Called between slices of work: how many numbers were passed. Return false to stop. */
  readonly onProgress?: (passed: number) => boolean;
  /** Lets others work between two slices; missing: the scan does not pause. */
  readonly pause?: () => Promise<void>;
}

/** A slice ends after this many rows, or after this many that had to be read from the database. */
const ROWS_PER_SLICE = 131_072;
const READS_PER_SLICE = 512;

/** Walks over the journal in slices, so that recording and other readers go on. */
export async function scan(options: ScanOptions): Promise<void> {
  const { columns, test, to, onMatch } = options;
  const step = options.from <= to ? 1 : -1;
  let from = options.from;
  while (step === 1 ? from <= to : from >= to) {
    const candidates: { readonly seq: number; readonly known: boolean }[] = [];
    let unknown = 0;
    let looked = 0;
    const last = columns.walk(from, to, (chunk, row) => {
      const verdict = test.columns(chunk, row);
      looked++;
      if (verdict !== NO) {
        candidates.push({ seq: chunk.base + row, known: verdict !== UNKNOWN });
        if (verdict === UNKNOWN) unknown++;
      }
      return unknown < READS_PER_SLICE && looked < ROWS_PER_SLICE && candidates.length < ROWS_PER_SLICE / 16;
    });
    const read = unknown === 0 ? undefined : reader(options.store, candidates);
    for (const candidate of candidates) {
      const matches = candidate.known || messageMatches(test, read?.(candidate.seq));
      if (matches && !onMatch(candidate.seq)) return;
    }
    if (options.onProgress?.(Math.abs(last - from) + 1) === false) return;
    from = last + step;
    if (options.pause !== undefined && (step === 1 ? from <= to : from >= to)) await options.pause();
  }
}

function messageMatches(test: MessageTest, stored: StoredMessage | undefined): boolean {
  return stored !== undefined && test.message(stored);
}

/** Reads a dense set of rows at once, a sparse one each by itself. */
function reader(
  store: MessageStore,
  candidates: readonly { readonly seq: number; readonly known: boolean }[],
): (seq: number) => StoredMessage | undefined {
  const wanted = candidates.filter((candidate) => !candidate.known).map((candidate) => candidate.seq);
  const low = Math.min(wanted[0] ?? 0, wanted.at(-1) ?? 0);
  const high = Math.max(wanted[0] ?? 0, wanted.at(-1) ?? 0);
  if (high - low > wanted.length * 3) return (seq) => store.get(seq);
  const rows = new Map(store.range(low, high).map((stored) => [stored.seq, stored]));
  return (seq) => rows.get(seq);
}
