import { Value } from 'typebox/value';
import { describe, expect, it } from 'vitest';
import { FOREIGN_VECTORS, foreignJson, foreignText } from '../iso15118/testing/foreign-vectors.ts';
import { samplePki } from '../iso15118/testing/sample-pki.ts';
import { ownsEmaid, ownsOperatorId, ownsPcid, readTokenPayload, tokenPayload } from './callers.ts';
import { decodeEstCertificates, encodeEstCertificates } from './est-bodies.ts';
import { POOL } from './operations.ts';
import { readPoolResponse } from './request.ts';
import { caOf } from './services/enrolment.ts';
import { ocspRequestOfPath } from './services/status.ts';
import { isDeliverySigned, isWorthRetrying, signDelivery, WebhookDelivery } from './webhook-delivery.ts';

const AUDIENCE = 'http://localhost:8003';
const CLAIMS = {
  clientId: 'demo',
  callers: ['CPO', 'MO_V2G_PKI'],
  scopes: ['rcpservice', 'ccpservice', 'pkigateway'],
  wmis: ['WMI'],
  providers: ['DE8AA'],
  operators: ['DE*8AA'],
  name: 'Demo',
} as const;

describe('tokens', () => {
  it('have the published claims, those of their own prefixed by the audience', () => {
    const payload = tokenPayload({
      claims: CLAIMS,
      issuer: 'http://localhost:8003/',
      audience: AUDIENCE,
      issuedAtMs: 1_772_323_200_500,
      validForMs: 86_400_000,
    });
    expect(payload).toEqual({
      iss: 'http://localhost:8003/',
      sub: 'demo@clients',
      aud: 'http://localhost:8003',
      iat: 1_772_323_200,
      exp: 1_772_409_600,
      azp: 'demo',
      gty: 'client-credentials',
      scope: 'rcpservice ccpservice pkigateway',
      permissions: ['rcpservice', 'ccpservice', 'pkigateway'],
      'http://localhost:8003/role': ['CPO', 'MO_HUBJECT_PKI'],
      'http://localhost:8003/pcid': ['WMI'],
      'http://localhost:8003/emaid': ['DE8AA'],
      'http://localhost:8003/operator': ['DE*8AA'],
      'http://localhost:8003/client_name': 'Demo',
    });
    expect(readTokenPayload(payload)).toEqual(CLAIMS);
  });

  it('of other makers are read by what stands behind the prefix', () => {
    const claims = readTokenPayload({ 'https://eu.example/role': 'OEM', scope: 'pcpservice other', azp: 'x' });
    expect(claims).toEqual({
      clientId: 'x',
      callers: ['OEM'],
      scopes: ['pcpservice'],
      wmis: [],
      providers: [],
      operators: [],
    });
    expect(readTokenPayload({}).callers).toEqual([]);
  });

  it('own ids by their beginning, whatever hyphens and case', () => {
    expect(ownsPcid(CLAIMS, 'wmi12345671234567')).toBe(true);
    expect(ownsPcid(CLAIMS, 'WMJ12345671234567')).toBe(false);
    expect(ownsEmaid(CLAIMS, 'DE-8AA-C12345678')).toBe(true);
    expect(ownsEmaid(CLAIMS, 'DE8ABC12345678')).toBe(false);
    expect(ownsOperatorId(CLAIMS, 'DE8AAE12345')).toBe(true);
    expect(ownsOperatorId({ ...CLAIMS, operators: [''] }, 'DE8AAE12345')).toBe(false);
  });
});

describe('enrolment bodies', () => {
  it('are base64 lines of 76 columns and come back untouched, with or without lines', () => {
    const pki = samplePki();
    const ders = [pki.secc.certificate.der, pki['cpo-sub-ca-2'].certificate.der];
    const body = encodeEstCertificates(ders);
    const text = Buffer.from(body).toString('latin1');
    expect(text.split('\n')[0]).toHaveLength(76);
    for (const form of [body, new TextEncoder().encode(text.replaceAll('\n', ''))]) {
      expect(decodeEstCertificates(form).map((der) => Buffer.from(der).toString('hex'))).toEqual(
        ders.map((der) => Buffer.from(der).toString('hex')),
      );
    }
  });

  it('know their authorities by path part', () => {
    expect(['cpo', 'xxx-CPO', 'veh', 'est', 'cpox'].map(caOf)).toEqual(['cpo', 'cpo', 'veh', undefined, undefined]);
  });
});

describe('OCSP by GET', () => {
  it('takes base64 in both alphabets', () => {
    const request = Uint8Array.of(0xfb, 0xff, 0xfe, 0x3e);
    expect(ocspRequestOfPath('+//+Pg==')).toEqual(request);
    expect(ocspRequestOfPath('-__-Pg')).toEqual(request);
  });
});

describe('webhook deliveries', () => {
  const body = new TextEncoder().encode('{"a":1}');

  it('are signed by HMAC-SHA256 over the raw body', () => {
    // printf '{"a":1}' | openssl dgst -sha256 -hmac secret
    const digest = 'aa9e2e3575f5d7098b6caccd790888c36d5fdb63342a73bada2d6a51747a8494';
    expect(signDelivery('secret', body)).toBe(`sha256=${digest}`);
  });

  it('are accepted under each documented header and not when changed', () => {
    const signature = signDelivery('secret', body);
    for (const name of ['x-hubject-signature', 'x-operator-signature', 'payload-signature']) {
      expect(isDeliverySigned('secret', body, { [name]: signature })).toBe(true);
    }
    expect(isDeliverySigned('other', body, { 'x-hubject-signature': signature })).toBe(false);
    expect(isDeliverySigned('secret', new TextEncoder().encode('{"a":2}'), { 'x-hubject-signature': signature })).toBe(
      false,
    );
    expect(isDeliverySigned('secret', body, {})).toBe(false);
  });

  it('are tried again after server errors and silence only', () => {
    expect([undefined, 500, 503, 400, 409, 200].map(isWorthRetrying)).toEqual([true, true, true, false, false, false]);
  });
});

describe.skipIf(!FOREIGN_VECTORS)('published examples (set COMPOTE_VECTORS)', () => {
  it('fit the schemas', () => {
    const roots = foreignJson('opcp-rcp-getAllRootCerts-response.json');
    expect(Value.Errors(POOL.getAllRootCerts.response.schema ?? {}, roots)).toEqual([]);
    const request = foreignJson('opcp-cps-createSignedContractData-request.json');
    expect(Value.Errors(POOL.createSignedContractData.request.schema ?? {}, request)).toEqual([]);
    const payloads = foreignJson('opcp-webhook-payload-examples.json') as Record<
      string,
      Record<string, { value: unknown }>
    >;
    const examples = Object.values(payloads).flatMap((group) => Object.values(group));
    expect(examples.length).toBe(4);
    for (const { value } of examples) expect(Value.Errors(WebhookDelivery, value)).toEqual([]);
  });

  it('enrolment answers are read as certificates', () => {
    const answer = (name: string) => ({
      status: 200,
      headers: {},
      body: new TextEncoder().encode(foreignText(name)),
    });
    const leaf = readPoolResponse(POOL.simpleEnroll, answer('hubject-est-simpleenroll-response.p7.b64'));
    expect(leaf.ok && leaf.value.length).toBe(1);
    const chain = readPoolResponse(POOL.caCerts, answer('hubject-est-cacerts-response.p7.b64'));
    expect(chain.ok && chain.value.length).toBe(3);
  });
});
