import type { OutboundContext } from './handler.ts';

/** An entry as sent: without `info` it deletes (1.6 §5.15, 2.x D01.FR.17). */
export interface LocalListEntry {
  readonly idToken: string;
  readonly type?: string | undefined;
  readonly info?: object | undefined;
}

/** The station took a list: the copy here becomes what the station now holds. */
export function localListSent(
  context: OutboundContext,
  version: number,
  updateType: 'Full' | 'Differential',
  entries: readonly LocalListEntry[],
): void {
  const { state, station, now, services } = context;
  if (updateType === 'Full') state.items.deleteAll(station, 'local-list');
  for (const { idToken, type, info } of entries) {
    const id = idToken.toLowerCase();
    if (info === undefined) state.items.delete(station, 'local-list', id);
    else state.items.put({ station, kind: 'local-list', id, at: now, value: { idToken, type, ...info } });
  }
  localListVersionKnown(context, version);
  services.changed({ what: 'item', station, kind: 'local-list', id: String(version) });
}

export function localListVersionKnown(context: OutboundContext, version: number): void {
  context.state.stations.update(context.station, { localListVersion: version });
}
