import Type from 'typebox';
import { poolOperation } from '../operation.ts';

const TokenRequest = Type.Object({
  client_id: Type.String({ minLength: 1, maxLength: 200 }),
  client_secret: Type.String({ minLength: 1, maxLength: 500 }),
  audience: Type.Optional(
    Type.String({ maxLength: 500, description: 'Base address of the API; it selects the stage behind one token host' }),
  ),
  grant_type: Type.String({ maxLength: 100, description: 'Always client_credentials' }),
});

const TokenAnswer = Type.Object({
  access_token: Type.String(),
  scope: Type.Optional(Type.String()),
  expires_in: Type.Number({ description: 'Seconds; a day as published' }),
  token_type: Type.String(),
});

/** The refusal of a token service (RFC 6749 section 5.2), which differs from the pools' error body. */
export const TokenError = Type.Object({ error: Type.String(), error_description: Type.Optional(Type.String()) });

export const tokenOperations = [
  poolOperation({
    name: 'getToken',
    service: 'Token',
    method: 'POST',
    paths: ['/oauth/token'],
    summary: 'Get an access token',
    docs: 'OAuth 2 client credentials. The four members come as JSON or as a form; both are accepted. The token is a JWT signed with RS256 and holds for a day.',
    access: { kind: 'public' },
    request: {
      kind: 'json-or-form',
      schema: TokenRequest,
      example: {
        client_id: 'cpo-demo',
        client_secret: 'secret',
        audience: 'http://localhost:8003',
        grant_type: 'client_credentials',
      },
    },
    response: {
      status: 200,
      kind: 'json',
      schema: TokenAnswer,
      example: {
        access_token: 'eyJhbGciOiJSUzI1NiJ9.e30.c2ln',
        scope: 'rcpservice ccpservice pkigateway',
        expires_in: 86_400,
        token_type: 'Bearer',
      },
    },
    errors: [
      { status: 400, message: 'A member is missing, or the grant type is another one.' },
      { status: 401, message: 'Unauthorized' },
    ],
  }),
  poolOperation({
    name: 'getTokenKeys',
    service: 'Token',
    method: 'GET',
    paths: ['/.well-known/jwks.json'],
    summary: 'Keys that verify the tokens',
    docs: 'JSON Web Key Set (RFC 7517). Not published for the live service; ours, so that tokens can be verified.',
    access: { kind: 'public' },
    request: { kind: 'none' },
    response: {
      status: 200,
      kind: 'json',
      schema: Type.Object({ keys: Type.Array(Type.Record(Type.String(), Type.Unknown())) }),
      example: { keys: [] },
    },
    errors: [],
  }),
  poolOperation({
    name: 'getSandboxToken',
    service: 'Token',
    method: 'GET',
    paths: ['/api/v1/projects/{project}/nodes/{node}'],
    summary: 'Token of the public sandbox page',
    docs: 'Some clients read a sandbox token out of a documentation page: JSON whose `data` is markdown with "Bearer <token>" in a fenced block. This door lets them be pointed here.',
    access: { kind: 'public' },
    params: Type.Object({ project: Type.String(), node: Type.String() }),
    paramForms: { node: /-authorization-token$/ },
    request: { kind: 'none' },
    response: {
      status: 200,
      kind: 'json',
      schema: Type.Object({ data: Type.String() }),
      example: { data: '# Authorization Token\n\n```\nBearer eyJhbGciOiJSUzI1NiJ9.e30.c2ln\n```\n' },
    },
    errors: [],
  }),
] as const;
