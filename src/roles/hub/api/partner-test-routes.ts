import Type from 'typebox';
import { CompoteError } from '../../../core/errors.ts';
import { type Route, route } from '../../../platform/http/route.ts';
import { oneOf } from '../../../platform/schema/words.ts';
import { testPartner } from '../partner-test.ts';
import type { HubApi } from './hub-api.ts';

const Result = Type.Object({
  ok: Type.Boolean(),
  role: oneOf(['CPO', 'EMP'], { description: 'As which role it was tried.' }),
  operation: Type.String(),
  address: Type.Optional(Type.String()),
  text: Type.String({ description: 'What happened.' }),
  hint: Type.Optional(Type.String({ description: 'What to do about it.' })),
  ms: Type.Number(),
  seq: Type.Optional(Type.Integer({ description: 'The exchange in the journal.' })),
});

/** Whether a partner can be reached, and if not, why. */
export function partnerTestRoutes({ hub }: HubApi): Route[] {
  return [
    route({
      method: 'POST',
      path: '/hub/partners/{id}/test',
      summary: 'Try to reach a partner, and say in plain words what failed',
      description:
        'Calls its address once for each role with an empty stop, which every OICP server refuses without doing anything. Name, connection, TLS, HTTP and the language of the answer are told apart.',
      tags: ['Partners'],
      params: Type.Object({ id: Type.String({ minLength: 1, maxLength: 64 }) }),
      response: Type.Object({ ok: Type.Boolean(), items: Type.Array(Result) }),
      problems: ['NOT_FOUND'],
      async handler({ params }) {
        const partner = hub.state.partners.get(params.id);
        if (partner === undefined) throw new CompoteError('NOT_FOUND', { detail: `there is no partner ${params.id}` });
        const items = await testPartner(hub.calls, partner);
        return { ok: items.length > 0 && items.every(({ ok }) => ok), items };
      },
    }),
  ];
}
