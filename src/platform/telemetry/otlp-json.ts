import type { ToldSpan } from './told-span.ts';

/** OTLP 1.x JSON (ExportTraceServiceRequest): one resource for each service. @param trace 32 hex digits */
export function otlpJson(trace: string, spans: readonly ToldSpan[]): unknown {
  const services = [...new Set(spans.map(({ service }) => service))];
  return {
    resourceSpans: services.map((service) => ({
      resource: { attributes: [{ key: 'service.name', value: { stringValue: service } }] },
      scopeSpans: [
        {
          scope: { name: 'compote' },
          spans: spans.filter((span) => span.service === service).map((span) => otlpSpan(trace, span)),
        },
      ],
    })),
  };
}

const KINDS = { server: 2, client: 3 } as const;

function otlpSpan(trace: string, span: ToldSpan): unknown {
  return {
    traceId: trace,
    spanId: span.id,
    ...(span.parent === undefined ? {} : { parentSpanId: span.parent }),
    name: span.name,
    kind: KINDS[span.kind],
    startTimeUnixNano: nanos(span.start),
    endTimeUnixNano: nanos(span.start + span.ms),
    attributes: Object.entries(span.attributes).map(([key, value]) => ({
      key,
      value: typeof value === 'number' ? { intValue: String(value) } : { stringValue: value },
    })),
    ...(span.follows === undefined ? {} : { links: [{ traceId: trace, spanId: span.follows }] }),
    status: { code: span.error ? 2 : 0 },
  };
}

function nanos(ms: number): string {
  return String(BigInt(Math.round(ms * 1_000)) * 1_000n);
}
