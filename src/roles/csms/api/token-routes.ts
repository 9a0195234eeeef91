import Type, { type Static } from 'typebox';
import { CompoteError } from '../../../core/errors.ts';
import { Answer, created } from '../../../platform/http/answers.ts';
import { pageOf, pageQuery } from '../../../platform/http/paging.ts';
import { type Route, route } from '../../../platform/http/route.ts';
import { authorizeLocally, unknownToken } from '../state/authorization.ts';
import type { TokenRecord } from '../state/records.ts';
import { TokenInput, TokenStatus, TokenView, tokenFields, tokenOf, tokenView } from '../state/token-input.ts';
import type { CsmsApi } from './csms-api.ts';
import { pageThrough } from './page-through.ts';

const tokenParams = Type.Object({
  id: Type.String({ minLength: 1, maxLength: 255, description: 'The token; without case.' }),
});

const Replacement = Type.Object(
  { idToken: Type.Optional(Type.String({ description: 'As in the path, should it be there.' })), ...tokenFields },
  { additionalProperties: false },
);

const clearable = <S extends Parameters<typeof Type.Optional>[0]>(schema: S) =>
  Type.Optional(Type.Union([schema, Type.Null()], { description: 'null takes it away.' }));

const Change = Type.Object(
  {
    type: tokenFields.type,
    status: tokenFields.status,
    concurrent: tokenFields.concurrent,
    expiresAt: clearable(Type.String()),
    groupId: clearable(Type.String({ minLength: 1, maxLength: 255 })),
    stations: clearable(Type.Array(Type.String())),
    language: clearable(Type.String({ maxLength: 8 })),
    note: clearable(Type.String({ maxLength: 500 })),
  },
  { additionalProperties: false },
);

const Decision = Type.Object({
  status: Type.String({ description: 'What Authorize would answer.' }),
  reason: Type.String(),
  by: Type.String(),
});

/** Tokens that the CSMS knows itself; every field is enforced. */
export function tokenRoutes(api: CsmsApi): Route[] {
  const { csms, clock } = api;
  const { tokens, transactions } = csms.state;
  const tags = ['Tokens'];
  const known = (id: string): TokenRecord => {
    const token = tokens.get(id);
    if (token === undefined) throw new CompoteError('NOT_FOUND', { detail: `there is no token ${id}` });
    return token;
  };
  const keep = (token: TokenRecord): Static<typeof TokenView> => {
    tokens.put(token);
    csms.services.changed({ what: 'token', idToken: token.idToken });
    return tokenView(token);
  };
  const address = ({ idToken }: TokenRecord): string => `/api/v1/tokens/${encodeURIComponent(idToken)}`;
  return [
    route({
      method: 'GET',
      path: '/tokens',
      summary: 'List tokens',
      tags,
      query: Type.Object({
        ...pageQuery,
        status: Type.Optional(TokenStatus),
        type: Type.Optional(Type.String()),
        text: Type.Optional(Type.String({ description: 'Part of the token, its group or its note.' })),
      }),
      response: pageOf(TokenView),
      handler({ query: { cursor, limit = 100, status, type, text } }) {
        const wanted = text?.toLowerCase();
        const where = { ...(status === undefined ? {} : { status }), ...(type === undefined ? {} : { type }) };
        const fits = ({ idToken, groupId = '', note = '' }: TokenRecord): boolean =>
          `${idToken} ${groupId} ${note}`.toLowerCase().includes(wanted ?? '');
        const page = pageThrough(
          (size, after) => tokens.page(where, size, after),
          wanted === undefined ? undefined : fits,
          limit,
          cursor,
        );
        const whole = wanted === undefined && status === undefined && type === undefined;
        return { ...page, items: page.items.map(tokenView), ...(whole ? { total: tokens.count() } : {}) };
      },
    }),
    route({
      method: 'POST',
      path: '/tokens',
      summary: 'Create a token',
      tags,
      body: TokenInput,
      response: TokenView,
      status: 201,
      problems: ['CONFLICT'],
      handler({ body }) {
        if (tokens.get(body.idToken) !== undefined) {
          throw new CompoteError('CONFLICT', {
            detail: `the token ${body.idToken} is there already`,
            hint: 'Replace it with PUT, or change it with PATCH.',
          });
        }
        const token = tokenOf(body);
        return created(address(token), keep(token));
      },
    }),
    route({
      method: 'GET',
      path: '/tokens/{id}',
      summary: 'One token',
      tags,
      params: tokenParams,
      response: TokenView,
      problems: ['NOT_FOUND'],
      handler: ({ params }) => tokenView(known(params.id)),
    }),
    route({
      method: 'PUT',
      path: '/tokens/{id}',
      summary: 'Replace a token, or create it',
      description: 'What the body does not name gets its default.',
      tags,
      params: tokenParams,
      body: Replacement,
      response: TokenView,
      creates: true,
      handler({ params, body }) {
        const before = tokens.get(params.id);
        if (body.idToken !== undefined && body.idToken.toLowerCase() !== params.id.toLowerCase()) {
          throw new CompoteError('INVALID_REQUEST', {
            fields: [{ pointer: '/idToken', msg: `must be the token of the path, ${params.id}` }],
          });
        }
        const token = tokenOf({ ...body, idToken: body.idToken ?? before?.idToken ?? params.id });
        return before === undefined ? created(address(token), keep(token)) : keep(token);
      },
    }),
    route({
      method: 'PATCH',
      path: '/tokens/{id}',
      summary: 'Change a token',
      tags,
      params: tokenParams,
      body: Change,
      response: TokenView,
      problems: ['NOT_FOUND'],
      handler({ params, body }) {
        const merged = { ...tokenView(known(params.id)), ...body };
        const rest = Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== null));
        return keep(tokenOf(rest as TokenInput));
      },
    }),
    route({
      method: 'DELETE',
      path: '/tokens/{id}',
      summary: 'Delete a token',
      tags,
      params: tokenParams,
      problems: ['NOT_FOUND'],
      handler({ params }) {
        const { idToken } = known(params.id);
        tokens.delete(idToken);
        csms.services.changed({ what: 'token', idToken });
      },
    }),
    route({
      method: 'GET',
      path: '/tokens/{id}/decision',
      summary: 'What Authorize would answer for this text now',
      description: 'From the tokens here; nobody else is asked.',
      tags,
      params: tokenParams,
      query: Type.Object({
        station: Type.Optional(Type.String({ description: 'Where it would charge.' })),
        type: Type.Optional(Type.String({ description: 'Token type, as a 2.x station says it.' })),
        starting: Type.Optional(Type.Boolean({ description: 'A transaction would start: concurrent use counts.' })),
      }),
      response: Decision,
      handler({ params, query: { station = '', type, starting = false } }) {
        const token = { idToken: params.id, ...(type === undefined ? {} : { type }) };
        const decided = authorizeLocally({ token, station, starting }, tokens, transactions, clock.now());
        const { status, reason, by } = decided ?? unknownToken(csms.config.authorization);
        return new Answer(200, { status, reason, by });
      },
    }),
  ];
}
