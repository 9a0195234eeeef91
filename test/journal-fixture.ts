import { VirtualClock } from '../src/core/virtual-clock.ts';
import type { LinkDescription, NewEntry } from '../src/journal/entry.ts';
import { type Journal, type MemoryJournalOptions, openMemoryJournal } from '../src/journal/index.ts';
import { CommitGroup } from '../src/storage/commit-group.ts';

export const START_MS = 1_764_000_000_000;

export const STATION_16: LinkDescription = {
  a: { id: 'CS-1', role: 'cs' },
  b: { id: 'csms', role: 'csms' },
  protocol: 'ocpp',
  version: '1.6',
  transport: 'ws',
  conn: 'ws-1',
  facts: { subprotocol: 'ocpp1.6' },
  tap: 'csms',
};

export const STATION_201: LinkDescription = {
  ...STATION_16,
  a: { id: 'CS-2', role: 'cs' },
  version: '2.0.1',
  conn: 'ws-2',
};

export const HUB: LinkDescription = {
  a: { id: 'csms', role: 'csms' },
  b: { id: 'hub', role: 'hub' },
  protocol: 'oicp',
  version: '2.3',
  transport: 'http',
  conn: 'http-1',
  tap: 'hub',
};

export function virtualWorld(startMs = START_MS) {
  const clock = new VirtualClock(startMs);
  const group = new CommitGroup(clock, (cause) => {
    throw cause;
  });
  return { clock, group };
}

export function memoryJournal(options: Partial<MemoryJournalOptions> = {}) {
  const { clock, group } = virtualWorld();
  const journal = openMemoryJournal({ clock, group, ...options });
  return { clock, group, journal, ...traffic(journal, () => clock.now()) };
}

/** Short ways to record what stations and hub say. */
export function traffic(journal: Journal, now: () => number) {
  const { recorder } = journal;
  const links = {
    cs1: recorder.openLink(STATION_16),
    cs2: recorder.openLink(STATION_201),
    hub: recorder.openLink(HUB),
  };
  let lastId = 0;
  const entry = (changes: Partial<NewEntry> & Pick<NewEntry, 'link' | 'kind' | 'action' | 'raw'>): number =>
    recorder.record({ toClient: false, time: now(), messageId: '', ...changes });
  /** A request of the client side and its answer; returns both numbers. */
  const exchange = (
    link: number,
    action: string,
    request: unknown,
    answer: unknown,
    changes: Partial<NewEntry> = {},
  ): [number, number] => {
    const messageId = `m${++lastId}`;
    const frame = (...parts: unknown[]): string => JSON.stringify(link === links.hub ? parts.at(-1) : parts);
    const seq = entry({
      link,
      kind: 'request',
      action,
      messageId,
      raw: frame(2, messageId, action, request),
      ...changes,
    });
    const answerSeq = entry({
      link,
      toClient: true,
      kind: 'response',
      action,
      messageId,
      raw: frame(3, messageId, answer),
      partner: seq,
      latencyMs: 12.5,
      ...changes,
    });
    return [seq, answerSeq];
  };
  return { links, entry, exchange };
}
