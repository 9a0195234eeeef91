import { type Token, type TokenInfo, tokenKey } from './token.ts';

export interface ListEntry {
  readonly token: Token;
  /** Absent in a differential update: the entry is deleted. */
  readonly info?: TokenInfo;
}

export type ListUpdateStatus = 'Accepted' | 'Failed' | 'VersionMismatch';

export interface ListLimits {
  readonly maxEntries: number;
  readonly maxEntriesPerUpdate: number;
}

/** The local authorization list (1.6 §3.5.2, 2.0.1 D01/D02). Version 0 means: none. */
export class LocalList {
  #version = 0;
  /** Made on the first update: most stations of a fleet never get a list. */
  #entries: Map<string, ListEntry> | undefined;

  get version(): number {
    return this.#version;
  }

  get size(): number {
    return this.#entries?.size ?? 0;
  }

  find(token: Token): TokenInfo | undefined {
    return this.#entries?.get(tokenKey(token))?.info;
  }

  /** Replaces or changes the list; on anything but Accepted it stays as it was. */
  update(
    kind: 'Full' | 'Differential',
    version: number,
    entries: readonly ListEntry[],
    limits: ListLimits,
  ): ListUpdateStatus {
    if (version <= 0 || entries.length > limits.maxEntriesPerUpdate) return 'Failed';
    const keys = new Set(entries.map((entry) => tokenKey(entry.token)));
    if (keys.size !== entries.length) return 'Failed';
    if (kind === 'Differential' && version <= this.#version) return 'VersionMismatch';
    if (kind === 'Full' && entries.some((entry) => entry.info === undefined)) return 'Failed';
    const next = new Map(kind === 'Full' ? [] : this.#entries);
    for (const entry of entries) {
      if (entry.info === undefined) next.delete(tokenKey(entry.token));
      else next.set(tokenKey(entry.token), entry);
    }
    if (next.size > limits.maxEntries) return 'Failed';
    this.#entries = next.size === 0 ? undefined : next;
    this.#version = version;
    return 'Accepted';
  }

  toJSON(): { readonly version: number; readonly entries: readonly ListEntry[] } {
    return { version: this.#version, entries: [...(this.#entries?.values() ?? [])] };
  }

  restore(saved: { readonly version: number; readonly entries: readonly ListEntry[] }): void {
    this.#version = saved.version;
    this.#entries = saved.entries.length === 0 ? undefined : new Map(saved.entries.map((e) => [tokenKey(e.token), e]));
  }
}
