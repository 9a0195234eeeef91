import { describe, expect, it } from 'vitest';
import { seededEntropy } from '../../../core/entropy.ts';
import { Random } from '../../../core/random.ts';
import { EcPrivateKey } from '../keys/ec-key.ts';
import { SAMPLE_NOW_MS, samplePki } from '../testing/sample-pki.ts';
import { hashDataOf } from './hash-data.ts';
import { issueCertificate } from './issue.ts';
import { buildOcspFailure, buildOcspRequest, buildOcspResponse, parseOcspRequest, parseOcspResponse } from './ocsp.ts';
import { verifyOcspResponse } from './ocsp-verify.ts';
import { certificateProfile } from './profiles.ts';
import { type CertificateState, certificateIdOf, isIssuedBy } from './status.ts';

const pki = samplePki();
const certificate = pki.contract.certificate;
const issuer = pki['mo-sub-ca-2'].certificate;
const signer = pki['mo-sub-ca-2'].key;
const WEEK_MS = 7 * 86_400_000;
const id = certificateIdOf(certificate, issuer, 'SHA256');

function answer(status: CertificateState, nonce?: Uint8Array, asked = id): Uint8Array {
  const question = parseOcspRequest(buildOcspRequest([asked], nonce));
  return buildOcspResponse({
    question,
    stateOf: () => status,
    signer,
    producedAtMs: SAMPLE_NOW_MS + 499,
    validForMs: WEEK_MS,
  });
}

const check = (response: Uint8Array, more = {}) =>
  verifyOcspResponse({ response, certificate, issuer, nowMs: SAMPLE_NOW_MS, ...more });

describe('OCSP', () => {
  it.each(['SHA1', 'SHA256', 'SHA384', 'SHA512'] as const)('asks and answers with ids in %s', (hash) => {
    const asked = certificateIdOf(certificate, issuer, hash);
    expect(parseOcspRequest(buildOcspRequest([asked])).certificates).toEqual([asked]);
    expect(isIssuedBy(asked, issuer)).toBe(true);
    expect(isIssuedBy(asked, pki['mo-sub-ca-1'].certificate)).toBe(false);
    expect(check(answer({ state: 'good' }, undefined, asked))).toMatchObject({ ok: true, status: { state: 'good' } });
  });

  it('takes OCPP’s hash data as they are', () => {
    const data = hashDataOf(certificate, issuer, 'SHA512');
    expect(parseOcspRequest(buildOcspRequest([data])).certificates).toEqual([data]);
  });

  it('carries good, unknown and revoked with time and reason', () => {
    const revoked = { state: 'revoked', revokedAtMs: SAMPLE_NOW_MS - 5_000, reason: 'keyCompromise' } as const;
    for (const status of [{ state: 'good' }, { state: 'unknown' }, revoked] as const) {
      expect(check(answer(status))).toEqual({ ok: true, status, nextUpdateMs: SAMPLE_NOW_MS + WEEK_MS });
    }
  });

  it('stays small enough for OCPP and has whole seconds', () => {
    const response = answer({ state: 'good' });
    expect(Buffer.from(response).toString('base64').length).toBeLessThan(500);
    const parsed = parseOcspResponse(response);
    expect(parsed).toMatchObject({ kind: 'answer', producedAtMs: SAMPLE_NOW_MS });
  });

  it('echoes the nonce, and a wrong one is refused', () => {
    const nonce = Uint8Array.of(1, 2, 3, 4);
    const response = answer({ state: 'good' }, nonce);
    expect(parseOcspResponse(response)).toMatchObject({ nonce });
    expect(check(response, { nonce }).ok).toBe(true);
    expect(check(response, { nonce: Uint8Array.of(9) })).toEqual({
      ok: false,
      problem: 'The OCSP answer carries another nonce than the question.',
    });
  });

  it('refuses an old answer, another certificate, a changed answer and a failure', () => {
    const response = answer({ state: 'good' });
    expect(check(response, { nowMs: SAMPLE_NOW_MS + 2 * WEEK_MS })).toMatchObject({
      ok: false,
      problem: expect.stringMatching(/out of date/),
    });
    expect(check(response, { nowMs: SAMPLE_NOW_MS - WEEK_MS })).toMatchObject({
      ok: false,
      problem: expect.stringMatching(/future/),
    });
    const other = certificateIdOf(pki.secc.certificate, pki['cpo-sub-ca-2'].certificate, 'SHA256');
    expect(check(answer({ state: 'good' }, undefined, other))).toMatchObject({
      problem: expect.stringMatching(/does not speak/),
    });
    const last = response.length - 1;
    expect(check(response.with(last, (response[last] ?? 0) ^ 1))).toMatchObject({
      problem: expect.stringMatching(/signed neither/),
    });
    expect(check(buildOcspFailure('tryLater'))).toMatchObject({ problem: 'The OCSP responder answered tryLater.' });
  });

  it('accepts a signer that the issuer appointed, not one that appointed itself', () => {
    const key = EcPrivateKey.generate('secp256r1', seededEntropy(new Random('ocsp')));
    const appointed = (by: EcPrivateKey, role: 'ocsp-signer' | 'contract') =>
      issueCertificate({
        profile: certificateProfile(role),
        subject: [{ type: 'CN', value: 'OCSP' }],
        publicKey: key,
        issuer: { certificate: issuer, signer: by },
        notBeforeMs: SAMPLE_NOW_MS - 1_000,
        entropy: seededEntropy(new Random('s')),
      });
    const signedBy = (signerCertificate: ReturnType<typeof appointed>) =>
      buildOcspResponse({
        question: parseOcspRequest(buildOcspRequest([id])),
        stateOf: () => ({ state: 'good' }),
        signer: key,
        signerCertificate,
        producedAtMs: SAMPLE_NOW_MS,
        validForMs: WEEK_MS,
      });
    expect(check(signedBy(appointed(signer, 'ocsp-signer'))).ok).toBe(true);
    expect(check(signedBy(appointed(key, 'ocsp-signer'))).ok).toBe(false);
    expect(check(signedBy(appointed(signer, 'contract'))).ok).toBe(false);
  });

  it('refuses what is no request', () => {
    const invalid = expect.objectContaining({ code: 'ASN1_INVALID' });
    expect(() => parseOcspRequest(new Uint8Array(3))).toThrow(invalid);
    expect(() => parseOcspRequest(certificate.der)).toThrow(invalid);
    expect(() => parseOcspRequest(buildOcspRequest(Array.from({ length: 17 }, () => id)))).toThrow(invalid);
    expect(() => buildOcspRequest([{ ...id, issuerKeyHash: 'xyz' }])).toThrow(invalid);
  });
});
