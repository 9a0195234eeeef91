import { at, type Columns } from './columns.ts';
import { flagBit } from './packed-entry.ts';
import type { Retention } from './query.ts';

/** Slightly more messages than asked for are kept, so that not every new one deletes an old one. */
const SLACK_SHARE = 0.01;
const SLACK_LIMIT = 10_000;

/** The number of the oldest message that stays within the limits. */
export function firstToKeep(columns: Columns, retention: Retention, nowMs: number): number {
  let first = columns.first;
  const slack = Math.min(SLACK_LIMIT, Math.floor(retention.messages * SLACK_SHARE));
  if (columns.count > retention.messages + slack) first = Math.max(first, columns.head - retention.messages + 1);
  let bytes = columns.bytes;
  const oldest = nowMs - retention.ageMs;
  const imported = flagBit('imported');
  columns.walk(columns.first, columns.head, (chunk, row) => {
    const tooMany = bytes > retention.bytes;
    // Imported messages keep their old times: only what stands around them says how long they have been here.
    const isImported = (at(chunk.bits, row) & imported) !== 0;
    const tooOld = at(chunk.time, row) < oldest;
    if (!tooMany && !tooOld && !isImported) return false;
    bytes -= at(chunk.size, row);
    if (tooMany || (tooOld && !isImported)) first = Math.max(first, chunk.base + row + 1);
    return true;
  });
  return first;
}
