import { useRef, useState } from 'react';
import { apiPath } from '../../api/client.ts';
import { useLiveEvent } from '../../api/live.ts';
import { useGet } from '../../api/queries.ts';
import type { Page, Row } from '../../api/shapes.ts';

/** `from to protocol` -> the action that just went there. */
export type Hops = ReadonlyMap<string, string>;

/** The newest requests; the side panel lists them. */
export const RECENT = apiPath('/messages', { q: '-action:Heartbeat kind:request', limit: 12 });
const SHOWN_MS = 1_500;
const GATHER_MS = 250;

/** What passes between the parties at this moment; each hop is shown for a moment only. */
export function useHops(): Hops {
  const recent = useGet<Page<Row>>(RECENT, { keep: true });
  const [now, setNow] = useState(0);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const ending = useRef<ReturnType<typeof setTimeout>>(undefined);
  useLiveEvent('journal', () => {
    timer.current ??= setTimeout(() => {
      timer.current = undefined;
      setNow(Date.now());
      void recent.refetch();
      clearTimeout(ending.current);
      ending.current = setTimeout(() => setNow(Date.now()), SHOWN_MS);
    }, GATHER_MS);
  });
  const hops = new Map<string, string>();
  for (const row of [...(recent.data?.items ?? [])].reverse())
    if (now - row.t < SHOWN_MS) hops.set(`${row.f} ${row.to} ${row.p}`, row.a);
  return hops;
}
