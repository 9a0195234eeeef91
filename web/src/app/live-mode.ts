import { useSyncExternalStore } from 'react';

/** What the header tells about the list on the page: follows, held by the reader, or frozen at a message. */
export interface LiveMode {
  readonly state: 'live' | 'held' | 'frozen';
  readonly asOf?: number;
}

const LIVE: LiveMode = { state: 'live' };
let mode: LiveMode = LIVE;
const listeners = new Set<() => void>();

export function setLiveMode(next: LiveMode): void {
  if (next.state === mode.state && next.asOf === mode.asOf) return;
  mode = next;
  for (const listener of listeners) listener();
}

export function useLiveMode(): LiveMode {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => mode,
  );
}

export function resetLiveMode(): void {
  setLiveMode(LIVE);
}
