import Type from 'typebox';
import type { Journal, LiveBatch } from '../../journal/index.ts';
import { Content, EventStream } from '../http/answers.ts';
import type { EventFeed } from '../http/event-feed.ts';
import { type Route, route } from '../http/route.ts';
import { entity, filter, present } from './asked.ts';

export interface JournalApi {
  readonly journal: Journal;
  /** The feed that live readers connect to. */
  readonly feed: EventFeed;
}

/** What comes in: for people who watch, and for journals that follow this one. */
export function liveRoutes(api: JournalApi): Route[] {
  return [liveRoute(api), feedRoute(api.journal)];
}

function feedRoute({ query }: Journal): Route {
  return route({
    method: 'GET',
    path: '/journal/feed',
    summary: 'The journal piece by piece, for a journal that follows it; waits for news when there are none',
    description:
      'JSON Lines. The first line is `{"feed": {"next", "epoch", "head", "now", "complete"}}`; ask again with `after` set to its `next`. Then messages as an export has them, without findings, and `{"finding": …}` lines, each behind the message that it judges. `restarted`: `after` was of another journal, and this one is told from its beginning.',
    tags: ['journal'],
    query: Type.Object({
      after: Type.Optional(Type.String({ maxLength: 100, description: 'The `next` of the page before.' })),
      limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 2_000, default: 1_000 })),
      waitMs: Type.Optional(
        Type.Integer({ minimum: 0, maximum: 30_000, default: 0, description: 'How long to wait for news.' }),
      ),
    }),
    produces: 'application/jsonl',
    handler: async ({ query: asked }) => {
      const { text, count: _count, ...feed } = await query.feed(present(asked));
      return new Content('application/jsonl; charset=utf-8', `${JSON.stringify({ feed })}\n${text}`);
    },
  });
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
