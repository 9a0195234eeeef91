import Type from 'typebox';
import type { AccessControl } from './access.ts';
import { Answer } from './answers.ts';
import { type Route, route } from './route.ts';

const actorSchema = Type.Object({
  name: Type.String(),
  role: Type.Union([Type.Literal('viewer'), Type.Literal('operator'), Type.Literal('admin')]),
  scope: Type.Union([Type.Literal('all'), Type.Literal('cpo'), Type.Literal('emp')], {
    description: 'The half of the world that is seen: the operator’s, the provider’s, or both.',
  }),
});

/** Exchange of a token for a cookie (`EventSource` cannot send headers), and who one is. On every service. */
export function sessionRoutes(access: AccessControl, secure: boolean): Route[] {
  return [
    route({
      method: 'POST',
      path: '/auth/login',
      access: 'public',
      summary: 'Exchange an access token for a cookie',
      tags: ['access'],
      body: Type.Object({ token: Type.String({ maxLength: 1_000 }) }, { additionalProperties: false }),
      response: actorSchema,
      problems: ['UNAUTHORIZED'],
      handler: ({ body }) => {
        const { actor, cookie } = access.login(body.token, secure);
        return new Answer(200, actor, { 'set-cookie': cookie });
      },
    }),
    route({
      method: 'POST',
      path: '/auth/logout',
      access: 'public',
      summary: 'End the session of the cookie',
      tags: ['access'],
      handler: ({ headers }) => new Answer(204, undefined, { 'set-cookie': access.logout(headers.cookie, secure) }),
    }),
    route({
      method: 'GET',
      path: '/me',
      summary: 'Who I am here, and what I may do',
      tags: ['access'],
      response: actorSchema,
      handler: ({ actor }) => actor,
    }),
  ];
}
