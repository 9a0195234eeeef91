import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import Type from 'typebox';
import { afterEach, describe, expect, it } from 'vitest';
import { CompoteError } from '../../core/errors.ts';
import { SeededIds } from '../../core/ids.ts';
import { Random } from '../../core/random.ts';
import { SystemClock } from '../../core/system-clock.ts';
import { SILENT } from '../logging/log.ts';
import { sha256Hex } from './access-tokens.ts';
import { Answer, Content, Download, EventStream } from './answers.ts';
import { EventFeed } from './event-feed.ts';
import { createHttpService, type HttpService, type HttpServiceOptions } from './http-service.ts';
import { pageByKey, pageOf, pageQuery } from './paging.ts';
import { rawRoute, route } from './route.ts';

const clock = new SystemClock();
const feed = new EventFeed({ clock, epoch: 'e1' });
const token = 'a-long-token-of-a-test';

const routes = [
  route({
    method: 'GET',
    path: '/stations',
    summary: 'List stations',
    query: Type.Object({ ...pageQuery, connected: Type.Optional(Type.Boolean()) }),
    response: pageOf(Type.Object({ id: Type.String() })),
    handler: ({ query }) =>
      pageByKey(
        [
          { id: 'A', evses: [{ id: 1, status: 'Available' }] },
          { id: 'B', evses: [] },
        ],
        (s) => s.id,
        query,
      ),
  }),
  route({
    method: 'GET',
    path: '/stations/{id}',
    summary: 'One station',
    params: Type.Object({ id: Type.String({ maxLength: 4 }) }),
    handler: ({ params }) => ({ id: params.id }),
  }),
  route({
    method: 'POST',
    path: '/stations/{id}/limits',
    summary: 'Set a limit',
    params: Type.Object({ id: Type.String() }),
    body: Type.Object(
      {
        evse: Type.Integer({ minimum: 1 }),
        unit: Type.Union([Type.Literal('A'), Type.Literal('W')]),
        periods: Type.Array(Type.Object({ startS: Type.Integer({ minimum: 0 }) }, { additionalProperties: false })),
      },
      { additionalProperties: false },
    ),
    response: Type.Object({ evse: Type.Integer() }),
    handler: ({ body }) => new Answer(201, { evse: body.evse }),
  }),
  route({ method: 'DELETE', path: '/stations/{id}', summary: 'Forget it', access: 'admin', handler: () => undefined }),
  route({
    method: 'GET',
    path: '/gone',
    summary: 'Fails on purpose',
    handler: () => {
      throw new CompoteError('UNKNOWN_STATION', { detail: 'CS-9', extra: { identity: 'CS-9' } });
    },
  }),
  route({
    method: 'GET',
    path: '/broken',
    summary: 'A defect',
    handler: () => {
      throw new TypeError('secret inside');
    },
  }),
  route({
    method: 'GET',
    path: '/liar',
    summary: 'Answers what it does not declare',
    response: Type.Object({ n: Type.Integer() }),
    handler: () => ({ n: 'one' }),
  }),
  route({ method: 'GET', path: '/files/{rest*}', summary: 'Rest', handler: ({ params }) => params }),
  route({
    method: 'GET',
    path: '/export',
    summary: 'Export',
    produces: 'application/jsonl',
    handler: () =>
      new Download({ contentType: 'application/jsonl', fileName: 'é"x.jsonl', chunks: ['{"a":1}\n', '{}\n'] }),
  }),
  route({
    method: 'GET',
    path: '/page',
    summary: 'Text',
    produces: 'text/plain',
    handler: () => new Content('text/plain', 'hi'),
  }),
  route({
    method: 'GET',
    path: '/events',
    summary: 'Events',
    produces: 'text/event-stream',
    handler: () => new EventStream(feed),
  }),
  rawRoute({
    method: 'POST',
    path: '/wire',
    summary: 'Exact bytes',
    reads: 'bytes',
    handler: ({ body }) => new Content('application/json', `{"hex":"${body.toString('hex')}"}`),
  }),
];

const services: HttpService[] = [];
function service(options: Partial<HttpServiceOptions> = {}): HttpService {
  const made = createHttpService({
    name: 'test',
    host: '127.0.0.1',
    port: 0,
    version: '1.2.3',
    clock,
    ids: new SeededIds(new Random(1)),
    log: SILENT,
    checkResponses: true,
    ...options,
  });
  made.mount({ title: 'Test', description: 'A test', prefix: '/api/v1', docsPath: '/api/docs', routes });
  services.push(made);
  return made;
}
afterEach(async () => {
  for (const each of services.splice(0)) await each.close();
});

describe('a request that does not fit', () => {
  it('is answered with a problem document whose pointers are exactly the wrong fields', async () => {
    const answer = await service().inject({
      method: 'POST',
      url: '/api/v1/stations/A/limits',
      payload: { evse: 0, unit: 'kW', periods: [{ startS: 0 }, { startS: -1, color: 1 }], extra: true },
    });
    expect(answer.statusCode).toBe(400);
    expect(answer.headers['content-type']).toBe('application/problem+json; charset=utf-8');
    const problem = answer.json();
    expect(problem).toMatchObject({
      code: 'INVALID_REQUEST',
      status: 400,
      title: expect.any(String),
      hint: expect.any(String),
    });
    expect(problem.fields.map((f: { pointer: string }) => f.pointer).sort()).toEqual([
      '/evse',
      '/extra',
      '/periods/1/color',
      '/periods/1/startS',
      '/unit',
    ]);
    expect(problem.fields).toContainEqual({ pointer: '/unit', msg: 'must be one of "A", "W"' });
  });

  it('names a missing member, a query parameter and a path part', async () => {
    const to = service();
    const missing = await to.inject({
      method: 'POST',
      url: '/api/v1/stations/A/limits',
      payload: { evse: 1, unit: 'A' },
    });
    expect(missing.json().fields).toEqual([{ pointer: '/periods', msg: 'is required' }]);
    const query = await to.inject({ url: '/api/v1/stations?limit=0&conected=true' });
    expect(
      query
        .json()
        .fields.map((f: { pointer: string }) => f.pointer)
        .sort(),
    ).toEqual(['/query/conected', '/query/limit']);
    const path = await to.inject({ url: '/api/v1/stations/TOO-LONG' });
    expect(path.json().fields[0].pointer).toBe('/path/id');
    const none = await to.inject({ method: 'POST', url: '/api/v1/stations/A/limits' });
    expect(none.json().fields).toEqual([{ pointer: '', msg: 'a JSON body is required' }]);
  });

  it('tells where JSON is broken, and refuses other media types with 415 and long bodies with 413', async () => {
    const to = service({ bodyLimitBytes: 50 });
    const url = '/api/v1/stations/A/limits';
    const broken = await to.inject({
      method: 'POST',
      url,
      headers: { 'content-type': 'application/json' },
      payload: '{"a":',
    });
    expect(broken.statusCode).toBe(400);
    expect(broken.json().detail).toMatch(/not JSON.*end/i);
    const form = await to.inject({ method: 'POST', url, headers: { 'content-type': 'text/plain' }, payload: '{}' });
    expect([form.statusCode, form.json().code]).toEqual([415, 'BODY_NOT_JSON']);
    const long = await to.inject({ method: 'POST', url, payload: { a: 'x'.repeat(60) } });
    expect([long.statusCode, long.json().code]).toEqual([413, 'PAYLOAD_TOO_LARGE']);
  });
});

describe('addresses and errors', () => {
  it('answers 404 and 405 as problem documents', async () => {
    const to = service();
    const missing = await to.inject({ url: '/api/v1/nowhere' });
    expect([missing.statusCode, missing.json().code]).toEqual([404, 'NOT_FOUND']);
    const method = await to.inject({ method: 'PUT', url: '/api/v1/stations/A', payload: {} });
    expect([method.statusCode, method.json().code, method.headers['allow']]).toEqual([
      405,
      'METHOD_NOT_ALLOWED',
      'GET, DELETE',
    ]);
    const bad = await to.inject({ url: '/api/v1/%zz' });
    expect([bad.statusCode, bad.json().code]).toEqual([404, 'NOT_FOUND']);
  });

  it('carries the catalogue entry and further members of a known error', async () => {
    const answer = await service().inject({ url: '/api/v1/gone' });
    expect(answer.statusCode).toBe(404);
    expect(answer.json()).toMatchObject({ code: 'UNKNOWN_STATION', detail: 'CS-9', identity: 'CS-9' });
  });

  it('hides what is inside an unforeseen error and logs it', async () => {
    const lines: unknown[] = [];
    const log = { ...SILENT, error: (fields: unknown) => lines.push(fields) };
    const answer = await service({ log }).inject({ url: '/api/v1/broken' });
    expect(answer.statusCode).toBe(500);
    expect(answer.body).not.toContain('secret inside');
    expect(lines).toHaveLength(1);
  });

  it('catches a handler that answers what it does not declare', async () => {
    expect((await service().inject({ url: '/api/v1/liar' })).statusCode).toBe(500);
    expect((await service({ checkResponses: false }).inject({ url: '/api/v1/liar' })).statusCode).toBe(200);
  });
});

describe('answers', () => {
  it('pick fields, page by key, take a rest path, stream a download, give exact bytes', async () => {
    const to = service();
    expect((await to.inject({ url: '/api/v1/stations?fields=id,evses.status' })).json()).toEqual({
      items: [
        { id: 'A', evses: [{ status: 'Available' }] },
        { id: 'B', evses: [] },
      ],
      total: 2,
    });
    expect((await to.inject({ url: '/api/v1/stations?fields=idd' })).json().fields[0].msg).toContain(
      'there are id, evses',
    );
    const first = (await to.inject({ url: '/api/v1/stations?limit=1' })).json();
    const second = (await to.inject({ url: `/api/v1/stations?limit=1&cursor=${first.next}` })).json();
    expect([first.items[0].id, second.items[0].id, second.next]).toEqual(['A', 'B', undefined]);
    expect((await to.inject({ url: '/api/v1/stations?cursor=!!' })).json().fields[0].pointer).toBe('/query/cursor');
    expect((await to.inject({ url: '/api/v1/files/a/b%20c' })).json()).toEqual({ rest: 'a/b c' });
    const file = await to.inject({ url: '/api/v1/export' });
    expect(file.body).toBe('{"a":1}\n{}\n');
    expect(file.headers['content-disposition']).toBe(
      `attachment; filename="__x.jsonl"; filename*=UTF-8''%C3%A9%22x.jsonl`,
    );
    const wire = await to.inject({
      method: 'POST',
      url: '/api/v1/wire',
      headers: { 'content-type': 'any/thing' },
      payload: Buffer.from([0, 255]),
    });
    expect(wire.json()).toEqual({ hex: '00ff' });
    expect((await to.inject({ method: 'DELETE', url: '/api/v1/stations/A' })).statusCode).toBe(204);
  });

  it('wait for the commit group when they change something', async () => {
    const order: string[] = [];
    const commitGroup = {
      afterCommit: (task: () => void) => {
        order.push('commit');
        task();
      },
    } as never;
    const to = service({ commitGroup });
    await to.inject({ method: 'DELETE', url: '/api/v1/stations/A' });
    await to.inject({ url: '/api/v1/stations' });
    expect(order).toEqual(['commit']);
  });
});

describe('documentation', () => {
  it('describes every route with its parameters, bodies and problems', async () => {
    const openapi = (await service().inject({ url: '/api/openapi.json' })).json();
    expect(openapi.info).toMatchObject({ title: 'Test', version: '1.2.3' });
    const post = openapi.paths['/api/v1/stations/{id}/limits'].post;
    expect(post.operationId).toBe('postStationsByIdLimits');
    expect(post.requestBody.content['application/json'].schema.required).toEqual(['evse', 'unit', 'periods']);
    expect(Object.keys(post.responses).sort()).toEqual(['200', '400', '401', '403']);
    expect(openapi.paths['/api/v1/files/{rest}'].get.parameters[0]).toMatchObject({ name: 'rest', in: 'path' });
  });

  it('serves Swagger UI from here alone', async () => {
    const to = service();
    const page = await to.inject({ url: '/api/docs' });
    expect(page.statusCode).toBe(200);
    expect(page.body).not.toMatch(/(src|href)="https?:/);
    const [, script] = /src="([^"]*swagger-ui-bundle\.js)"/.exec(page.body) ?? [];
    const bundle = await to.inject({ url: new URL(script ?? '', 'http://localhost/api/docs').pathname });
    expect(bundle.statusCode).toBe(200);
    expect(bundle.body.length).toBeGreaterThan(100_000);
    expect((await to.inject({ url: '/api/docs/json' })).json().info.title).toBe('Test');
  });
});

describe('who may', () => {
  const tokens = [
    { name: 'ann', role: 'viewer' as const, sha256: sha256Hex(token) },
    { name: 'root', role: 'admin' as const, sha256: sha256Hex('root-token') },
  ];

  it('listens elsewhere than on this machine only with access tokens', () => {
    expect(() => service({ host: '0.0.0.0' })).toThrow(/may not listen on 0\.0\.0\.0 without access tokens/);
    expect(() => service({ host: '0.0.0.0', tokens })).not.toThrow();
  });

  it('asks for a token, and for its role', async () => {
    const to = service({ tokens });
    const none = await to.inject({ url: '/api/v1/stations' });
    expect([none.statusCode, none.json().code, none.headers['www-authenticate']]).toEqual([
      401,
      'UNAUTHORIZED',
      'Bearer realm="OCPP Compote"',
    ]);
    const headers = { authorization: `Bearer ${token}` };
    expect((await to.inject({ url: '/api/v1/stations', headers })).statusCode).toBe(200);
    expect((await to.inject({ method: 'DELETE', url: '/api/v1/stations/A', headers })).json().code).toBe('FORBIDDEN');
    expect((await to.inject({ url: '/api/v1/stations', headers: { authorization: 'Bearer wrong' } })).statusCode).toBe(
      401,
    );
    expect((await to.inject({ url: '/api/docs' })).statusCode).toBe(401);
  });

  it('exchanges a token for a cookie that ends with the logout', async () => {
    const to = service({ tokens });
    const login = await to.inject({ method: 'POST', url: '/api/v1/auth/login', payload: { token } });
    expect(login.headers['set-cookie']).toMatch(/^compote-test=[0-9a-f]{64}; .*HttpOnly; SameSite=Strict$/);
    const cookie = String(login.headers['set-cookie']).split(';')[0] ?? '';
    expect((await to.inject({ url: '/api/v1/me', headers: { cookie } })).json()).toEqual({
      name: 'ann',
      role: 'viewer',
      scope: 'all',
    });
    await to.inject({ method: 'POST', url: '/api/v1/auth/logout', headers: { cookie } });
    expect((await to.inject({ url: '/api/v1/me', headers: { cookie } })).statusCode).toBe(401);
    expect((await to.inject({ method: 'POST', url: '/api/v1/auth/login', payload: { token: 'no' } })).statusCode).toBe(
      401,
    );
  });

  it.each([
    [{ host: 'evil.example' }, 403],
    [{ host: 'evil.example:8001' }, 403],
    [{ host: 'localhost:8001' }, 200],
    [{ host: '[::1]:8001' }, 200],
    [{ host: 'bench.example' }, 200],
    [{ host: 'localhost:1', origin: 'http://evil.example' }, 403],
    [{ host: 'localhost:1', origin: 'http://localhost:2' }, 403],
    [{ host: 'localhost:1', origin: 'null' }, 403],
    [{ host: 'localhost:1', origin: 'http://localhost:1' }, 200],
    [{ host: 'localhost:1', origin: 'https://pages.example' }, 200],
    [{ host: 'localhost:1', 'sec-fetch-site': 'cross-site' }, 403],
    [{ host: 'localhost:1', 'sec-fetch-site': 'same-site' }, 403],
    [{ host: 'localhost:1', 'sec-fetch-site': 'same-origin' }, 200],
    [
      {
        host: 'localhost:1',
        'sec-fetch-site': 'cross-site',
        'sec-fetch-mode': 'navigate',
        'sec-fetch-dest': 'document',
      },
      200,
    ],
    [
      { host: 'localhost:1', 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'iframe' },
      403,
    ],
  ])('keeps foreign pages and host names out: %j answers %i', async (headers, status) => {
    const to = service({ hosts: ['bench.example'], origins: ['https://pages.example'] });
    expect((await to.inject({ url: '/api/v1/stations', headers })).statusCode).toBe(status);
  });
});

describe('pages of another origin', () => {
  const page = 'https://pages.example';
  const to = () => service({ origins: [page] });

  it('that the configuration names may ask before, send JSON and read what comes; its cookies are not taken', async () => {
    const asked = await to().inject({
      method: 'OPTIONS',
      url: '/api/v1/stations/A',
      headers: { origin: page, 'access-control-request-method': 'PUT' },
    });
    expect([asked.statusCode, asked.headers['access-control-allow-origin']]).toEqual([204, page]);
    expect(asked.headers['access-control-allow-methods']).toContain('PUT');
    expect(asked.headers['access-control-allow-headers']).toContain('authorization');
    expect(asked.headers['access-control-allow-credentials']).toBeUndefined();
    const answer = await to().inject({ url: '/api/v1/stations', headers: { origin: page } });
    expect([answer.statusCode, answer.headers['access-control-allow-origin'], answer.headers['vary']]).toEqual([
      200,
      page,
      'Origin',
    ]);
    const problem = await to().inject({ url: '/nothing', headers: { origin: page } });
    expect([problem.statusCode, problem.headers['access-control-allow-origin']]).toEqual([404, page]);
  });

  it.each(['https://evil.example', 'null', 'https://pages.example.evil.example'])(
    '%s may neither ask nor read',
    async (origin) => {
      for (const method of ['OPTIONS', 'GET', 'POST'] as const) {
        const headers = { origin, 'access-control-request-method': 'PUT' };
        const answer = await to().inject({ method, url: '/api/v1/stations', headers });
        expect([answer.statusCode, answer.headers['access-control-allow-origin']]).toEqual([403, undefined]);
      }
    },
  );

  it('of which a form is sent without asking reach nothing: their bodies are no JSON, their cookies stay at home', async () => {
    for (const type of ['application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'text/plain']) {
      const headers = { 'content-type': type };
      const answer = await to().inject({
        method: 'POST',
        url: '/api/v1/auth/login',
        headers,
        payload: '{"token":"x"}',
      });
      expect([type, answer.statusCode]).toEqual([type, 415]);
    }
  });
});

describe('real sockets', () => {
  it('says in one sentence that a port is in use', async () => {
    const first = await service().listen();
    await expect(service({ port: first.port }).listen()).rejects.toThrow(
      `A port is already in use: test cannot have port ${first.port} on 127.0.0.1`,
    );
  });

  it('streams events with hello, and ends with bye when the feed closes', async () => {
    const own = new EventFeed({ clock, epoch: 'x' });
    const to = service();
    to.mountRoutes('/own', [
      route({
        method: 'GET',
        path: '/events',
        summary: 'x',
        produces: 'text/event-stream',
        handler: () => new EventStream(own),
      }),
    ]);
    const { port } = await to.listen();
    const text = await new Promise<string>((resolve, reject) => {
      httpRequest({ port, host: '127.0.0.1', path: '/own/events' }, (response) => {
        let all = '';
        response.setEncoding('utf8').on('data', (chunk: string) => {
          all += chunk;
          if (all.includes('event: hello') && !all.includes('event: party')) {
            own.publish('party', { id: 'hub' });
            own.close();
          }
        });
        response.on('end', () => resolve(all));
      })
        .on('error', reject)
        .end();
    });
    expect(text).toMatch(/^id: x:0\nevent: hello\ndata: \{"epoch":"x","now":[\d.]+,"resumed":false\}\n\n/);
    expect(text).toContain('id: x:1\nevent: party\ndata: {"id":"hub"}\n\n');
    expect(text).toMatch(/event: bye\ndata: \{"reason":"stopping"\}\n\n$/);
    expect(own.readers).toBe(0);
  });

  it('hands upgrades to the mounted path and refuses others and foreign origins', async () => {
    const to = service();
    to.onUpgrade('/ocpp/', (_request, socket, _head, rest) => socket.end(`HTTP/1.1 101 OK\r\n\r\n${rest}`));
    const { port } = await to.listen();
    const upgrade = (path: string, extra = ''): Promise<string> =>
      new Promise((resolve, reject) => {
        let all = '';
        connect(port, '127.0.0.1')
          .setEncoding('utf8')
          .on('data', (chunk: string) => {
            all += chunk;
          })
          .on('error', reject)
          .on('close', () => resolve(all))
          .write(
            `GET ${path} HTTP/1.1\r\nhost: localhost:${port}\r\nconnection: Upgrade\r\nupgrade: websocket\r\n${extra}\r\n`,
          );
      });
    expect(await upgrade('/ocpp/CS%201?x=1')).toMatch(/^HTTP\/1\.1 101.*CS%201$/s);
    expect(await upgrade('/other')).toMatch(/^HTTP\/1\.1 404.*"code":"NOT_FOUND"/s);
    expect(await upgrade('/ocpp/A', 'origin: http://evil.example\r\n')).toMatch(/^HTTP\/1\.1 403.*FOREIGN_ORIGIN/s);
  });

  it('serves hundreds of routes', async () => {
    const to = service();
    const [, , pattern] = routes;
    if (pattern === undefined) throw new Error('no third route');
    to.mountRoutes(
      '/many',
      Array.from({ length: 500 }, (_, i) => ({ ...pattern, path: `/r${i}/{id}` })),
    );
    const { url } = await to.listen();
    expect(
      await Promise.all(
        [0, 250, 499].map(async (i) => (await fetch(`${url}/many/r${i}/x`, { method: pattern.method })).status !== 404),
      ),
    ).toEqual([true, true, true]);
  });
});
