import Type from 'typebox';
import type { Ids } from '../../core/ids.ts';
import type { AccessControl } from './access.ts';
import { Answer } from './answers.ts';
import { type Route, route } from './route.ts';

const name = Type.String({
  minLength: 1,
  maxLength: 80,
  pattern: '^[^/\\s](.*[^/\\s])?$',
  description: 'Whose token it is; stands in the journal.',
});
const role = Type.Union([Type.Literal('viewer'), Type.Literal('operator'), Type.Literal('admin')], {
  description: 'Viewers look, operators act, admins change the configuration.',
});
const scope = Type.Union([Type.Literal('all'), Type.Literal('cpo'), Type.Literal('emp')], {
  description: 'The half of the world: the operator’s, the provider’s, or both.',
});

const tokenInfo = Type.Object({
  name: Type.String(),
  role,
  scope,
  source: Type.Union([Type.Literal('configuration'), Type.Literal('made here')]),
  createdAt: Type.Optional(Type.String({ format: 'date-time' })),
  expiresAt: Type.Optional(Type.String({ format: 'date-time' })),
  lastUsedAt: Type.Optional(Type.String({ format: 'date-time', description: 'At this service, since it runs.' })),
});

/** Access tokens: who has one, making one, revoking one. On every service, for admins; services of a data folder share them. */
export function accessRoutes(access: AccessControl, ids: Ids, secure: boolean): Route[] {
  const { tokens } = access;
  return [
    route({
      method: 'GET',
      path: '/access/tokens',
      access: 'admin',
      summary: 'Who may use the services, and since when; never the tokens themselves',
      tags: ['access'],
      response: Type.Object({
        required: Type.Boolean({ description: 'Whether requests need a token.' }),
        items: Type.Array(tokenInfo),
      }),
      handler: () => ({ required: access.required, items: tokens.list() }),
    }),
    route({
      method: 'POST',
      path: '/access/tokens',
      access: 'admin',
      summary: 'Make an access token: it is shown once, and kept as its SHA-256',
      description:
        'The first one must be an admin’s: from then on every request needs a token. Whoever makes it is logged in with it.',
      tags: ['access'],
      status: 201,
      body: Type.Object(
        {
          name,
          role,
          scope: Type.Optional(scope),
          expiresAt: Type.Optional(Type.String({ format: 'date-time', description: 'Never when absent.' })),
        },
        { additionalProperties: false },
      ),
      response: Type.Object({ token: Type.String(), name: Type.String(), role, scope }),
      problems: ['CONFLICT'],
      handler: ({ body }) => {
        const wasOpen = !access.required;
        const made = { ...body, scope: body.scope ?? 'all' };
        const token = tokens.add(made, ids);
        const { name: whose, role: which, scope: half } = made;
        const answer = { token, name: whose, role: which, scope: half };
        // Who locks the door stays inside.
        return new Answer(201, answer, wasOpen ? { 'set-cookie': access.login(token, secure).cookie } : {});
      },
    }),
    route({
      method: 'DELETE',
      path: '/access/tokens/{name}',
      access: 'admin',
      summary: 'Revoke a token that was made here, and the sessions that began with it',
      tags: ['access'],
      params: Type.Object({ name: Type.String() }),
      problems: ['NOT_FOUND', 'CONFLICT'],
      handler: ({ params }) => tokens.revoke(params.name, !access.exposed),
    }),
  ];
}
