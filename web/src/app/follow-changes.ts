import { notifications } from '@mantine/notifications';
import { useEffect, useRef } from 'react';
import { useLiveEvent, useLiveStatus } from '../api/live.ts';
import { queryClient, refresh } from '../api/queries.ts';

/** What changed on the server is asked for again, at most four times a second for each kind. */
export function useFollowChanges(): void {
  const due = useRef(new Set<string>());
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const { state, resync } = useLiveStatus();
  const was = useRef(state);
  useLiveEvent('*', (_data, event) => {
    const changed = CHANGES[event];
    if (changed === undefined) return;
    for (const prefix of changed) due.current.add(prefix);
    timer.current ??= setTimeout(() => {
      timer.current = undefined;
      refresh(...due.current);
      due.current.clear();
    }, 250);
  });
  useEffect(() => {
    // What happened while the line was cut is not known: everything that is shown is read anew.
    if (state === 'live' && (resync === true || (was.current !== 'live' && was.current !== 'connecting')))
      void queryClient.invalidateQueries();
    if (state === 'live' && resync === true)
      notifications.show({ id: 'resync', message: 'Missed events: the page was read anew from the journal' });
    was.current = state;
  }, [state, resync]);
}

/** Event -> addresses that it touches. */
const CHANGES: Readonly<Record<string, readonly string[]>> = {
  topology: ['/topology'],
  service: ['/meta', '/topology', '/demo'],
  station: ['/stations'],
  transaction: ['/transactions', '/stations', '/sessions'],
  session: ['/sessions'],
  token: ['/tokens'],
  item: ['/stations'],
  finding: ['/findings', '/rules'],
  mute: ['/findings', '/rules', '/messages'],
  sim: ['/sim'],
  'sim-run': ['/sim/runs'],
  'sim-fleet': ['/sim/fleets'],
  demo: ['/demo/runs'],
  settings: ['/settings', '/meta'],
};
