import Type from 'typebox';
import type { JournalQuery } from '../../journal/index.ts';
import { Content } from '../http/answers.ts';
import { type Route, route } from '../http/route.ts';
import { cursor, entity, filter, limit, order, present, seqParams } from './asked.ts';
import { message, related, row, statistics } from './shapes.ts';

/** Messages and what is known of them. */
export function messageRoutes(query: JournalQuery): Route[] {
  return [
    route({
      method: 'GET',
      path: '/messages',
      summary: 'Messages that fit a filter',
      tags: ['journal'],
      query: Type.Object({
        q: Type.Optional(filter),
        entity: Type.Optional(entity),
        order: Type.Optional(order),
        cursor,
        limit,
      }),
      response: Type.Object({ items: Type.Array(row), next: Type.Optional(Type.String()) }),
      handler: ({ query: asked }) => query.messages(present(asked)),
    }),
    route({
      method: 'GET',
      path: '/messages/{seq}',
      summary: 'One message with its exact raw text',
      tags: ['journal'],
      params: seqParams,
      response: message,
      problems: ['NOT_FOUND'],
      handler: ({ params }) => query.message(params.seq),
    }),
    route({
      method: 'GET',
      path: '/messages/{seq}/raw',
      summary: 'Its raw text or bytes as they crossed the wire; secrets are masked',
      tags: ['journal'],
      params: seqParams,
      produces: 'text/plain',
      problems: ['NOT_FOUND'],
      handler: async ({ params }) => {
        const { raw, rawEncoding } = await query.message(params.seq);
        return rawEncoding === 'base64'
          ? new Content('application/octet-stream', Buffer.from(raw, 'base64'))
          : new Content('text/plain; charset=utf-8', raw);
      },
    }),
    route({
      method: 'GET',
      path: '/messages/{seq}/related',
      summary: 'Its answer, its trace, and the messages around it',
      tags: ['journal'],
      params: seqParams,
      response: related,
      problems: ['NOT_FOUND'],
      handler: ({ params }) => query.related(params.seq),
    }),
    route({
      method: 'PATCH',
      path: '/messages/{seq}',
      summary: 'Mark a message, write a note on it, or say which one it was made from',
      tags: ['journal'],
      params: seqParams,
      body: Type.Object(
        {
          marked: Type.Optional(Type.Boolean()),
          note: Type.Optional(Type.String({ maxLength: 10_000 })),
          basedOn: Type.Optional(
            Type.Integer({ minimum: 1, description: 'The message that this one was made from by a change.' }),
          ),
        },
        { additionalProperties: false },
      ),
      response: message,
      problems: ['NOT_FOUND'],
      handler: ({ params, body }) => query.annotate(params.seq, present(body)),
    }),
    route({
      method: 'GET',
      path: '/statistics',
      summary:
        'Counts, errors, latency percentiles and histograms by action, party and route; when each was heard last',
      description: 'Kept up to date with every message, so it costs the same however long the journal is.',
      tags: ['journal'],
      query: Type.Object({
        party: Type.Optional(
          Type.String({ description: 'Only this party, and the routes that it stands at.', maxLength: 200 }),
        ),
        limit: Type.Optional(
          Type.Integer({
            minimum: 1,
            maximum: 50_000,
            default: 1_000,
            description: 'The busiest so many of each list.',
          }),
        ),
      }),
      response: statistics,
      handler: ({ query: { party, limit = 1_000 } }) =>
        query.statistics({ limit, ...(party === undefined ? {} : { party }) }),
    }),
  ];
}
