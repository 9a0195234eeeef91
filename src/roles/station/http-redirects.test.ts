import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { httpFiles } from './http-files.ts';
import { redirectRefusal } from './http-redirects.ts';

/** What a CSMS's address redirects to, over real HTTP. */

const servers: Server[] = [];
afterEach(async () => {
  for (const one of servers.splice(0)) {
    one.closeAllConnections();
    await new Promise((resolve) => one.close(resolve));
  }
});

type Answer = readonly [status: number, location?: string];

/** Answers by path; what it does not know is taken with 200. Told: method, path, credentials, length of the body. */
async function server(answers: Readonly<Record<string, Answer>> = {}) {
  const told: string[] = [];
  const one = createServer((request, response) => {
    let length = 0;
    request.on('data', (part: Buffer) => {
      length += part.length;
    });
    request.on('end', () => {
      const [, credentials = ''] = (request.headers.authorization ?? '').split(' ');
      told.push(`${request.method} ${request.url} ${Buffer.from(credentials, 'base64')} ${length}`);
      const [status, location] = answers[request.url ?? ''] ?? [200];
      response.writeHead(status, location === undefined ? {} : { location }).end('image');
    });
  });
  one.listen(0, '127.0.0.1');
  await once(one, 'listening');
  servers.push(one);
  return { told, host: `127.0.0.1:${(one.address() as AddressInfo).port}` };
}

const files = httpFiles({ hosts: ['127.0.0.1'], maxBytes: 1_000_000 });
const fetched = (url: string) => files.run({ job: 'firmware', direction: 'download', url });
const put = (url: string) => files.run({ job: 'log', direction: 'upload', url, fileName: 'a.log', content: 'hello' });

describe('redirects of a download', () => {
  it.each([301, 302, 303, 307, 308])('%i is followed, relative to the address before', async (status) => {
    const { told, host } = await server({ '/a/fw.bin': [status, '../b/fw.bin?v=2'] });
    expect(await fetched(`http://${host}/a/fw.bin`)).toEqual({ ok: true, bytes: 5 });
    expect(told).toEqual(['GET /a/fw.bin  0', 'GET /b/fw.bin?v=2  0']);
  });

  it('are followed five times, and no more', async () => {
    const chain = (length: number) =>
      Object.fromEntries(Array.from({ length }, (_, i): [string, Answer] => [`/${i}`, [302, `/${i + 1}`]]));
    const five = await server(chain(5));
    expect(await fetched(`http://${five.host}/0`)).toMatchObject({ ok: true });
    const round = await server({ '/0': [302, '/0'] });
    expect(await fetched(`http://${round.host}/0`)).toMatchObject({ ok: false, error: 'denied' });
    expect(round.told).toHaveLength(6);
  });

  it('reach no host that the first address may not reach, and no other scheme', async () => {
    const elsewhere = await server();
    const port = elsewhere.host.split(':')[1];
    for (const [location, why] of [
      [`http://localhost:${port}/fw.bin`, 'localhost is not among station.fileHosts'],
      ['file:///etc/passwd', 'only http and https'],
      ['ftp://127.0.0.1/fw.bin', 'only http and https'],
    ] as const) {
      const { host } = await server({ '/fw.bin': [302, location] });
      const ended = await fetched(`http://${host}/fw.bin`);
      expect(ended).toMatchObject({ ok: false, bytes: 0, error: 'denied' });
      expect(ended.detail).toContain(why);
    }
    expect(elsewhere.told).toEqual([]);
  });

  it('give credentials to the server that they were meant for, to no other, and name none in what is told', async () => {
    const other = await server();
    const { told, host } = await server({
      '/fw.bin': [302, '/moved.bin'],
      '/moved.bin': [302, `http://${other.host}/fw.bin`],
    });
    expect(await fetched(`http://user:word@${host}/fw.bin`)).toMatchObject({ ok: true });
    expect(told).toEqual(['GET /fw.bin user:word 0', 'GET /moved.bin user:word 0']);
    expect(other.told).toEqual(['GET /fw.bin  0']);
    const leaving = await server({ '/fw.bin': [302, 'http://user:hidden@localhost/fw.bin'] });
    expect((await fetched(`http://${leaving.host}/fw.bin`)).detail).not.toContain('hidden');
  });

  it('never go from https to http', () => {
    const judged = (from: string, to: string) => redirectRefusal(new URL(from), new URL(to), () => undefined);
    expect(judged('https://a.example/', 'http://a.example/')).toBe('from https to http');
    expect(judged('https://a.example/', 'https://a.example/x')).toBeUndefined();
    expect(judged('http://a.example/', 'https://a.example/x')).toBeUndefined();
  });

  it('that name no place fail', async () => {
    const { host } = await server({ '/fw.bin': [302], '/odd.bin': [302, 'http://:/'] });
    expect((await fetched(`http://${host}/fw.bin`)).detail).toContain('302 without a place');
    expect(await fetched(`http://${host}/odd.bin`)).toMatchObject({ ok: false });
  });
});

describe('redirects of an upload', () => {
  it.each([301, 302, 307, 308])('%i takes method and content along', async (status) => {
    const { told, host } = await server({ '/logs/a.log': [status, '/store/a.log'] });
    expect(await put(`http://${host}/logs/`)).toEqual({ ok: true, bytes: 5 });
    expect(told).toEqual(['PUT /logs/a.log  5', 'PUT /store/a.log  5']);
  });

  it('303 says that the file was taken (RFC 9110 §15.4.4)', async () => {
    const { told, host } = await server({ '/logs/a.log': [303, '/thanks'] });
    expect(await put(`http://${host}/logs/`)).toEqual({ ok: true, bytes: 5 });
    expect(told).toEqual(['PUT /logs/a.log  5']);
  });

  it('keep POST where the first address asked for it', async () => {
    const { told, host } = await server({ '/up': [307, '/up2'], '/up2': [405] });
    expect(await put(`http://${host}/up`)).toMatchObject({ ok: false });
    expect(told).toEqual(['PUT /up  5', 'PUT /up2  5', 'POST /up  5', 'POST /up2  5']);
  });
});
