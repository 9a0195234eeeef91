import { type Attributes, type SpanContext, SpanKind, SpanStatusCode } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { ZipkinExporter } from '@opentelemetry/exporter-zipkin';
import { ConsoleSpanExporter, type ReadableSpan, type SpanExporter } from '@opentelemetry/sdk-trace-node';
import { COLLECTORS, type ExporterKind } from './collectors.ts';
import type { ToldSpan } from './told-span.ts';

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

/** Spans as OpenTelemetry's exporters take them. @param trace 32 hex digits */
export function readableSpans(trace: string, spans: readonly ToldSpan[], kind: ExporterKind): ReadableSpan[] {
  const resources = new Map<string, Resource>();
  return spans.map((span) => {
    const resource = resources.get(span.service) ?? resourceOf(span.service);
    resources.set(span.service, resource);
    return readable(trace, kind === 'zipkin' ? withoutLink(span) : span, resource);
  });
}

/** Zipkin knows no links: there a span stands below the one that it follows, and says so. */
function withoutLink({ follows, ...span }: ToldSpan): ToldSpan {
  if (follows === undefined) return span;
  return { ...span, parent: follows, attributes: { ...span.attributes, 'compote.follows': follows } };
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

const KINDS = { server: SpanKind.SERVER, client: SpanKind.CLIENT } as const;

function readable(trace: string, span: ToldSpan, resource: Resource): ReadableSpan {
  const context = (spanId: string): SpanContext => ({ traceId: trace, spanId, traceFlags: 1 });
  return {
    name: span.name,
    kind: KINDS[span.kind],
    spanContext: () => context(span.id),
    ...(span.parent === undefined ? {} : { parentSpanContext: context(span.parent) }),
    startTime: highResolution(span.start),
    endTime: highResolution(span.start + span.ms),
    duration: highResolution(span.ms),
    status: span.error ? { code: SpanStatusCode.ERROR, message: span.outcome } : { code: SpanStatusCode.UNSET },
    attributes: { ...span.attributes },
    links: span.follows === undefined ? [] : [{ context: context(span.follows) }],
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
