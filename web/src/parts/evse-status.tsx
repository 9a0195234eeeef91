/** Status of an EVSE in e-roaming, as shape and word: circle, half, triangle, cross, ring. */

const WORDS: Readonly<Record<string, { readonly tone: string; readonly word: string }>> = {
  Available: { tone: 'var(--c-ok)', word: 'Available' },
  Occupied: { tone: 'var(--c-info)', word: 'Occupied' },
  Reserved: { tone: 'var(--c-warn)', word: 'Reserved' },
  OutOfService: { tone: 'var(--c-error)', word: 'Out of service' },
};

export const EVSE_STATUSES = ['Available', 'Occupied', 'Reserved', 'OutOfService', 'Unknown'] as const;

export function evseStatusWord(status: string | undefined): string {
  return WORDS[status ?? '']?.word ?? 'Unknown';
}

/** The shape alone, centred on 0 0, for use inside an SVG. */
export function EvseStatusShape({ status, size = 8 }: { readonly status: string | undefined; readonly size?: number }) {
  const tone = WORDS[status ?? '']?.tone ?? 'var(--c-muted)';
  const r = size;
  switch (status) {
    case 'Available':
      return <circle r={r} fill={tone} />;
    case 'Occupied':
      return (
        <>
          <circle r={r - 1} fill="var(--s-page)" stroke={tone} strokeWidth={2} />
          <path d={`M0 ${-(r - 1)}a${r - 1} ${r - 1} 0 0 1 0 ${2 * (r - 1)}z`} fill={tone} />
        </>
      );
    case 'Reserved':
      return <path d={`M0 ${-r}L${r} ${r * 0.8}H${-r}z`} fill={tone} />;
    case 'OutOfService':
      return (
        <path
          d={`M${-r * 0.7} ${-r * 0.7}L${r * 0.7} ${r * 0.7}M${r * 0.7} ${-r * 0.7}L${-r * 0.7} ${r * 0.7}`}
          stroke={tone}
          strokeWidth={3}
          strokeLinecap="round"
        />
      );
    default:
      return <circle r={r - 1} fill="var(--s-page)" stroke={tone} strokeWidth={2} />;
  }
}

export function EvseStatus({ status }: { readonly status: string | undefined }) {
  return (
    <span className="glyph-text">
      <svg className="glyph" viewBox="-7 -7 14 14" aria-hidden="true">
        <EvseStatusShape status={status} size={6} />
      </svg>
      {evseStatusWord(status)}
    </span>
  );
}
