import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SystemIds } from '../src/core/ids.ts';
import { SystemClock } from '../src/core/system-clock.ts';
import { OicpClient, type OicpOutcome } from '../src/link/oicp-client.ts';
import { UndiciPort } from '../src/link/undici-port.ts';
import { OperationBodies } from '../src/protocols/oicp/index.ts';
import { type CallerRules, callerOf } from '../src/roles/hub/callers.ts';
import { authority, hasOpenssl, type Identity } from './support/authority.ts';
import { testHub } from './support/hub.ts';

const PULL = '{"ProviderID":"DE-DCB","GeoCoordinatesResponseFormat":"Google"}';

describe.skipIf(!hasOpenssl)('mutual TLS with identity', () => {
  let hub: Awaited<ReturnType<typeof testHub>>;
  let ours: ReturnType<typeof authority>;
  let emp: Identity;
  let other: Identity;
  let stranger: Identity;
  const ports: UndiciPort[] = [];

  beforeAll(async () => {
    ours = authority('Hub authority');
    emp = ours.issue('emp');
    other = ours.issue('other');
    stranger = authority('Somebody').issue('emp');
    const server = ours.issue('localhost');
    const pem = ({ cert }: Identity): string => readFileSync(cert, 'utf8');
    hub = await testHub({
      demoPartners: false,
      callers: ['certificate'],
      tls: { cert: server.cert, key: server.key, clientCa: [ours.pem], clientCertificate: 'ask' },
      partners: [
        { id: 'emp', providerIds: ['DE-DCB'], certificates: [pem(emp)], contracts: 'all' },
        { id: 'other', providerIds: ['DE-TWO'], certificates: [pem(other)], contracts: 'all' },
        { id: 'selfmade', providerIds: ['DE-SLF'], certificates: [pem(stranger)], contracts: 'all' },
      ],
    });
  });
  afterAll(async () => {
    for (const port of ports) await port.close();
    await hub.end();
  });

  const pull = (providerID: string, identity?: Identity, verify = true): Promise<OicpOutcome> => {
    const clock = new SystemClock();
    const port = new UndiciPort({
      clock,
      tls: {
        verify,
        ...(verify ? { ca: [ours.pem] } : {}),
        ...(identity === undefined
          ? {}
          : { cert: readFileSync(identity.cert, 'utf8'), key: readFileSync(identity.key, 'utf8') }),
      },
    });
    ports.push(port);
    const client = new OicpClient({
      port,
      clock,
      ids: new SystemIds(),
      bodies: new OperationBodies(),
      ends: { from: 'EMP', to: 'HUB' },
      us: { id: 'emp', role: 'emp' },
      peer: { id: 'hub', role: 'hub' },
      baseUrl: hub.base.replace('127.0.0.1', 'localhost'),
      recorder: null,
      tap: 'test',
      timeoutMs: 10_000,
    });
    return client.callText('PullEvseData', { providerID }, PULL.replace('DE-DCB', providerID));
  };

  it('GEN-02: the certificate on file and its own id pass', async () => {
    expect(await pull('DE-DCB', emp)).toMatchObject({ kind: 'ok', status: 200 });
  });

  it('HUB-02: a certificate of A with the id of B, one that nobody has, and none are 017 with HTTP 401', async () => {
    for (const [id, identity] of [
      ['DE-DCB', other],
      ['DE-TWO', emp],
      ['DE-DCB', undefined],
    ] as const) {
      expect(await pull(id, identity)).toMatchObject({ kind: 'refused', code: '017', status: 401 });
    }
  });

  it('a certificate on file for which no authority of the hub vouches is refused', async () => {
    expect(await pull('DE-SLF', stranger)).toMatchObject({ kind: 'refused', code: '017' });
  });

  it('a client that does not trust the hub says so, and does not call', async () => {
    const clock = new SystemClock();
    const port = new UndiciPort({ clock, tls: { ca: [authority('Wrong').pem] } });
    ports.push(port);
    const url = `${hub.base.replace('127.0.0.1', 'localhost')}/api/oicp/x`;
    const outcome = await port.exchange(
      { method: 'POST', url, headers: {}, body: new Uint8Array() },
      { timeoutMs: 5_000 },
    );
    expect(outcome.kind).toBe('unreachable');
  });

  it('an expired certificate is refused although it is on file', () => {
    const { partners } = hub.hub.state;
    const der = new X509Certificate(readFileSync(emp.cert)).raw;
    const facts = {
      operation: 'PullEvseData' as const,
      pathId: 'DE-DCB',
      json: {},
      headers: {},
      remoteAddress: '127.0.0.1',
      clientCertificate: { der, trusted: true },
    };
    const rules: CallerRules = { modes: new Set(['certificate']), trustedOnly: true };
    const now = new SystemClock().now();
    expect(callerOf(facts, partners, rules, now)).toEqual({ ok: true, partner: 'emp' });
    expect(callerOf(facts, partners, rules, now + 31 * 86_400_000)).toMatchObject({ ok: false });
    expect(callerOf(facts, partners, rules, now - 86_400_000)).toMatchObject({ ok: false });
  });

  it('by path only from this machine', () => {
    const { partners } = hub.hub.state;
    const rules: CallerRules = { modes: new Set(['certificate', 'header', 'path']), trustedOnly: false };
    const from = (remoteAddress: string) =>
      callerOf(
        { operation: 'PullEvseData', pathId: 'DE-DCB', json: {}, headers: {}, remoteAddress },
        partners,
        rules,
        0,
      ).ok;
    expect(['127.0.0.1', '::1', '::ffff:127.0.0.1'].map(from)).toEqual([true, true, true]);
    expect(['192.0.2.7', '::ffff:192.0.2.7', '2001:db8::1'].map(from)).toEqual([false, false, false]);
  });
});
