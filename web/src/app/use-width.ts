import { useSyncExternalStore } from 'react';

/** Width of the window, for what CSS alone cannot decide (which columns a list has). */
export function useWidth(): number {
  return useSyncExternalStore(
    (listener) => {
      addEventListener('resize', listener);
      return () => removeEventListener('resize', listener);
    },
    () => innerWidth,
  );
}
