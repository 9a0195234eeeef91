import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import {
  buildOcspRequest,
  parseOcspResponse,
  readCertificate,
  verifyOcspResponse,
} from '../../protocols/iso15118/index.ts';
import { certificateIdOf } from '../../protocols/iso15118/pki/status.ts';
import { TrustBench } from './testing/trust-bench.ts';

async function contractOf(bench: TrustBench) {
  await bench.vehicle();
  await bench.contract();
  const [record] = [...bench.trust.world.state.issued.all({ role: 'contract' })];
  if (record === undefined) throw new Error('no contract');
  const issuer = bench.trust.world.authorities.of('mo-sub-ca-2', 'ISO15118-2').certificate;
  return { record, issuer, certificate: readCertificate(record.certificate) };
}

describe('check 13, OCSP responder', () => {
  it.each(['SHA1', 'SHA256', 'SHA384', 'SHA512'] as const)(
    'answers %s over POST and GET, echoing the nonce, without a token',
    async (hash) => {
      const bench = new TrustBench();
      const { certificate, issuer } = await contractOf(bench);
      const nonce = Uint8Array.of(1, 2, 3, 4);
      const request = buildOcspRequest([certificateIdOf(certificate, issuer, hash)], nonce);
      const nowMs = bench.trust.nowMs();
      const base64 = Buffer.from(request).toString('base64');
      for (const answer of [
        await bench.ask('POST', '/ocsp', { body: request, headers: { 'content-type': 'application/ocsp-request' } }),
        await bench.ask('GET', `/ocsp/${encodeURIComponent(base64)}`),
        await bench.ask('GET', `/ocsp/${Buffer.from(request).toString('base64url')}`),
      ]) {
        expect([answer.status, answer.headers['content-type']]).toEqual([200, 'application/ocsp-response']);
        expect(verifyOcspResponse({ response: answer.body, certificate, issuer, nowMs, nonce })).toMatchObject({
          ok: true,
          status: { state: 'good' },
        });
        const parsed = parseOcspResponse(answer.body);
        expect(parsed.kind === 'answer' && [...(parsed.nonce ?? [])]).toEqual([1, 2, 3, 4]);
      }
    },
  );

  it('tells revoked with time and reason, unknown for a serial it never gave, unauthorized for a foreign issuer', async () => {
    const bench = new TrustBench();
    const { certificate, issuer, record } = await contractOf(bench);
    bench.trust.world.registrar.revoke(record, 'keyCompromise');
    const ask = async (id: Parameters<typeof buildOcspRequest>[0][number]) =>
      parseOcspResponse((await bench.ask('POST', '/ocsp', { body: buildOcspRequest([id]) })).body);
    const id = certificateIdOf(certificate, issuer, 'SHA256');
    expect(await ask(id)).toMatchObject({
      answers: [{ status: { state: 'revoked', reason: 'keyCompromise', revokedAtMs: bench.trust.nowMs() } }],
    });
    expect(await ask({ ...id, serialNumber: '1234' })).toMatchObject({ answers: [{ status: { state: 'unknown' } }] });
    expect(await ask({ ...id, issuerKeyHash: 'ab'.repeat(32) })).toEqual({ kind: 'failure', failure: 'unauthorized' });
  });

  it('answers nonsense with malformedRequest, and is down, late, stale or a liar when told so', async () => {
    const bench = new TrustBench();
    const { certificate, issuer } = await contractOf(bench);
    const { faults } = bench.trust.world;
    const bad = await bench.ask('POST', '/ocsp', { body: 'nonsense' });
    expect(parseOcspResponse(bad.body)).toEqual({ kind: 'failure', failure: 'malformedRequest' });
    const body = buildOcspRequest([certificateIdOf(certificate, issuer, 'SHA256')]);
    const check = async () =>
      verifyOcspResponse({
        response: (await bench.ask('POST', '/ocsp', { body })).body,
        certificate,
        issuer,
        nowMs: bench.trust.nowMs(),
      });
    faults.set({ ...faults.now, ocsp: 'wrong-signer' });
    expect(await check()).toMatchObject({ ok: false, problem: expect.stringContaining('signed neither') });
    faults.set({ ...faults.now, ocsp: 'stale' });
    expect(await check()).toMatchObject({ ok: false, problem: 'The OCSP answer is out of date.' });
    faults.set({ ...faults.now, ocsp: 'down' });
    expect((await bench.ask('POST', '/ocsp', { body })).status).toBe(503);
  });
});

describe('check 25, root pool and events', () => {
  it('filters by type; adding and removing is for the administrator', async () => {
    const bench = new TrustBench();
    const token = await bench.token('cpo-demo');
    const roots = async (query = '') =>
      (await bench.ask('GET', `/v1/root/rootCerts${query}`, { token })).json.RootCertificateCollection.rootCertificates;
    expect((await roots()).map(({ rootType }: { rootType: string }) => rootType).toSorted()).toEqual([
      'MO',
      'MO',
      'OEM',
      'OEM',
      'V2G',
      'V2G',
    ]);
    const [mo] = await roots('?rootType=mo');
    expect(mo).toMatchObject({ rootType: 'MO', organizationName: 'Compote' });
    const one = await bench.ask('GET', `/v1/root/rootCerts/${mo.rootCertificateId}`, { token });
    expect(one.json.RootResponse.caCertificate).toBe(mo.caCertificate);
    const path = `/v1/root/rootCerts/${mo.rootCertificateId}`;
    expect((await bench.ask('DELETE', path, { token })).status).toBe(403);
    const admin = await bench.token('admin-demo');
    expect((await bench.ask('DELETE', path, { token: admin })).status).toBe(200);
    const gone = await bench.ask('GET', path, { token });
    expect([gone.status, gone.json.errorMessages]).toEqual([404, ['Root certificate with the given ID is not found']]);
  });

  async function subscribed(bench: TrustBench) {
    const token = await bench.token('cpo-demo');
    const { json } = await bench.ask('POST', '/v1/webhook/endpoints', {
      token,
      json: { url: 'http://localhost:9000/events', enabledEvents: ['root.cert.added'] },
    });
    const admin = await bench.token('admin-demo');
    const foreign = new TrustBench({ organization: 'Other' }).trust.world.authorities.of('mo-root', 'ISO15118-2');
    await bench.ask('PUT', '/v1/root/rootCerts', {
      token: admin,
      json: { rootType: 'MO', caCertificate: Buffer.from(foreign.certificate.der).toString('base64') },
    });
    return json as { secret: string };
  }

  it('signs the raw body of root.cert.added', async () => {
    const bench = new TrustBench();
    const { secret } = await subscribed(bench);
    await bench.clock.settle();
    const [request] = bench.posted;
    const expected = createHmac('sha256', secret)
      .update(request?.body ?? '')
      .digest('hex');
    expect(request?.headers['x-hubject-signature']).toBe(`sha256=${expected}`);
    expect(JSON.parse(Buffer.from(request?.body ?? '').toString())).toMatchObject({
      eventType: 'root.cert.added',
      payload: { rootType: 'MO' },
    });
  });

  it('tries again after a server error and silence, with the same event, and not after 400', async () => {
    const bench = new TrustBench();
    bench.subscriberAnswers.push(503, 'silence', 200);
    await subscribed(bench);
    await bench.clock.settle();
    expect(bench.posted).toHaveLength(1);
    await bench.clock.runFor(3_600_001);
    expect(bench.posted).toHaveLength(2);
    await bench.clock.runFor(3_600_001);
    await bench.clock.runFor(36_000_000);
    expect(bench.posted).toHaveLength(3);
    expect(new Set(bench.posted.map(({ body }) => Buffer.from(body).toString())).size).toBe(1);

    const refused = new TrustBench();
    refused.subscriberAnswers.push(400);
    await subscribed(refused);
    await refused.clock.runFor(36_000_000);
    expect(refused.posted).toHaveLength(1);
  });

  it('posts only to hosts that the configuration allows', async () => {
    const bench = new TrustBench();
    const token = await bench.token('cpo-demo');
    for (const url of ['http://internal.example/x', 'file:///etc/passwd', 'http://u:p@localhost/', 'nonsense']) {
      const answer = await bench.ask('POST', '/v1/webhook/endpoints', {
        token,
        json: { url, enabledEvents: ['root.cert.added'] },
      });
      expect(answer.status).toBe(400);
    }
  });
});

describe('the journal', () => {
  it('has each exchange once, with operation, status and caller', async () => {
    const bench = new TrustBench();
    await bench.ask('GET', '/v1/root/rootCerts', { token: await bench.token('cpo-demo') });
    expect(bench.entries.map(({ kind, action, code }) => [kind, action, code])).toEqual([
      ['request', 'getToken', undefined],
      ['response', 'getToken', '200'],
      ['request', 'getAllRootCerts', undefined],
      ['response', 'getAllRootCerts', '200'],
    ]);
  });
});
