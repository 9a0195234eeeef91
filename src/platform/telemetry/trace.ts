import type { Row } from '../../journal/index.ts';
import { criticalPath, isExchange, placesOf, spanId } from './span-places.ts';

/** One exchange as a span: from the request to its answer. */
export interface Span {
  /** 16 hex digits. */
  readonly id: string;
  readonly parent?: string;
  /** What caused it, and did not wait for it. */
  readonly follows?: string;
  /** The span of `parent` or `follows` is told by another service: this journal does not have it. */
  readonly remote?: true;
  /** Whose span it is: the caller's (`client`) or the receiver's. */
  readonly side: 'client' | 'server';
  /** The caller's own span of the same hop, where the caller is one of ours: `parent` is above that one. */
  readonly client?: string;
  /** Who worked on it: the receiver of the request. */
  readonly party: string;
  readonly from: string;
  readonly name: string;
  readonly protocol: string;
  readonly version?: string;
  /** Epoch milliseconds. */
  readonly start: number;
  readonly ms: number;
  readonly seq: number;
  /** The answer in the journal. */
  readonly answer?: number;
  readonly outcome: string;
  readonly error?: true;
  /** On the path that made the whole take as long as it did. */
  readonly critical?: true;
}

export interface Trace {
  readonly id: string;
  readonly root: string;
  readonly start: number;
  /** Until the last that was waited for. */
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

/** An exchange that no answer came to. */
export const NO_ANSWER = 'no answer';

/**
 * Spans from rows of the journal (entity `exchanges`). What was recorded with its hop says what it was done for. OCPP frames
 * without one, of the same session, belong to the trace when they enclose a hop (the station's question, answered after the
 * hub's) or a hop encloses them; the first that starts or ends a transaction after it follows.
 * @param traced rows of the trace @param ofSession OCPP rows of the same session
 * @param epoch of the journal: makes ids of spans that no other journal has
 */
export function traceOf(
  id: string,
  traced: readonly Row[],
  ofSession: readonly Row[],
  epoch: string,
): Trace | undefined {
  const { rows, others, places } = placesOf(traced, ofSession, epoch);
  const root = rows.find(({ s }) => places.get(s)?.above === undefined) ?? rows[0];
  if (root === undefined) return undefined;
  const { ends, critical } = criticalPath(root, rows, places);
  const later = others.find(
    (row) => isExchange(row) && row.t >= ends && row.t < ends + AROUND_MS && FOLLOWING.includes(row.a),
  );
  const spans = rows.map((row): Span => {
    const {
      id: span,
      side,
      client,
      above,
      aboveId,
      follows,
    } = places.get(row.s) ?? {
      id: spanId(epoch, row.s),
      side: 'server',
    };
    return {
      ...spanOf(row),
      id: span,
      side,
      ...(client === undefined ? {} : { client }),
      ...(aboveId === undefined ? {} : { [follows === true ? 'follows' : 'parent']: aboveId }),
      ...(aboveId !== undefined && above === undefined ? { remote: true as const } : {}),
      ...(critical.has(row.s) ? { critical: true as const } : {}),
    };
  });
  if (later !== undefined) {
    const follows = places.get(root.s)?.id ?? spanId(epoch, root.s);
    spans.push({ ...spanOf(later), id: spanId(epoch, later.s), side: 'server', follows });
  }
  const session = rows.find(({ ses }) => ses !== undefined)?.ses;
  return {
    id,
    root: root.a,
    start: root.t,
    ms: ends - root.t,
    parties: [...new Set(rows.flatMap(({ f, to }) => [f, to]))],
    errors: spans.filter(({ error }) => error === true).length,
    ...(session === undefined ? {} : { session }),
    spans,
  };
}

function spanOf(row: Row): Omit<Span, 'id' | 'side'> {
  const { x, v } = row;
  const unanswered = row.k === 'request' && (x === undefined || x.k === 'waiting' || x.k === 'timeout');
  const error = x?.k === 'error' || x?.k === 'timeout';
  const outcome = x === undefined || x.st === '' ? (x?.k ?? 'sent') : x.st;
  return {
    party: row.to,
    from: row.f,
    name: row.a,
    protocol: row.p,
    ...(v === undefined ? {} : { version: v }),
    start: row.t,
    ms: unanswered || x === undefined ? 0 : x.ms,
    seq: row.s,
    ...(x?.s === undefined ? {} : { answer: x.s }),
    outcome: unanswered ? NO_ANSWER : outcome,
    ...(error ? { error: true as const } : {}),
  };
}
