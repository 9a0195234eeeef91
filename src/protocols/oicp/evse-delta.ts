import { canonicalEvseId } from './identifiers/evse-id.ts';
import type { PullEvseDataRecord } from './schema/evse-data.ts';

/** Records by canonical EVSE id. */
export type EvseSet = ReadonlyMap<string, PullEvseDataRecord>;

/**
 * The net changes between two states: `insert` for what was not there, `update` for what changed, `delete` (with the last
 * known content) for what is gone. What came and went in between is not in it, nor what is as it was.
 */
export function evseDelta(then: EvseSet, now: EvseSet): PullEvseDataRecord[] {
  const changes: PullEvseDataRecord[] = [];
  for (const [id, record] of now) {
    const before = then.get(id);
    if (before === undefined) changes.push({ ...record, deltaType: 'insert' });
    else if (!sameRecord(before, record)) changes.push({ ...record, deltaType: 'update' });
  }
  for (const [id, record] of then) if (!now.has(id)) changes.push({ ...record, deltaType: 'delete' });
  return changes;
}

/**
 * A copy of a set with pulled records worked in: the receiver's side of a delta, and of a full pull (records without
 * `deltaType` are inserted). Records are kept without `deltaType`.
 */
export function applyEvseDelta(set: EvseSet, changes: readonly PullEvseDataRecord[]): Map<string, PullEvseDataRecord> {
  const result = new Map(set);
  for (const { deltaType, ...record } of changes) {
    const id = canonicalEvseId(record.EvseID);
    if (deltaType === 'delete') result.delete(id);
    else result.set(id, record);
  }
  return result;
}

/** Equal in every member but the hub's own marks; the order of members does not count. */
export function sameRecord(a: PullEvseDataRecord, b: PullEvseDataRecord): boolean {
  return canonicalText(content(a)) === canonicalText(content(b));
}

function content({ deltaType: _deltaType, lastUpdate: _lastUpdate, ...rest }: PullEvseDataRecord): unknown {
  return rest;
}

function canonicalText(value: unknown): string {
  return JSON.stringify(value, (_key, member: unknown) =>
    typeof member === 'object' && member !== null && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)))
      : member,
  );
}
