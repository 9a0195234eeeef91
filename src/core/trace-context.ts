/** Where a call stands in a chain of calls (W3C Trace Context), and the spans of one hop (OpenTelemetry's words). */

/** What is handed on to whatever a call causes. */
export interface TraceContext {
  /** 32 hex digits, the same for the whole chain. */
  readonly trace: string;
  /** 16 hex digits: the span that what comes next belongs to. Empty when the chain has no span yet. */
  readonly span: string;
  /** What comes next was not waited for: it follows that span instead of being a part of it. */
  readonly later?: true;
  /** Entries of other vendors in `tracestate`, which are handed on as they are. */
  readonly vendors?: string;
}

/** What a span was done for: as a part of it, or after it. */
export interface SpanCause {
  readonly span: string;
  readonly follows?: true;
}

/** The span of one side of a hop, as its tap knows it. A hop has two: its client's, and below it its server's. */
export interface HopSpan {
  /** 16 hex digits. */
  readonly id: string;
  readonly side: 'client' | 'server';
  /** Of a server: the client's span, where the wire told it. */
  readonly cause?: SpanCause;
  /** Of a server whose client is one of ours: what the client's span was done for. One tap sees a hop and tells both spans. */
  readonly caller?: { readonly cause?: SpanCause };
}

/** A message's place in its chain. */
export interface TracedHop extends TraceContext {
  readonly hop: HopSpan;
}
