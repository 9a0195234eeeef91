import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Type from 'typebox';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SeededIds } from '../../core/ids.ts';
import { Random } from '../../core/random.ts';
import { VirtualClock } from '../../core/virtual-clock.ts';
import { SILENT } from '../logging/log.ts';
import { sha256Hex } from './access-tokens.ts';
import { createHttpService, type HttpService, type HttpServiceOptions } from './http-service.ts';
import { route } from './route.ts';

let folder: string;
let clock: VirtualClock;
const ids = new SeededIds(new Random('tokens'));
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'compote-tokens-'));
  clock = new VirtualClock(1_780_000_000_000);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const file = (): string => join(folder, 'access-tokens.json');

function service(options: Partial<HttpServiceOptions> = {}): HttpService {
  const http = createHttpService({
    name: 'test',
    host: '127.0.0.1',
    port: 0,
    version: '1',
    clock,
    ids,
    log: SILENT,
    tokenFile: file(),
    checkResponses: true,
    ...options,
  });
  http.mountRoutes('/api/v1', [
    route({ method: 'GET', path: '/things', summary: 'Things', response: Type.Unknown(), handler: () => [] }),
  ]);
  return http;
}

type Call = { readonly status: number; readonly body: Record<string, unknown> & { token?: string; items?: object[] } };

async function call(to: HttpService, method: 'GET' | 'POST' | 'DELETE', url: string, shown?: string, payload?: object) {
  const answer = await to.inject({
    method,
    url: `/api/v1${url}`,
    ...(payload === undefined ? {} : { payload }),
    headers: shown === undefined ? {} : { authorization: `Bearer ${shown}` },
  });
  return { status: answer.statusCode, body: answer.body === '' ? {} : answer.json() } as Call;
}

/** An open service whose door an admin has locked; the admin's token. */
async function locked(options: Partial<HttpServiceOptions> = {}): Promise<{ to: HttpService; admin: string }> {
  const to = service(options);
  const { body } = await call(to, 'POST', '/access/tokens', undefined, { name: 'root', role: 'admin' });
  return { to, admin: body.token ?? '' };
}

describe('access tokens made at run time', () => {
  it('the first must be an admin’s over all; it locks the door, and who made it stays inside', async () => {
    const to = service();
    for (const first of [
      { name: 'ann', role: 'viewer' },
      { name: 'ann', role: 'admin', scope: 'cpo' },
    ]) {
      const { status, body } = await call(to, 'POST', '/access/tokens', undefined, first);
      expect([status, body['code']]).toEqual([400, 'INVALID_REQUEST']);
    }
    const made = await to.inject({
      method: 'POST',
      url: '/api/v1/access/tokens',
      payload: { name: 'root', role: 'admin' },
    });
    expect(made.statusCode).toBe(201);
    const cookie = String(made.headers['set-cookie']).split(';')[0] ?? '';
    expect((await to.inject({ url: '/api/v1/me', headers: { cookie } })).json()).toMatchObject({ name: 'root' });
    expect((await call(to, 'GET', '/things')).status).toBe(401);
    expect((await call(to, 'GET', '/things', made.json().token)).status).toBe(200);
  });

  it('are shown once and kept as their digest, for the owner’s eyes only', async () => {
    const { to, admin } = await locked();
    const { body } = await call(to, 'POST', '/access/tokens', admin, { name: 'ann', role: 'viewer', scope: 'emp' });
    expect(body).toMatchObject({ name: 'ann', role: 'viewer', scope: 'emp' });
    const kept = readFileSync(file(), 'utf8');
    expect(kept).not.toContain(body.token);
    expect(kept).toContain(sha256Hex(String(body.token)));
    expect(statSync(file()).mode & 0o077).toBe(0);
    const listed = JSON.stringify((await call(to, 'GET', '/access/tokens', admin)).body);
    expect(listed).not.toContain(body.token);
    expect(listed).not.toContain(sha256Hex(String(body.token)));
  });

  it('are listed with their last use, and refused once they are revoked, also behind a cookie', async () => {
    const { to, admin } = await locked();
    const ann = String((await call(to, 'POST', '/access/tokens', admin, { name: 'ann', role: 'viewer' })).body.token);
    const cookie = String(
      (await to.inject({ method: 'POST', url: '/api/v1/auth/login', payload: { token: ann } })).headers['set-cookie'],
    ).split(';')[0];
    expect((await to.inject({ url: '/api/v1/things', headers: { cookie } })).statusCode).toBe(200);
    const find = async () =>
      (await call(to, 'GET', '/access/tokens', admin)).body.items?.find(
        (each) => 'name' in each && each.name === 'ann',
      );
    expect(await find()).toMatchObject({ source: 'made here', lastUsedAt: '2026-05-28T20:26:40.000Z' });
    expect((await call(to, 'DELETE', '/access/tokens/ann', admin)).status).toBe(204);
    expect((await call(to, 'GET', '/things', ann)).status).toBe(401);
    expect((await to.inject({ url: '/api/v1/things', headers: { cookie } })).statusCode).toBe(401);
    expect((await call(to, 'DELETE', '/access/tokens/ann', admin)).body['code']).toBe('NOT_FOUND');
  });

  it('count at every service of the data folder a moment later, and after a restart', async () => {
    const { to, admin } = await locked();
    const other = service({ name: 'other' });
    expect((await call(other, 'GET', '/things', admin)).status).toBe(200);
    const ann = String((await call(to, 'POST', '/access/tokens', admin, { name: 'ann', role: 'viewer' })).body.token);
    await clock.runFor(300);
    expect((await call(other, 'GET', '/things', ann)).status).toBe(200);
    await call(to, 'DELETE', '/access/tokens/ann', admin);
    await clock.runFor(300);
    expect((await call(other, 'GET', '/things', ann)).status).toBe(401);
    expect((await call(service(), 'GET', '/things')).status).toBe(401);
  });

  it('end at the time that they were given', async () => {
    const { to, admin } = await locked();
    const past = { name: 'ann', role: 'viewer', expiresAt: '2020-01-01T00:00:00Z' };
    expect((await call(to, 'POST', '/access/tokens', admin, past)).body['code']).toBe('INVALID_REQUEST');
    const soon = { ...past, expiresAt: '2026-05-28T20:27:40Z' };
    const ann = String((await call(to, 'POST', '/access/tokens', admin, soon)).body.token);
    expect((await call(to, 'GET', '/things', ann)).status).toBe(200);
    await clock.runFor(61_000);
    expect((await call(to, 'GET', '/things', ann)).status).toBe(401);
  });

  it('leave an admin; the last one opens the door again, but never to other machines', async () => {
    const { to, admin } = await locked();
    await call(to, 'POST', '/access/tokens', admin, { name: 'ann', role: 'viewer' });
    expect((await call(to, 'DELETE', '/access/tokens/root', admin)).body['code']).toBe('CONFLICT');
    await call(to, 'DELETE', '/access/tokens/ann', admin);
    const exposed = service({ host: '0.0.0.0' });
    expect((await call(exposed, 'DELETE', '/access/tokens/root', admin)).body['code']).toBe('CONFLICT');
    expect((await call(to, 'DELETE', '/access/tokens/root', admin)).status).toBe(204);
    expect((await call(to, 'GET', '/things')).status).toBe(200);
    await clock.runFor(300);
    expect((await call(exposed, 'GET', '/things')).status).toBe(401);
  });

  it('of the configuration are listed and cannot be revoked; names are taken once; only admins may', async () => {
    const to = service({
      tokens: [
        { name: 'ann', role: 'admin', sha256: sha256Hex('t-ann') },
        { name: 'bob', role: 'operator', sha256: sha256Hex('t-bob') },
      ],
    });
    expect((await call(to, 'DELETE', '/access/tokens/ann', 't-ann')).body['code']).toBe('CONFLICT');
    expect((await call(to, 'POST', '/access/tokens', 't-ann', { name: 'bob', role: 'viewer' })).body['code']).toBe(
      'CONFLICT',
    );
    expect((await call(to, 'GET', '/access/tokens', 't-bob')).body['code']).toBe('FORBIDDEN');
  });
});

describe('a token of one half', () => {
  const tokens = [
    { name: 'eve', role: 'operator' as const, scope: 'emp' as const, sha256: sha256Hex('t-eve') },
    { name: 'cleo', role: 'operator' as const, scope: 'cpo' as const, sha256: sha256Hex('t-cleo') },
  ];

  it('opens the services of its half and those that belong to nobody', async () => {
    const operator = service({ tokens, half: 'cpo' });
    expect((await call(operator, 'GET', '/things', 't-cleo')).status).toBe(200);
    expect((await call(operator, 'GET', '/things', 't-eve')).body['code']).toBe('OUT_OF_SCOPE');
    expect((await call(service({ tokens }), 'GET', '/things', 't-eve')).status).toBe(200);
  });

  it('and a service says of what the other half owns that it is out of scope, of anything else that it is not there', async () => {
    const operator = service({ half: 'cpo' });
    expect(await call(operator, 'GET', '/emp/cdrs')).toMatchObject({ status: 403, body: { code: 'OUT_OF_SCOPE' } });
    expect(await call(operator, 'GET', '/empire')).toMatchObject({ status: 404 });
    const provider = service({ half: 'emp' });
    expect(await call(provider, 'GET', '/stations/CS-1')).toMatchObject({
      status: 403,
      body: { code: 'OUT_OF_SCOPE' },
    });
  });
});
