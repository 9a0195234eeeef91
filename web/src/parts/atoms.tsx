import { Tooltip } from '@mantine/core';
import type { ReactNode } from 'react';
import { copyText } from './clipboard.ts';
import './atoms.css';
import { middle, partyName, protocolName } from './format.ts';

/** The small signs that stand everywhere. Each carries its meaning in text or shape, never in colour alone. */

export function ProtoTag({ protocol, version }: { readonly protocol: string; readonly version?: string | undefined }) {
  return (
    <span className="proto" data-proto={protocol}>
      {protocolName(protocol, version)}
    </span>
  );
}

export function Tag({
  tone,
  title,
  children,
}: {
  readonly tone?: 'warn' | 'error' | 'ok' | undefined;
  readonly title?: string | undefined;
  readonly children: ReactNode;
}) {
  return (
    <span className="tag" data-tone={tone} title={title}>
      {children}
    </span>
  );
}

/** What a flag means, for its tooltip; the tag is its first three letters. */
const FLAGS: Readonly<Record<string, { readonly tag: string; readonly means: string }>> = {
  synthetic: { tag: 'SYN', means: 'Synthetic: handed in by a person, never crossed the wire' },
  invalid: { tag: 'INV', means: 'Does not fit its schema' },
  modified: { tag: 'MOD', means: 'Changed on its way by an interception' },
  intercepted: { tag: 'INT', means: 'Delayed, dropped or answered by an interception' },
  replayed: { tag: 'RPL', means: 'Replayed from a recording' },
  duplicate: { tag: 'DUP', means: 'Seen before' },
  imported: { tag: 'IMP', means: 'Imported' },
  retry: { tag: 'RTY', means: 'Sent again by its sender' },
  late: { tag: 'LAT', means: 'An answer after its deadline' },
  unexpected: { tag: 'UNX', means: 'An answer that nobody waited for' },
  malformed: { tag: 'BAD', means: 'Not readable as a frame of its protocol' },
  cut: { tag: 'CUT', means: 'Longer than the journal keeps' },
};

export function FlagTags({ flags }: { readonly flags: readonly string[] }) {
  return (
    <>
      {flags.map((flag) => {
        const known = FLAGS[flag];
        return (
          <Tag key={flag} tone={flag === 'malformed' || flag === 'invalid' ? 'warn' : undefined} title={known?.means}>
            {known?.tag ?? flag.slice(0, 3).toUpperCase()}
          </Tag>
        );
      })}
    </>
  );
}

export type Severity = 'error' | 'warning' | 'info';

/** Octagon, triangle, diamond: readable without colour. */
export function SeverityIcon({ severity, size = 12 }: { readonly severity: Severity; readonly size?: number }) {
  const shapes: Record<Severity, ReactNode> = {
    error: <path d="M4 .8h4L11.200 4v4L8 11.200H4L.8 8V4z M3.700 3.700l4.600 4.600M8.300 3.700L3.700 8.300" />,
    warning: <path d="M6 1L11.400 10.800H.6z M6 4.500v3 M6 9v.4" />,
    info: <path d="M6 .8L11.200 6 6 11.200.8 6z M6 5.400v3 M6 3.600v.3" />,
  };
  return (
    <svg
      className="glyph"
      width={size}
      height={size}
      viewBox="0 0 12 12"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.2"
      strokeLinecap="round"
      aria-hidden="true"
    >
      {shapes[severity]}
    </svg>
  );
}

export function SeverityMark({ severity, children }: { readonly severity: Severity; readonly children?: ReactNode }) {
  return (
    <span className="severity" data-severity={severity}>
      <SeverityIcon severity={severity} />
      {children ?? <span className="visually-hidden">{severity}</span>}
    </span>
  );
}

/** The worst severity and how many findings there are. */
export function FindingCount({
  counts,
}: {
  readonly counts: readonly [error: number, warning: number, info: number] | undefined;
}) {
  if (counts === undefined) return null;
  const [errors, warnings, infos] = counts;
  const total = errors + warnings + infos;
  if (total === 0) return null;
  const severity: Severity = errors > 0 ? 'error' : warnings > 0 ? 'warning' : 'info';
  return (
    <SeverityMark severity={severity}>
      <span title={`${errors} errors, ${warnings} warnings, ${infos} notes`}>{total}</span>
    </SeverityMark>
  );
}

export type Health = 'ok' | 'degraded' | 'down' | 'off';

/** Full, triangle, cross, ring: the state of something that runs. */
export function HealthMark({ health, children }: { readonly health: Health; readonly children?: ReactNode }) {
  const tone = { ok: 'var(--c-ok)', degraded: 'var(--c-warn)', down: 'var(--c-error)', off: 'var(--c-muted)' }[health];
  return (
    <span className="glyph-text">
      <svg className="glyph" viewBox="0 0 12 12" aria-hidden="true" style={{ color: tone }}>
        {health === 'ok' && <circle cx="6" cy="6" r="4" fill="currentColor" />}
        {health === 'degraded' && <path d="M6 1.500l5 9H1z" fill="currentColor" />}
        {health === 'down' && <path d="M2.500 2.500l7 7m0-7l-7 7" stroke="currentColor" strokeWidth="2" />}
        {health === 'off' && <circle cx="6" cy="6" r="3.500" fill="none" stroke="currentColor" strokeWidth="1.5" />}
      </svg>
      {children ?? <span className="visually-hidden">{health}</span>}
    </span>
  );
}

export function PartyText({ id }: { readonly id: string }) {
  const name = partyName(id);
  return <span className={name === id ? 'mono clip' : 'clip'}>{name}</span>;
}

/** A long id, cut in its middle, copied whole. */
export function IdText({ id, most = 22 }: { readonly id: string; readonly most?: number }) {
  const shown = middle(id, most);
  return (
    <Tooltip label={id.length > most ? id : 'Copy'}>
      <span className="id-text">
        <button
          type="button"
          aria-label={shown === id ? `Copy ${id}` : `Copy ${shown}, whole: ${id}`}
          onClick={() => void copyText(id)}
        >
          {shown}
        </button>
      </span>
    </Tooltip>
  );
}

/** A small line of the last values. */
export function Sparkline({
  values,
  width = 120,
  height = 24,
  label,
}: {
  readonly values: readonly number[];
  readonly width?: number;
  readonly height?: number;
  readonly label: string;
}) {
  const most = Math.max(...values, 1e-9);
  const least = Math.min(...values, 0);
  const step = values.length > 1 ? width / (values.length - 1) : 0;
  const points = values.map(
    (value, index) => `${index * step},${height - ((value - least) / (most - least)) * height}`,
  );
  return (
    <svg
      className="spark"
      width={width}
      height={height}
      role="img"
      aria-label={label}
      viewBox={`0 0 ${width} ${height}`}
    >
      {values.length > 1 && <polyline points={points.join(' ')} />}
    </svg>
  );
}
