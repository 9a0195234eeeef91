import { isValid, type Token, type TokenInfo, tokenKey } from './token.ts';

interface CacheEntry {
  readonly token: Token;
  readonly info: TokenInfo;
}

/** The authorization cache: the latest answers about tokens, valid or not (1.6 §3.5.1, 2.0.1 C10). */
export class AuthorizationCache {
  readonly #capacity: number;
  /** In the order of the last update. Made with the first entry. */
  #entries: Map<string, CacheEntry> | undefined;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  get size(): number {
    return this.#entries?.size ?? 0;
  }

  /** What is known; past its expiry date an entry is Expired. */
  find(token: Token, nowMs: number): TokenInfo | undefined {
    const info = this.#entries?.get(tokenKey(token))?.info;
    if (info === undefined || info.status !== 'Accepted' || isValid(info, nowMs)) return info;
    return { ...info, status: 'Expired' };
  }

  /** Keeps the newest answer. When full, invalid entries go first, then the oldest. */
  put(token: Token, info: TokenInfo, nowMs: number): void {
    this.#entries ??= new Map();
    const entries = this.#entries;
    const key = tokenKey(token);
    entries.delete(key);
    if (entries.size >= this.#capacity) {
      let victim: string | undefined;
      for (const [other, entry] of entries) {
        victim ??= other;
        if (!isValid(entry.info, nowMs)) {
          victim = other;
          break;
        }
      }
      if (victim !== undefined) entries.delete(victim);
    }
    entries.set(key, { token, info });
  }

  remove(token: Token): boolean {
    return this.#entries?.delete(tokenKey(token)) ?? false;
  }

  clear(): void {
    this.#entries = undefined;
  }

  toJSON(): readonly CacheEntry[] {
    return [...(this.#entries?.values() ?? [])];
  }

  restore(saved: readonly CacheEntry[]): void {
    this.#entries = saved.length === 0 ? undefined : new Map(saved.map((entry) => [tokenKey(entry.token), entry]));
  }
}
