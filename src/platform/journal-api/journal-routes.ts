import Type from 'typebox';
import { EXPORT_FORMATS, httpArchive, openOcppTrace } from '../../journal/formats/export-formats.ts';
import type { Journal, JournalQuery, LiveBatch } from '../../journal/index.ts';
import { Answer, Content, created, Download, EventStream } from '../http/answers.ts';
import type { EventFeed } from '../http/event-feed.ts';
import { type Route, rawRoute, route } from '../http/route.ts';
import { oneOf } from '../schema/words.ts';
import { sequenceRoutes } from './sequence-routes.ts';
import { sessionRoutes } from './session-routes.ts';
import { finding, journalInfo, message, related, row, statistics, view } from './shapes.ts';

const filter = Type.String({
  maxLength: 4_000,
  description: 'A filter, for example `action:Authorize -is:synthetic station:CS-1`; empty: everything.',
});
const order = Type.Union([Type.Literal('newest'), Type.Literal('oldest')], { default: 'newest' });
const entity = Type.Union([Type.Literal('messages'), Type.Literal('exchanges')], {
  default: 'exchanges',
  description: '`exchanges`: a request and its answer are one row; `messages`: every message is one.',
});
const cursor = Type.Optional(Type.String({ description: 'Continue after this point: the `next` of the page before.' }));
const limit = Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000, default: 100 }));
const seqParams = Type.Object({ seq: Type.Integer({ minimum: 1 }) });
const viewParams = Type.Object({ id: Type.String({ maxLength: 100 }) });

const MAX_IMPORT_BYTES = 1024 * 1024 * 1024;

export interface JournalApi {
  readonly journal: Journal;
  /** The feed that live readers connect to. */
  readonly feed: EventFeed;
}

/** The journal of a service: messages, views, findings, statistics, live, export. For the prefix `/api/v1`. */
export function journalRoutes(api: JournalApi): Route[] {
  const { query } = api.journal;
  return [
    ...messageRoutes(query),
    ...viewRoutes(query),
    ...wholeRoutes(api.journal),
    ...sessionRoutes(query),
    ...sequenceRoutes(query),
    liveRoute(api),
  ];
}

function messageRoutes(query: JournalQuery): Route[] {
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
      summary: 'Mark a message, or write a note on it',
      tags: ['journal'],
      params: seqParams,
      body: Type.Object(
        { marked: Type.Optional(Type.Boolean()), note: Type.Optional(Type.String({ maxLength: 10_000 })) },
        { additionalProperties: false },
      ),
      response: message,
      problems: ['NOT_FOUND'],
      handler: ({ params, body }) => query.annotate(params.seq, present(body)),
    }),
    route({
      method: 'GET',
      path: '/findings',
      summary: 'What is wrong, or worth a look',
      tags: ['journal'],
      query: Type.Object({
        severity: Type.Optional(Type.Union([Type.Literal('error'), Type.Literal('warning'), Type.Literal('info')])),
        rule: Type.Optional(Type.String()),
        party: Type.Optional(Type.String()),
        cursor,
        limit,
      }),
      response: Type.Object({ items: Type.Array(finding), next: Type.Optional(Type.String()) }),
      handler: ({ query: asked }) => query.findings(present(asked)),
    }),
    route({
      method: 'GET',
      path: '/statistics',
      summary: 'Counts, errors and latency percentiles, by action, party and route',
      tags: ['journal'],
      response: statistics,
      handler: () => query.statistics(),
    }),
  ];
}

function viewRoutes(query: JournalQuery): Route[] {
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

function wholeRoutes(journal: Journal): Route[] {
  const { query } = journal;
  return [
    route({
      method: 'GET',
      path: '/journal',
      summary: 'What the journal holds and keeps, and what went wrong with it',
      tags: ['journal'],
      response: journalInfo,
      handler: () => query.info(),
    }),
    route({
      method: 'DELETE',
      path: '/journal',
      access: 'admin',
      summary: 'Forget all messages and begin a new epoch',
      tags: ['journal'],
      response: journalInfo,
      handler: async () => new Answer(200, await query.clear()),
    }),
    route({
      method: 'GET',
      path: '/journal/export',
      summary:
        'Messages that fit a filter, oldest first: JSON Lines, Open OCPP Trace or HTTP archive; secrets are masked',
      tags: ['journal'],
      query: Type.Object({
        q: Type.Optional(filter),
        format: Type.Optional(
          oneOf(EXPORT_FORMATS, {
            default: 'jsonl',
            description: '`oot`: OCPP as Open OCPP Trace 1.1; `har`: HTTP as an archive.',
          }),
        ),
      }),
      produces: 'application/jsonl',
      handler: async ({ query: { q, format = 'jsonl' } }) => {
        const pages = journal.export(present({ q }))[Symbol.asyncIterator]();
        // The first page is read here: a broken filter is told before the download begins.
        const first = await pages.next();
        const lines = withFirst(first, pages);
        if (format === 'har') {
          return new Download({
            contentType: 'application/json; charset=utf-8',
            fileName: 'journal.har',
            chunks: httpArchive(lines, '1'),
          });
        }
        return new Download({
          contentType: 'application/jsonl; charset=utf-8',
          fileName: format === 'oot' ? 'journal.oot.jsonl' : 'journal.jsonl',
          chunks: format === 'oot' ? openOcppTrace(lines) : lines,
        });
      },
    }),
    rawRoute({
      method: 'POST',
      path: '/journal/import',
      summary: 'Take in exported messages (JSON Lines); they are marked as imported and keep their times',
      tags: ['journal'],
      reads: 'stream',
      consumes: 'application/jsonl',
      bodyLimitBytes: MAX_IMPORT_BYTES,
      response: Type.Object({
        messages: Type.Integer(),
        first: Type.Optional(Type.Integer({ description: 'The first number that they got.' })),
        last: Type.Optional(Type.Integer()),
        refused: Type.Integer({ description: 'Lines that are no messages.' }),
        errors: Type.Array(Type.Object({ line: Type.Integer(), msg: Type.String() })),
      }),
      handler: ({ body }) => journal.import(body.setEncoding('utf8')),
    }),
  ];
}

async function* withFirst(first: IteratorResult<string>, rest: AsyncIterator<string>): AsyncGenerator<string> {
  try {
    for (let page = first; page.done !== true; page = await rest.next()) if (page.value !== '') yield page.value;
  } finally {
    // Also when the reader went away before the end.
    await rest.return?.();
  }
}

function liveRoute({ journal, feed }: JournalApi): Route {
  return route({
    method: 'GET',
    path: '/journal/live',
    summary: 'Messages that fit a filter as they come (server-sent events `rows`); resumes after `Last-Event-ID`',
    tags: ['journal'],
    query: Type.Object({
      q: Type.Optional(filter),
      entity: Type.Optional(entity),
      since: Type.Optional(Type.String({ description: 'Begin after this id of an earlier event.' })),
    }),
    produces: 'text/event-stream',
    handler: async ({ query: { q, entity: what, since }, headers }) => {
      const last = headers['last-event-id'];
      const options = present({ q, entity: what, since: typeof last === 'string' ? last : since });
      // Batches can come before the reader is connected.
      let send: ((batch: LiveBatch) => void) | undefined;
      const early: LiveBatch[] = [];
      const subscription = await journal.live.subscribe(options, (batch) => {
        if (send === undefined) early.push(batch);
        else send(batch);
      });
      return new EventStream(feed, {
        ownIds: true,
        accepts: () => false,
        opened: (reader) => {
          send = (batch) => reader.send('rows', batch, batch.cursor);
          for (const batch of early.splice(0)) send(batch);
        },
        closed: () => subscription.close(),
      });
    },
  });
}

/** A copy without members that are `undefined`. */
function present<T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as never;
}
