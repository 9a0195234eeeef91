import type { Ids } from '../core/ids.ts';

/** Where a message stands in a chain of calls (W3C Trace Context). */
export interface TraceContext {
  /** 32 hex digits, the same for the whole chain. */
  readonly trace: string;
  /** 16 hex digits, of one hop. */
  readonly span: string;
}

export const TRACEPARENT = 'traceparent';

const FORM = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;

export function newTrace(ids: Ids): TraceContext {
  return { trace: hex(ids), span: hex(ids).slice(0, 16) };
}

/** The next hop of a chain, or the first of a new one. */
export function nextSpan(parent: TraceContext | undefined, ids: Ids): TraceContext {
  return parent === undefined ? newTrace(ids) : { trace: parent.trace, span: hex(ids).slice(0, 16) };
}

/** `undefined` for a header that is absent, malformed or all zeros: the chain then starts anew (Trace Context §3.2). */
export function readTraceparent(header: string | undefined): TraceContext | undefined {
  const match = FORM.exec(header?.trim() ?? '');
  const [, version, trace = '', span = '', , rest] = match ?? [];
  if (match === null || version === 'ff' || /^0+$/.test(trace) || /^0+$/.test(span)) return undefined;
  if (version === '00' && rest !== undefined) return undefined;
  return { trace, span };
}

export function traceparentOf({ trace, span }: TraceContext): string {
  return `00-${trace}-${span}-01`;
}

function hex(ids: Ids): string {
  return ids.uuid().replaceAll('-', '');
}
