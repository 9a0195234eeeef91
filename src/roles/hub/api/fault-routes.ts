import Type from 'typebox';
import { CompoteError } from '../../../core/errors.ts';
import { created } from '../../../platform/http/answers.ts';
import { type Route, route } from '../../../platform/http/route.ts';
import { isOperationName } from '../../../protocols/oicp/index.ts';
import { FaultInput } from '../faults.ts';
import type { HubApi } from './hub-api.ts';

const Fault = Type.Object({
  id: Type.String(),
  ...FaultInput.properties,
  hits: Type.Integer({ description: 'How often it has struck.' }),
});
const params = Type.Object({ id: Type.String({ minLength: 1, maxLength: 100 }) });

/** How the hub misbehaves on purpose. */
export function faultRoutes({ hub, newId }: HubApi): Route[] {
  const { faults } = hub;
  const check = (input: Readonly<{ operation?: string }>): void => {
    if (input.operation === undefined || isOperationName(input.operation)) return;
    throw new CompoteError('INVALID_REQUEST', {
      fields: [{ pointer: '/operation', msg: `${input.operation} is not an operation of OICP 2.3` }],
    });
  };
  return [
    route({
      method: 'GET',
      path: '/hub/faults',
      summary: 'Faults that are set',
      tags: ['Behaviour'],
      response: Type.Object({ items: Type.Array(Fault) }),
      handler: () => ({ items: faults.all() }),
    }),
    route({
      method: 'POST',
      path: '/hub/faults',
      summary: 'Set a fault',
      description: 'The first fault that fits a call strikes, in the order in which they were set.',
      tags: ['Behaviour'],
      body: FaultInput,
      response: Fault,
      status: 201,
      handler: ({ body }) => {
        check(body);
        const rule = faults.save(newId(), body);
        return created(`/api/v1/hub/faults/${rule.id}`, rule);
      },
    }),
    route({
      method: 'PUT',
      path: '/hub/faults/{id}',
      summary: 'Set or replace a fault of this id',
      tags: ['Behaviour'],
      params,
      body: FaultInput,
      response: Fault,
      handler: ({ params: { id }, body }) => {
        check(body);
        return faults.save(id, body);
      },
    }),
    route({
      method: 'DELETE',
      path: '/hub/faults/{id}',
      summary: 'Take a fault away',
      tags: ['Behaviour'],
      params,
      problems: ['NOT_FOUND'],
      handler: ({ params: { id } }) => {
        if (!faults.remove(id)) throw new CompoteError('NOT_FOUND', { detail: `there is no fault ${id}` });
      },
    }),
    route({
      method: 'DELETE',
      path: '/hub/faults',
      summary: 'Take all faults away',
      tags: ['Behaviour'],
      handler: () => {
        for (const { id } of faults.all()) faults.remove(id);
      },
    }),
  ];
}
