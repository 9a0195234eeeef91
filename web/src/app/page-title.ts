import { useEffect, useSyncExternalStore } from 'react';

let title: PageHeading = { page: '', what: '' };
const listeners = new Set<() => void>();

export interface PageHeading {
  readonly page: string;
  /** What of the page: a station, a filter. */
  readonly what: string;
}

/** Names the page: in the header, in the browser's title (`what – page – Compote`). */
export function usePageTitle(page: string, what?: string): void {
  useEffect(() => {
    title = { page, what: what ?? '' };
    document.title = [what, page, 'Compote'].filter((part) => part !== undefined && part !== '').join(' – ');
    for (const listener of listeners) listener();
  }, [page, what]);
}

export function usePageHeading(): PageHeading {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => title,
  );
}

/** Where the focus goes when what had it is gone: the heading of the page, so that it is never lost. */
export function focusHeading(): void {
  document.querySelector<HTMLElement>('.frame-head h1')?.focus();
}
