import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../core/virtual-clock.ts';
import { POOL } from '../protocols/opcp/index.ts';
import type { HttpOutcome, HttpPort, HttpRequest } from './http-port.ts';
import { PoolClient } from './pool-client.ts';

type Said = readonly [status: number, body: string] | 'timeout';

/** A pool that says what the script says, one answer per request. */
function scripted(...script: Said[]) {
  const asked: HttpRequest[] = [];
  const port: HttpPort = {
    transport: 'inproc',
    exchange: async (request): Promise<HttpOutcome> => {
      asked.push(request);
      const said = script.shift() ?? 'timeout';
      if (said === 'timeout') return { kind: 'timeout', text: 'no answer within 4000 ms' };
      return { kind: 'answered', response: { status: said[0], headers: {}, body: Buffer.from(said[1]) } };
    },
    close: async () => {},
  };
  const clock = VirtualClock.install(1_772_323_200_000);
  const client = new PoolClient({
    clock,
    us: { id: 'csms', role: 'csms' },
    port,
    url: 'http://pools.test',
    tokenUrl: 'http://auth.test/oauth/token',
    audience: 'http://pools.test',
    clientId: 'cpo',
    clientSecret: 'secret',
    timeoutMs: 4_000,
  });
  return { client, asked, clock, lines: () => asked.map(({ method, url }) => `${method} ${url}`) };
}

const token = (text: string, seconds = 86_400): Said => [
  200,
  `{"access_token":"${text}","token_type":"Bearer","expires_in":${seconds}}`,
];
const ROOTS: Said = [200, '{"RootCertificateCollection":{"rootCertificates":[]}}'];

describe('client of the pools', () => {
  it('fetches one token for several calls and keeps it until shortly before its end', async () => {
    const { client, lines, clock } = scripted(token('one'), ROOTS, ROOTS, token('two'), ROOTS);
    await Promise.all([client.call(POOL.getAllRootCerts, {}), client.call(POOL.getAllRootCerts, {})]);
    await clock.fastForward(86_350_000);
    await client.call(POOL.getAllRootCerts, {});
    expect(lines().filter((line) => line === 'POST http://auth.test/oauth/token')).toHaveLength(2);
  });

  it('check 18: after a 401 it gets a new token and tries once more, and no more', async () => {
    const refused: Said = [401, '{"errorMessages":["expired"],"traceId":"t"}'];
    const once = scripted(token('old'), refused, token('new'), ROOTS);
    expect((await once.client.call(POOL.getAllRootCerts, {})).ok).toBe(true);
    expect(once.asked.at(-1)?.headers['authorization']).toBe('Bearer new');
    const always = scripted(token('old'), refused, token('new'), refused, ROOTS);
    expect(await always.client.call(POOL.getAllRootCerts, {})).toMatchObject({ ok: false, status: 401 });
    expect(always.asked).toHaveLength(4);
  });

  it('tells a refused secret, a silent pool and an answer that is no PKCS#7, and throws for none of them', async () => {
    const wrong = scripted([401, '{"error":"access_denied","error_description":"Unauthorized"}']);
    expect(await wrong.client.call(POOL.getAllRootCerts, {})).toMatchObject({ ok: false, messages: ['Unauthorized'] });
    const silent = scripted(token('one'), 'timeout');
    expect(await silent.client.call(POOL.getAllRootCerts, {})).toMatchObject({ ok: false, status: undefined });
    const garbage = scripted(token('one'), [200, 'no base64!']);
    const enrolled = await garbage.client.call(POOL.caCerts, {
      params: { ca: 'cpo' },
      path: '/.well-known/{ca}/cacerts',
    });
    expect(enrolled).toMatchObject({ ok: false, status: undefined });
  });
});
