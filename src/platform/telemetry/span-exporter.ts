import { type Attributes, type SpanContext, SpanKind, SpanStatusCode } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { ZipkinExporter } from '@opentelemetry/exporter-zipkin';
import { ConsoleSpanExporter, type ReadableSpan, type SpanExporter } from '@opentelemetry/sdk-trace-node';
import { COLLECTORS, type ExporterKind } from './collectors.ts';
import { attributesOf } from './otlp-json.ts';
import type { Span, Trace } from './trace.ts';

const SEND_MS = 3_000;

/** @param url the collector's address; its usual place on this machine when absent. */
export function spanExporter(kind: ExporterKind, url?: string): SpanExporter {
  switch (kind) {
    case 'zipkin':
      return new ZipkinExporter({ url: url ?? COLLECTORS.zipkin });
    case 'otlp':
      return new OTLPTraceExporter({ url: url ?? COLLECTORS.otlp, timeoutMillis: SEND_MS });
    case 'console':
      return new ConsoleSpanExporter();
  }
}

/** The spans of a trace as OpenTelemetry's exporters take them. */
export function readableSpans(trace: Trace, service: string): ReadableSpan[] {
  const resource = resourceOf(service);
  return trace.spans.map((span) => readable(span, trace, resource));
}

type Resource = ReadableSpan['resource'];

function resourceOf(service: string): Resource {
  const attributes: Attributes = { 'service.name': service };
  const resource: Resource = {
    attributes,
    merge: () => resource,
    getRawAttributes: () => Object.entries(attributes),
  };
  return resource;
}

function readable(span: Span, trace: Trace, resource: Resource): ReadableSpan {
  const context = (spanId: string): SpanContext => ({ traceId: trace.id, spanId, traceFlags: 1 });
  const links = span.follows === undefined ? [] : [{ context: context(span.follows) }];
  return {
    name: span.name,
    kind: SpanKind.SERVER,
    spanContext: () => context(span.id),
    ...(span.parent === undefined ? {} : { parentSpanContext: context(span.parent) }),
    startTime: highResolution(span.start),
    endTime: highResolution(span.start + span.ms),
    duration: highResolution(span.ms),
    status:
      span.error === true ? { code: SpanStatusCode.ERROR, message: span.outcome } : { code: SpanStatusCode.UNSET },
    attributes: attributesOf(span, trace),
    links,
    events: [],
    ended: true,
    resource,
    instrumentationScope: { name: 'compote' },
    droppedAttributesCount: 0,
    droppedEventsCount: 0,
    droppedLinksCount: 0,
  };
}

function highResolution(ms: number): [number, number] {
  const seconds = Math.floor(ms / 1_000);
  return [seconds, Math.round((ms - seconds * 1_000) * 1_000_000)];
}
