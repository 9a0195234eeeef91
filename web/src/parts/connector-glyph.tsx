/** The state of a connector as a small drawing: free ring, plugged half, charging bolt, fault cross, reserved lock. */
export function ConnectorGlyph({ status, size = 14 }: { readonly status: string; readonly size?: number }) {
  const kind = kindOf(status);
  const tone = {
    free: 'var(--c-muted)',
    plugged: 'var(--c-ocpp)',
    charging: 'var(--c-ok)',
    paused: 'var(--c-warn)',
    fault: 'var(--c-error)',
    reserved: 'var(--c-pnc)',
    off: 'var(--c-muted)',
    unknown: 'var(--c-muted)',
  }[kind];
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 14 14"
      role="img"
      aria-label={status}
      style={{ color: tone, flex: 'none' }}
    >
      <title>{status}</title>
      {kind === 'free' && <circle cx="7" cy="7" r="4.500" fill="none" stroke="currentColor" strokeWidth="1.500" />}
      {kind === 'plugged' && (
        <>
          <circle cx="7" cy="7" r="4.500" fill="none" stroke="currentColor" strokeWidth="1.500" />
          <path d="M7 2.500a4.500 4.500 0 0 0 0 9z" fill="currentColor" />
        </>
      )}
      {kind === 'charging' && <path d="M8 .8L2.800 8h3.400l-1 5.200L10.700 6H7.200z" fill="currentColor" />}
      {kind === 'paused' && <path d="M4 2.500h2v9H4zM8 2.500h2v9H8z" fill="currentColor" />}
      {kind === 'fault' && (
        <path d="M3 3l8 8m0-8l-8 8" stroke="currentColor" strokeWidth="2.200" strokeLinecap="round" />
      )}
      {kind === 'reserved' && (
        <path
          d="M3 6.500h8V12H3z M4.500 6.500V5a2.500 2.500 0 0 1 5 0v1.500"
          fill="none"
          stroke="currentColor"
          strokeWidth="1.500"
        />
      )}
      {kind === 'off' && <path d="M2.500 7h9" stroke="currentColor" strokeWidth="2.200" strokeLinecap="round" />}
      {kind === 'unknown' && (
        <path
          d="M5 5a2 2 0 1 1 2.600 1.900c-.4.2-.6.500-.6 1v.4M7 10.600v.4"
          fill="none"
          stroke="currentColor"
          strokeWidth="1.500"
          strokeLinecap="round"
        />
      )}
    </svg>
  );
}

type Kind = 'free' | 'plugged' | 'charging' | 'paused' | 'fault' | 'reserved' | 'off' | 'unknown';

const KINDS: Readonly<Record<string, Kind>> = {
  Available: 'free',
  Preparing: 'plugged',
  Occupied: 'plugged',
  Finishing: 'plugged',
  EVConnected: 'plugged',
  Charging: 'charging',
  SuspendedEV: 'paused',
  SuspendedEVSE: 'paused',
  Faulted: 'fault',
  Reserved: 'reserved',
  Unavailable: 'off',
};

function kindOf(status: string): Kind {
  return KINDS[status] ?? 'unknown';
}
