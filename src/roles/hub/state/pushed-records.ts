import type { Collection } from '../../../storage/collection.ts';

export type PushAction = 'fullLoad' | 'update' | 'insert' | 'delete';

/** What one record was from an instant on; no content: it was not there. */
export interface RecordVersion<T> {
  readonly fromMs: number;
  readonly content?: T;
}

/** One pushed record with its past, the newest version last. */
export interface PushedRecord<T> {
  /** Owner and id. */
  readonly key: string;
  readonly owner: string;
  readonly id: string;
  readonly present: boolean;
  readonly versions: readonly RecordVersion<T>[];
}

export interface PushItem<T> {
  /** Canonical, so that two writings of one id are one record. */
  readonly id: string;
  readonly content: T;
}

export type PushResult =
  | { readonly ok: true; readonly changed: number }
  /** Nothing was stored. The text is for `AdditionalInfo`. */
  | { readonly ok: false; readonly text: string };

/**
 * Records that partners push, with versions. One rule for EVSE data, status, authentication data and prices: fullLoad
 * replaces all of the owner's records (an empty one deletes them), insert asks for new ones, update and delete for known
 * ones, and one bad record refuses the whole push.
 */
export class PushedRecords<T> {
  readonly #records: Collection<PushedRecord<T>, 'owner'>;
  readonly #maxVersions: number;
  #revision = 0;

  /** @param maxVersions how many versions of a record are kept; 1 keeps no past. */
  constructor(records: Collection<PushedRecord<T>, 'owner'>, maxVersions: number) {
    this.#records = records;
    this.#maxVersions = maxVersions;
  }

  /** Grows with each push that changed something. */
  get revision(): number {
    return this.#revision;
  }

  push(owner: string, action: PushAction, items: readonly PushItem<T>[], nowMs: number): PushResult {
    const refusal = this.#refusal(owner, action, items);
    if (refusal !== undefined) return { ok: false, text: refusal };
    const ids = new Set(items.map(({ id }) => id));
    let changed = 0;
    if (action === 'fullLoad') {
      for (const record of this.#ownedBy(owner)) {
        if (ids.has(record.id) || !record.present) continue;
        this.#add(record, { fromMs: nowMs });
        changed++;
      }
    }
    for (const { id, content } of items) {
      const known = this.#records.get(keyOf(owner, id)) ?? this.#empty(owner, id);
      this.#add(known, action === 'delete' ? { fromMs: nowMs } : { fromMs: nowMs, content });
      changed++;
    }
    if (changed > 0) this.#revision++;
    return { ok: true, changed };
  }

  get(owner: string, id: string): T | undefined {
    return currentOf(this.#records.get(keyOf(owner, id)));
  }

  /** A present record by the key that `current` gave. */
  byKey(key: string): (PushedRecord<T> & { readonly content: T }) | undefined {
    const record = this.#records.get(key);
    const content = currentOf(record);
    return record === undefined || content === undefined ? undefined : { ...record, content };
  }

  /** The record with its kept past; also one that is deleted, as long as its past is kept. */
  record(owner: string, id: string): PushedRecord<T> | undefined {
    return this.#records.get(keyOf(owner, id));
  }

  /** When the record got its present content. */
  changedMs(owner: string, id: string): number | undefined {
    return this.#records.get(keyOf(owner, id))?.versions.at(-1)?.fromMs;
  }

  hasAny(owner: string): boolean {
    for (const record of this.#ownedBy(owner)) if (record.present) return true;
    return false;
  }

  /** All present records, of one owner or of all, in the order of owner and id. */
  *current(owner?: string): IterableIterator<PushedRecord<T> & { readonly content: T }> {
    for (const record of owner === undefined ? this.#records.all() : this.#ownedBy(owner)) {
      const content = currentOf(record);
      if (content !== undefined) yield { ...record, content };
    }
  }

  /** What was there at an instant, by owner and id. Before the kept past, the oldest kept version is not there yet. */
  at(instantMs: number): Map<string, T> {
    const state = new Map<string, T>();
    for (const record of this.#records.all()) {
      const content = record.versions.findLast(({ fromMs }) => fromMs <= instantMs)?.content;
      if (content !== undefined) state.set(record.key, content);
    }
    return state;
  }

  #refusal(owner: string, action: PushAction, items: readonly PushItem<T>[]): string | undefined {
    const seen = new Set<string>();
    for (const { id } of items) {
      if (seen.has(id)) return `${id} stands twice in the request`;
      seen.add(id);
      const known = this.get(owner, id) !== undefined;
      if (action === 'insert' && known) return `${id} is known already: use update`;
      if ((action === 'update' || action === 'delete') && !known) return `${id} is not known: use insert`;
    }
    return undefined;
  }

  #ownedBy(owner: string): IterableIterator<PushedRecord<T>> {
    return this.#records.all({ owner });
  }

  #empty(owner: string, id: string): PushedRecord<T> {
    return { key: keyOf(owner, id), owner, id, present: false, versions: [] };
  }

  #add(record: PushedRecord<T>, version: RecordVersion<T>): void {
    // Two pushes within one millisecond: the later one counts.
    const past = record.versions.filter(({ fromMs }) => fromMs < version.fromMs);
    const versions = [...past, version].slice(-this.#maxVersions);
    const gone = version.content === undefined && versions.every(({ content }) => content === undefined);
    if (gone) this.#records.delete(record.key);
    else this.#records.put({ ...record, present: version.content !== undefined, versions });
  }
}

function keyOf(owner: string, id: string): string {
  return `${owner}|${id}`;
}

function currentOf<T>(record: PushedRecord<T> | undefined): T | undefined {
  return record?.versions.at(-1)?.content;
}

/** One push per partner and kind at a time: the second is refused while the first is still being worked on. */
export class PushGate {
  readonly #busy = new Set<string>();

  /** False when a push of the kind is under way; else call `leave` when it is done. */
  enter(owner: string, kind: string): boolean {
    const key = `${owner}|${kind}`;
    if (this.#busy.has(key)) return false;
    this.#busy.add(key);
    return true;
  }

  leave(owner: string, kind: string): void {
    this.#busy.delete(`${owner}|${kind}`);
  }
}

export const PUSH_IN_PROGRESS = 'The push of data is already in progress';
