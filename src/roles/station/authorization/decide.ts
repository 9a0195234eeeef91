import { isValid, type TokenInfo } from './token.ts';

/** What governs authorization; read from configuration keys (1.6) or the device model (2.x). */
export interface AuthorizationRules {
  readonly localListEnabled: boolean;
  readonly cacheEnabled: boolean;
  /** Start from list or cache while online, without asking first. */
  readonly localPreAuthorize: boolean;
  /** Start from list or cache while offline. */
  readonly localAuthorizeOffline: boolean;
  /** Start tokens that nobody knows while offline. */
  readonly offlineUnknown: boolean;
  /** 2.x: never ask about a listed (cached) token that is not Accepted; refuse it. */
  readonly listDisablePostAuthorize: boolean;
  readonly cacheDisablePostAuthorize: boolean;
  /** 2.x: Authorize is never sent. */
  readonly disableRemoteAuthorization: boolean;
}

export type StartDecision =
  | { readonly do: 'start'; readonly source: 'list' | 'cache' | 'offline'; readonly info: TokenInfo }
  | { readonly do: 'ask' }
  | { readonly do: 'refuse'; readonly why: string };

/** Whether a presented token may start, must be asked about, or is refused (1.6 §3.5, §4.1; 2.0.1 C10-C15). */
export function decideStart(
  known: { readonly listed: TokenInfo | undefined; readonly cached: TokenInfo | undefined },
  online: boolean,
  rules: AuthorizationRules,
  nowMs: number,
): StartDecision {
  const listed = rules.localListEnabled ? known.listed : undefined;
  // The list has priority: a cached entry counts only for a token that is not listed.
  const cached = rules.cacheEnabled && listed === undefined ? known.cached : undefined;
  const entry = listed ?? cached;
  const source = listed !== undefined ? 'list' : 'cache';
  if (online) {
    if (entry !== undefined && rules.localPreAuthorize && isValid(entry, nowMs))
      return { do: 'start', source, info: entry };
    const noPost = listed !== undefined ? rules.listDisablePostAuthorize : rules.cacheDisablePostAuthorize;
    if (entry !== undefined && noPost && !isValid(entry, nowMs)) return { do: 'refuse', why: entry.status };
    if (rules.disableRemoteAuthorization) return { do: 'refuse', why: 'Unknown' };
    return { do: 'ask' };
  }
  if (entry !== undefined) {
    // The list may hold ConcurrentTx: offline nobody can tell whether it still is (1.6 §3.5.2).
    const usable = isValid(entry, nowMs) || (listed !== undefined && entry.status === 'ConcurrentTx');
    if (!usable) return { do: 'refuse', why: entry.status };
    if (!rules.localAuthorizeOffline) return { do: 'refuse', why: 'offline' };
    return { do: 'start', source, info: { ...entry, status: 'Accepted' } };
  }
  if (rules.offlineUnknown) return { do: 'start', source: 'offline', info: { status: 'Accepted' } };
  return { do: 'refuse', why: 'offline' };
}
