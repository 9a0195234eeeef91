import { useEffect, useSyncExternalStore } from 'react';

let title = '';
const listeners = new Set<() => void>();

/** Names the page: in the header, in the browser's title (`what – page – Compote`). */
export function usePageTitle(page: string, what?: string): void {
  useEffect(() => {
    title = what === undefined ? page : `${page}  ${what}`;
    document.title = [what, page, 'Compote'].filter((part) => part !== undefined && part !== '').join(' – ');
    for (const listener of listeners) listener();
  }, [page, what]);
}

export function usePageHeading(): string {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => title,
  );
}
