import { createPublicKey, verify, X509Certificate } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { systemEntropy } from '../../core/entropy.ts';
import {
  createSigningRequest,
  EcPrivateKey,
  readCertificate,
  toPem,
  toPemChain,
  validatePath,
} from '../../protocols/iso15118/index.ts';
import { certificatesOf, client, subjectOf, TrustBench } from './testing/trust-bench.ts';

const GRANT = 'client_credentials';

describe('check 14, token service and access', () => {
  it('takes JSON and forms, refuses a wrong secret with 401 and a wrong grant with 400', async () => {
    const bench = new TrustBench();
    const form = await bench.ask('POST', '/oauth/token', {
      body: `client_id=cpo-demo&client_secret=cpo-demo-secret&audience=http%3A%2F%2Flocalhost&grant_type=${GRANT}`,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });
    expect(form.status).toBe(200);
    expect(form.json).toMatchObject({ token_type: 'Bearer', expires_in: 86_400 });
    const wrong = await bench.ask('POST', '/oauth/token', {
      json: { client_id: 'cpo-demo', client_secret: 'guess', grant_type: GRANT },
    });
    expect([wrong.status, wrong.json]).toEqual([401, { error: 'access_denied', error_description: 'Unauthorized' }]);
    const grant = await bench.ask('POST', '/oauth/token', {
      json: { client_id: 'cpo-demo', client_secret: 'cpo-demo-secret', grant_type: 'password' },
    });
    expect([grant.status, grant.json.error]).toEqual([400, 'unsupported_grant_type']);
    const missing = await bench.ask('POST', '/oauth/token', { json: { client_id: 'cpo-demo' } });
    expect([missing.status, missing.json.error]).toEqual([400, 'invalid_request']);
  });

  it('signs tokens with RS256 that verify with the published keys and carry the claims', async () => {
    const bench = new TrustBench({ clients: [client('oem', ['OEM'], { wmis: ['WMI'] })] });
    const token = await bench.token('oem');
    const [header = '', payload = '', signature = ''] = token.split('.');
    const { json } = await bench.ask('GET', '/.well-known/jwks.json');
    const key = createPublicKey({ key: json.keys[0], format: 'jwk' });
    expect(verify('sha256', Buffer.from(`${header}.${payload}`), key, Buffer.from(signature, 'base64url'))).toBe(true);
    expect(JSON.parse(Buffer.from(header, 'base64url').toString())).toMatchObject({
      alg: 'RS256',
      kid: json.keys[0].kid,
    });
    expect(JSON.parse(Buffer.from(payload, 'base64url').toString())).toMatchObject({
      sub: 'oem@clients',
      'http://localhost:8003/role': ['OEM'],
      'http://localhost:8003/pcid': ['WMI'],
    });
  });

  it('answers 401 without, with a broken and with an expired token; 403 for the wrong role', async () => {
    const bench = new TrustBench();
    const path = '/v1/root/rootCerts';
    expect((await bench.ask('GET', path)).status).toBe(401);
    expect((await bench.ask('GET', path, { token: 'a.b.c' })).status).toBe(401);
    const token = await bench.token('cpo-demo');
    const tampered = `${token.slice(0, -8)}AAAAAAAA`;
    expect((await bench.ask('GET', path, { token: tampered })).status).toBe(401);
    expect((await bench.ask('GET', path, { token })).status).toBe(200);
    expect((await bench.ask('GET', '/v1/oem/provCerts/WMI12345671234567', { token })).status).toBe(403);
    await bench.clock.fastForward(86_400_000);
    expect((await bench.ask('GET', path, { token })).status).toBe(401);
  });

  it('refuses foreign operators, providers and an algorithm of none', async () => {
    const bench = new TrustBench({
      clients: [
        client('cpo', ['CPO'], { operators: ['DE*8AA'] }),
        client('mo', ['MO_V2G_PKI'], { providers: ['DE8AA'] }),
      ],
    });
    const cpo = await bench.token('cpo');
    const enrol = async (name: string) =>
      (
        await bench.ask('POST', '/.well-known/cpo/simpleenroll', {
          token: cpo,
          body: Buffer.from(bench.csr(name)).toString('base64'),
        })
      ).status;
    expect(await enrol('DE*ABC*E1')).toBe(403);
    expect(await enrol('DE*8AA*E1')).toBe(200);
    const mo = await bench.token('mo');
    expect((await bench.ask('GET', '/v1/ccp/lookupContract/NLABCC12345678', { token: mo })).status).toBe(403);
    const none = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${cpo.split('.')[1]}.`;
    expect((await bench.ask('GET', '/v1/root/rootCerts', { token: none })).status).toBe(401);
  });

  it('shows a token on the page that clients scrape', async () => {
    const bench = new TrustBench();
    const page = await bench.ask('GET', '/api/v1/projects/cHJqOjk0NTg5/nodes/6bb8b3bc79c2e-authorization-token');
    const scraped = /Bearer (\S+)/.exec(page.json.data)?.[1];
    expect(
      (await bench.ask('GET', '/v1/root/rootCerts', { headers: { authorization: `Bearer ${scraped}` } })).status,
    ).toBe(200);
    expect((await bench.ask('GET', '/v1/root/rootCerts', { headers: { authorization: scraped ?? '' } })).status).toBe(
      200,
    );
  });
});

describe('check 15, simpleenroll on every path in use', () => {
  const PATHS = [
    '/.well-known/cpo/simpleenroll',
    '/.well-known/cpo/simpleenroll/ISO15118-2',
    '/.well-known/est/cpo/simpleenroll/ISO15118-2?xsdMsgDefNamespace=urn:iso:15118:2:2013:MsgDef',
    '/cpo/simpleenroll/ISO15118-2',
    '/.well-known/xyz-cpo/simpleenroll',
    '/est/simpleenroll?caDomain=cpo&iso15118Version=ISO15118-2',
  ];

  it.each(PATHS)('%s', async (path) => {
    const bench = new TrustBench();
    const key = bench.newKey();
    const answer = await bench.ask('POST', path, {
      token: await bench.token('cpo-demo'),
      body: Buffer.from(bench.csr('DE8AAE12345', key)).toString('base64'),
      headers: { 'content-type': 'application/pkcs10', accept: 'application/pkcs10' },
    });
    expect(answer.status).toBe(200);
    expect(answer.headers['content-type']).toBe('application/pkcs7-mime; smime-type=certs-only');
    expect(answer.headers['content-transfer-encoding']).toBe('base64');
    expect(Math.max(...answer.text.split('\n').map((line) => line.length))).toBe(76);
    const leaves = certificatesOf(answer.text);
    expect(leaves).toHaveLength(1);
    expect(subjectOf(leaves[0] ?? '')).toBe('O=ACME,CN=DE8AAE12345,DC=CPO');
    expect([...readCertificate(leaves[0] ?? '').publicKeyBits]).toEqual([...key.publicPoint]);
  });

  it('takes the body wrapped, unwrapped and as PEM', async () => {
    const bench = new TrustBench();
    const token = await bench.token('cpo-demo');
    const der = bench.csr('DE8AAE12345');
    const base64 = Buffer.from(der).toString('base64');
    for (const body of [base64, base64.replace(/(.{64})/g, '$1\r\n'), toPem('CERTIFICATE REQUEST', der), der]) {
      expect((await bench.ask('POST', '/.well-known/cpo/simpleenroll', { token, body })).status).toBe(200);
    }
  });

  it('-20: a P-521 key gets a P-521 certificate', async () => {
    const bench = new TrustBench();
    const key = EcPrivateKey.generate('secp521r1', systemEntropy);
    const body = Buffer.from(bench.csr('DE8AAE12345', key)).toString('base64');
    const token = await bench.token('cpo-demo');
    const answer = await bench.ask('POST', '/.well-known/cpo/simpleenroll/ISO15118-20', { token, body });
    expect(readCertificate(certificatesOf(answer.text)[0] ?? '').keyKind).toBe('secp521r1');
    expect((await bench.ask('POST', '/.well-known/cpo/simpleenroll', { token, body })).status).toBe(400);
  });
});

describe('enrolment for TLS', () => {
  it('a request that asks for server or client use gets that, with its host names, also in the strict profile', async () => {
    const bench = new TrustBench({ profile: 'strict' });
    const token = await bench.token('cpo-demo');
    const key = bench.newKey();
    const enrolled = async (extendedKeyUsage: string[], dnsNames: string[]) => {
      const subject = [
        { type: 'O', value: 'ACME' },
        { type: 'CN', value: 'csms.example' },
      ];
      const csr = createSigningRequest(subject, key, ['digitalSignature'], { extendedKeyUsage, dnsNames });
      const body = Buffer.from(csr).toString('base64');
      const { text, status } = await bench.ask('POST', '/.well-known/cpo/simpleenroll', { token, body });
      expect(status).toBe(200);
      return new X509Certificate(Buffer.from(readCertificate(certificatesOf(text)[0] ?? '').der));
    };
    // RFC 5280 section 4.2.1.12: id-kp-serverAuth, id-kp-clientAuth.
    const server = await enrolled(['1.3.6.1.5.5.7.3.1'], ['csms.example', 'localhost']);
    expect(server.subjectAltName).toBe('DNS:csms.example, DNS:localhost');
    expect(server.keyUsage).toEqual(['1.3.6.1.5.5.7.3.1']);
    const station = await enrolled(['1.3.6.1.5.5.7.3.2'], []);
    expect(station.keyUsage).toEqual(['1.3.6.1.5.5.7.3.2']);
    expect(station.subjectAltName).toBeUndefined();
  });
});

describe('check 16, cacerts', () => {
  it.each(['/.well-known/cpo/cacerts', '/cpo/cacerts/ISO15118-2/secp256r1/', '/cpo/cacerts/ISO15118-2'])(
    '%s gives Sub2, Sub1, Root, which verify the leaf',
    async (path) => {
      const bench = new TrustBench();
      const token = await bench.token('cpo-demo');
      const cas = certificatesOf((await bench.ask('GET', path, { token })).text);
      expect(cas.map(subjectOf)).toEqual([
        'C=DE,O=Compote,CN=CPO Sub2,DC=V2G',
        'C=DE,O=Compote,CN=CPO Sub1,DC=V2G',
        'C=DE,O=Compote,CN=V2G Root,DC=V2G',
      ]);
      const enrolled = await bench.ask('POST', '/.well-known/cpo/simpleenroll', {
        token,
        body: Buffer.from(bench.csr('DE8AAE12345')).toString('base64'),
      });
      const [sub2 = '', sub1 = '', root = ''] = cas;
      const path2 = validatePath({
        leaf: readCertificate(certificatesOf(enrolled.text)[0] ?? ''),
        intermediates: [readCertificate(sub2), readCertificate(sub1)],
        roots: [readCertificate(root)],
        nowMs: bench.trust.nowMs(),
      });
      expect(path2.problems).toEqual([]);
    },
  );
});

describe('check 17, enrolment refuses', () => {
  it('bad base64, a bad signature, another curve, an RSA key and a missing name with 400', async () => {
    const bench = new TrustBench();
    const token = await bench.token('cpo-demo');
    const enrol = async (body: string | Uint8Array) =>
      bench.ask('POST', '/.well-known/cpo/simpleenroll', { token, body });
    expect((await enrol('not base64 at all!')).status).toBe(400);
    expect((await enrol('')).status).toBe(400);
    const broken = bench.csr('DE8AAE12345');
    broken[broken.length - 3] = (broken[broken.length - 3] ?? 0) ^ 0xff;
    const tampered = await enrol(Buffer.from(broken).toString('base64'));
    expect([tampered.status, tampered.text]).toEqual([400, expect.stringContaining('not signed')]);
    const noName = createSigningRequest([{ type: 'O', value: 'ACME' }], bench.newKey());
    expect((await enrol(noName)).json.errorMessages).toEqual(['The subject has no common name (CN).']);
    expect((await enrol(RSA_REQUEST)).status).toBe(400);
  });

  it('a common name of another form only in the strict profile', async () => {
    const body = Buffer.from(new TrustBench().csr('example.com')).toString('base64');
    const strict = new TrustBench({ profile: 'strict' });
    const lenient = new TrustBench();
    const ask = async (bench: TrustBench) =>
      (await bench.ask('POST', '/.well-known/cpo/simpleenroll', { token: await bench.token('cpo-demo'), body })).status;
    expect([await ask(lenient), await ask(strict)]).toEqual([200, 400]);
  });

  it('an unregistered common name where registration is required', async () => {
    const bench = new TrustBench({ requireRegistration: true });
    const token = await bench.token('cpo-demo');
    const body = Buffer.from(bench.csr('DE8AAE12345')).toString('base64');
    const enrol = async () => (await bench.ask('POST', '/.well-known/cpo/simpleenroll', { token, body })).status;
    expect(await enrol()).toBe(403);
    await bench.ask('PUT', '/v1/vra/cpo/endEntities', {
      token,
      json: {
        commonName: 'DE8AAE12345',
        manufacture: 'ACME',
        deviceName: 'One',
        evseID: ['DE*8AA*E12345'],
        evseISOversion: '15118-2',
      },
    });
    expect(await enrol()).toBe(200);
    expect((await bench.ask('GET', '/v1/vra/cpo/endEntities', { token })).json).toHaveLength(1);
  });

  it('re-enrolment without a client certificate with 401, and takes the certificate that is to be renewed', async () => {
    const bench = new TrustBench();
    const body = Buffer.from(bench.csr('DE8AAE12345')).toString('base64');
    const token = await bench.token('cpo-demo');
    expect((await bench.ask('POST', '/.well-known/cpo/simplereenroll', { token, body })).status).toBe(401);
    const first = await bench.ask('POST', '/.well-known/cpo/simpleenroll', { token, body });
    const clientCertificate = Buffer.from(certificatesOf(first.text)[0] ?? '', 'base64');
    const path = '/.well-known/est/cpo/simplereenroll/ISO15118-2';
    expect((await bench.ask('POST', path, { body, clientCertificate })).status).toBe(200);
    const other = Buffer.from(bench.csr('DE8AAE99999')).toString('base64');
    expect((await bench.ask('POST', path, { body: other, clientCertificate })).status).toBe(403);
  });
});

describe('check 18, faults on purpose', () => {
  it('answers 401 once, 500, 202 with Retry-After, and late', async () => {
    const bench = new TrustBench();
    const { faults } = bench.trust.world;
    const token = await bench.token('cpo-demo');
    const roots = () => bench.ask('GET', '/v1/root/rootCerts', { token });
    faults.set({ ...faults.now, answers: [{ operation: 'getAllRootCerts', status: 401, times: 1 }] });
    expect([(await roots()).status, (await roots()).status]).toEqual([401, 200]);
    faults.set({ ...faults.now, answers: [{ operation: '*', status: 202, retryAfterS: 30 }] });
    const later = await roots();
    expect([later.status, later.headers['retry-after']]).toEqual([202, '30']);
    faults.set({ ...faults.now, answers: [], delayMs: 30_000 });
    const before = bench.trust.nowMs();
    const late = roots();
    await bench.clock.fastForward(30_000);
    expect((await late).status).toBe(200);
    expect(bench.trust.nowMs() - before).toBe(30_000);
  });

  it('issues expired, revoked and wrongly signed certificates', async () => {
    const bench = new TrustBench();
    const { faults } = bench.trust.world;
    const token = await bench.token('cpo-demo');
    const verdict = async (issue: 'expired' | 'revoked' | 'wrong-chain') => {
      faults.set({ ...faults.now, issue });
      const body = Buffer.from(bench.csr('DE8AAE12345')).toString('base64');
      const answer = await bench.ask('POST', '/.well-known/cpo/simpleenroll', { token, body });
      const cas = certificatesOf((await bench.ask('GET', '/.well-known/cpo/cacerts', { token })).text);
      const { verifyChain } = await import('./api/verify.ts');
      const pem = toPemChain(
        [...certificatesOf(answer.text), ...cas].map((each) => new Uint8Array(Buffer.from(each, 'base64'))),
      );
      return verifyChain(bench.trust.world, pem, bench.trust.nowMs()).certificateStatus;
    };
    expect(await verdict('expired')).toBe('CertificateExpired');
    expect(await verdict('revoked')).toBe('CertificateRevoked');
    expect(await verdict('wrong-chain')).toBe('CertChainError');
  });
});

describe('unknown addresses and methods get the pools’ error body', () => {
  it('404 and 405 with Allow; other cases of fixed parts are taken', async () => {
    const bench = new TrustBench();
    const unknown = await bench.ask('GET', '/v1/nothing/here');
    expect([unknown.status, unknown.json.traceId]).toEqual([404, expect.any(String)]);
    const method = await bench.ask('DELETE', '/v1/root/rootCerts');
    expect([method.status, method.headers['allow']]).toEqual([405, 'GET, PUT']);
    expect((await bench.ask('GET', '/v1/root/rootcerts', { token: await bench.token('cpo-demo') })).status).toBe(200);
  });
});

/** A PKCS#10 of an RSA key, made with openssl. */
const RSA_REQUEST =
  'MIICajCCAVICAQAwJTENMAsGA1UECgwEQUNNRTEUMBIGA1UEAwwLREU4QUFFMTIzNDUwggEiMA0GCSqGSIb3DQEBAQUAA4IBDwAwggEKAoIBAQC6sjDB/jTe2L41cpb4RX2Iavhj2fPcK/LxqzzeP+iVgGeiyeCPADfHBrCdg9AMSrwhHcKOj3fjHHWz/Umv0mN7lnYHiAtFF0SaKxN5AkVfXeQrni8SjVf26mkE9u6by2rKIDDLQ9kvgJ0LmfL2K+tNNGf21N1oQ8VN8lRhqmeJpdULcz3bvMtMG4Jw5gO01scpgSMOCc1Qto3/p/6r4JLw8iFPdmZUMpI5pAIdd7rEwp89zqDPfNQiNnRKGqQw7ZtElqwNo6d3mGUW72TtOg+NTe5xyNnlsYJJ/Od0WCSRrnulqwuKm1aHIQsZ4KLz2Y46P8QBuT3bMZjuaeWa64p3AgMBAAGgADANBgkqhkiG9w0BAQsFAAOCAQEAbyQCFHTGVOpIinJ5l4xmwB3cZNfL0ltq5epg9v7LH9US3/yO6LdmOPI4UPeP/RS5eO+5Q4U6ahTF1LMWz1YGe3sBUqPbHFbfLRtuF3bNAGs1g82mEchGSP4Qs/I7DnlVWTtnzxbgdFiBGeg7S7sWjWGPqwPI2pJ9jhCfvdTx61HBvuk2LPzMMKfPm2wZzYN2ssgNZcFDHarCeBPho8wtO/dy0Au7a5dpvKYCgsMmBVqk0H2QuuR+riZIO1XkCQbxy8ZOqQD3lhCClYGgjIcqv0yG2DWf2XrZkoBnDl85a+ks879r+b0ZziwNAeViL3P5/dgcXNUh+3DK/elddPrypQ==';
