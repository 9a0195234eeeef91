import type { RequestOf, ResponseOf } from '../../../../protocols/ocpp/messages.ts';
import type { Side16 } from './side.ts';
import { idTag, tokenInfo16 } from './tokens.ts';

/** −1: lists are switched off (1.6 §5.10, E 3.52). */
export function getLocalListVersion(side: Side16): ResponseOf<'1.6', 'GetLocalListVersion'> {
  return { listVersion: side.settings.localListEnabled ? side.core.list.version : -1 };
}

export function sendLocalList(
  side: Side16,
  request: RequestOf<'1.6', 'SendLocalList'>,
): ResponseOf<'1.6', 'SendLocalList'> {
  if (!side.settings.localListEnabled) return { status: 'NotSupported' };
  const entries = (request.localAuthorizationList ?? []).map((entry) => {
    const info = tokenInfo16(entry.idTagInfo);
    return { token: idTag(entry.idTag), ...(info === undefined ? {} : { info }) };
  });
  const status = side.core.list.update(request.updateType, request.listVersion, entries, {
    maxEntries: side.settings.localListMaxEntries,
    maxEntriesPerUpdate: side.settings.localListMaxPerUpdate,
  });
  if (status === 'Accepted') {
    // What is listed is not cached (1.6 §3.5.3).
    for (const entry of entries) side.core.cache.remove(entry.token);
    side.host.touched('list');
    side.host.touched('cache');
    side.host.happened('local-list', { version: request.listVersion, entries: side.core.list.size });
  }
  return { status };
}

/** Without a cache there is nothing to clear: Rejected (E 3.23). */
export function clearCache(side: Side16): ResponseOf<'1.6', 'ClearCache'> {
  if (!side.settings.cacheEnabled) return { status: 'Rejected' };
  side.core.cache.clear();
  side.host.touched('cache');
  return { status: 'Accepted' };
}
