import Type from 'typebox';
import { messageOf } from '../core/errors.ts';
import { effectiveConfig } from './config/effective-config.ts';
import { Download } from './http/answers.ts';
import { type Route, route } from './http/route.ts';
import type { Runtime } from './service.ts';
import { worldIdOf } from './world-id.ts';

const logLine = Type.Object({
  time: Type.Number({ description: 'Epoch milliseconds.' }),
  level: Type.String(),
  text: Type.String(),
  messageId: Type.Optional(Type.String({ description: 'The message that the line is about.' })),
  traceId: Type.Optional(Type.String({ description: 'Its trace: `GET /traces/{id}`.' })),
  fields: Type.Record(Type.String(), Type.Unknown()),
});

const filterQuery = {
  level: Type.Optional(
    Type.Union([Type.Literal('debug'), Type.Literal('info'), Type.Literal('warn'), Type.Literal('error')], {
      description: 'The least level.',
    }),
  ),
  text: Type.Optional(Type.String({ description: 'Part of the line, in any case.', maxLength: 1_000 })),
  messageId: Type.Optional(Type.String({ description: 'Only lines about this message.', maxLength: 200 })),
  traceId: Type.Optional(Type.String({ description: 'Only lines of this trace.', pattern: '^[0-9a-f]{32}$' })),
};
const countQuery = Type.Integer({ minimum: 1, maximum: 5_000, default: 200, description: 'How many at most.' });

/**
 * What every service tells about itself: whether it runs, its log, its configuration. For the prefix `/api/v1`.
 * @param ails what the service lacks from others, in words
 */
export function houseRoutes(runtime: Runtime, ails: () => readonly string[] = () => []): Route[] {
  return [
    route({
      method: 'GET',
      path: '/health',
      access: 'public',
      summary: 'Whether the service answers',
      tags: ['service'],
      response: Type.Object({
        service: Type.String(),
        version: Type.String(),
        now: Type.Number(),
        world: Type.String({ description: 'Names its data folder: services that share one are one world.' }),
        upMs: Type.Number(),
        status: Type.Union([Type.Literal('ok'), Type.Literal('degraded')], {
          description: '`degraded`: it answers, but something that it needs does not.',
        }),
        problems: Type.Array(Type.String(), { description: 'What is missing, in words.' }),
      }),
      handler: healthOf(runtime, ails),
    }),
    route({
      method: 'GET',
      path: '/settings',
      summary: 'The configuration in force, and where each value came from; secrets are masked',
      tags: ['service'],
      access: 'admin',
      response: Type.Array(
        Type.Object({
          key: Type.String(),
          value: Type.Unknown(),
          source: Type.String(),
          live: Type.Boolean({ description: 'A change holds at once; else from the next start.' }),
          next: Type.Optional(Type.Unknown({ description: 'What it was changed to, from the next start.' })),
        }),
      ),
      handler: () => effectiveConfig(runtime.config),
    }),
    route({
      method: 'PATCH',
      path: '/settings',
      summary: 'Change settings by their keys; `null` takes a change back',
      description:
        'Kept in `settings.json` of the data folder, for all services: stronger than the configuration file, weaker than environment and flags. `log.level` holds at once in this process, everything else from the next start.',
      tags: ['service'],
      access: 'admin',
      body: Type.Record(Type.String({ maxLength: 200 }), Type.Unknown(), { maxProperties: 100 }),
      response: Type.Object({
        items: Type.Array(
          Type.Object({
            key: Type.String(),
            value: Type.Optional(Type.Unknown()),
            applied: Type.Union([Type.Literal('now'), Type.Literal('restart'), Type.Literal('never')], {
              description: '`never`: an environment variable or a flag is stronger.',
            }),
          }),
        ),
      }),
      handler: ({ body }) => ({ items: runtime.config.changes.change(body) }),
    }),
    route({
      method: 'GET',
      path: '/logs',
      summary: 'The newest lines of the log, oldest first',
      tags: ['logs'],
      query: Type.Object({ ...filterQuery, limit: Type.Optional(countQuery) }),
      response: Type.Object({ items: Type.Array(logLine) }),
      handler: async ({ query: { limit = 200, ...filter } }) => ({ items: await runtime.logs.tail(limit, filter) }),
    }),
    route({
      method: 'GET',
      path: '/logs/groups',
      summary: 'Log lines grouped by OCPP message, the newest message first',
      tags: ['logs'],
      query: Type.Object({ ...filterQuery, limit: Type.Optional(countQuery) }),
      response: Type.Object({
        items: Type.Array(Type.Object({ messageId: Type.String(), lines: Type.Array(logLine) })),
      }),
      handler: async ({ query: { limit = 200, ...filter } }) => ({ items: await runtime.logs.groups(limit, filter) }),
    }),
    route({
      method: 'GET',
      path: '/logs/whole',
      summary: 'The whole log as JSON Lines',
      tags: ['logs'],
      query: Type.Object(filterQuery),
      produces: 'application/jsonl',
      handler: ({ query }) =>
        new Download({
          contentType: 'application/jsonl; charset=utf-8',
          fileName: `${runtime.service}.log.jsonl`,
          chunks: runtime.logs.whole(query),
        }),
    }),
  ];
}

function healthOf(runtime: Runtime, ails: () => readonly string[]): () => object {
  const startedAt = runtime.socketClock.monotonic();
  const world = worldIdOf(runtime.shared.data);
  return () => {
    const { failure } = runtime.commitGroup;
    const problems = failure === undefined ? ails() : [`nothing is answered: ${messageOf(failure)}`, ...ails()];
    return {
      service: runtime.service,
      version: runtime.version,
      now: runtime.socketClock.now(),
      world,
      upMs: runtime.socketClock.monotonic() - startedAt,
      status: problems.length === 0 ? 'ok' : 'degraded',
      problems,
    };
  };
}
