import { isoTime } from '../../../core/time.ts';
import {
  canonicalEvseId,
  type EvseDataRecord,
  type EvseSet,
  evseDelta,
  evseFilter,
  inGeoFormat,
  instantOf,
  type PageMembers,
  type PageQuery,
  type PullEvseData,
  type PullEvseDataRecord,
  type PushEvseData,
  pageOfList,
} from '../../../protocols/oicp/index.ts';
import type { PushedRecord, PushedRecords, PushResult, RecordVersion } from './pushed-records.ts';

/** EVSE data of all operators, as they pushed it, with its past for delta pulls. */
export class EvseData {
  readonly #records: PushedRecords<PullEvseDataRecord>;
  /** What the last pull of everything found: its next pages need not look at all records again. */
  #found: { readonly request: string; readonly revision: number; readonly keys: readonly string[] } | undefined;

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
   * One page of what a pull finds: with LastCall the net changes since (what is gone with its last content), else all
   * records that pass the filters. `hasStatus` tells whether an owner offers status, which turns `DynamicInfoAvailable`
   * `auto` into `true`.
   */
  pull(
    request: PullEvseData,
    hasStatus: (owner: string) => boolean,
    query: PageQuery,
  ): PageMembers & { readonly content: PullEvseDataRecord[] } {
    const offers = new Map<string, boolean>();
    const offersStatus = (owner: string): boolean => {
      const known = offers.get(owner) ?? hasStatus(owner);
      offers.set(owner, known);
      return known;
    };
    const shown = (record: PullEvseDataRecord, owner: string | undefined): PullEvseDataRecord => {
      const placed = inGeoFormat(record, request.GeoCoordinatesResponseFormat);
      const dynamic = placed.DynamicInfoAvailable === 'auto' && owner !== undefined && offersStatus(owner);
      return dynamic ? { ...placed, DynamicInfoAvailable: 'true' } : placed;
    };
    const sinceMs = request.LastCall === undefined ? undefined : instantOf(request.LastCall);
    if (sinceMs !== undefined) {
      const { changes, owners } = this.#changes(request, sinceMs);
      const page = pageOfList(changes, query);
      return { ...page, content: page.content.map((record) => shown(record, owners.get(record.EvseID))) };
    }
    const page = pageOfList(this.#matching(request), query);
    const content = page.content.flatMap((key) => {
      const found = this.#records.byKey(key);
      return found === undefined ? [] : [shown(dated(found), found.owner)];
    });
    return { ...page, content };
  }

  /** The keys of the present records that pass the filters. */
  #matching(request: PullEvseData): readonly string[] {
    const { revision } = this.#records;
    const text = JSON.stringify(request);
    if (this.#found?.request === text && this.#found.revision === revision) return this.#found.keys;
    const passes = evseFilter(request);
    const keys: string[] = [];
    for (const { key, content } of this.#records.current()) if (passes(content)) keys.push(key);
    this.#found = { request: text, revision, keys };
    return keys;
  }

  #changes(request: PullEvseData, sinceMs: number) {
    const owners = new Map<string, string>();
    const now = new Map<string, PullEvseDataRecord>();
    for (const record of this.#records.current()) {
      owners.set(record.content.EvseID, record.owner);
      now.set(record.key, dated(record));
    }
    return { owners, changes: evseDelta(this.at(sinceMs), now).filter(evseFilter(request)) };
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

function dated({ content, versions }: PushedRecord<PullEvseDataRecord> & { readonly content: PullEvseDataRecord }) {
  return { ...content, lastUpdate: isoTime(versions.at(-1)?.fromMs ?? 0) };
}

/** What the hub keeps of a pushed record. Its own marks are not the sender's to set. */
function stored(record: EvseDataRecord, OperatorID: string, OperatorName: string): PullEvseDataRecord {
  const { deltaType: _deltaType, lastUpdate: _lastUpdate, ...content } = record;
  return { ...content, OperatorID, OperatorName };
}
