import { Tooltip } from '@mantine/core';
import { useEffect, useState } from 'react';
import { live, useLiveEvent, useLiveStatus } from '../api/live.ts';
import { clockTime, count } from '../parts/format.ts';
import { useLiveMode } from './live-mode.ts';

interface Rates {
  readonly total: number;
  readonly byProto: Readonly<Record<string, number>>;
}

/** How live the page is, and how much comes in. */
export function LiveBadge() {
  const status = useLiveStatus();
  const mode = useLiveMode();
  const [rates, setRates] = useState<Rates>();
  useLiveEvent('rates', (data) => setRates(data as Rates));
  const state = status.state === 'live' ? mode.state : status.state;
  const words: Record<typeof state, string> = {
    live: '● Live',
    held: '◐ Held',
    frozen: `■ Frozen${mode.asOf === undefined ? '' : ` at #${mode.asOf}`}`,
    connecting: '○ Connecting',
    reconnecting: '▲ Reconnecting',
    offline: '✗ Offline',
  };
  const rate = rates?.total ?? 0;
  const detail = Object.entries(rates?.byProto ?? {})
    .map(([protocol, value]) => `${protocol} ${value}/s`)
    .join(', ');
  return (
    <Tooltip label={detail === '' ? 'Messages come in live' : detail}>
      <span className="live-badge" data-testid="live-badge" data-state={state}>
        {words[state]}
        {state === 'live' && rate > 0 && <i>{count(rate)}/s</i>}
      </span>
    </Tooltip>
  );
}

/** Says that the line is lost, and since when what is shown may be old. */
export function Banners() {
  const { state, lastHeard } = useLiveStatus();
  const [late, setLate] = useState(false);
  useEffect(() => {
    setLate(false);
    if (state === 'live' || state === 'connecting') return;
    const timer = setTimeout(() => setLate(true), 2_000);
    return () => clearTimeout(timer);
  }, [state]);
  if (!late) return null;
  return (
    <div className="banner" data-testid="banner" data-kind={state} role="status">
      {state === 'offline' ? '✗ The server does not answer.' : '▲ Live link lost.'} What you see was true at{' '}
      {clockTime(lastHeard, 0)}.
      <button type="button" className="frame-search" onClick={() => live.retry()}>
        Try now
      </button>
    </div>
  );
}
