/** A token as a driver presents it. `type` is the 2.x IdToken type; 1.6 has none and uses `idTag`. */
export interface Token {
  readonly value: string;
  readonly type: string;
}

/** Equality of value and type; values are case-insensitive (1.6 CiString, 2.0.1 C01.FR.25). */
export function sameToken(a: Token, b: Token): boolean {
  return a.type === b.type && a.value.toLowerCase() === b.value.toLowerCase();
}

export function tokenKey(token: Token): string {
  return `${token.type}:${token.value.toLowerCase()}`;
}

/** What the station knows about a token: from the local list, the cache or an answer of the CSMS. */
export interface TokenInfo {
  /** `Accepted`, or the version's own word for why not. */
  readonly status: string;
  /** 1.6 parentIdTag, 2.x groupIdToken. */
  readonly group?: Token;
  readonly expiryMs?: number;
  /** 2.x: only these EVSEs; absent = all. */
  readonly evseIds?: readonly number[];
}

export function isValid(info: TokenInfo, nowMs: number): boolean {
  return info.status === 'Accepted' && (info.expiryMs === undefined || nowMs < info.expiryMs);
}

/** Two tokens are one group iff their groups match; a group is never compared with a presented token (1.6 §3.5). */
export function sameGroup(a: Token | undefined, b: Token | undefined): boolean {
  return a !== undefined && b !== undefined && sameToken(a, b);
}
