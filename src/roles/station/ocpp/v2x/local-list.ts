import type { Side2x } from './side.ts';
import { tokenInfo2x, tokenOf } from './tokens.ts';
import { type Answer, info, type Request } from './wire.ts';

/** 0 when there is none or it is switched off (2.0.1 D02.FR.03). */
export function getLocalListVersion(side: Side2x): Answer<'GetLocalListVersion'> {
  return { versionNumber: side.settings.localListEnabled ? side.core.list.version : 0 };
}

export function sendLocalList(side: Side2x, request: Request<'SendLocalList'>): Answer<'SendLocalList'> {
  if (!side.settings.localListEnabled) return { status: 'Failed', ...info('NotEnabled') };
  const entries = (request.localAuthorizationList ?? []).map((entry) => {
    const known = tokenInfo2x(entry.idTokenInfo);
    return { token: tokenOf(entry.idToken), ...(known === undefined ? {} : { info: known }) };
  });
  const status = side.core.list.update(request.updateType, request.versionNumber, entries, {
    maxEntries: side.settings.localListMaxEntries,
    maxEntriesPerUpdate: side.settings.localListMaxPerUpdate,
  });
  if (status !== 'Accepted') return { status };
  for (const entry of entries) side.core.cache.remove(entry.token);
  side.host.touched('list');
  side.host.touched('cache');
  side.host.happened('local-list', { version: request.versionNumber, entries: side.core.list.size });
  return { status };
}

/** Rejected while the cache is switched off (C11.FR.04). */
export function clearCache(side: Side2x): Answer<'ClearCache'> {
  if (!side.settings.cacheEnabled) return { status: 'Rejected', ...info('NotEnabled') };
  side.core.cache.clear();
  side.host.touched('cache');
  return { status: 'Accepted' };
}
