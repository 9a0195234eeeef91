import { afterEach, describe, expect, it } from 'vitest';
import { seededEntropy } from '../src/core/entropy.ts';
import { Random } from '../src/core/random.ts';
import {
  buildInstallationRequest,
  createSigningRequest,
  EcPrivateKey,
  encodeIso2,
  ocspRequestDataOfChain,
  parseCertificate,
  parseCertificateChainPem,
  parseOcspResponse,
  readInstallationResponse,
  toPem,
  unwrapContractKeyIso2,
} from '../src/protocols/iso15118/index.ts';
import { testCsms } from './support/csms.ts';
import { testTrust } from './support/trust.ts';

/** With its right check character. */
const EMAID = 'NLTNMC00122045K';
const PCID = 'WMI12345671234567';
const VENDOR = 'org.openchargealliance.iso15118pnc';
const entropy = seededEntropy(new Random('pnc-csms'));

const ending: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ending.splice(0).reverse()) await end();
});

type Version = '1.6' | '2.0.1';

/** Trust environment, CSMS and one hand-written station. */
async function world(version: Version, answers: Parameters<Awaited<ReturnType<typeof testCsms>>['station']>[2] = {}) {
  const trust = await testTrust();
  const csms = await testCsms({ pnc: { url: trust.base } });
  await csms.call('PUT', `/tokens/${EMAID}`, { type: 'eMAID', status: 'Accepted' });
  const station = await csms.station('CS1', version === '1.6' ? 'ocpp1.6' : 'ocpp2.0.1', {
    GetBaseReport: (id) => `[3,"${id}",{"status":"NotSupported"}]`,
    ...answers,
  });
  ending.push(
    () => trust.end(),
    () => csms.end(),
    () => station.close(),
  );
  await station.boot();
  let n = 0;
  /** Asks by the inner name: wrapped for 1.6, native for 2.0.1. */
  const ask = async (action: string, payload: object): Promise<Record<string, unknown>> => {
    const id = `q-${n++}`;
    const text =
      version === '1.6'
        ? JSON.stringify([
            2,
            id,
            'DataTransfer',
            { vendorId: VENDOR, messageId: action, data: JSON.stringify(payload) },
          ])
        : JSON.stringify([2, id, action, payload]);
    const answer = JSON.parse(await station.ask(text)) as [number, string, Record<string, unknown>];
    if (version === '2.0.1') return answer[2];
    expect(answer[2]['status']).toBe('Accepted');
    return JSON.parse(String(answer[2]['data'])) as Record<string, unknown>;
  };
  const vehicleKey = EcPrivateKey.generate('secp256r1', entropy);
  const csr = toPem(
    'CERTIFICATE REQUEST',
    createSigningRequest(
      [
        { type: 'O', value: 'Cars' },
        { type: 'CN', value: PCID },
      ],
      vehicleKey,
    ),
  );
  const vehicle = (await trust.call('POST', '/pnc/vehicles', { pcid: PCID, csr })).body;
  await trust.call('POST', '/pnc/contracts', { pcid: PCID, emaid: EMAID });
  const roots = (await trust.call('GET', '/pnc/pools/roots')).body.items as {
    rootType: string;
    caCertificate: string;
    commonName: string;
  }[];
  const rootDer = (name: string) =>
    new Uint8Array(Buffer.from(roots.find(({ commonName }) => commonName === name)?.caCertificate ?? '', 'base64'));
  const [contract] = (await trust.call('GET', '/pnc/contracts')).body.items;
  const contractDetail = (await trust.call('GET', `/pnc/certificates/${contract.certificateId}`)).body;
  return {
    trust,
    csms,
    station,
    ask,
    vehicleKey,
    vehicle,
    rootDer,
    contract,
    contractPem: contractDetail.chainPem as string,
  };
}

const idToken = (version: Version, text = EMAID) =>
  version === '1.6' ? { idToken: text } : { idToken: text, type: 'eMAID' };

describe.each(['1.6', '2.0.1'] as const)('%s station and the pools through the CSMS', (version) => {
  it('check 26: SignCertificate is Accepted at once, CertificateSigned brings leaf, Sub2, Sub1 without root', async () => {
    const accept = (id: string) =>
      version === '1.6'
        ? `[3,"${id}",{"status":"Accepted","data":"{\\"status\\":\\"Accepted\\"}"}]`
        : `[3,"${id}",{"status":"Accepted"}]`;
    const { station, ask, csms } = await world(version, { DataTransfer: accept, CertificateSigned: accept });
    const key = EcPrivateKey.generate('secp256r1', entropy);
    const csr = toPem(
      'CERTIFICATE REQUEST',
      createSigningRequest(
        [
          { type: 'O', value: 'ACME' },
          { type: 'CN', value: 'DE8AAE12345' },
          { type: 'DC', value: 'CPO' },
        ],
        key,
      ),
    );
    expect(await ask('SignCertificate', { csr, certificateType: 'V2GCertificate' })).toEqual({ status: 'Accepted' });
    const signed = await station.until((text) => /^\[2,/.test(text) && text.includes('CertificateSigned'));
    const payload = JSON.parse(signed)[3];
    const message = version === '1.6' ? JSON.parse(payload.data) : payload;
    if (version === '1.6') expect(payload).toMatchObject({ vendorId: VENDOR, messageId: 'CertificateSigned' });
    else expect(message.certificateType).toBe('V2GCertificate');
    const chain = parseCertificateChainPem(message.certificateChain);
    expect(chain.map(({ subject }) => subject.find(({ type }) => type === 'CN')?.value)).toEqual([
      'DE8AAE12345',
      'CPO Sub2',
      'CPO Sub1',
    ]);
    expect(Buffer.from(chain[0]?.publicKeyBits ?? []).equals(Buffer.from(key.publicPoint))).toBe(true);
    await csms.until(async () => {
      const { body } = await csms.call('GET', '/stations/CS1/certificates');
      return body.items.some(({ status }: { status: string }) => status === 'Signed');
    });
  });

  it('check 26: a chain that is longer than the station takes is not sent', async () => {
    const accept = (id: string) =>
      version === '1.6'
        ? `[3,"${id}",{"status":"Accepted","data":"{\\"status\\":\\"Accepted\\"}"}]`
        : `[3,"${id}",{"status":"Accepted"}]`;
    const { ask, csms } = await world(version, { DataTransfer: accept, CertificateSigned: accept });
    csms.csms.state.items.put({
      station: 'CS1',
      kind: 'variables',
      id: version === '1.6' ? 'certificatesignedmaxchainsize' : 'securityctrlr.maxcertificatechainsize',
      at: Date.now(),
      value: { variable: 'x', attribute: 'Actual', value: '900' },
    });
    const signed = async (): Promise<boolean> =>
      (await csms.call('GET', '/stations/CS1/certificates')).body.items.some(
        ({ status }: { status: string }) => status === 'Signed',
      );
    const csr = (name: string): string =>
      toPem(
        'CERTIFICATE REQUEST',
        createSigningRequest(
          [
            { type: 'O', value: 'ACME' },
            { type: 'CN', value: name },
          ],
          EcPrivateKey.generate('secp256r1', entropy),
        ),
      );
    expect(await ask('SignCertificate', { csr: csr('DE8AAE1'), certificateType: 'V2GCertificate' })).toEqual({
      status: 'Accepted',
    });
    const logs = async (): Promise<string> => JSON.stringify((await csms.call('GET', '/logs?limit=50')).body);
    await csms.until(async () => (await logs()).includes('takes chains of 900 characters'));
    expect(await signed()).toBe(false);
  });

  it('check 34: the answer comes within 4.5 s, for Update and for -20 too, and a long one is told', async () => {
    const { ask, vehicleKey, vehicle, rootDer, trust } = await world(version);
    const [leaf] = parseCertificateChainPem(vehicle.certificatePem);
    const exi = encodeIso2(
      buildInstallationRequest({
        sessionId: Uint8Array.of(1, 2),
        roots: [parseCertificate(rootDer('V2G Root'))],
        subject: { action: 'Install', provisioningCertificate: leaf?.der ?? new Uint8Array() },
        signer: vehicleKey,
      }),
    );
    const exiRequest = Buffer.from(exi).toString('base64');
    const begin = Date.now();
    const update = { iso15118SchemaVersion: 'urn:iso:15118:2:2013:MsgDef', action: 'Update', exiRequest };
    expect(await ask('Get15118EVCertificate', update)).toMatchObject({ status: 'Accepted' });
    expect(Date.now() - begin).toBeLessThan(4_500);
    // The pool is asked in its own name of the edition; it then finds that these octets are no request of -20.
    const iso20 = { ...update, iso15118SchemaVersion: 'urn:iso:std:iso:15118:-20:CommonMessages' };
    expect(await ask('Get15118EVCertificate', iso20)).toMatchObject({ status: 'Failed', exiResponse: '' });
    const asked = (await trust.call('GET', '/messages?q=action:getSignedContractData&limit=10')).body.items as {
      s: number;
      k: string;
    }[];
    const texts = await Promise.all(
      asked.map(async ({ s: seq }) => (await trust.call('GET', `/messages/${seq}`)).text),
    );
    expect(texts.join()).toContain('urn:iso:15118:20:2022:MsgDef');
    const unknown = { ...update, iso15118SchemaVersion: 'urn:nobody' };
    expect(await ask('Get15118EVCertificate', unknown)).toMatchObject({ status: 'Failed', exiResponse: '' });
    const short = await testCsms({ pnc: { url: trust.base, maxExiChars: 100 } });
    ending.push(() => short.end());
    const station = await short.station('CS1', version === '1.6' ? 'ocpp1.6' : 'ocpp2.0.1', {
      GetBaseReport: (id) => `[3,"${id}",{"status":"NotSupported"}]`,
    });
    ending.push(() => station.close());
    await station.boot();
    const wrapped = { vendorId: VENDOR, messageId: 'Get15118EVCertificate', data: JSON.stringify(update) };
    const text = JSON.stringify(
      version === '1.6' ? [2, 'x', 'DataTransfer', wrapped] : [2, 'x', 'Get15118EVCertificate', update],
    );
    expect(await station.ask(text)).toContain('Accepted');
    const logs = JSON.stringify((await short.call('GET', '/logs?limit=50')).body);
    expect(logs).toContain('stations may take only 100');
  });

  it('check 35: an expired contract is CertificateExpired and Expired', async () => {
    const { ask, trust } = await world(version);
    await trust.call('PATCH', '/pnc/faults', { issue: 'expired' });
    const { body } = await trust.call('POST', '/pnc/certificates', { role: 'contract', commonName: EMAID });
    const chain = parseCertificateChainPem(body.chainPem).slice(0, -1);
    const certificate = chain.map(({ der }) => toPem('CERTIFICATE', der)).join('');
    expect(await ask('Authorize', { idToken: idToken(version), certificate })).toMatchObject({
      certificateStatus: 'CertificateExpired',
      idTokenInfo: { status: 'Expired' },
    });
  });

  it('check 35: by hash data, a blocked account of a good certificate is ContractCancelled', async () => {
    const { ask, csms, contractPem, rootDer } = await world(version);
    const hashes = ocspRequestDataOfChain(
      parseCertificateChainPem(contractPem).slice(0, 3),
      parseCertificate(rootDer('MO Root')),
    );
    await csms.call('PUT', `/tokens/${EMAID}`, { type: 'eMAID', status: 'Blocked' });
    expect(await ask('Authorize', { idToken: idToken(version), iso15118CertificateHashData: hashes })).toMatchObject({
      certificateStatus: 'ContractCancelled',
      idTokenInfo: { status: 'Blocked' },
    });
  });

  it('check 34: Get15118EVCertificate end to end; the vehicle opens what it gets', async () => {
    const { ask, vehicleKey, vehicle, rootDer } = await world(version);
    const [leaf] = parseCertificateChainPem(vehicle.certificatePem);
    const exi = encodeIso2(
      buildInstallationRequest({
        sessionId: Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8),
        roots: [parseCertificate(rootDer('V2G Root'))],
        subject: { action: 'Install', provisioningCertificate: leaf?.der ?? new Uint8Array() },
        signer: vehicleKey,
      }),
    );
    const answer = await ask('Get15118EVCertificate', {
      iso15118SchemaVersion: 'urn:iso:15118:2:2013:MsgDef',
      action: 'Install',
      exiRequest: Buffer.from(exi).toString('base64'),
    });
    expect(answer['status']).toBe('Accepted');
    const response = readInstallationResponse(Buffer.from(String(answer['exiResponse']), 'base64'));
    expect(response.responseCode).toBe('OK');
    const { data } = response;
    if (data === undefined) throw new Error('no data');
    expect(
      unwrapContractKeyIso2(data, vehicleKey, parseCertificate(data.contractChain[0]).publicKeyBits),
    ).toBeDefined();
  });

  it('check 34: a pool that refuses still answers EXI: Accepted; a pool that fails: Failed and nothing', async () => {
    const { ask, trust } = await world(version);
    const stranger = EcPrivateKey.generate('secp256r1', entropy);
    const { vehicle, rootDer } = await world(version);
    const [leaf] = parseCertificateChainPem(vehicle.certificatePem);
    const request = {
      iso15118SchemaVersion: 'urn:iso:15118:2:2013:MsgDef',
      action: 'Install',
      exiRequest: Buffer.from(
        encodeIso2(
          buildInstallationRequest({
            sessionId: Uint8Array.of(1),
            roots: [parseCertificate(rootDer('V2G Root'))],
            subject: { action: 'Install', provisioningCertificate: leaf?.der ?? new Uint8Array() },
            signer: stranger,
          }),
        ),
      ).toString('base64'),
    };
    const refused = await ask('Get15118EVCertificate', request);
    expect(refused['status']).toBe('Accepted');
    expect(readInstallationResponse(Buffer.from(String(refused['exiResponse']), 'base64')).responseCode).toBe(
      'FAILED_SignatureError',
    );
    await trust.call('PATCH', '/pnc/faults', { answers: [{ operation: 'getSignedContractData', status: 500 }] });
    expect(await ask('Get15118EVCertificate', request)).toMatchObject({ status: 'Failed', exiResponse: '' });
  });

  it('check 33: GetCertificateStatus is Accepted for good and revoked, Failed when nobody answers or asks elsewhere', async () => {
    const { ask, trust, contractPem, contract } = await world(version);
    const [leaf, sub2] = parseCertificateChainPem(contractPem);
    const [data] = ocspRequestDataOfChain(leaf === undefined || sub2 === undefined ? [] : [leaf, sub2], undefined);
    if (data === undefined) throw new Error('no data');
    const status = async (ocspRequestData: object = data) => ask('GetCertificateStatus', { ocspRequestData });
    const stateOf = (answer: Record<string, unknown>) => {
      const parsed = parseOcspResponse(new Uint8Array(Buffer.from(String(answer['ocspResult']), 'base64')));
      return parsed.kind === 'answer' ? parsed.answers[0]?.status.state : parsed.failure;
    };
    const good = await status();
    expect([good['status'], stateOf(good)]).toEqual(['Accepted', 'good']);
    await trust.call('POST', `/pnc/certificates/${contract.certificateId}/revoke`, { reason: 'keyCompromise' });
    expect(stateOf(await status())).toBe('good'); // kept until its next update
    const other = { ...data, hashAlgorithm: 'SHA384' };
    expect(await status(other)).toMatchObject({ status: 'Failed' }); // the responder does not know such hashes
    expect(await status({ ...data, responderURL: 'http://169.254.169.254/latest' })).toMatchObject({
      status: 'Failed',
    });
    await trust.call('PATCH', '/pnc/faults', { ocsp: 'down' });
    const down = await status({ ...data, serialNumber: '77' });
    expect([down['status'], down['ocspResult']]).toEqual(['Failed', undefined]);
  });

  it('check 35: Authorize by hash data and by chain, good, revoked, foreign and unknown', async () => {
    const { ask, trust, csms, contractPem, contract, rootDer } = await world(version);
    const chain = parseCertificateChainPem(contractPem);
    const [leaf, sub2, sub1] = chain;
    if (leaf === undefined || sub2 === undefined || sub1 === undefined) throw new Error('no chain');
    const hashes = ocspRequestDataOfChain([leaf, sub2, sub1], parseCertificate(rootDer('MO Root')));
    expect(hashes).toHaveLength(3);
    const verdict = async (question: object, token = EMAID) => {
      const answer = await ask('Authorize', { idToken: idToken(version, token), ...question });
      return [answer['certificateStatus'], (answer['idTokenInfo'] as { status: string }).status];
    };
    const pem = contractPem;
    expect(await verdict({ iso15118CertificateHashData: hashes })).toEqual(['Accepted', 'Accepted']);
    expect(await verdict({ certificate: pem })).toEqual(['Accepted', 'Accepted']);
    // The same account without check character.
    expect(await verdict({ certificate: pem }, EMAID.slice(0, -1))).toEqual(['Accepted', 'Accepted']);
    expect(await verdict({ certificate: pem }, 'DE8AAC99999999')).toEqual(['CertChainError', 'Invalid']);
    expect(await verdict({ certificate: toPem('CERTIFICATE', leaf.der) })).toEqual(['CertChainError', 'Invalid']);
    const unknown = { ...hashes[0], serialNumber: 'abcd' };
    expect(await verdict({ iso15118CertificateHashData: [unknown] })).toEqual(['CertChainError', 'Invalid']);
    await csms.call('PUT', `/tokens/${EMAID}`, { type: 'eMAID', status: 'Blocked' });
    expect(await verdict({ certificate: pem })).toEqual(['ContractCancelled', 'Blocked']);
    await csms.call('PUT', `/tokens/${EMAID}`, { type: 'eMAID', status: 'Accepted' });
    await trust.call('POST', `/pnc/certificates/${contract.certificateId}/revoke`, { reason: 'keyCompromise' });
    expect(await verdict({ iso15118CertificateHashData: hashes })).toEqual(['CertificateRevoked', 'Invalid']);
    await trust.call('PATCH', '/pnc/faults', { ocsp: 'down' });
    expect(await verdict({ iso15118CertificateHashData: hashes })).toEqual(['CertChainError', 'Invalid']);
  });
});

describe('1.6 wrapping', () => {
  it('check 29: an unknown inner name and malformed inner JSON are told by the transfer, without a crash', async () => {
    const { station } = await world('1.6');
    const ask = async (id: string, inner: string, data: string) =>
      JSON.parse(
        await station.ask(JSON.stringify([2, id, 'DataTransfer', { vendorId: VENDOR, messageId: inner, data }])),
      )[2].status;
    expect(await ask('a', 'Nonsense', '{}')).toBe('UnknownMessageId');
    expect(await ask('b', 'Authorize', '{"idToken"')).toBe('Rejected');
    expect(await ask('c', 'Authorize', '[]')).toBe('Rejected');
    expect(await ask('d', 'constructor', '{}')).toBe('UnknownMessageId');
  });

  it('check 36: SHA384 and SHA512, the 2.0.1 shape of the token; more than four entries are refused', async () => {
    const { ask, contractPem, station } = await world('1.6');
    const [leaf, sub2] = parseCertificateChainPem(contractPem);
    if (leaf === undefined || sub2 === undefined) throw new Error('no chain');
    for (const hash of ['SHA384', 'SHA512'] as const) {
      const hashes = ocspRequestDataOfChain([leaf, sub2], undefined, hash).slice(0, 1);
      const answer = await ask('Authorize', {
        idToken: { idToken: EMAID, type: 'eMAID' },
        iso15118CertificateHashData: hashes,
      });
      expect(answer).toMatchObject({ certificateStatus: 'Accepted', idTokenInfo: { status: 'Accepted' } });
    }
    const [one] = ocspRequestDataOfChain([leaf, sub2], undefined);
    const data = JSON.stringify({ idToken: { idToken: EMAID }, iso15118CertificateHashData: Array(5).fill(one) });
    const text = JSON.stringify([2, 'z', 'DataTransfer', { vendorId: VENDOR, messageId: 'Authorize', data }]);
    expect(JSON.parse(await station.ask(text))[2].status).toBe('Rejected');
  });
});

describe('1.6: what belongs into DataTransfer and what does not', () => {
  const rules = async (csms: Awaited<ReturnType<typeof testCsms>>): Promise<string[]> =>
    ((await csms.call('GET', '/findings?limit=100')).body.items as { rule: string }[]).map(({ rule }) => rule);

  it('check 38: a plain Authorize of a contract is a violation, one of a card is none', async () => {
    const { csms, station } = await world('1.6');
    await station.ask('[2,"card","Authorize",{"idTag":"04A1B2C3D4E5F6"}]');
    expect(await rules(csms)).not.toContain('PNC16-PLAIN');
    await station.ask(`[2,"plain","Authorize",{"idTag":"${EMAID}"}]`);
    await csms.until(async () => (await rules(csms)).includes('PNC16-PLAIN'));
  });

  it('check 38: a card in a wrapped Authorize is a violation, a contract is none', async () => {
    const { csms, ask } = await world('1.6');
    await ask('Authorize', { idToken: idToken('1.6') });
    expect(await rules(csms)).not.toContain('PNC16-EIM');
    await ask('Authorize', { idToken: { idToken: '04A1B2C3D4E5F6' } });
    await csms.until(async () => (await rules(csms)).includes('PNC16-EIM'));
  });
});

describe('the console at /pnc_api', () => {
  it.each(['SHA256', 'SHA384', 'SHA512'] as const)(
    'check 32: a certificate is deleted by the hash data that the station reported, here %s',
    async (hashAlgorithm) => {
      const { csms, station } = await world('2.0.1', {
        DeleteCertificate: (id) => `[3,"${id}",{"status":"Accepted"}]`,
      });
      const reported = { hashAlgorithm, issuerNameHash: 'aa', issuerKeyHash: 'bb', serialNumber: '1' };
      const response = await fetch(`${csms.base}/pnc_api/stations/CS1/delete-certificate`, {
        method: 'POST',
        body: JSON.stringify(reported),
        headers: { 'content-type': 'application/json' },
      });
      expect(await response.json()).toEqual({ status: 'Accepted' });
      const sent = await station.until((text) => text.includes('"DeleteCertificate"'));
      expect(JSON.parse(sent)[3]).toEqual({ certificateHashData: reported });
    },
  );

  it('does every operation of an operator, and is documented', async () => {
    const { csms, contractPem } = await world('2.0.1', {
      InstallCertificate: (id) => `[3,"${id}",{"status":"Accepted"}]`,
      TriggerMessage: (id) => `[3,"${id}",{"status":"Accepted"}]`,
      GetInstalledCertificateIds: (id) => `[3,"${id}",{"status":"NotFound"}]`,
    });
    const call = async (method: string, path: string, body?: unknown) => {
      const response = await fetch(`${csms.base}/pnc_api${path}`, {
        method,
        ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
      });
      // biome-ignore lint/suspicious/noExplicitAny: tests look into answers member by member
      return { status: response.status, body: (await response.json()) as any };
    };
    expect((await fetch(`${csms.base}/pnc_api/docs`)).status).toBe(200);
    expect((await call('POST', '/token')).body).toEqual({ received: true });
    expect((await call('GET', '/root-certificates?rootType=v2g')).body.roots[0].pem).toContain('BEGIN CERTIFICATE');
    expect(parseCertificateChainPem((await call('GET', '/ca-certificates')).body.chainPem)).toHaveLength(3);
    const made = await call('POST', '/csms-certificate', { commonName: 'csms.example' });
    expect(parseCertificateChainPem(made.body.certificateChain)).toHaveLength(3);
    expect((await call('POST', '/enroll', { csr: made.body.csr })).status).toBe(200);
    expect((await call('POST', '/enroll', { csr: 'nonsense' })).status).toBe(409);
    const [leaf, sub2] = parseCertificateChainPem(contractPem);
    const [data] = ocspRequestDataOfChain(leaf === undefined || sub2 === undefined ? [] : [leaf, sub2], undefined);
    expect((await call('POST', '/ocsp', data)).body.state).toBe('good');
    expect((await call('POST', '/ocsp', { ...data, responderURL: 'http://elsewhere.example' })).status).toBe(409);
    expect((await call('POST', '/stations/CS1/roots')).body.installed).toHaveLength(4);
    expect((await call('POST', '/stations/CS1/trigger')).body).toEqual({ status: 'Accepted' });
    expect((await call('GET', '/stations/CS1/installed-certificates')).body).toEqual({ status: 'NotFound' });
  });
});
