import Type from 'typebox';
import { EventStream } from '../platform/http/answers.ts';
import type { EventFeed } from '../platform/http/event-feed.ts';
import { type ApiDocument, type Route, route } from '../platform/http/route.ts';
import { journalRoutes } from '../platform/journal-api/journal-routes.ts';
import type { Runtime, ServiceName } from '../platform/service.ts';
import { JOURNAL_TAGS } from '../platform/service-routes.ts';
import { traceRoutes } from '../platform/telemetry/trace-routes.ts';
import type { ApiDocuments } from './api-documents.ts';
import { demoRoutes } from './demo/demo-routes.ts';
import type { DemoRuns } from './demo/demo-runs.ts';
import { DEMOS } from './demo/index.ts';
import { endpointsOf } from './endpoints.ts';
import type { Forwarder } from './forward.ts';
import type { MergedJournal } from './merged-journal/merged-journal.ts';
import { type PresetFolder, presetRoutes } from './presets.ts';
import { partyRoutes } from './replace/party-routes.ts';
import type { Replacements } from './replace/replacements.ts';
import { JOURNAL_OF, scoped } from './scoped.ts';
import { sendRoute } from './send-route.ts';
import type { Services } from './services.ts';
import { sessionStop } from './session-stop.ts';
import { halfOfWorld, poolClients, readWorld } from './world.ts';
import type { WorldEvents } from './world-events.ts';

export interface WorkbenchApi {
  readonly runtime: Runtime;
  readonly services: Services;
  readonly forwarder: Forwarder;
  readonly events: WorldEvents;
  readonly feed: EventFeed;
  readonly presets: PresetFolder;
  readonly merged: MergedJournal;
  readonly demos: DemoRuns;
  readonly documents: ApiDocuments;
  readonly replacements: Replacements;
  /** Hears the tokens that people show. */
  readonly seenToken: (token: string | undefined) => void;
}

const ServiceShape = Type.Object({
  name: Type.String(),
  title: Type.String(),
  health: Type.Union([Type.Literal('ok'), Type.Literal('degraded'), Type.Literal('down'), Type.Literal('off')]),
  why: Type.Optional(Type.String()),
  url: Type.Optional(Type.String()),
});

const FollowedShape = Type.Object({
  service: Type.String(),
  state: Type.Union([Type.Literal('waiting'), Type.Literal('behind'), Type.Literal('live'), Type.Literal('gone')]),
  why: Type.Optional(Type.String()),
  behind: Type.Integer({ description: 'Messages that are still to come.' }),
});

/** The workbench's own part of the API; everything else below `/api/v1` is handed to the service that owns it. */
export function workbenchDocument(api: WorkbenchApi): ApiDocument {
  return {
    title: 'Workbench',
    description:
      'One API over all services. Messages, sessions, findings, traces and statistics are read here from the merged journal, also while a service is down. What is not listed here is handed on: `sim/…` to the stations, `emp/…`, `hub/…`, `pnc/…`, `everest/…` to their services, `services/{name}/…` to the named one, the rest to the CSMS.',
    prefix: '/api/v1',
    docsPath: '/api/docs',
    tags: [
      ...JOURNAL_TAGS,
      { name: 'world', description: 'Who there is and who talks to whom.' },
      { name: 'service', description: 'The workbench itself.' },
      { name: 'demo', description: 'Sessions that play by themselves, explained.' },
      { name: 'presets', description: 'Messages kept for sending.' },
    ],
    routes: [
      ...worldRoutes(api),
      ...partyRoutes({
        services: api.services,
        forwarder: api.forwarder,
        replacements: api.replacements,
        config: api.runtime.config,
        clock: api.runtime.socketClock,
        changed: () => api.events.topologyChanged(),
      }),
      ...metaRoutes(api),
      ...demoRoutes(DEMOS, api.demos),
      ...presetRoutes(api.presets),
      sendRoute(api.forwarder, () => api.runtime.ids.uuid()),
      ...scoped(
        [
          eventsRoute(api),
          ...journalRoutes({ journal: api.runtime.journal, feed: api.feed }),
          sessionStop(api.runtime.journal.query, api.forwarder),
          ...traceRoutes(api.runtime.journal, 'workbench'),
        ],
        api.forwarder,
      ),
    ],
  };
}

function metaRoutes({ runtime, services, forwarder, merged, documents, seenToken }: WorkbenchApi): Route[] {
  return [
    route({
      method: 'GET',
      path: '/meta',
      summary: 'Version, time, and which services answer',
      tags: ['service'],
      response: Type.Object({
        service: Type.String(),
        version: Type.String(),
        epoch: Type.String({ description: 'Names the merged journal; sequence numbers belong to it.' }),
        scope: Type.String(),
        base: Type.String(),
        now: Type.Number({ description: 'Epoch milliseconds.' }),
        clock: Type.Object({ mode: Type.String(), factor: Type.Number() }),
        features: Type.Array(Type.String()),
        services: Type.Array(ServiceShape),
        followed: Type.Array(FollowedShape, { description: 'How well the journals of the services are followed.' }),
      }),
      async handler({ token, actor: { scope } }) {
        await services.look();
        if (scope === 'all') seenToken(token);
        const factor = Number(/^scaled:(.+)$/.exec(runtime.shared.clock)?.[1] ?? 1);
        return {
          service: 'workbench',
          version: runtime.version,
          epoch: scope === 'all' ? runtime.journal.epoch : await epochOf(forwarder, JOURNAL_OF[scope], token),
          scope,
          base: '/',
          now: runtime.socketClock.now(),
          clock: { mode: factor === 1 ? 'system' : 'scaled', factor },
          features: ['topology', 'presets', 'journal', 'views', 'merged'],
          services: services.states,
          followed: merged.states,
        };
      },
    }),
    route({
      method: 'GET',
      path: '/health',
      access: 'public',
      summary: 'Whether the workbench answers',
      tags: ['service'],
      response: Type.Object({ service: Type.String(), version: Type.String(), now: Type.Number() }),
      handler: () => ({ service: 'workbench', version: runtime.version, now: runtime.socketClock.now() }),
    }),
    route({
      method: 'GET',
      path: '/apis',
      summary: 'OpenAPI documents of all services; of one that is away the last that was seen',
      tags: ['service'],
      response: Type.Object({
        items: Type.Array(
          Type.Object({
            service: Type.String(),
            title: Type.String(),
            path: Type.String(),
            answers: Type.Boolean({ description: 'Whether the service gave it just now.' }),
            seenAt: Type.String({ format: 'date-time' }),
            document: Type.Unknown(),
          }),
        ),
      }),
      async handler({ token }) {
        await services.look();
        return { items: await documents.look(token) };
      },
    }),
  ];
}

/** Of the journal that somebody reads who sees one half. */
async function epochOf(forwarder: Forwarder, service: ServiceName, token: string | undefined): Promise<string> {
  return ((await forwarder.get(service, 'meta', token)) as { readonly epoch: string }).epoch;
}

function worldRoutes({ runtime, services, forwarder, events, replacements }: WorkbenchApi): Route[] {
  return [
    route({
      method: 'GET',
      path: '/topology',
      summary: 'Parties, their health, and the links between them',
      tags: ['world'],
      response: Type.Object({ nodes: Type.Array(Type.Unknown()), edges: Type.Array(Type.Unknown()) }),
      async handler({ token, actor }) {
        await services.look();
        const aliases = poolClients(runtime.config.all);
        const world = await readWorld({
          forwarder,
          services,
          journal: runtime.journal,
          rates: events.rates.byEdge,
          aliases,
          replaced: replacements.addresses,
          token,
        });
        return halfOfWorld(world, actor.scope);
      },
    }),
    route({
      method: 'GET',
      path: '/endpoints',
      summary: 'Addresses to enter into one’s own systems',
      tags: ['world'],
      response: Type.Object({
        items: Type.Array(
          Type.Object({
            title: Type.String(),
            url: Type.String(),
            loopback: Type.Boolean(),
            note: Type.Optional(Type.String()),
          }),
        ),
      }),
      async handler() {
        await services.look();
        return { items: endpointsOf(services.states, runtime.shared.host) };
      },
    }),
  ];
}

function eventsRoute({ services, events, feed, seenToken }: WorkbenchApi): Route {
  let watching = 0;
  return route({
    method: 'GET',
    path: '/events',
    summary: 'What changes in the whole world (server-sent events)',
    description:
      'The events of every service in one stream; `rates` once a second, added up. Resumes after `Last-Event-ID`.',
    tags: ['world'],
    query: Type.Object({ topics: Type.Optional(Type.Array(Type.String(), { description: 'Only these events.' })) }),
    produces: 'text/event-stream',
    handler: ({ query: { topics }, token }) =>
      new EventStream(feed, {
        accepts: (event) => topics === undefined || topics.includes(event),
        opened: () => {
          watching += 1;
          seenToken(token);
          if (watching > 1) return;
          services.watch(true);
          void services.look().then(() => events.watch(watching > 0, token));
        },
        closed: () => {
          watching = Math.max(0, watching - 1);
          if (watching > 0) return;
          services.watch(false);
          events.watch(false);
        },
      }),
  });
}
