import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { SystemClock } from '../core/system-clock.ts';
import { bytesOf, type HttpOutcome, type HttpPort, type HttpResponse, type HttpServer, textOf } from './http-port.ts';
import { InProcessNetwork } from './in-process-port.ts';
import { UndiciPort } from './undici-port.ts';

const clock = new SystemClock();
const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

/** The same server behind both transports. `undefined` as its answer: the connection ends without one. */
type Answer = (request: Parameters<HttpServer>[0]) => Promise<HttpResponse | undefined>;

async function overSockets(answer: Answer): Promise<{ port: HttpPort; url: string }> {
  const server: Server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', async () => {
      const { method = '', url = '', headers } = request;
      const body = Buffer.concat(chunks);
      const answered = await answer({ method, url, headers, body, remoteAddress: '127.0.0.1' });
      if (answered === undefined) return request.socket.destroy();
      response.writeHead(answered.status, answered.headers).end(answered.body);
      return undefined;
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const port = new UndiciPort({ clock });
  ends.push(
    () => port.close(),
    () => server.closeAllConnections(),
    () => server.close(),
  );
  return { port, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

async function inProcess(answer: Answer): Promise<{ port: HttpPort; url: string }> {
  const network = new InProcessNetwork(clock);
  network.listen('http://there', async (request) => {
    const answered = await answer(request);
    if (answered === undefined) throw new Error('the connection was reset');
    return answered;
  });
  return { port: network.port(), url: 'http://there' };
}

const post = (port: HttpPort, url: string, body: Uint8Array, timeoutMs = 5_000): Promise<HttpOutcome> =>
  port.exchange(
    { method: 'POST', url, headers: { 'content-type': 'application/json', 'x-a': 'b' }, body },
    { timeoutMs },
  );

describe.each([
  ['over sockets', overSockets],
  ['in process', inProcess],
])('an exchange %s', (_name, open) => {
  it('carries method, path, query, headers and the exact bytes both ways', async () => {
    const bytes = Uint8Array.from({ length: 256 }, (_, i) => i);
    const { port, url } = await open(async ({ method, url: target, headers, body }) => ({
      status: 404,
      headers: { 'content-type': 'application/octet-stream', 'x-told': `${method} ${target} ${headers['x-a']}` },
      body,
    }));
    const outcome = await post(port, `${url}/api/oicp/a/DE*ABC?page=1`, bytes);
    if (outcome.kind !== 'answered') throw new Error(outcome.text);
    expect(outcome.response.status).toBe(404);
    expect(outcome.response.headers['x-told']).toBe('POST /api/oicp/a/DE*ABC?page=1 b');
    expect([...outcome.response.body]).toEqual([...bytes]);
  });

  it('a silent server is a time-out at the deadline', async () => {
    const { port, url } = await open(() => new Promise(() => {}));
    expect(await post(port, url, bytesOf('{}'), 30)).toEqual({ kind: 'timeout', text: 'no answer within 30 ms' });
  });

  it('a connection that ends before the answer is broken, not unreachable', async () => {
    const { port, url } = await open(async () => undefined);
    expect((await post(port, url, bytesOf('{}'))).kind).toBe('broken');
  });
});

describe('nobody there', () => {
  it('over sockets: refused, unknown name, no address at all', async () => {
    const port = new UndiciPort({ clock });
    ends.push(() => port.close());
    for (const url of ['http://127.0.0.1:1/x', 'http://no-such-host.invalid/x', 'not an address']) {
      expect([url, (await post(port, url, bytesOf('{}'))).kind]).toEqual([url, 'unreachable']);
    }
  });

  it('in process: an origin that nobody registered', async () => {
    const port = new InProcessNetwork(clock).port();
    expect((await post(port, 'http://nobody/x', bytesOf('{}'))).kind).toBe('unreachable');
  });

  it('over sockets: an answer that is too long is given up', async () => {
    const { port, url } = await overSockets(async () => ({ status: 200, headers: {}, body: new Uint8Array(100_000) }));
    const request = { method: 'POST', url, headers: {}, body: bytesOf('{}') };
    expect((await port.exchange(request, { timeoutMs: 5_000, maxResponseBytes: 1_000 })).kind).toBe('broken');
  });
});

describe('texts and bytes', () => {
  it('bytes that are no UTF-8 have no text, a byte order mark stays', () => {
    expect(textOf(bytesOf('ä€😀'))).toBe('ä€😀');
    expect(textOf(Uint8Array.of(0xff, 0xfe))).toBeUndefined();
    expect(textOf(Uint8Array.of(0xef, 0xbb, 0xbf, 0x7b, 0x7d))).toBe('\ufeff{}');
  });
});
