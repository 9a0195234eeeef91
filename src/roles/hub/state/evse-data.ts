import { isoTime } from '../../../core/time.ts';
import {
  canonicalEvseId,
  type EvseDataRecord,
  type EvseSet,
  evseDelta,
  evseFilter,
  inGeoFormat,
  instantOf,
  type PullEvseData,
  type PullEvseDataRecord,
  type PushEvseData,
} from '../../../protocols/oicp/index.ts';
import type { PushedRecords, PushResult, RecordVersion } from './pushed-records.ts';

/** EVSE data of all operators, as they pushed it, with its past for delta pulls. */
export class EvseData {
  readonly #records: PushedRecords<PullEvseDataRecord>;

  constructor(records: PushedRecords<PullEvseDataRecord>) {
    this.#records = records;
  }

  push(owner: string, { ActionType, OperatorEvseData }: PushEvseData, nowMs: number): PushResult {
    const { OperatorID, OperatorName, EvseDataRecord: records } = OperatorEvseData;
    const items = records.map((record) => ({
      id: canonicalEvseId(record.EvseID),
      content: stored(record, OperatorID, OperatorName),
    }));
    return this.#records.push(owner, ActionType, items, nowMs);
  }

  get(owner: string, evseId: string): PullEvseDataRecord | undefined {
    return this.#records.get(owner, canonicalEvseId(evseId));
  }

  /** Whether the operator has uploaded anything: without, 603 and 604 are not checked. */
  hasAny(owner: string): boolean {
    return this.#records.hasAny(owner);
  }

  /**
   * What a pull finds, all pages together: with LastCall the net changes since (what is gone with its last content),
   * else all records that pass the filters. `hasStatus` tells whether an owner offers status, which turns
   * `DynamicInfoAvailable` `auto` into `true`.
   */
  pull(request: PullEvseData, hasStatus: (owner: string) => boolean): PullEvseDataRecord[] {
    const owners = new Map<string, string>();
    const now = new Map<string, PullEvseDataRecord>();
    for (const { key, owner, content, versions } of this.#records.current()) {
      owners.set(content.EvseID, owner);
      now.set(key, { ...content, lastUpdate: isoTime(versions.at(-1)?.fromMs ?? 0) });
    }
    const sinceMs = request.LastCall === undefined ? undefined : instantOf(request.LastCall);
    const found = sinceMs === undefined ? [...now.values()] : evseDelta(this.at(sinceMs), now);
    const passes = evseFilter(request);
    return found.filter(passes).map((record) => {
      const shown = inGeoFormat(record, request.GeoCoordinatesResponseFormat);
      const owner = owners.get(record.EvseID);
      const dynamic = shown.DynamicInfoAvailable === 'auto' && owner !== undefined && hasStatus(owner);
      return dynamic ? { ...shown, DynamicInfoAvailable: 'true' } : shown;
    });
  }

  /** All present records with their owners. */
  *current(): IterableIterator<{ readonly owner: string; readonly record: PullEvseDataRecord }> {
    for (const { owner, content } of this.#records.current()) yield { owner, record: content };
  }

  /** What the EVSE's data was, the newest version last; without content: it was not there. */
  versions(owner: string, evseId: string): readonly RecordVersion<PullEvseDataRecord>[] {
    return this.#records.record(owner, canonicalEvseId(evseId))?.versions ?? [];
  }

  at(instantMs: number): EvseSet {
    return this.#records.at(instantMs);
  }
}

/** What the hub keeps of a pushed record. Its own marks are not the sender's to set. */
function stored(record: EvseDataRecord, OperatorID: string, OperatorName: string): PullEvseDataRecord {
  const { deltaType: _deltaType, lastUpdate: _lastUpdate, ...content } = record;
  return { ...content, OperatorID, OperatorName };
}
