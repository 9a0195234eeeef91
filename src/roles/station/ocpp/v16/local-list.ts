import type { RequestOf, ResponseOf } from '../../../../protocols/ocpp/messages.ts';
import type { Token, TokenInfo } from '../../authorization/token.ts';
import type { Side16 } from './side.ts';
import { tellStation } from './status.ts';
import { idTag, tokenInfo16 } from './tokens.ts';

/** −1: lists are switched off (1.6 §5.10, E 3.52). */
export function getLocalListVersion(side: Side16): ResponseOf<'1.6', 'GetLocalListVersion'> {
  return { listVersion: side.settings.localListEnabled ? side.core.list.version : -1 };
}

/**
 * The CSMS says something else about a listed token than the list: connector 0 tells it (1.6 §3.5.2, §4.9). A token that
 * is only used elsewhere (ConcurrentTx) is as good as the list says.
 */
export function compareWithList(side: Side16, token: Token, info: TokenInfo | undefined): void {
  const listed = side.settings.localListEnabled ? side.core.list.find(token) : undefined;
  if (listed === undefined || info === undefined || info.status === 'ConcurrentTx') return;
  if ((listed.status === 'Accepted') === (info.status === 'Accepted') || side.listConflict) return;
  side.listConflict = true;
  side.host.happened('local-list-conflict', { listed: listed.status, told: info.status });
  tellStation(side, 'normal');
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
    if (side.listConflict) {
      side.listConflict = false;
      side.host.afterAnswer(() => tellStation(side, 'normal'));
    }
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
