import type { Row } from '../../journal/index.ts';

/** One exchange as a span: from the request to its answer. */
export interface Span {
  /** 16 hex digits. */
  readonly id: string;
  readonly parent?: string;
  /** Later work that this one caused, but did not wait for. */
  readonly follows?: string;
  /** Who worked on it: the receiver of the request. */
  readonly party: string;
  readonly from: string;
  readonly name: string;
  readonly protocol: string;
  /** Epoch milliseconds. */
  readonly start: number;
  readonly ms: number;
  readonly seq: number;
  readonly outcome: string;
  readonly error?: true;
  /** On the path that made the whole take as long as it did. */
  readonly critical?: true;
}

export interface Trace {
  readonly id: string;
  readonly root: string;
  readonly start: number;
  readonly ms: number;
  readonly parties: readonly string[];
  readonly errors: number;
  readonly session?: string;
  readonly spans: readonly Span[];
}

/** A session's messages this long around a trace are looked at. */
export const AROUND_MS = 30_000;
const FOLLOWING = [
  'StartTransaction',
  'TransactionEvent',
  'StopTransaction',
  'ChargingNotifications',
  'ChargeDetailRecord',
];

/**
 * Spans from rows of the journal (entity `exchanges`). HTTP hops carry their trace on the wire; OCPP frames carry none, so
 * those of the same session belong to it that enclose a hop (the station's question, answered after the hub's), or that a
 * hop encloses (the command that a remote start became). A span's parent is the shortest exchange around it whose
 * receiver is its sender.
 * @param traced rows of the trace @param ofSession OCPP rows of the same session
 * @param epoch of the journal: makes ids of spans that no other journal has
 */
export function traceOf(
  id: string,
  traced: readonly Row[],
  ofSession: readonly Row[],
  epoch: string,
): Trace | undefined {
  const hops = traced.filter(isExchange);
  const first = hops[0];
  if (first === undefined) return undefined;
  const known = new Set(hops.map(({ s }) => s));
  const others = ofSession.filter((row) => isExchange(row) && !known.has(row.s));
  const joined = others.filter((row) => hops.some((hop) => causes(row, hop) || causes(hop, row)));
  const rows = [...hops, ...joined].sort((a, b) => a.t - b.t || a.s - b.s);
  const end = Math.max(...rows.map(endOf).filter(Number.isFinite), first.t);
  const later = others.find(
    (row) => !joined.includes(row) && row.t >= end && row.t < end + AROUND_MS && FOLLOWING.includes(row.a),
  );
  const parents = new Map(rows.map((row) => [row.s, parentOf(row, rows)]));
  const roots = rows.filter(({ s }) => parents.get(s) === undefined);
  const root = roots[0] ?? first;
  const critical = criticalPath(root, rows, parents);
  const spans = rows.map((row): Span => {
    const parent = parents.get(row.s);
    return {
      ...spanOf(row, epoch),
      ...(parent === undefined ? {} : { parent: spanId(epoch, parent.s) }),
      ...(critical.has(row.s) ? { critical: true as const } : {}),
    };
  });
  if (later !== undefined) spans.push({ ...spanOf(later, epoch), follows: spanId(epoch, root.s) });
  const session = rows.find(({ ses }) => ses !== undefined)?.ses;
  return {
    id,
    root: root.a,
    start: root.t,
    ms: end - root.t,
    parties: [...new Set(rows.flatMap(({ f, to }) => [f, to]))],
    errors: spans.filter(({ error }) => error === true).length,
    ...(session === undefined ? {} : { session }),
    spans,
  };
}

function isExchange({ k }: Row): boolean {
  return k === 'request' || k === 'send';
}

function endOf({ t, x }: Row): number {
  return x === undefined || x.k === 'waiting' ? Number.POSITIVE_INFINITY : t + x.ms;
}

/** Whether `inner` was done in order to answer `outer`. */
function causes(outer: Row, inner: Row): boolean {
  return outer.s !== inner.s && outer.to === inner.f && isBefore(outer, inner) && endOf(outer) >= endOf(inner);
}

/** By time: where several journals come together, numbers say in what order they were taken over. */
function isBefore(one: Row, other: Row): boolean {
  return one.t < other.t || (one.t === other.t && one.s < other.s);
}

function parentOf(row: Row, rows: readonly Row[]): Row | undefined {
  return rows.filter((outer) => causes(outer, row)).sort((a, b) => endOf(a) - a.t - (endOf(b) - b.t) || b.s - a.s)[0];
}

function criticalPath(root: Row, rows: readonly Row[], parents: ReadonlyMap<number, Row | undefined>): Set<number> {
  const path = new Set<number>();
  let at: Row | undefined = root;
  while (at !== undefined && !path.has(at.s)) {
    path.add(at.s);
    const { s }: Row = at;
    at = rows.filter((row) => parents.get(row.s)?.s === s).sort((a, b) => endOf(b) - endOf(a))[0];
  }
  return path;
}

function spanOf(row: Row, epoch: string): Span {
  const { x } = row;
  const unanswered = x === undefined || x.k === 'waiting' || x.k === 'timeout';
  const error = x?.k === 'error' || x?.k === 'timeout';
  return {
    id: spanId(epoch, row.s),
    party: row.to,
    from: row.f,
    name: row.a,
    protocol: row.p,
    start: row.t,
    ms: unanswered ? 0 : x.ms,
    seq: row.s,
    outcome: unanswered ? 'no answer' : x.st === '' ? x.k : x.st,
    ...(error ? { error: true as const } : {}),
  };
}

/** The journal's epoch (8 hex digits) and the number in it. */
export function spanId(epoch: string, seq: number): string {
  return `${epoch.padStart(8, '0').slice(-8)}${seq.toString(16).padStart(8, '0').slice(-8)}`;
}
