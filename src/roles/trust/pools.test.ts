import { describe, expect, it } from 'vitest';
import {
  checkContractData,
  decodeIso2,
  openInstallationResponse,
  parseCertificate,
  readInstallationResponse,
  toPemChain,
  unwrapContractKeyIso2,
} from '../../protocols/iso15118/index.ts';
import { client, SESSION, TrustBench } from './testing/trust-bench.ts';

const EMAID = 'DE8AAC12345678D';
const PCID = 'WMI12345671234567';

describe('check 19, provisioning pool: PUT checks in order and keys decide about contracts', () => {
  it('answers the stored object; the PCID is the common name', async () => {
    const bench = new TrustBench();
    const vehicle = await bench.vehicle();
    const answer = await bench.ask('GET', `/v1/oem/provCerts/${PCID}`, { token: await bench.token('mo-demo') });
    expect(answer.status).toBe(200);
    expect(answer.json.OEMMessage.vehicleCertificate).toBe(Buffer.from(vehicle.certificate).toString('base64'));
    expect(answer.json.OEMMessage.rootIssuerDistinguishedName).toContain('CN=OEM Root');
    expect(answer.json.OEMMessage.rootIssuerSerialNumber).toMatch(/^[0-9a-f]+$/);
  });

  it('names the field of a certificate that is none, in the published spelling', async () => {
    const bench = new TrustBench();
    const token = await bench.token('oem-demo');
    const answer = await bench.ask('PUT', '/v1/oem/provCerts', {
      token,
      json: { vehicleCertificate: 'AAAA', subCA1Certificate: 'AAAA' },
    });
    expect(answer.status).toBe(400);
    expect(answer.json.errorMessages).toEqual(['Invalid certificate format on vehicleCertificate']);
    expect(answer.json.traceId).toMatch(/^[0-9a-f-]{36}$/);
    const notBase64 = await bench.ask('PUT', '/v1/oem/provCerts', {
      token,
      json: { vehicleCertificate: '*', subCA1Certificate: 'AAAA' },
    });
    expect(notBase64.json.errorMessages).toEqual(['Invalid certificate format on vehicleCertificate']);
  });

  it('refuses a foreign manufacturer id with 403', async () => {
    const bench = new TrustBench({
      clients: [client('oem-a', ['OEM'], { wmis: ['WMI'] }), client('oem-b', ['OEM'], { wmis: ['XYZ'] })],
    });
    await bench.vehicle(PCID, bench.newKey(), await bench.token('oem-a'));
    const b = await bench.token('oem-b');
    expect((await bench.ask('DELETE', `/v1/oem/provCerts/${PCID}`, { token: b })).status).toBe(403);
  });

  it('keeps contracts when the same key comes again, drops them with a new key and tells the mobility operator', async () => {
    const bench = new TrustBench();
    const mo = await bench.token('mo-demo');
    await bench.ask('POST', '/v1/webhook/endpoints', {
      token: mo,
      json: { url: 'http://localhost:9000/events', enabledEvents: ['mo.prov.cert.updated'] },
    });
    const vehicle = await bench.vehicle();
    expect((await bench.contract()).status).toBe(201);
    await bench.vehicle(PCID, vehicle.key);
    expect((await bench.ask('GET', `/v1/ccp/lookupContract/${EMAID}`, { token: mo })).status).toBe(200);
    await bench.vehicle(PCID, bench.newKey());
    expect((await bench.ask('GET', `/v1/ccp/lookupContract/${EMAID}`, { token: mo })).status).toBe(404);
    await bench.clock.fastForward(10);
    expect(bench.posted.map(({ body }) => JSON.parse(Buffer.from(body).toString()).eventType)).toEqual([
      'mo.prov.cert.updated',
    ]);
  });
});

describe('check 20, provisioning pool: reading and deleting', () => {
  it('has the exact texts for what is not there and for what is no PCID', async () => {
    const bench = new TrustBench();
    const token = await bench.token('mo-demo');
    const missing = await bench.ask('GET', `/v1/oem/provCerts/${PCID}`, { token });
    expect(missing.status).toBe(404);
    expect(missing.json.errorMessages).toEqual(['The OEM provisioning certificate with given PCID is not found.']);
    const short = await bench.ask('GET', '/v1/oem/provCerts/SHORT', { token });
    expect(short.status).toBe(400);
    expect(short.json.errorMessages).toEqual(['pcid : must match "^[a-zA-Z0-9]{17,18}$"']);
  });

  it('looks a vehicle up with an empty 200 or a 404', async () => {
    const bench = new TrustBench();
    const token = await bench.token('mo-demo');
    expect((await bench.ask('GET', `/v1/oem/provCerts/lookupVehicle/${PCID}`, { token })).status).toBe(404);
    await bench.vehicle();
    const found = await bench.ask('GET', `/v1/oem/provCerts/lookupVehicle/${PCID}`, { token });
    expect([found.status, found.text]).toEqual([200, '']);
  });

  it('deletes with all contracts of the vehicle, whose certificates are revoked', async () => {
    const bench = new TrustBench();
    await bench.vehicle();
    await bench.contract();
    const oem = await bench.token('oem-demo');
    expect((await bench.ask('DELETE', `/v1/oem/provCerts/${PCID}`, { token: oem })).status).toBe(200);
    expect((await bench.ask('GET', `/v1/ccp/signedContractData/${PCID}`, { token: oem })).status).toBe(404);
    const contract = [...bench.trust.world.state.issued.all({ role: 'contract' })];
    expect(contract.map(({ revoked }) => revoked?.reason)).toEqual(['cessationOfOperation']);
  });

  it('checks again before it hands out: a revoked certificate is refused', async () => {
    const bench = new TrustBench();
    const vehicle = await bench.vehicle();
    await bench.ask('POST', '/pki/revokeCertificate', {
      token: await bench.token('oem-demo'),
      json: { certificate: Buffer.from(vehicle.certificate).toString('base64'), revocationReason: 'keyCompromise' },
    });
    const answer = await bench.ask('GET', `/v1/oem/provCerts/${PCID}`, { token: await bench.token('mo-demo') });
    expect(answer.status).toBe(400);
    expect(answer.text).toContain('was revoked');
  });
});

describe('check 21, provisioning service: generateSignedContractData', () => {
  it('answers 201 without a body and replaces when it is repeated', async () => {
    const bench = new TrustBench();
    await bench.vehicle();
    const first = await bench.contract();
    expect([first.status, first.text]).toEqual([201, '']);
    expect((await bench.contract()).status).toBe(201);
    const list = await bench.ask('GET', `/v1/ccp/lookupContract/DE-8AA-C12345678`, {
      token: await bench.token('mo-demo'),
    });
    expect(list.json.XMLContracts).toHaveLength(1);
    expect(list.json.XMLContracts[0]).toMatchObject({ pcid: PCID, emaid: EMAID, defaultContract: true });
  });

  it('has the published texts', async () => {
    const bench = new TrustBench();
    await bench.vehicle();
    const unknown = await bench.contract('WMI99999999999999');
    expect([unknown.status, unknown.json.errorMessages]).toEqual([
      400,
      ['The OEM provisioning certificate with the given PCID is not available.'],
    ]);
    const past = await bench.contract(PCID, EMAID, '2025-01-01T00:00:00Z');
    expect([past.status, past.json.errorMessages]).toEqual([400, ['The given contractEnds date is in the past.']]);
    await bench.contract();
    await bench.vehicle('WMI12345671234568');
    const taken = await bench.contract('WMI12345671234568');
    expect([taken.status, taken.json.errorMessages]).toEqual([
      400,
      ['Invalid Tupple - EMAID is already used by other PCID.'],
    ]);
    const wrong = await bench.contract(PCID, 'nonsense');
    // The published pattern takes underscores, an EMAID does not.
    const path = `/v1/ccp/signedContractData/${PCID}/DE-8AA-C1234_678/default`;
    const odd = await bench.ask('POST', path, { token: await bench.token('oem-demo') });
    expect([odd.status, odd.json.errorMessages]).toEqual([wrong.status, wrong.json.errorMessages]);
    expect([wrong.status, wrong.json.errorMessages]).toEqual([
      400,
      ['emaid : must match "^[A-Za-z]{2}[-]?\\w{3}[-]?\\w{9}[-]?(\\w{1})?$"'],
    ]);
  });
});

describe('check 23, contract pool: a virtual EV gets its contract', () => {
  async function delivered(bench: TrustBench, sessionId = SESSION) {
    const vehicle = await bench.vehicle();
    await bench.contract();
    const answer = await bench.install(bench.installationRequest(vehicle, sessionId));
    return { vehicle, answer };
  }

  it('echoes the session, and the EV verifies signature and decrypts the key', async () => {
    const bench = new TrustBench();
    const { vehicle, answer } = await delivered(bench);
    expect(answer.status).toBe(200);
    const [{ messageDef }] = answer.json.CCPResponse.emaidContent;
    expect(messageDef.emaid).toBe(EMAID);
    const response = readInstallationResponse(Buffer.from(messageDef.certificateInstallationRes, 'base64'));
    expect(response.responseCode).toBe('OK');
    expect([...response.sessionId]).toEqual([...SESSION]);
    const { data } = response;
    if (data === undefined) throw new Error('no data');
    expect(checkContractData(data, parseCertificate(data.cpsChain[0]).publicKey).ok).toBe(true);
    const contract = parseCertificate(data.contractChain[0]);
    const key = unwrapContractKeyIso2(data, vehicle.key, contract.publicKeyBits);
    expect([...key.publicPoint]).toEqual([...contract.publicKeyBits]);
    expect(() => unwrapContractKeyIso2(data, bench.newKey(), contract.publicKeyBits)).toThrow(/another vehicle key/);
  });

  it('check 12: the whole answer fits the 5,600 characters that OCPP relays', async () => {
    const { answer } = await delivered(new TrustBench());
    const [{ messageDef }] = answer.json.CCPResponse.emaidContent;
    expect(messageDef.certificateInstallationRes.length).toBeLessThanOrEqual(5_600);
  });

  it('delivers the default of two contracts, the other after setDefault, none after the default is deleted', async () => {
    const bench = new TrustBench();
    const { vehicle } = await delivered(bench);
    const second = 'DE8AAC87654321B';
    await bench.contract(PCID, second);
    const emaidNow = async (): Promise<string> => {
      const answer = await bench.install(bench.installationRequest(vehicle));
      return answer.status === 200 ? answer.json.CCPResponse.emaidContent[0].messageDef.emaid : String(answer.status);
    };
    expect(await emaidNow()).toBe(EMAID);
    const oem = await bench.token('oem-demo');
    const path = `/v1/ccp/signedContractData/${PCID}/${second}/default`;
    expect((await bench.ask('POST', path, { token: oem })).status).toBe(200);
    expect(await emaidNow()).toBe(second);
    const mo = await bench.token('mo-demo');
    expect((await bench.ask('DELETE', `/v1/ccp/signedContractData/${second}`, { token: mo })).status).toBe(200);
    expect(await emaidNow()).toBe('404');
  });
});

describe('check 24, contract pool: refusals', () => {
  const codeOf = (answer: {
    json: { CCPResponse: { emaidContent: { messageDef: { certificateInstallationRes: string } }[] } };
  }) =>
    openInstallationResponse(
      decodeIso2(
        Buffer.from(answer.json.CCPResponse.emaidContent[0]?.messageDef.certificateInstallationRes ?? '', 'base64'),
      ),
    );

  it('answers a request that another key signed with FAILED_SignatureError', async () => {
    const bench = new TrustBench();
    const vehicle = await bench.vehicle();
    await bench.contract();
    const answer = await bench.install(bench.installationRequest(vehicle, SESSION, bench.newKey()));
    expect(codeOf(answer).responseCode).toBe('FAILED_SignatureError');
  });

  it('check 5: an unknown vehicle gets EXI of the published shape, or an error body when it asks for none', async () => {
    const bench = new TrustBench();
    const vehicle = await bench.vehicle();
    const exi = bench.installationRequest(vehicle);
    const withExi = await bench.install(exi);
    expect(withExi.status).toBe(404);
    expect(codeOf(withExi)).toMatchObject({ responseCode: 'FAILED_NoCertificateAvailable', data: undefined });
    expect([...codeOf(withExi).sessionId]).toEqual([...SESSION]);
    const without = await bench.install(exi, { alwaysreturnexi: 'false' });
    expect([without.status, without.json.errorMessages]).toEqual([404, ['Contract or Vehicle not found.']]);
  });

  it('refuses garbage with the published text', async () => {
    const bench = new TrustBench();
    for (const exi of [Uint8Array.of(0x80, 1, 2, 3), Uint8Array.of(1), new Uint8Array(500)]) {
      const answer = await bench.install(exi);
      expect([answer.status, answer.json.errorMessages]).toEqual([400, ['EXI format is invalid!']]);
    }
  });

  it('answers a revoked provisioning certificate and a revoked or expired contract with their codes', async () => {
    const bench = new TrustBench();
    const vehicle = await bench.vehicle();
    await bench.contract();
    const exi = bench.installationRequest(vehicle);
    const { registrar, state } = bench.trust.world;
    const [contract] = [...state.issued.all({ role: 'contract' })];
    if (contract === undefined) throw new Error('no contract');
    registrar.revoke(contract, 'keyCompromise');
    expect(codeOf(await bench.install(exi)).responseCode).toBe('FAILED_CertificateRevoked');
    state.issued.put(contract);
    await bench.clock.fastForward(366 * 86_400_000);
    expect(codeOf(await bench.install(exi)).responseCode).toBe('FAILED_CertificateExpired');
    const prov = registrar.recordOf(parseCertificate(vehicle.certificate));
    if (prov !== undefined) registrar.revoke(prov, 'keyCompromise');
    expect(codeOf(await bench.install(exi)).responseCode).toBe('FAILED_CertificateRevoked');
  });
});

describe('check 22, provisioning service: contract data of an operator’s own PKI', () => {
  it('signs, stores only with a PCID, and refuses another EMAID, expired and foreign chains', async () => {
    const bench = new TrustBench();
    await bench.vehicle();
    await bench.contract();
    const { world } = bench.trust;
    const [stored] = [...world.state.contracts.all()];
    const [record] = [...world.state.issued.all({ role: 'contract' })];
    if (stored === undefined || record === undefined) throw new Error('no contract');
    const sub = (role: 'mo-sub-ca-1' | 'mo-sub-ca-2' | 'oem-sub-ca-1') =>
      Buffer.from(world.authorities.of(role, 'ISO15118-2').certificate.der).toString('base64');
    const token = await bench.token('mo-demo');
    const data = (subCa1 = sub('mo-sub-ca-1')) => ({
      contractCertificate: record.certificate,
      contractSubCa2Certificate: sub('mo-sub-ca-2'),
      contractSubCa1Certificate: subCa1,
      contractSignatureEncryptedPrivateKey: Buffer.alloc(48, 1).toString('base64'),
      dHpublickey: Buffer.alloc(65, 4).toString('base64'),
    });
    const namespace = { xsdMsgDefNamespace: 'urn:iso:15118:2:2013:MsgDef' };
    world.state.contracts.delete(stored.key);
    const signed = await bench.ask('PUT', '/v1/cps/contractData/signed', {
      token,
      json: { contractData: data(), ...namespace },
    });
    expect(signed.status).toBe(201);
    expect(signed.json).toMatchObject({ pcid: null, emaid: EMAID });
    const xml = Buffer.from(signed.json.signedData, 'base64').toString();
    expect(xml).toMatch(/^<\?xml/);
    expect(xml).toContain('urn:iso:15118:2:2013:MsgDef');
    expect(world.state.contracts.count()).toBe(0);
    const forward = await bench.ask('PUT', '/v1/ccp/signedContractData', {
      token: await bench.token('cps-demo'),
      json: { ...namespace, emaid: EMAID, pcid: PCID, signedContractDataXML: signed.json.signedData },
    });
    expect(forward.status).toBe(201);
    expect(world.state.contracts.count()).toBe(1);
    const chain = await bench.ask('PUT', '/v1/cps/contractData/signed', {
      token,
      json: { contractData: data(sub('oem-sub-ca-1')), ...namespace },
    });
    expect(chain.status).toBe(400);
    const old = await bench.ask('PUT', '/v1/cps/signedContractData', {
      token,
      json: {
        ...namespace,
        pcid: PCID,
        emaid: 'DE8AAC99999999',
        contractData: {
          emaid: 'DE8AAC99999999',
          contractSignatureCertChain: {
            contractSignatureCertChainCertificate: record.certificate,
            contractSignatureCertChainSubCertificates: [sub('mo-sub-ca-2'), sub('mo-sub-ca-1')],
          },
          contractSignatureEncryptedPrivateKey: Buffer.alloc(48, 1).toString('base64'),
          dHpublickey: Buffer.alloc(65, 4).toString('base64'),
        },
      },
    });
    expect([old.status, old.text]).toEqual([400, expect.stringContaining('is not the given EMAID')]);
    await bench.clock.fastForward(366 * 86_400_000);
    const late = await bench.ask('PUT', '/v1/cps/contractData/signed', {
      token: await bench.token('mo-demo'),
      json: { contractData: data(), ...namespace },
    });
    expect([late.status, late.text]).toEqual([400, expect.stringContaining('expired')]);
  });
});

describe('check 41, revocation drill', () => {
  async function stateAfterDelete(headers: Record<string, string>) {
    const bench = new TrustBench();
    await bench.vehicle();
    await bench.contract();
    const answer = await bench.ask('DELETE', `/v1/ccp/signedContractData/${EMAID}`, {
      token: await bench.token('mo-demo'),
      headers,
    });
    expect(answer.status).toBe(200);
    const [record] = [...bench.trust.world.state.issued.all({ role: 'contract' })];
    return record === undefined ? undefined : bench.trust.world.registrar.stateOfRecord(record).state;
  }

  it('revokes what the environment issued, unless the operator skips it', async () => {
    expect(await stateAfterDelete({})).toBe('revoked');
    expect(await stateAfterDelete({ 'x-skip-revocation': 'true' })).toBe('good');
  });

  it('a CSMS would refuse the chain afterwards', async () => {
    const bench = new TrustBench();
    await bench.vehicle();
    await bench.contract();
    const [record] = [...bench.trust.world.state.issued.all({ role: 'contract' })];
    if (record === undefined) throw new Error('no contract');
    const { verifyChain } = await import('./api/verify.ts');
    const subs = (['mo-sub-ca-2', 'mo-sub-ca-1'] as const).map(
      (role) => bench.trust.world.authorities.of(role, 'ISO15118-2').certificate.der,
    );
    const pem = toPemChain([new Uint8Array(Buffer.from(record.certificate, 'base64')), ...subs]);
    expect(verifyChain(bench.trust.world, pem, bench.trust.nowMs())).toMatchObject({
      ok: true,
      certificateStatus: 'Accepted',
      idTokenStatus: 'Accepted',
    });
    bench.trust.world.registrar.revoke(record, 'keyCompromise');
    expect(verifyChain(bench.trust.world, pem, bench.trust.nowMs())).toMatchObject({
      ok: false,
      certificateStatus: 'CertificateRevoked',
      idTokenStatus: 'Invalid',
    });
  });
});
