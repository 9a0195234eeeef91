import {
  canonicalEvseId,
  canonicalOperatorId,
  type EvseStatusRecord,
  instantOf,
  operatorOfEvseId,
  type PullEvseDataRecord,
} from '../../../protocols/oicp/index.ts';
import type { EmpState } from './emp-state.ts';

/** How a pull changed the local copy. */
export interface CatalogueChange {
  readonly changed: number;
  readonly removed: number;
}

/** The whole set: what is not in it is gone. */
export function applyFull(records: readonly PullEvseDataRecord[], state: EmpState, nowMs: number): CatalogueChange {
  const keys = new Set(records.map(({ EvseID }) => canonicalEvseId(EvseID)));
  let removed = 0;
  for (const { key } of state.evses.all()) {
    if (keys.has(key)) continue;
    remove(key, state);
    removed++;
  }
  for (const record of records) put(record, state, nowMs);
  return { changed: records.length, removed };
}

/** The changes since the last call: each record says itself what it is. */
export function applyDelta(records: readonly PullEvseDataRecord[], state: EmpState, nowMs: number): CatalogueChange {
  let removed = 0;
  for (const record of records) {
    if (record.deltaType === 'delete') {
      remove(canonicalEvseId(record.EvseID), state);
      removed++;
    } else put(record, state, nowMs);
  }
  return { changed: records.length - removed, removed };
}

/**
 * Whether a delta leaves something open: an EVSE that the hub changed after `lastCall`, as we have it from the pull before,
 * and that the delta does not name. It came before our last pull and went after it, or was changed and changed back: in the
 * hub's net view nothing happened. Only everything tells.
 */
export function isInDoubt(records: readonly PullEvseDataRecord[], lastCall: string, state: EmpState): boolean {
  const sinceMs = instantOf(lastCall) ?? 0;
  const named = new Set(records.map(({ EvseID }) => canonicalEvseId(EvseID)));
  for (const { key, record } of state.evses.all()) {
    if (!named.has(key) && (instantOf(record.lastUpdate ?? '') ?? 0) > sinceMs) return true;
  }
  return false;
}

/** @param all whether these are all there are: what is not among them has no status any more. */
export function applyStatuses(
  records: readonly EvseStatusRecord[],
  all: boolean,
  state: EmpState,
  nowMs: number,
): number {
  const keys = new Set<string>();
  let changed = 0;
  for (const { EvseID, EvseStatus } of records) {
    const key = canonicalEvseId(EvseID);
    keys.add(key);
    if (EvseStatus === 'EvseNotFound') {
      if (state.statuses.delete(key)) changed++;
      continue;
    }
    const known = state.statuses.get(key);
    const same = known?.status === EvseStatus;
    if (!same) changed++;
    state.statuses.put({
      key,
      evseId: EvseID,
      status: EvseStatus,
      sinceMs: same ? known.sinceMs : nowMs,
      seenMs: nowMs,
    });
  }
  if (all) for (const { key } of state.statuses.all()) if (!keys.has(key) && state.statuses.delete(key)) changed++;
  return changed;
}

/** The operators of the catalogue, by their ids as they are written. */
export function knownOperators(
  state: EmpState,
): { readonly operatorId: string; readonly name: string; readonly evses: number }[] {
  const operators = new Map<string, { operatorId: string; name: string; evses: number }>();
  for (const { operatorId, record } of state.evses.all()) {
    const key = canonicalOperatorId(operatorId);
    const known = operators.get(key);
    if (known === undefined) operators.set(key, { operatorId, name: record.OperatorName ?? '', evses: 1 });
    else known.evses++;
  }
  return [...operators.values()].sort((a, b) => (a.operatorId < b.operatorId ? -1 : 1));
}

function put(record: PullEvseDataRecord, state: EmpState, nowMs: number): void {
  const { deltaType: _mark, ...content } = record;
  const operatorId = record.OperatorID ?? operatorOfEvseId(record.EvseID) ?? '';
  state.evses.put({ key: canonicalEvseId(record.EvseID), operatorId, record: content, seenMs: nowMs });
}

function remove(key: string, state: EmpState): void {
  state.evses.delete(key);
  state.statuses.delete(key);
}
