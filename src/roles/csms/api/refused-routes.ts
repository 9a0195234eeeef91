import Type from 'typebox';
import { isoTime } from '../../../core/time.ts';
import { type Route, route } from '../../../platform/http/route.ts';
import type { CsmsApi } from './csms-api.ts';

const RefusedView = Type.Object({
  at: Type.String(),
  identity: Type.String(),
  remote: Type.String({ description: 'Address and port it came from.' }),
  status: Type.Integer({ description: 'HTTP status; 101: the handshake was completed and the socket closed.' }),
  reason: Type.String({ description: 'Stable word, for example `unknown-identity`.' }),
  text: Type.String({ description: 'What is wrong and what is served.' }),
});

/** Stations that were turned away. */
export function refusedRoutes({ csms }: CsmsApi): Route[] {
  return [
    route({
      method: 'GET',
      path: '/refused',
      summary: 'Stations that were turned away',
      description: 'The last 200 since the start, the newest first.',
      tags: ['Stations'],
      query: Type.Object({
        identity: Type.Optional(Type.String()),
        limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, default: 100 })),
      }),
      response: Type.Object({ items: Type.Array(RefusedView), total: Type.Integer() }),
      handler({ query: { identity, limit = 100 } }) {
        const all = csms.connections.refusedStations.filter(
          (each) => identity === undefined || each.identity === identity,
        );
        return { items: all.slice(0, limit).map((each) => ({ ...each, at: isoTime(each.at) })), total: all.length };
      },
    }),
  ];
}
