import Type from 'typebox';
import { type Route, route } from './http/route.ts';
import { type Runtime, SERVICE_NAMES, type ServiceName } from './service.ts';

/** Which half of the world a service's user interface shows, and where it stands. */
const SCOPES: Readonly<Partial<Record<ServiceName, { readonly scope: 'cpo' | 'emp'; readonly base: string }>>> = {
  csms: { scope: 'cpo', base: '/ui' },
  emp: { scope: 'emp', base: '/gui' },
  everest: { scope: 'cpo', base: '/gui' },
};

/** What a client has to know of a service before anything else. */
export function metaRoute(runtime: Runtime, features: readonly string[]): Route {
  const { service, version, journal, socketClock, shared } = runtime;
  const { scope, base } = SCOPES[service] ?? { scope: 'all', base: '/' };
  const factor = Number(/^scaled:(.+)$/.exec(shared.clock)?.[1] ?? 1);
  return route({
    method: 'GET',
    path: '/meta',
    summary: 'What runs here: version, journal epoch, clock, features, the other services',
    tags: ['service'],
    response: Type.Object({
      service: Type.String(),
      version: Type.String(),
      epoch: Type.String({
        description: 'Changes when the journal is cleared: sequence numbers of another epoch mean nothing.',
      }),
      scope: Type.String({ description: '`all`, `cpo` or `emp`.' }),
      base: Type.String({ description: 'Where the user interface of this service stands.' }),
      now: Type.Number({ description: 'Epoch milliseconds.' }),
      clock: Type.Object({ mode: Type.String(), factor: Type.Number() }),
      features: Type.Array(Type.String()),
      retention: Type.Object({ messages: Type.Number(), bytes: Type.Number(), ageMs: Type.Number() }),
      services: Type.Array(
        Type.Object({
          name: Type.String(),
          url: Type.Optional(Type.String({ description: 'Where it answers, by the configuration of this service.' })),
        }),
      ),
    }),
    handler: async () => ({
      service,
      version,
      epoch: journal.epoch,
      scope,
      base,
      now: socketClock.now(),
      clock: { mode: shared.clock === 'system' ? 'system' : 'scaled', factor },
      features: [...features],
      retention: (await journal.query.info()).retention,
      services: SERVICE_NAMES.map((name) => {
        const url = runtime.addressOf(name);
        return url === undefined ? { name } : { name, url };
      }),
    }),
  });
}
