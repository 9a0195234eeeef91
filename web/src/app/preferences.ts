import { useSyncExternalStore } from 'react';

/** What a person likes; kept in this browser only. What changes *what* is seen stands in the address instead. */
export interface Preferences {
  readonly density: 'compact' | 'comfortable';
  readonly timeZone: 'local' | 'utc';
  readonly motion: 'system' | 'off';
  readonly singleKeys: boolean;
  readonly hiddenPages: readonly string[];
  readonly sidebar: 'open' | 'small';
  readonly pane: 'right' | 'bottom';
  readonly paneSize: number;
  readonly hints: Readonly<Record<string, boolean>>;
  readonly trafficColumns: readonly string[] | null;
  readonly positions: Readonly<Record<string, { readonly x: number; readonly y: number }>>;
}

const DEFAULTS: Preferences = {
  density: 'compact',
  timeZone: 'local',
  motion: 'system',
  singleKeys: true,
  hiddenPages: [],
  sidebar: 'open',
  pane: 'right',
  paneSize: 520,
  hints: {},
  trafficColumns: null,
  positions: {},
};
const KEY = 'compote.preferences';

const listeners = new Set<() => void>();
let current: Preferences = load();

function load(): Preferences {
  try {
    return { ...DEFAULTS, ...(JSON.parse(localStorage.getItem(KEY) ?? '{}') as Partial<Preferences>) };
  } catch {
    return DEFAULTS;
  }
}

function show(): void {
  document.documentElement.dataset['density'] = current.density;
  document.documentElement.dataset['motion'] = current.motion === 'off' ? 'off' : 'on';
}
show();

export function preferences(): Preferences {
  return current;
}

export function setPreferences(change: Partial<Preferences>): void {
  current = { ...current, ...change };
  try {
    localStorage.setItem(KEY, JSON.stringify(current));
  } catch {
    // A browser that keeps nothing keeps it for this page.
  }
  show();
  for (const listener of listeners) listener();
}

export function usePreferences(): Preferences {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => current,
  );
}
