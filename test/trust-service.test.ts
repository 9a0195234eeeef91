import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { testTrust } from './support/trust.ts';

const ending: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ending.splice(0).reverse()) await end();
});

async function started(...args: Parameters<typeof testTrust>) {
  const trust = await testTrust(...args);
  ending.push(() => trust.end());
  return trust;
}

describe('the trust environment as a service', () => {
  it('documents every operation of the pools at /docs and its own API at /api/docs', async () => {
    const trust = await started();
    const openapi = await trust.request('GET', '/openapi.json');
    const operations = Object.values(
      openapi.body.paths as Record<string, Record<string, { operationId: string }>>,
    ).flatMap((path) => Object.values(path).map(({ operationId }) => operationId));
    expect(operations).toEqual(
      expect.arrayContaining([
        'getToken',
        'getAllRootCerts',
        'addOemProvCert',
        'getSignedContractData',
        'simpleEnroll',
        'ocspPost',
      ]),
    );
    expect((await trust.request('GET', '/docs')).status).toBe(200);
    expect((await trust.request('GET', '/api/docs')).status).toBe(200);
    expect((await trust.request('GET', '/api/openapi.json')).body.paths['/api/v1/pnc/tree']).toBeDefined();
  });

  it('answers on published paths with queries, odd bodies and other spellings, always in the pools’ words', async () => {
    const trust = await started();
    const headers = { authorization: `Bearer ${await trust.token('cpo-demo')}` };
    const mo = await trust.request('GET', '/v1/root/rootCerts?rootType=mo&unknown=1', { headers });
    expect(mo.body.RootCertificateCollection.rootCertificates).toHaveLength(2);
    expect((await trust.request('GET', '/v1/root/ROOTCERTS', { headers })).status).toBe(200);
    const text = await trust.request('POST', '/v1/ccp/signedContractData', {
      headers: { ...headers, 'content-type': 'text/plain' },
      body: 'x',
    });
    expect([text.status, text.body.errorMessages]).toEqual([400, ['The body is no JSON object.']]);
    const unknown = await trust.request('GET', '/v1/none', { headers });
    expect([unknown.status, Object.keys(unknown.body)]).toEqual([404, ['errorMessages', 'traceId']]);
  });

  it('keeps its keys readable by the owner only and its world across a restart', async () => {
    const first = await testTrust();
    await first.call('POST', '/pnc/vehicles', { pcid: 'WMI12345671234567' });
    await first.call('POST', '/pnc/contracts', { pcid: 'WMI12345671234567', emaid: 'DE8AAC12345678D' });
    const rootsBefore = (await first.call('GET', '/pnc/pools/roots')).body.items;
    const keys = join(first.folder, 'keys');
    for (const file of readdirSync(keys)) expect(statSync(join(keys, file)).mode & 0o077).toBe(0);
    await first.end(false);
    const again = await started({}, first.folder);
    expect((await again.call('GET', '/pnc/pools/roots')).body.items).toEqual(rootsBefore);
    expect((await again.call('GET', '/pnc/contracts')).body.items).toMatchObject([
      { emaid: 'DE8AAC12345678D', state: 'in-pool', defaultContract: true },
    ]);
  });

  it('takes your own authorities, and issues below them', async () => {
    const theirs = await started({ organization: 'Theirs' });
    const tree = (await theirs.call('GET', '/pnc/tree')).body.roots;
    const root = tree.find(({ name }: { name: string }) => name === 'iso2-mo-root');
    const { pem } = (await theirs.call('GET', `/pnc/certificates/${root.certificate.id}`)).body;
    const ours = await started({
      authorities: { 'iso2-mo-root': { certificate: pem, key: join(theirs.folder, 'keys', 'iso2-mo-root.key.pem') } },
    });
    await ours.call('POST', '/pnc/vehicles', { pcid: 'WMI12345671234567' });
    await ours.call('POST', '/pnc/contracts', { pcid: 'WMI12345671234567', emaid: 'DE8AAC12345678D' });
    const [contract] = (await ours.call('GET', '/pnc/contracts')).body.items;
    const detail = (await ours.call('GET', `/pnc/certificates/${contract.certificateId}`)).body;
    expect(detail.chainPem).toContain(pem);
    const ladder = await ours.call('POST', '/pnc/verify', { chain: detail.chainPem });
    expect(ladder.body).toMatchObject({ ok: true, certificateStatus: 'Accepted' });
  });

  it('REST: issue, explain, revoke, explain again, renew; switches; the OCSP log', async () => {
    const trust = await started();
    const issued = await trust.call('POST', '/pnc/certificates', { role: 'secc', commonName: 'DE8AAE12345' });
    expect(issued.status).toBe(201);
    expect(issued.body.keyPem).toContain('PRIVATE KEY');
    const path = `/pnc/certificates/${issued.body.id}`;
    expect((await trust.call('GET', path)).body).toMatchObject({ state: 'valid', role: 'secc', lint: [] });
    expect((await trust.call('GET', path)).body.keyPem).toBeUndefined();
    const [hash] = issued.body.hashData;
    expect((await trust.call('POST', '/pnc/verify', { hashes: [hash] })).body.certificateStatus).toBe('Accepted');
    expect((await trust.call('POST', `${path}/revoke`, { reason: 'superseded' })).body.state).toBe('revoked');
    expect((await trust.call('POST', '/pnc/verify', { hashes: [hash] })).body.certificateStatus).toBe(
      'CertificateRevoked',
    );
    const chain = await trust.call('POST', '/pnc/verify', { chain: issued.body.chainPem });
    expect(chain.body.rungs.find(({ ok }: { ok: boolean }) => !ok)).toMatchObject({ check: 'revocation' });
    expect((await trust.call('POST', `${path}/renew`)).status).toBe(201);
    expect((await trust.call('PATCH', '/pnc/faults', { ocsp: 'down' })).body.ocsp).toBe('down');
    expect((await trust.call('PATCH', '/pnc/faults', { ocsp: 'odd' })).status).toBe(400);
    expect((await trust.call('GET', '/pnc/ocsp')).body.faults.ocsp).toBe('down');
    expect((await trust.call('GET', '/pnc/webhooks')).body.endpoints).toEqual([]);
    expect((await trust.call('GET', '/pnc/pools/access')).body.items.length).toBeGreaterThan(30);
    expect((await trust.call('GET', '/pnc/pools/clients')).text).not.toContain('secret');
    expect((await trust.call('POST', '/pnc/verify', { chain: 'nonsense' })).status).toBe(400);
    expect((await trust.call('POST', '/pnc/reset')).status).toBe(204);
    expect((await trust.call('GET', path)).status).toBe(404);
  });
});
