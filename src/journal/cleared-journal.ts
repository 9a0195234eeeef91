import type { Timer } from '../core/clock.ts';
import type { MessageIndex } from './message-index.ts';
import type { MessageStore } from './message-store.ts';
import type { Mute } from './mutes.ts';
import { RecordReader } from './packed-entry.ts';
import type { KeptFinding } from './query.ts';
import type { SessionProjection } from './sessions/session-projection.ts';
import type { TrafficCounter } from './statistics.ts';

/** How long a cleared journal can be taken back. Its files are kept until then. */
export const UNDO_MS = 60_000;

/** What the journal held when it was cleared. */
export interface ClearedJournal {
  readonly epoch: string;
  readonly index: MessageIndex;
  readonly counter: TrafficCounter;
  readonly sessions: SessionProjection;
  /** Of single messages. */
  readonly mutes: readonly Mute[];
  /** Epoch milliseconds. */
  readonly until: number;
  readonly timer: Timer;
}

const SLICE = 4_096;

/** Puts what came in since the clearing behind what was there before: numbers had gone on. Findings get new ones. */
export function addSince({ index, counter, mutes }: ClearedJournal, since: MessageIndex, store: MessageStore): void {
  for (const mute of mutes) index.mutes.put(mute);
  const known = new Set(index.routes.links());
  for (const link of since.routes.links()) if (!known.has(link)) index.addLink(link, since.routes.link(link));
  const reader = new RecordReader();
  const { first, head } = since.columns;
  for (let from = first; from <= head; from += SLICE) {
    for (const { record } of store.range(from, Math.min(head, from + SLICE - 1))) {
      reader.moveTo(record);
      const { place } = index.add(reader);
      counter.add(place.chunk, place.row);
    }
  }
  index.columns.raiseHead(head);
  for (const [, finding] of since.findings()) {
    const number = index.lastFinding + 1;
    index.addFinding(number, { ...finding, id: findingId(number) });
  }
  for (const [seq, annotation] of since.annotations()) index.annotate(seq, annotation);
}

export function findingId(number: number): KeptFinding['id'] {
  return `F-${String(number).padStart(5, '0')}`;
}
