import type { Row } from '../../journal/index.ts';

/** Where an exchange stands among the others of its trace. */
export interface SpanPlace {
  readonly id: string;
  readonly side: 'client' | 'server';
  /** The caller's own span of this hop. */
  readonly client?: string;
  /** The span that it belongs to, or follows; it may be one that another journal has. */
  readonly aboveId?: string;
  /** That exchange, where it is at hand. */
  readonly above?: number;
  readonly follows?: boolean;
}

interface Placed {
  /** All that make the trace, by time. */
  readonly rows: readonly Row[];
  /** Of the session, and not of the trace. */
  readonly others: readonly Row[];
  readonly places: ReadonlyMap<number, SpanPlace>;
}

/** Finds what each exchange was done for: by what the hop says, else by who waited for whom. */
export function placesOf(traced: readonly Row[], ofSession: readonly Row[], epoch: string): Placed {
  const hops = traced.filter(isExchange);
  const known = new Set(hops.map(({ s }) => s));
  const rest = ofSession.filter((row) => isExchange(row) && !known.has(row.s));
  const joined = rest.filter((row) => hops.some((hop) => causes(row, hop) || causes(hop, row)));
  const rows = [...hops, ...joined].sort((a, b) => a.t - b.t || a.s - b.s);
  const bySpan = new Map(rows.flatMap((row) => (row.sp === undefined ? [] : [[row.sp.id, row] as const])));
  const places = new Map(
    rows.map((row) => [row.s, row.sp === undefined ? guessed(row, rows, epoch) : told(row, row.sp, bySpan)]),
  );
  return { rows, others: rest.filter((row) => !joined.includes(row)), places };
}

function told(row: Row, hop: NonNullable<Row['sp']>, bySpan: ReadonlyMap<string, Row>): SpanPlace {
  const { id, side, caller } = hop;
  const cause = caller === undefined ? hop.cause : caller.cause;
  const client = caller === undefined ? undefined : hop.cause?.span;
  const above = cause === undefined ? undefined : bySpan.get(cause.span);
  const follows = cause?.follows === true || (above !== undefined && !lies(row, above));
  return {
    id,
    side,
    ...(client === undefined ? {} : { client }),
    ...(cause === undefined ? {} : { aboveId: cause.span, follows }),
    ...(above === undefined ? {} : { above: above.s }),
  };
}

/** The shortest exchange around it whose receiver is its sender. */
function guessed(row: Row, rows: readonly Row[], epoch: string): SpanPlace {
  const above = rows
    .filter((outer) => causes(outer, row))
    .sort((a, b) => endOf(a) - a.t - (endOf(b) - b.t) || b.s - a.s)[0];
  return {
    id: spanId(epoch, row.s),
    side: 'server',
    ...(above === undefined ? {} : { above: above.s, aboveId: above.sp?.id ?? spanId(epoch, above.s) }),
  };
}

/** What was waited for from the root down: when it ended, and the path that took longest. */
export function criticalPath(
  root: Row,
  rows: readonly Row[],
  places: ReadonlyMap<number, SpanPlace>,
): { readonly ends: number; readonly critical: ReadonlySet<number> } {
  const below = new Map<number, Row[]>();
  for (const row of rows) {
    const { above, follows } = places.get(row.s) ?? {};
    if (above === undefined || follows === true) continue;
    const list = below.get(above);
    if (list === undefined) below.set(above, [row]);
    else list.push(row);
  }
  let ends = root.t;
  const waited = [root];
  const seen = new Set<number>();
  for (let row = waited.pop(); row !== undefined; row = waited.pop()) {
    if (seen.has(row.s)) continue;
    seen.add(row.s);
    const end = endOf(row);
    if (Number.isFinite(end)) ends = Math.max(ends, end);
    waited.push(...(below.get(row.s) ?? []));
  }
  const critical = new Set<number>();
  for (let at: Row | undefined = root; at !== undefined && !critical.has(at.s); ) {
    critical.add(at.s);
    at = [...(below.get(at.s) ?? [])].sort((a, b) => endOf(b) - endOf(a))[0];
  }
  return { ends, critical };
}

export function isExchange({ k }: Row): boolean {
  return k === 'request' || k === 'send';
}

/** What expects no answer is over at once; what has none yet is not over. */
function endOf({ t, x, k }: Row): number {
  if (k === 'send') return t;
  return x === undefined || x.k === 'waiting' ? Number.POSITIVE_INFINITY : t + x.ms;
}

/** Whether `inner` was done in order to answer `outer`. */
function causes(outer: Row, inner: Row): boolean {
  return outer.s !== inner.s && outer.to === inner.f && isBefore(outer, inner) && endOf(outer) >= endOf(inner);
}

/** Whether a span lies inside another one. Times of one machine, told by two taps: a tenth of a millisecond is no fault. */
function lies(inner: Row, outer: Row): boolean {
  return inner.t >= outer.t - SAME_MS && endOf(inner) <= endOf(outer) + SAME_MS;
}

const SAME_MS = 0.1;

/** By time: where several journals come together, numbers say in what order they were taken over. */
function isBefore(one: Row, other: Row): boolean {
  return one.t < other.t || (one.t === other.t && one.s < other.s);
}

/** The journal's epoch (8 hex digits) and the number in it. */
export function spanId(epoch: string, seq: number): string {
  return `${epoch.padStart(8, '0').slice(-8)}${seq.toString(16).padStart(8, '0').slice(-8)}`;
}
