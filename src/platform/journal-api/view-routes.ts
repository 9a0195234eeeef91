import Type from 'typebox';
import type { JournalQuery } from '../../journal/index.ts';
import { created } from '../http/answers.ts';
import { type Route, route } from '../http/route.ts';
import { entity, filter, limit, order, present, viewParams } from './asked.ts';
import { row, view } from './shapes.ts';

/** Views: filters with a stable row index, for long lists. */
export function viewRoutes(query: JournalQuery): Route[] {
  return [
    route({
      method: 'POST',
      path: '/views',
      access: 'viewer',
      summary: 'Make a view: a filter with a stable row index',
      tags: ['views'],
      body: Type.Object(
        {
          q: Type.Optional(filter),
          entity: Type.Optional(entity),
          order: Type.Optional(order),
          asOf: Type.Optional(Type.Integer({ minimum: 0, description: 'Nothing newer comes in.' })),
        },
        { additionalProperties: false },
      ),
      status: 201,
      response: view,
      handler: async ({ body }) => {
        const made = await query.createView(present(body));
        return created(`/api/v1/views/${made.id}`, made);
      },
    }),
    route({
      method: 'GET',
      path: '/views/{id}',
      summary: 'How far a view is',
      tags: ['views'],
      params: viewParams,
      response: view,
      problems: ['GONE'],
      handler: ({ params }) => query.view(params.id),
    }),
    route({
      method: 'POST',
      path: '/views/{id}/stop',
      access: 'viewer',
      summary: 'End the scan of a view; what was found stays',
      tags: ['views'],
      params: viewParams,
      response: view,
      problems: ['GONE'],
      handler: ({ params }) => query.stopView(params.id),
    }),
    route({
      method: 'GET',
      path: '/views/{id}/rows',
      summary: 'Rows of a view by index',
      tags: ['views'],
      params: viewParams,
      query: Type.Object({ from: Type.Optional(Type.Integer({ minimum: 0, default: 0 })), limit }),
      response: Type.Object({ view, from: Type.Integer(), rows: Type.Array(row) }),
      problems: ['GONE'],
      handler: ({ params, query: { from = 0, limit: most = 100 } }) => query.viewRows(params.id, from, most),
    }),
    route({
      method: 'GET',
      path: '/views/{id}/position',
      summary: 'Where a message stands in a view, or would stand',
      tags: ['views'],
      params: viewParams,
      query: Type.Object({ seq: Type.Integer({ minimum: 1 }) }),
      response: Type.Object({ index: Type.Integer(), found: Type.Boolean() }),
      problems: ['GONE'],
      handler: ({ params, query: { seq } }) => query.viewPosition(params.id, seq),
    }),
    route({
      method: 'GET',
      path: '/views/{id}/histogram',
      summary: 'Counts of a view over time',
      tags: ['views'],
      params: viewParams,
      query: Type.Object({
        buckets: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000, default: 100 })),
        by: Type.Optional(Type.Union([Type.Literal('proto'), Type.Literal('kind')])),
      }),
      response: Type.Object({
        items: Type.Array(
          Type.Object({
            t: Type.Number(),
            count: Type.Integer(),
            errors: Type.Integer(),
            by: Type.Optional(Type.Record(Type.String(), Type.Integer())),
          }),
        ),
      }),
      problems: ['GONE'],
      handler: async ({ params, query: { buckets, by } }) => ({
        items: await query.viewHistogram(params.id, buckets, by),
      }),
    }),
    route({
      method: 'GET',
      path: '/views/{id}/values',
      summary: 'The values of a field that a view has, most frequent first',
      tags: ['views'],
      params: viewParams,
      query: Type.Object({
        field: Type.String({ maxLength: 100 }),
        prefix: Type.Optional(Type.String({ maxLength: 200 })),
      }),
      response: Type.Object({ items: Type.Array(Type.Object({ value: Type.String(), count: Type.Integer() })) }),
      problems: ['GONE'],
      handler: async ({ params, query: { field, prefix } }) => ({
        items: await query.viewValues(params.id, field, prefix),
      }),
    }),
    route({
      method: 'DELETE',
      path: '/views/{id}',
      access: 'viewer',
      summary: 'Forget a view',
      tags: ['views'],
      params: viewParams,
      handler: async ({ params }) => {
        await query.deleteView(params.id);
      },
    }),
  ];
}
