import type { Span, Trace } from './trace.ts';

/** Attributes of a span; OpenTelemetry's own names where its conventions have one. */
export function attributesOf(span: Span, trace: Pick<Trace, 'session'>): Record<string, string | number> {
  const station = span.protocol === 'ocpp' ? stationOf(span) : undefined;
  return {
    'rpc.system': span.protocol,
    'rpc.method': span.name,
    'compote.from': span.from,
    'compote.to': span.party,
    'compote.message.seq': span.seq,
    'compote.outcome': span.outcome,
    ...(station === undefined ? {} : { 'ocpp.station': station }),
    ...(span.error === true ? { 'error.type': span.outcome } : {}),
    ...(trace.session === undefined ? {} : { 'session.id': trace.session }),
  };
}

/** One of the two is the CSMS; the other one is the station. */
function stationOf({ from, party }: Span): string {
  return from === 'csms' ? party : from;
}

/** OTLP 1.x JSON (ExportTraceServiceRequest). */
export function otlpJson(trace: Trace, service: string): unknown {
  return {
    resourceSpans: [
      {
        resource: { attributes: [{ key: 'service.name', value: { stringValue: service } }] },
        scopeSpans: [{ scope: { name: 'compote' }, spans: trace.spans.map((span) => otlpSpan(span, trace)) }],
      },
    ],
  };
}

function otlpSpan(span: Span, trace: Trace): unknown {
  return {
    traceId: trace.id,
    spanId: span.id,
    ...(span.parent === undefined ? {} : { parentSpanId: span.parent }),
    name: span.name,
    // SERVER: the span stands for the receiver's work.
    kind: 2,
    startTimeUnixNano: nanos(span.start),
    endTimeUnixNano: nanos(span.start + span.ms),
    attributes: Object.entries(attributesOf(span, trace)).map(([key, value]) => ({
      key,
      value: typeof value === 'number' ? { intValue: String(value) } : { stringValue: value },
    })),
    ...(span.follows === undefined ? {} : { links: [{ traceId: trace.id, spanId: span.follows }] }),
    status: { code: span.error === true ? 2 : 0 },
  };
}

function nanos(ms: number): string {
  return String(BigInt(Math.round(ms * 1_000)) * 1_000n);
}
