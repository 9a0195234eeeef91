import Type from 'typebox';
import { houseRoutes } from './house-routes.ts';
import { EventStream } from './http/answers.ts';
import { EventFeed } from './http/event-feed.ts';
import { type ApiDocument, type Route, route } from './http/route.ts';
import { JournalNews } from './journal-api/journal-news.ts';
import { journalRoutes } from './journal-api/journal-routes.ts';
import { metaRoute } from './meta-route.ts';
import type { Runtime } from './service.ts';
import { traceRoutes } from './telemetry/trace-routes.ts';

/** Groups of the routes over a journal. */
export const JOURNAL_TAGS: NonNullable<ApiDocument['tags']> = [
  { name: 'journal', description: 'Every message that crossed the wire.' },
  { name: 'findings', description: 'What the rules found, what they are, and what nobody wants to hear of.' },
  { name: 'views', description: 'Filters with a stable row index, for long lists.' },
  { name: 'sessions', description: 'Charging sessions over all protocols, put together from the messages.' },
  { name: 'traces', description: 'One action through all parties, with the time of each hop; metrics.' },
];

/** What every service serves beside its own routes, and the feed through which it tells what changed. */
export interface ServiceApi {
  /** For the document with the prefix `/api/v1`. */
  readonly routes: readonly Route[];
  readonly tags: NonNullable<ApiDocument['tags']>;
  /** Events of `GET /api/v1/events`: publish `station`, `session` and so on with the changed entity. */
  readonly feed: EventFeed;
  /** Says goodbye to the readers; before the HTTP server closes. */
  close(): void;
}

/**
 * Meta, health, settings, logs, journal, events: the same on every service.
 * @param features what this service can do beyond that, for clients that show or hide parts
 * @param ails what it lacks from others, in words: its health is then `degraded`
 */
export function serviceApi(
  runtime: Runtime,
  features: readonly string[] = [],
  ails?: () => readonly string[],
): ServiceApi {
  const feed = new EventFeed({ clock: runtime.socketClock, epoch: runtime.journal.epoch });
  return {
    feed,
    routes: [
      metaRoute(runtime, ['journal', 'views', 'events', 'logs', ...features]),
      ...houseRoutes(runtime, ails),
      ...journalRoutes({ journal: runtime.journal, feed }),
      ...traceRoutes(runtime.journal, runtime.service),
      eventsRoute(runtime, feed),
    ],
    tags: [
      ...JOURNAL_TAGS,
      { name: 'events', description: 'What changes, as it changes.' },
      { name: 'logs', description: 'What the service writes about itself.' },
      { name: 'service', description: 'Health and configuration.' },
    ],
    close: () => feed.close(),
  };
}

/** A role's document with what every service serves. */
export function withServiceApi(document: ApiDocument, api: ServiceApi): ApiDocument {
  return { ...document, tags: [...(document.tags ?? []), ...api.tags], routes: [...document.routes, ...api.routes] };
}

function eventsRoute({ journal, socketClock }: Runtime, feed: EventFeed): Route {
  const news = new JournalNews(journal, feed, socketClock);
  let watching = 0;
  return route({
    method: 'GET',
    path: '/events',
    summary:
      'What changes (server-sent events): `rates` once a second, `journal` when messages came, `session`, `finding`, `mute`, and the entities',
    description: 'Resumes after `Last-Event-ID` within 30 s, else `resync`. `bye` comes before the stream ends.',
    tags: ['events'],
    query: Type.Object({
      topics: Type.Optional(
        Type.Array(Type.String(), { description: 'Only these events, by comma; all when absent.' }),
      ),
    }),
    produces: 'text/event-stream',
    handler: ({ query: { topics } }) =>
      new EventStream(feed, {
        accepts: (event) => topics === undefined || topics.includes(event),
        opened: () => {
          watching++;
          news.watch(true);
        },
        closed: () => {
          watching = Math.max(0, watching - 1);
          if (watching === 0) news.watch(false);
        },
      }),
  });
}
