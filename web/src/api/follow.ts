import { useEffect, useRef } from 'react';
import { useLiveEvent } from './live.ts';
import { refresh } from './queries.ts';

const AT_MOST_EVERY_MS = 300;

/**
 * Reads what a page shows again when something of its protocol crossed a wire, or when an event of these names came: the
 * lists of hub, EMP and pools change with messages. Nothing is asked while nothing happens.
 */
export function useFollow(protocols: readonly string[], events: readonly string[], prefix: string): void {
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const due = (): void => {
    timer.current ??= setTimeout(() => {
      timer.current = undefined;
      refresh(prefix);
    }, AT_MOST_EVERY_MS);
  };
  useEffect(
    () => () => {
      clearTimeout(timer.current);
      timer.current = undefined;
    },
    [],
  );
  useLiveEvent([...events, 'rates'], (data, event) => {
    if (event !== 'rates') return due();
    const { byProto } = data as { readonly byProto: Readonly<Record<string, number>> };
    if (protocols.some((protocol) => (byProto[protocol] ?? 0) > 0)) due();
  });
}
