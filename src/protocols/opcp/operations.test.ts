import fc from 'fast-check';
import { Value } from 'typebox/value';
import { describe, expect, expectTypeOf, it } from 'vitest';
import type { Caller, CallerClaims } from './callers.ts';
import { CA_NAMES, checkAccess, type PoolOperation } from './operation.ts';
import { findPoolOperation, POOL, POOL_OPERATIONS } from './operations.ts';
import { buildPoolRequest, readPoolResponse } from './request.ts';
import { PoolRouter } from './route-match.ts';

const rows: readonly PoolOperation[] = POOL_OPERATIONS;

describe('the table of pool operations', () => {
  it('names every operation once', () => {
    expect(new Set(rows.map(({ name }) => name)).size).toBe(rows.length);
    expect(findPoolOperation('lookupContract')).toBe(POOL.lookupContract);
    expect(findPoolOperation('constructor')).toBeUndefined();
  });

  it.each(rows.map((row) => [row.name, row] as const))('%s has examples that fit its schemas', (_, row) => {
    for (const side of [row.request, row.response]) {
      if (side.schema !== undefined) expect(Value.Errors(side.schema, side.example)).toEqual([]);
      expect(side.schema === undefined).toBe(side.example === undefined);
    }
  });

  it.each(rows.map((row) => [row.name, row] as const))('%s declares every parameter of its paths', (_, row) => {
    for (const path of [...row.paths, ...(row.opncPaths ?? [])]) {
      for (const [, name = ''] of path.matchAll(/\{(\w+)\*?\}/g)) {
        expect(Object.keys((row.params as { properties?: object } | undefined)?.properties ?? {})).toContain(name);
      }
    }
  });

  it('does not hold base64 certificates to the published 800 characters, which the standard means as octets', () => {
    const body = { subCA1Certificate: 'A'.repeat(1_068), vehicleCertificate: 'QUJD' };
    expect(Value.Check(POOL.addOemProvCert.request.schema ?? {}, body)).toBe(true);
  });

  it('takes a SHA-256 and, for the published mistake, a UUID as root fingerprint', () => {
    const { schema } = POOL.generateSignedContractData.request;
    const example = POOL.generateSignedContractData.request.example as object;
    const check = (cpsV2GRootCertificateFingerprint: string) =>
      Value.Check(schema ?? {}, { ...example, cpsV2GRootCertificateFingerprint });
    expect(check('a76ae4c5d00e06a967554511865bfa89e79590e8a61b5a71f9ce22e039d6c370')).toBe(true);
    expect(check('896b6655-180e-4304-b642-606bb00df8f0')).toBe(true);
    expect(check('896b')).toBe(false);
  });
});

describe('the access matrix', () => {
  const holder = (caller: Caller): CallerClaims => ({
    clientId: 'x',
    callers: [caller],
    scopes: ['rcpservice', 'pcpservice', 'ccpservice', 'cpservice', 'pkigateway'],
    wmis: [],
    providers: [],
    operators: [],
  });
  const COLUMNS: Caller[] = ['OEM', 'CPO', 'MO_OWN_PKI', 'MO_V2G_PKI', 'CPS', 'ADMIN'];

  /** As published: x may, - may not; columns as above. */
  const MATRIX: [keyof typeof POOL, string][] = [
    ['getRootCert', 'xxxxxx'],
    ['getAllRootCerts', 'xxxxxx'],
    ['saveRootCa', '-----x'],
    ['deleteRootCa', '-----x'],
    ['addOemProvCert', 'x-----'],
    ['deleteOemProvCert', 'x-----'],
    ['getOEMProvCert', 'x-xxx-'],
    ['lookupVehicle', 'x-xxx-'],
    ['getAllCpsSigners', 'xxxxx-'],
    ['signContractData', '--x---'],
    ['createSignedContractData', '--x---'],
    ['createAndForwardSignedContractData', '--x---'],
    ['generateSignedContractData', '---x--'],
    ['getSignedContractData', '-x----'],
    ['addSignedContractData', '----x-'],
    ['deleteSignedContractData', '--xx--'],
    ['lookupContract', '--xx--'],
    ['provideSignedContractData', 'x-----'],
    ['getContracts', 'x-----'],
    ['setDefaultContract', 'x-----'],
    ['addWebhook', 'xxxxx-'],
    ['getWebhooks', 'xxxxx-'],
    ['getWebhook', 'xxxxx-'],
    ['updateWebhook', 'xxxxx-'],
    ['deleteWebhook', 'xxxxx-'],
  ];

  it.each(MATRIX)('%s: %s', (name, expected) => {
    const found = COLUMNS.map((caller) => (checkAccess(POOL[name], holder(caller)).allowed ? 'x' : '-')).join('');
    expect(found).toBe(expected);
  });

  it.each([
    ['cpo', '-x----'],
    ['oem', 'x-----'],
    ['veh', 'x-----'],
    ['mo', '---x--'],
    ['cps', '---xx-'],
  ] as const)('enrolment with the authority %s: %s', (ca, expected) => {
    for (const operation of [POOL.simpleEnroll, POOL.caCerts]) {
      const found = COLUMNS.map((caller) => (checkAccess(operation, holder(caller), ca).allowed ? 'x' : '-'));
      expect(found.join('')).toBe(expected);
    }
  });

  it('asks nothing for status and token, a certificate for re-enrolment, and a scope where one is named', () => {
    expect(checkAccess(POOL.ocspPost, undefined).allowed).toBe(true);
    expect(checkAccess(POOL.getToken, undefined).allowed).toBe(true);
    expect(checkAccess(POOL.simpleReenroll, holder('CPO'), 'cpo')).toMatchObject({ allowed: false, status: 401 });
    expect(checkAccess(POOL.simpleReenroll, undefined, 'cpo', true).allowed).toBe(true);
    expect(checkAccess(POOL.getAllRootCerts, undefined)).toMatchObject({ allowed: false, status: 401 });
    expect(checkAccess(POOL.saveRootCa, holder('CPO'))).toEqual({
      allowed: false,
      status: 403,
      message: 'saveRootCa is not for CPO.',
    });
    expect(checkAccess(POOL.getAllRootCerts, { ...holder('CPO'), scopes: [] })).toEqual({
      allowed: false,
      status: 403,
      message: 'The token lacks the scope rcpservice.',
    });
  });
});

describe('routes', () => {
  const router = new PoolRouter();
  const find = (method: string, target: string) => {
    const result = router.match(method, target);
    return result.kind === 'match' ? [result.match.operation.name, result.match.params] : result;
  };

  it.each([
    ['GET', '/v1/root/rootCerts?rootType=v2g', 'getAllRootCerts', {}],
    ['GET', '/v1/root/rootCerts/abc', 'getRootCert', { rootCertificateId: 'abc' }],
    ['PUT', '/v1/oem/provCerts', 'addOemProvCert', {}],
    ['GET', '/v1/oem/provCerts/lookupVehicle/WMI1', 'lookupVehicle', { pcid: 'WMI1' }],
    ['GET', '/v1/oem/provCerts/WMI1', 'getOEMProvCert', { pcid: 'WMI1' }],
    ['GET', '/cps/signer', 'getAllCpsSigners', {}],
    ['GET', '/v1/cps/signer', 'getAllCpsSigners', {}],
    ['GET', '/v1/ccp/signedContractData/X', 'getContracts', { pcid: 'X' }],
    ['DELETE', '/v1/ccp/signedContractData/X', 'deleteSignedContractData', { emaid: 'X' }],
    ['POST', '/v1/ccp/signedContractData/P/E/default', 'setDefaultContract', { pcid: 'P', emaid: 'E' }],
    ['GET', '/v1/ccp/provideSignedContractData/E/P', 'provideSignedContractData', { emaid: 'E', pcid: 'P' }],
    ['POST', '/.well-known/cpo/simpleenroll', 'simpleEnroll', { ca: 'cpo' }],
    ['POST', '/.well-known/cpo/simpleenroll/ISO15118-20', 'simpleEnroll', { ca: 'cpo', iso: 'ISO15118-20' }],
    ['POST', '/.well-known/est/oem/simpleenroll/ISO15118-2', 'simpleEnroll', { ca: 'oem', iso: 'ISO15118-2' }],
    ['POST', '/cpo/simpleenroll/ISO15118-2', 'simpleEnroll', { ca: 'cpo', iso: 'ISO15118-2' }],
    ['POST', '/.well-known/demo-cpo/simpleenroll', 'simpleEnroll', { ca: 'demo-cpo' }],
    ['POST', '/.well-known/est/cpo/simplereenroll', 'simpleReenroll', { ca: 'cpo' }],
    ['GET', '/.well-known/cpo/cacerts', 'caCerts', { ca: 'cpo' }],
    ['GET', '/cpo/cacerts/ISO15118-2/secp256r1/', 'caCerts', { ca: 'cpo', iso: 'ISO15118-2', curve: 'secp256r1' }],
    ['GET', '/mo/cacerts/ISO15118-20', 'caCerts', { ca: 'mo', iso: 'ISO15118-20' }],
    ['POST', '/est/simpleenroll?caDomain=cpo', 'simpleEnroll', {}],
    ['GET', '/opnc/v1/rcp/rootcertificates', 'getAllRootCerts', {}],
    ['POST', '/opnc/v1/ccp/signedcontractdata/E/P/setdefault', 'setDefaultContract', { emaid: 'E', pcid: 'P' }],
    ['POST', '/oauth/token', 'getToken', {}],
    ['POST', '/', 'ocspPost', {}],
    ['GET', '/ocsp/MFIw/UDBO%2BMEw%3D', 'ocspGet', { request: 'MFIw/UDBO+MEw=' }],
    ['PUT', '/v1/vra/cpo/endEntities', 'registerEndEntity', {}],
    [
      'GET',
      '/api/v1/projects/p/nodes/6bb8-authorization-token',
      'getSandboxToken',
      { project: 'p', node: '6bb8-authorization-token' },
    ],
  ])('%s %s is %s', (method, target, name, params) => {
    expect(find(method, target)).toEqual([name, params]);
  });

  it('gives the query, and is not shaken by what is no route', () => {
    const result = router.match('get', '/v1/root/rootCerts?rootType=v2g&x=%20');
    expect(result).toMatchObject({ kind: 'match', match: { query: { rootType: 'v2g', x: ' ' } } });
    expect(find('POST', '/v1/root/rootCerts')).toEqual({ kind: 'other-method', allowed: ['GET', 'PUT'] });
    expect(find('GET', '/.well-known/other/cacerts')).toEqual({ kind: 'unknown' });
    expect(find('GET', '/v1/root/rootCerts/%E0%A4%A')).toEqual({ kind: 'unknown' });
    expect(find('GET', '//')).toEqual({ kind: 'other-method', allowed: ['POST'] });
  });

  it('give an answer to any request line', () => {
    const line = fc.oneof(
      fc.string(),
      fc.webPath(),
      fc.array(fc.constantFrom('v1', 'ccp', 'ocsp', '.well-known', 'est', 'cpo', '%', '{', '..', ''), { maxLength: 8 }),
    );
    fc.assert(
      fc.property(line, (parts) => {
        const target = Array.isArray(parts) ? `/${parts.join('/')}` : parts;
        expect(['match', 'other-method', 'unknown']).toContain(router.match('GET', target).kind);
      }),
      { numRuns: 1_000, seed: 15118 },
    );
  });

  it.each(rows.map((row) => [row.name, row] as const))('%s is found again on each of its own paths', (_, row) => {
    const samples: Record<string, string> = {
      ca: CA_NAMES[0],
      iso: 'ISO15118-2',
      curve: 'secp256r1',
      node: 'x-authorization-token',
    };
    for (const path of [...row.paths, ...(row.opncPaths ?? [])]) {
      const target = path.replace(/\{(\w+)\*?\}/g, (_whole, name: string) => samples[name] ?? 'a1');
      const result = router.match(row.method, target);
      expect(result.kind === 'match' && result.match.operation.name, `${row.method} ${path}`).toBe(row.name);
    }
  });
});

describe('the client', () => {
  const text = (body: Uint8Array | undefined) => Buffer.from(body ?? []).toString('utf8');

  it('builds requests with path, query, headers, token and JSON', () => {
    const request = buildPoolRequest(POOL.deleteSignedContractData, {
      params: { emaid: 'DE-8AA-C12345678' },
      query: { xsdMsgDefNamespace: 'urn:iso:15118:2:2013:MsgDef' },
      headers: { 'X-Skip-Revocation': 'true' },
      token: 't',
    });
    expect(request).toEqual({
      method: 'DELETE',
      target: '/v1/ccp/signedContractData/DE-8AA-C12345678?xsdMsgDefNamespace=urn%3Aiso%3A15118%3A2%3A2013%3AMsgDef',
      headers: { authorization: 'Bearer t', 'x-skip-revocation': 'true' },
      body: undefined,
    });
    const post = buildPoolRequest(POOL.getSignedContractData, {
      body: { certificateInstallationReq: 'gJgC', xsdMsgDefNamespace: 'n' },
    });
    expect(post.headers).toEqual({ 'content-type': 'application/json', accept: 'application/json' });
    expect(text(post.body)).toBe('{"certificateInstallationReq":"gJgC","xsdMsgDefNamespace":"n"}');
  });

  it('builds enrolment as wrapped base64, on another path when asked, and OCSP as octets', () => {
    const request = buildPoolRequest(POOL.simpleEnroll, {
      params: { ca: 'cpo', iso: 'ISO15118-2' },
      path: '/{ca}/simpleenroll/{iso}',
      body: new Uint8Array(100),
      token: 't',
    });
    expect(request.target).toBe('/cpo/simpleenroll/ISO15118-2');
    expect(request.headers).toMatchObject({
      'content-type': 'application/pkcs10',
      'content-transfer-encoding': 'base64',
      accept: 'application/pkcs7-mime',
    });
    expect(text(request.body)).toBe(`${'A'.repeat(76)}\n${'A'.repeat(58)}==\n`);
    const ocsp = buildPoolRequest(POOL.ocspPost, { body: Uint8Array.of(0x30, 0) });
    expect(ocsp).toMatchObject({ target: '/ocsp', body: Uint8Array.of(0x30, 0) });
  });

  it('names a missing path parameter', () => {
    expect(() => buildPoolRequest(POOL.getRootCert, {})).toThrow(
      expect.objectContaining({
        code: 'INVALID_REQUEST',
        fields: [{ pointer: '/path/rootCertificateId', msg: 'is required' }],
      }),
    );
  });

  it('reads answers and refusals of both kinds', () => {
    const answer = (status: number, body: unknown) => ({
      status,
      headers: {},
      body: new TextEncoder().encode(typeof body === 'string' ? body : JSON.stringify(body)),
    });
    const roots = { RootCertificateCollection: { rootCertificates: [{ rootType: 'V2G', caCertificate: 'QUJD' }] } };
    const good = readPoolResponse(POOL.getAllRootCerts, answer(200, roots));
    expect(good).toEqual({ ok: true, status: 200, value: roots, fitsSchema: true });
    if (good.ok)
      expectTypeOf(good.value.RootCertificateCollection.rootCertificates[0]?.caCertificate).toEqualTypeOf<
        string | undefined
      >();
    expect(readPoolResponse(POOL.getAllRootCerts, answer(200, '<html>'))).toMatchObject({
      ok: true,
      fitsSchema: false,
    });
    const refusal = { errorMessages: ['EXI format is invalid!'], traceId: 'f61b' };
    expect(readPoolResponse(POOL.getSignedContractData, answer(400, refusal))).toEqual({
      ok: false,
      status: 400,
      messages: ['EXI format is invalid!'],
      traceId: 'f61b',
      body: refusal,
    });
    const denied = { error: 'access_denied', error_description: 'Unauthorized' };
    expect(readPoolResponse(POOL.getToken, answer(401, denied))).toMatchObject({ messages: ['Unauthorized'] });
    expect(readPoolResponse(POOL.getToken, answer(502, ''))).toMatchObject({ ok: false, messages: [] });
    expect(() => readPoolResponse(POOL.caCerts, answer(200, 'AAAA'))).toThrow(
      expect.objectContaining({ code: 'ASN1_INVALID' }),
    );
  });
});
