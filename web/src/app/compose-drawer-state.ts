import { useEffect, useSyncExternalStore } from 'react';

/** The composer beside the page: open or not, and what it begins with. */
type Place = Readonly<Record<string, string | undefined>>;

interface State {
  readonly place: Place | undefined;
  /** Whom the page that is shown is about. */
  readonly target: string | undefined;
}

let state: State = { place: undefined, target: undefined };
const listeners = new Set<() => void>();

function set(next: Partial<State>): void {
  state = { ...state, ...next };
  for (const listener of listeners) listener();
}

const subscribe = (listener: () => void): (() => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

/** Opens it for a message from the CSMS to a station, as far as the page is about one. */
export function openComposeDrawer(place: Place = {}): void {
  set({ place: { ...(state.target === undefined ? {} : { from: 'csms', to: state.target }), ...place } });
}

export function closeComposeDrawer(): void {
  set({ place: undefined });
}

export function setComposePlace(place: Place): void {
  set({ place });
}

export function useComposeDrawer(): Place | undefined {
  return useSyncExternalStore(subscribe, () => state.place);
}

/** Says that this page is about a station: the composer's drawer begins with it. */
export function useComposeTarget(station: string | undefined): void {
  useEffect(() => {
    set({ target: station });
    return () => set({ target: undefined });
  }, [station]);
}
