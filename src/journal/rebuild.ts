import type { MessageIndex } from './message-index.ts';
import type { MessageStore } from './message-store.ts';
import { RecordReader } from './packed-entry.ts';
import type { TrafficCounter } from './statistics.ts';

const ROWS_PER_SLICE = 4_096;

export interface RebuildOptions {
  readonly index: MessageIndex;
  readonly store: MessageStore;
  readonly counter: TrafficCounter;
  readonly first: number;
  readonly last: number;
  /** True when nobody needs the index any more. */
  readonly isOver: () => boolean;
  readonly pause?: () => Promise<void>;
}

/** Fills the columns with what an earlier run left, from the newest down: so the first page is there at once. */
export async function rebuildIndex(options: RebuildOptions): Promise<void> {
  const { index, store, counter, first, pause } = options;
  index.rebuilding = true;
  const reader = new RecordReader();
  for (let to = options.last; to >= first; to -= ROWS_PER_SLICE) {
    if (options.isOver()) return;
    for (const head of store.heads(Math.max(first, to - ROWS_PER_SLICE + 1), to)) {
      reader.moveTo(head);
      if (index.columns.find(reader.seq) !== undefined) continue;
      if (reader.headLength > head.length) reader.moveTo(store.get(reader.seq)?.record ?? head);
      const { place } = index.add(reader);
      counter.add(place.chunk, place.row);
    }
    if (pause !== undefined) await pause();
  }
  index.rebuilding = false;
}
