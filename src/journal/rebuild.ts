import type { MessageIndex } from './message-index.ts';
import { RecordReader } from './packed-entry.ts';
import type { TrafficCounter } from './statistics.ts';

export interface RebuildOptions {
  readonly index: MessageIndex;
  /** Slices of records, newest first. */
  readonly earlier: Iterable<readonly Uint8Array[]>;
  readonly counter: TrafficCounter;
  /** True when nobody needs the index any more. */
  readonly isOver: () => boolean;
  readonly pause?: () => Promise<void>;
}

/** Fills the columns with what an earlier run left, from the newest down: so the first page is there at once. */
export async function rebuildIndex(options: RebuildOptions): Promise<void> {
  const { index, earlier, counter, pause } = options;
  index.rebuilding = true;
  const reader = new RecordReader();
  for (const slice of earlier) {
    if (options.isOver()) return;
    for (const record of slice) {
      reader.moveTo(record);
      if (index.columns.find(reader.seq) !== undefined) continue;
      const { place } = index.add(reader);
      counter.add(place.chunk, place.row);
    }
    if (pause !== undefined) await pause();
  }
  index.rebuilding = false;
}
