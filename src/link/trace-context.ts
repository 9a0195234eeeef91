import type { Ids } from '../core/ids.ts';
import type { HopSpan, SpanCause, TraceContext, TracedHop } from '../core/trace-context.ts';
import { headerOf, type ServedRequest } from './http-port.ts';

export type { TraceContext, TracedHop } from '../core/trace-context.ts';

export const TRACEPARENT = 'traceparent';
export const TRACESTATE = 'tracestate';

/** Our entry in `tracestate`: the span that it speaks of, `p` part of, `f` following or `r` root, and of which span. */
const STATE_KEY = 'compote';
const STATE = /^([0-9a-f]{16}):(?:(r)|([pf]):([0-9a-f]{16}))$/;
const PARENT = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;
/** Trace Context §3.3.1.5: at least 512 characters are handed on. */
const MAX_VENDORS = 512;

/** A chain that begins, and has no span yet. */
export function newTrace(ids: Ids): TraceContext {
  return { trace: hex(ids), span: '' };
}

/** The same place for work that nobody waits for: notifications, records. */
export function laterIn(context: TraceContext): TraceContext {
  return { ...contextOf(context), later: true };
}

/** Without the hop that it comes from: what is kept and handed on. */
export function contextOf({ trace, span, vendors }: TraceContext): TraceContext {
  return { trace, span, ...(vendors === undefined ? {} : { vendors }) };
}

/** The span of a call of ours. @param cause what it is done for; a new chain when absent */
export function clientHop(cause: TraceContext | undefined, ids: Ids): TracedHop {
  const { trace, span, later, vendors } = cause ?? newTrace(ids);
  const id = spanId(ids);
  const hop: HopSpan = {
    id,
    side: 'client',
    ...(span === '' ? {} : { cause: { span, ...(later === true ? { follows: true as const } : {}) } }),
  };
  return { trace, span: id, hop, ...(vendors === undefined ? {} : { vendors }) };
}

/** The span of a call on us that carries nothing of its caller: OCPP on the wire. It begins a chain. */
export function firstServerHop(ids: Ids): TracedHop {
  const id = spanId(ids);
  return { trace: hex(ids), span: id, hop: { id, side: 'server' } };
}

/** The span of a call on us whose client's span is at hand: in the same process, beside the frame. */
export function serverHopOf(client: TracedHop, ids: Ids): TracedHop {
  const { cause } = client.hop;
  return below(client, { caller: cause === undefined ? {} : { cause } }, ids);
}

/**
 * The span of a call on us, below its caller's when the headers name one. A caller of ours says in `tracestate` what its
 * own span was done for, since only this side records the hop.
 */
export function httpServerHop(headers: ServedRequest['headers'], ids: Ids): TracedHop {
  const parent = readTraceparent(headerOf(headers, TRACEPARENT));
  if (parent === undefined) return firstServerHop(ids);
  const { caller, vendors } = readTracestate(headerOf(headers, TRACESTATE), parent.span);
  return below({ ...parent, ...(vendors === '' ? {} : { vendors }) }, caller === undefined ? {} : { caller }, ids);
}

function below(parent: TraceContext, caller: Pick<HopSpan, 'caller'>, ids: Ids): TracedHop {
  const id = spanId(ids);
  return { ...contextOf(parent), span: id, hop: { id, side: 'server', cause: { span: parent.span }, ...caller } };
}

/** The headers that a call of ours carries. */
export function traceHeaders({ trace, span, vendors, hop }: TracedHop): Record<string, string> {
  const { cause } = hop;
  const ours = cause === undefined ? `${span}:r` : `${span}:${cause.follows === true ? 'f' : 'p'}:${cause.span}`;
  return {
    [TRACEPARENT]: `00-${trace}-${span}-01`,
    [TRACESTATE]: `${STATE_KEY}=${ours}${vendors === undefined ? '' : `,${vendors}`}`,
  };
}

/** `undefined` for a header that is absent, malformed or all zeros: the chain then starts anew (Trace Context §3.2). */
export function readTraceparent(header: string | undefined): TraceContext | undefined {
  const match = PARENT.exec(header?.trim() ?? '');
  const [, version, trace = '', span = '', , rest] = match ?? [];
  if (match === null || version === 'ff' || /^0+$/.test(trace) || /^0+$/.test(span)) return undefined;
  if (version === '00' && rest !== undefined) return undefined;
  return { trace, span };
}

/** Our entry counts only for the span that it speaks of: a foreign party in between hands it on with a span of its own. */
function readTracestate(header: string | undefined, span: string): Pick<HopSpan, 'caller'> & { vendors: string } {
  const entries = (header ?? '')
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '');
  const isOurs = (entry: string): boolean => entry.startsWith(`${STATE_KEY}=`);
  const vendors = entries.filter((entry) => !isOurs(entry)).join(',');
  const kept = vendors.length > MAX_VENDORS ? '' : vendors;
  const [, own, root, how, of = ''] = STATE.exec(entries.find(isOurs)?.slice(STATE_KEY.length + 1) ?? '') ?? [];
  if (own !== span) return { vendors: kept };
  if (root !== undefined) return { vendors: kept, caller: {} };
  const cause: SpanCause = { span: of, ...(how === 'f' ? { follows: true as const } : {}) };
  return { vendors: kept, caller: { cause } };
}

function spanId(ids: Ids): string {
  return hex(ids).slice(0, 16);
}

function hex(ids: Ids): string {
  return ids.uuid().replaceAll('-', '');
}
