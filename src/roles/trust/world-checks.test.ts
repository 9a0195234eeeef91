import { describe, expect, it } from 'vitest';
import {
  buildInstallationRequest,
  buildOcspRequest,
  certificateProfile,
  createSigningRequest,
  type Edition,
  encodeIso2,
  lintCertificate,
  parseCertificate,
  parseOcspResponse,
  readInstallationResponse,
  unwrapContractKeyIso2,
} from '../../protocols/iso15118/index.ts';
import { certificatesOf, SESSION, TrustBench } from './testing/trust-bench.ts';

const PCID = 'WMI12345671234567';
const EMAID = 'DE8AAC12345678D';
const NAMESPACE = 'urn:iso:15118:2:2013:MsgDef';

describe('check 10, the generated hierarchies', () => {
  it.each([
    ['ISO15118-2', 800],
    ['ISO15118-20', 1_600],
  ] as const)('%s: every authority fits its profile, strictly, in at most %i octets', (edition: Edition, octets) => {
    const { authorities } = new TrustBench().trust.world;
    for (const { role, certificate } of authorities.all(edition)) {
      const remarks = lintCertificate(certificate, certificateProfile(role, edition), true);
      expect([role, remarks]).toEqual([role, []]);
      expect(certificate.der.length).toBeLessThanOrEqual(octets);
    }
  });
});

describe('check 19, the checks of PUT provCerts come in their order', () => {
  /** A vehicle as the wire makes it, with a certificate of the chosen fault, below the chosen chain. */
  async function stored(faults: readonly string[], foreignChain = false): Promise<string> {
    const bench = new TrustBench();
    const { world } = bench.trust;
    const oem = await bench.token('oem-demo');
    world.faults.set({ ...world.faults.now, issue: faults.includes('expired') ? 'expired' : 'none' });
    const enrolled = await bench.ask('POST', '/.well-known/oem/simpleenroll', {
      token: oem,
      body: Buffer.from(bench.csr(PCID)).toString('base64'),
    });
    const [leaf = ''] = certificatesOf(enrolled.text);
    if (faults.includes('revoked')) {
      await bench.ask('POST', '/pki/revokeCertificate', { token: oem, json: { certificate: leaf } });
    }
    const ca = foreignChain ? 'cpo' : 'oem';
    const who = foreignChain ? await bench.token('cpo-demo') : oem;
    const cas = await bench.ask('GET', `/.well-known/${ca}/cacerts`, { token: who });
    const [subCA2Certificate, subCA1Certificate] = certificatesOf(cas.text);
    const answer = await bench.ask('PUT', '/v1/oem/provCerts', {
      token: oem,
      json: { vehicleCertificate: leaf, subCA2Certificate, subCA1Certificate },
    });
    return answer.status === 200 ? 'stored' : String(answer.json.errorMessages[0]);
  }

  it('validity, then revocation, then the chain; the first that fails is told', async () => {
    expect(await stored([])).toBe('stored');
    expect(await stored([], true)).toMatch(/issuer|issued/);
    expect(await stored(['revoked'])).toContain('revoked');
    expect(await stored(['expired', 'revoked'], true)).toContain('expired');
    expect(await stored(['expired', 'revoked'])).toContain('expired');
  });
});

describe('check 20, the end of a vehicle', () => {
  it('is told to the mobility operator of its contract', async () => {
    const bench = new TrustBench();
    await bench.ask('POST', '/v1/webhook/endpoints', {
      token: await bench.token('mo-demo'),
      json: { url: 'http://localhost:9000/events', enabledEvents: ['mo.prov.cert.deleted'] },
    });
    await bench.vehicle();
    await bench.contract();
    await bench.ask('DELETE', `/v1/oem/provCerts/${PCID}`, { token: await bench.token('oem-demo') });
    await bench.clock.settle();
    expect(bench.posted.map(({ body }) => JSON.parse(Buffer.from(body ?? '').toString()).eventType)).toEqual([
      'mo.prov.cert.deleted',
    ]);
  });
});

describe('check 41, the whole revocation drill', () => {
  it('delete: OCSP says revoked, the pool does not deliver any more, and the OEM hears of it', async () => {
    const bench = new TrustBench();
    await bench.ask('POST', '/v1/webhook/endpoints', {
      token: await bench.token('oem-demo'),
      json: { url: 'http://localhost:9000/events', enabledEvents: ['oem.contract.deleted'] },
    });
    const vehicle = await bench.vehicle();
    await bench.contract();
    const delivered = await bench.install(bench.installationRequest(vehicle));
    expect(codeOf(delivered.json)).toBe('OK');
    await bench.ask('DELETE', `/v1/ccp/signedContractData/${EMAID}`, { token: await bench.token('mo-demo') });
    const { registrar, state } = bench.trust.world;
    const [record] = [...state.issued.all({ role: 'contract' })];
    const id = record && registrar.idOf(record);
    if (id === undefined) throw new Error('no contract');
    const answer = await bench.ask('POST', '/ocsp', {
      body: Buffer.from(buildOcspRequest([id])),
      headers: { 'content-type': 'application/ocsp-request' },
    });
    const said = parseOcspResponse(answer.body);
    expect(said.kind === 'answer' ? said.answers[0]?.status.state : said.failure).toBe('revoked');
    const again = await bench.install(bench.installationRequest(vehicle));
    expect([again.status, codeOf(again.json)]).toEqual([404, 'FAILED_NoCertificateAvailable']);
    await bench.clock.settle();
    expect(bench.posted.map(({ body }) => JSON.parse(Buffer.from(body ?? '').toString()).eventType)).toEqual([
      'oem.contract.deleted',
    ]);
  });
});

describe('an update of a contract (decision 21)', () => {
  it('is asked for with the key of the contract, and opened with the provisioning key', async () => {
    const bench = new TrustBench();
    const vehicle = await bench.vehicle();
    await bench.contract();
    const first = openedBy(await bench.install(bench.installationRequest(vehicle)));
    const contractKey = unwrapContractKeyIso2(
      first,
      vehicle.key,
      parseCertificate(first.contractChain[0]).publicKeyBits,
    );
    const root = bench.trust.world.authorities.of('v2g-root', 'ISO15118-2').certificate;
    const request = (signer: typeof contractKey) =>
      encodeIso2(
        buildInstallationRequest({
          sessionId: SESSION,
          roots: [root],
          subject: { action: 'Update', contractChain: first.contractChain, emaid: first.emaid },
          signer,
        }),
      );
    const stranger = await bench.install(request(vehicle.key));
    expect(codeOf(stranger.json)).toBe('FAILED_SignatureError');
    const updated = openedBy(await bench.install(request(contractKey)));
    expect(
      unwrapContractKeyIso2(updated, vehicle.key, parseCertificate(updated.contractChain[0]).publicKeyBits),
    ).toBeDefined();
    expect(() =>
      unwrapContractKeyIso2(updated, contractKey, parseCertificate(updated.contractChain[0]).publicKeyBits),
    ).toThrow();
  });
});

function openedBy(answer: Awaited<ReturnType<TrustBench['install']>>) {
  const exi = answer.json.CCPResponse.emaidContent[0].messageDef.certificateInstallationRes;
  const { data, responseCode } = readInstallationResponse(new Uint8Array(Buffer.from(exi, 'base64')));
  if (data === undefined) throw new Error(responseCode);
  return data;
}

// biome-ignore lint/suspicious/noExplicitAny: tests look into answers member by member
const codeOf = (json: any): string => {
  const exi = json.CCPResponse.emaidContent[0].messageDef.certificateInstallationRes;
  return readInstallationResponse(new Uint8Array(Buffer.from(exi, 'base64'))).responseCode;
};

/**
 * What clients of other makers send, from their public sources: paths, headers and bodies as they write them. Values are
 * ours.
 */
describe('check 42, requests in the shapes of other clients', () => {
  const csrOf = (bench: TrustBench): string => Buffer.from(bench.csr('DE8AAE12345')).toString('base64');

  it('CitrineOS: the token as a form, enrolment with an Accept of its own, contract data with upper-case headers', async () => {
    const bench = new TrustBench();
    const form = new URLSearchParams({
      client_id: 'cpo-demo',
      client_secret: 'cpo-demo-secret',
      audience: 'https://eu.plugncharge-test.hubject.com',
      grant_type: 'client_credentials',
    });
    const { json } = await bench.ask('POST', '/oauth/token', {
      body: form.toString(),
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });
    const token = json.access_token as string;
    const enrolled = await bench.ask('POST', '/cpo/simpleenroll/ISO15118-2', {
      token,
      body: csrOf(bench),
      headers: { accept: 'application/pkcs10', 'content-type': 'application/pkcs10' },
    });
    expect(enrolled.status).toBe(200);
    const cas = await bench.ask('GET', '/.well-known/cpo/cacerts', {
      token,
      headers: { accept: 'application/pkcs10, application/pkcs7' },
    });
    expect([cas.status, certificatesOf(cas.text).length]).toEqual([200, 3]);
    const vehicle = await bench.vehicle();
    await bench.contract();
    const data = await bench.ask('POST', '/v1/ccp/signedContractData', {
      token,
      headers: { Accept: 'application/json', 'Content-Type': 'application/json' },
      json: {
        certificateInstallationReq: Buffer.from(bench.installationRequest(vehicle)).toString('base64'),
        xsdMsgDefNamespace: NAMESPACE,
      },
    });
    expect([data.status, codeOf(data.json)]).toEqual([200, 'OK']);
  });

  it('MaEVe: the token once more as x-api-key, the CA certificates with edition and curve', async () => {
    const bench = new TrustBench();
    const token = await bench.token('cpo-demo');
    const headers = { 'x-api-key': token };
    expect(
      (await bench.ask('POST', '/cpo/simpleenroll/ISO15118-2', { token, headers, body: csrOf(bench) })).status,
    ).toBe(200);
    expect((await bench.ask('GET', '/cpo/cacerts/ISO15118-2', { token, headers })).status).toBe(200);
    expect((await bench.ask('GET', '/cpo/cacerts/ISO15118-2/secp256r1/', { token, headers })).status).toBe(200);
    expect((await bench.ask('GET', '/v1/root/rootCerts', { token, headers })).status).toBe(200);
  });

  it('ocppcompote: the token from the sandbox page, contracts with fingerprint and namespace in the query', async () => {
    const bench = new TrustBench();
    const page = await bench.ask('GET', '/api/v1/projects/cHJqOjk0NTg5/nodes/6bb8b3bc79c2e-authorization-token');
    const token = /Bearer ([\w.-]+)/.exec(page.json.data)?.[1] ?? '';
    await bench.vehicle();
    await bench.contract();
    const query = `?cpsV2GRootCertificateFingerprint=${'a'.repeat(64)}&xsdMsgDefNamespace=${encodeURIComponent(NAMESPACE)}`;
    expect((await bench.ask('GET', `/v1/ccp/lookupContract/${EMAID}${query}`, { token })).status).toBe(200);
    expect((await bench.ask('GET', `/v1/oem/provCerts/${PCID}?signatureAlgorithm=secp256r1`, { token })).status).toBe(
      200,
    );
    expect((await bench.ask('GET', `/v1/oem/provCerts/lookupVehicle/${PCID}${query}`, { token })).status).toBe(200);
    expect((await bench.ask('GET', `/v1/ccp/signedContractData/${PCID}`, { token })).status).toBe(200);
    expect((await bench.ask('GET', `/v1/ccp/provideSignedContractData/${EMAID}/${PCID}`, { token })).status).toBe(200);
    expect((await bench.ask('POST', '/.well-known/cpo/simpleenroll', { token, body: csrOf(bench) })).status).toBe(200);
    const gone = await bench.ask('DELETE', `/v1/ccp/signedContractData/${EMAID}${query}`, {
      token,
      headers: { 'X-Skip-Revocation': 'false' },
    });
    expect(gone.status).toBe(200);
  });

  it('EVerest: registration before enrolment, the request as PEM, the live path', async () => {
    const bench = new TrustBench({ requireRegistration: true });
    const token = await bench.token('cpo-demo');
    const registered = await bench.ask('PUT', '/v1/vra/cpo/endEntities', {
      token,
      json: {
        commonName: 'DE8AAE12345',
        manufacture: 'ACME',
        deviceName: 'EVSE',
        deviceSWVersion: '1.0',
        evseSerialNumber: '1',
        evseID: ['DE*8AA*E12345'],
        evseISOversion: '15118-2',
        ocppVersion: '2.0.1',
      },
    });
    expect(registered.status).toBe(200);
    const subject = [
      { type: 'C', value: 'DE' },
      { type: 'O', value: 'ACME' },
      { type: 'CN', value: 'DE8AAE12345' },
      { type: 'DC', value: 'CPO' },
    ];
    const der = Buffer.from(createSigningRequest(subject, bench.newKey())).toString('base64');
    const pem = `-----BEGIN CERTIFICATE REQUEST-----\n${der.match(/.{1,64}/g)?.join('\n')}\n-----END CERTIFICATE REQUEST-----\n`;
    const enrolled = await bench.ask('POST', '/.well-known/cpo/simpleenroll', {
      token,
      body: pem,
      headers: { 'content-type': 'application/pkcs10' },
    });
    expect([enrolled.status, certificatesOf(enrolled.text).length]).toEqual([200, 1]);
  });
});
