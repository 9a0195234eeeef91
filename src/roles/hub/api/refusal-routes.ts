import Type from 'typebox';
import { isoTime } from '../../../core/time.ts';
import { type Route, route } from '../../../platform/http/route.ts';
import type { RefusedCall } from '../state/refusals.ts';
import type { HubApi } from './hub-api.ts';

const Step = Type.Object({
  check: Type.String({ description: 'Stable name of the check.' }),
  label: Type.String(),
  ok: Type.Optional(Type.Boolean({ description: 'Missing: an earlier check had failed.' })),
  code: Type.String({ description: 'The OICP code of a failure; `medium`: 101, 102 or 105.' }),
  text: Type.Optional(Type.String()),
});

const Refused = Type.Object({
  at: Type.String(),
  operation: Type.String(),
  caller: Type.String(),
  code: Type.String(),
  trace: Type.String(),
  seq: Type.Integer({ description: 'The request in the hub’s journal.' }),
  steps: Type.Array(Step),
});

/** Calls that were refused, with every check in its order: which one said no. */
export function refusalRoutes({ hub }: HubApi): Route[] {
  return [
    route({
      method: 'GET',
      path: '/hub/refusals',
      summary: 'Refused calls with the checks that they were held to, the newest first',
      description: 'The last 500 since the hub runs.',
      tags: ['Behaviour'],
      query: Type.Object({
        trace: Type.Optional(Type.String({ description: 'Only calls of this trace.' })),
        limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500, default: 100 })),
      }),
      response: Type.Object({ items: Type.Array(Refused) }),
      handler: ({ query: { trace, limit = 100 } }) => ({ items: hub.refusals.list(limit, trace).map(shown) }),
    }),
  ];
}

function shown({ timeMs, ...refused }: RefusedCall): object {
  return { at: isoTime(timeMs), ...refused };
}
