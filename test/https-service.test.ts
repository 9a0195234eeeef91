import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { request } from 'node:https';
import { connect } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SystemIds } from '../src/core/ids.ts';
import { SystemClock } from '../src/core/system-clock.ts';
import { createHttpService, type HttpService } from '../src/platform/http/http-service.ts';
import { route } from '../src/platform/http/route.ts';
import type { TlsSettings } from '../src/platform/http/tls.ts';
import { SILENT } from '../src/platform/logging/log.ts';
import { authority, hasOpenssl, type Identity } from './support/authority.ts';

let server: Identity;
let client: Identity;
let stranger: Identity;
let ours: ReturnType<typeof authority>;
const services: HttpService[] = [];

beforeAll(() => {
  if (!hasOpenssl) return;
  ours = authority('Ours');
  server = ours.issue('localhost');
  client = ours.issue('CS-1');
  stranger = authority('Theirs').issue('CS-1');
});
afterAll(async () => {
  for (const service of services) await service.close();
});

async function serve(tls: TlsSettings): Promise<number> {
  const service = createHttpService({
    name: 'test',
    host: '127.0.0.1',
    port: 0,
    version: '0',
    clock: new SystemClock(),
    ids: new SystemIds(),
    log: SILENT,
    tls,
  });
  const who = route({
    method: 'GET',
    path: '/who',
    summary: 'The client certificate',
    handler: ({ clientCertificate }) =>
      clientCertificate === undefined
        ? { shown: false }
        : {
            shown: true,
            trusted: clientCertificate.trusted,
            subject: new X509Certificate(clientCertificate.der).subject,
          },
  });
  service.mountRoutes('', [who]);
  services.push(service);
  const { port, url } = await service.listen();
  expect(url).toBe(`https://127.0.0.1:${port}`);
  return port;
}

const pemOf = (identity: Identity | undefined): Partial<Identity> =>
  identity === undefined ? {} : { cert: readFileSync(identity.cert, 'utf8'), key: readFileSync(identity.key, 'utf8') };

function ask(port: number, identity?: Identity): Promise<unknown> {
  return new Promise((resolve, reject) => {
    request(
      { host: 'localhost', family: 4, port, path: '/who', ca: ours.pem, ...pemOf(identity), agent: false },
      (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk: string) => {
          text += chunk;
        });
        response.on('end', () => resolve(JSON.parse(text)));
      },
    )
      .on('error', reject)
      .end();
  });
}

describe.skipIf(!hasOpenssl)('a service with TLS (needs the openssl command)', () => {
  it('serves clients that trust its authority, and asks for no certificate unless told to', async () => {
    const port = await serve(server);
    expect(await ask(port, client)).toEqual({ shown: false });
  });

  it('that asks for client certificates tells handlers whose they are and whether they are trusted', async () => {
    const port = await serve({ ...server, clientCa: [ours.pem], clientCertificate: 'ask' });
    expect(await ask(port)).toEqual({ shown: false });
    expect(await ask(port, client)).toEqual({ shown: true, trusted: true, subject: 'CN=CS-1' });
    expect(await ask(port, stranger)).toEqual({ shown: true, trusted: false, subject: 'CN=CS-1' });
  });

  it('that demands them lets nobody in without a trusted one', async () => {
    const port = await serve({ ...server, clientCa: [ours.pem], clientCertificate: 'demand' });
    expect(await ask(port, client)).toEqual({ shown: true, trusted: true, subject: 'CN=CS-1' });
    await expect(ask(port)).rejects.toThrow();
    await expect(ask(port, stranger)).rejects.toThrow();
  });

  it.each([
    ['TLSv1.1', 'DEFAULT@SECLEVEL=0', false],
    ['TLSv1.2', 'ECDHE-ECDSA-AES128-SHA256', false],
    ['TLSv1.2', 'ECDHE-ECDSA-AES256-SHA', false],
    ['TLSv1.2', 'ECDHE-ECDSA-AES128-GCM-SHA256', true],
    ['TLSv1.2', 'ECDHE-ECDSA-AES256-GCM-SHA384', true],
    ['TLSv1.3', 'TLS_AES_128_GCM_SHA256', true],
  ] as const)(
    'takes TLS 1.2 and newer, and suites with authenticated encryption only: %s with %s',
    async (version, ciphers, taken) => {
      const port = await serve(server);
      const outcome = await new Promise<string>((resolve) => {
        const options = { host: '127.0.0.1', servername: 'localhost', port, ca: ours.pem, ciphers };
        const socket = connect({ ...options, minVersion: version, maxVersion: version }, () => {
          resolve(socket.getCipher().name);
          socket.destroy();
        });
        socket.on('error', () => resolve('refused'));
      });
      expect(outcome).toBe(taken ? ciphers : 'refused');
    },
  );

  it('whose key does not belong to its certificate does not start, and says so', async () => {
    await expect(serve({ cert: server.cert, key: client.key })).rejects.toThrow(
      /A certificate or key cannot be used: .*localhost\.pem with .*CS-1\.key: .*mismatch/,
    );
  });
});
