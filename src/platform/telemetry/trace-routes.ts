import Type from 'typebox';
import type { Journal } from '../../journal/index.ts';
import { Content } from '../http/answers.ts';
import { type Route, route } from '../http/route.ts';
import { prometheusText } from './metrics.ts';
import { otlpJson } from './otlp-json.ts';
import { factsOf, toldSpans } from './told-span.ts';
import { TraceReader } from './trace-reader.ts';

const span = Type.Object({
  id: Type.String(),
  parent: Type.Optional(Type.String()),
  follows: Type.Optional(Type.String({ description: 'What caused it, and did not wait for it.' })),
  remote: Type.Optional(
    Type.Literal(true, { description: 'The span above is of another service: this journal does not have it.' }),
  ),
  side: Type.Union([Type.Literal('client'), Type.Literal('server')], { description: 'Whose span it is.' }),
  client: Type.Optional(
    Type.String({ description: 'The caller’s own span of the same hop, where the caller is one of ours.' }),
  ),
  party: Type.String({ description: 'Who worked on it.' }),
  from: Type.String(),
  name: Type.String(),
  protocol: Type.String(),
  version: Type.Optional(Type.String()),
  start: Type.Number({ description: 'Epoch milliseconds.' }),
  ms: Type.Number(),
  seq: Type.Integer({ description: 'The request in the journal.' }),
  answer: Type.Optional(Type.Integer({ description: 'Its answer there.' })),
  outcome: Type.String(),
  error: Type.Optional(Type.Literal(true)),
  critical: Type.Optional(Type.Literal(true, { description: 'On the critical path.' })),
});

const trace = Type.Object({
  id: Type.String(),
  root: Type.String(),
  start: Type.Number(),
  ms: Type.Number({ description: 'Until the last that was waited for.' }),
  parties: Type.Array(Type.String()),
  errors: Type.Integer(),
  session: Type.Optional(Type.String()),
  spans: Type.Array(span),
});

/** Series of actions that are told; peers choose the names. */
const MAX_SERIES = 500;

const params = Type.Object({ id: Type.String({ pattern: '^[0-9a-f]{32}$' }) });

/** Traces and metrics of a service, derived from its journal. For the prefix `/api/v1`. */
export function traceRoutes(journal: Journal, service: string): Route[] {
  const reader = new TraceReader(journal);
  return [
    route({
      method: 'GET',
      path: '/traces',
      summary: 'The newest traces: one action through all parties, with the time of each hop',
      tags: ['traces'],
      query: Type.Object({ limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100, default: 20 })) }),
      response: Type.Object({ items: Type.Array(trace) }),
      handler: async ({ query: { limit = 20 } }) => ({ items: await reader.list(limit) }),
    }),
    route({
      method: 'GET',
      path: '/traces/{id}',
      summary: 'One trace with its spans',
      tags: ['traces'],
      params,
      response: trace,
      problems: ['NOT_FOUND'],
      handler: ({ params: { id } }) => reader.one(id),
    }),
    route({
      method: 'GET',
      path: '/traces/{id}/otlp',
      summary: 'One trace as OTLP JSON, for any collector',
      tags: ['traces'],
      params,
      produces: 'application/json',
      response: Type.Object({ resourceSpans: Type.Array(Type.Unknown()) }),
      problems: ['NOT_FOUND'],
      handler: async ({ params: { id } }) => {
        const trace = await reader.one(id);
        const spans = toldSpans(trace.spans, trace, await factsOf(journal, trace.spans));
        return new Content('application/json', JSON.stringify(otlpJson(id, spans)));
      },
    }),
    route({
      method: 'GET',
      path: '/metrics',
      summary: 'Counters and latencies in Prometheus form',
      tags: ['traces'],
      produces: 'text/plain',
      handler: async () =>
        new Content(
          'text/plain; version=0.0.4; charset=utf-8',
          prometheusText(await journal.query.statistics({ limit: MAX_SERIES }), await journal.query.info(), service),
        ),
    }),
  ];
}
