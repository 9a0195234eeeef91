import { createHash, X509Certificate } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { seededEntropy } from '../../../core/entropy.ts';
import { Random } from '../../../core/random.ts';
import { EcPrivateKey } from '../keys/ec-key.ts';
import { SAMPLE_NOW_MS, samplePki } from '../testing/sample-pki.ts';
import { parseCertificate, parseCertificateChainPem, readCertificate, serialNumberHex } from './certificate.ts';
import { buildCrl, readCrl } from './crl.ts';
import { createSigningRequest, lintSigningRequest, readSigningRequest } from './csr.ts';
import { hashDataOf, hashDataOfChain, isSameHashData, ocspRequestDataOfChain } from './hash-data.ts';
import { issueCertificate } from './issue.ts';
import { lintCertificate } from './lint.ts';
import { isNamedBy, nameText, nameValue } from './names.ts';
import { orderChain, validatePath } from './path.ts';
import { toPem, toPemChain } from './pem.ts';
import { decodeCertsOnly, encodeCertsOnly } from './pkcs7.ts';
import { type CertificateRole, certificateProfile } from './profiles.ts';

const pki = samplePki();
const pki20 = samplePki('ISO15118-20');
const cert = (role: CertificateRole) => pki[role].certificate;
const ROLES = Object.keys(pki) as CertificateRole[];
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

describe('issued certificates', () => {
  it.each(ROLES)('%s of ISO 15118-2 fits its strict profile and stays small', (role) => {
    expect(lintCertificate(cert(role), certificateProfile(role), true)).toEqual([]);
    expect(cert(role).der.length).toBeLessThanOrEqual(560);
  });

  it.each(ROLES)('%s of ISO 15118-20 fits its strict profile', (role) => {
    const profile = certificateProfile(role, 'ISO15118-20');
    expect(lintCertificate(pki20[role].certificate, profile, true)).toEqual([]);
  });

  it('are repeated octet by octet by the same seed', () => {
    expect(sha256(samplePki().contract.certificate.der)).toBe(sha256(cert('contract').der));
  });

  it('are read by OpenSSL with the same facts and verify', () => {
    const leaf = new X509Certificate(cert('secc').der);
    const issuer = new X509Certificate(cert('cpo-sub-ca-2').der);
    expect(leaf.verify(issuer.publicKey)).toBe(true);
    expect(leaf.checkIssued(issuer)).toBe(true);
    expect(leaf.subject).toBe('C=DE\nO=Compote\nCN=DE8AAE12345\nDC=CPO');
    expect(BigInt(`0x${leaf.serialNumber}`)).toBe(cert('secc').serialNumber);
    expect(leaf.ca).toBe(false);
    expect(issuer.ca).toBe(true);
    expect(leaf.infoAccess).toContain('OCSP - URI:http://localhost:8003/ocsp');
  });

  it('carry 8-octet key identifiers of RFC 5280 method 2', () => {
    const { subjectKeyId, publicKeyBits } = cert('contract');
    const digest = createHash('sha1').update(publicKeyBits).digest('hex');
    expect(Buffer.from(subjectKeyId ?? []).toString('hex')).toBe(`4${digest.slice(-15)}`);
    expect(cert('contract').authorityKeyId).toEqual(cert('mo-sub-ca-2').subjectKeyId);
  });

  it('are read back from PEM, base64 and DER', () => {
    const { der } = cert('contract');
    const forms = [der, toPem('CERTIFICATE', der), Buffer.from(der).toString('base64')];
    for (const form of forms) expect(sha256(readCertificate(form).der)).toBe(sha256(der));
    const chain = parseCertificateChainPem(toPemChain([der, cert('mo-sub-ca-2').der]));
    expect(chain.map((each) => nameValue(each.subject, 'CN'))).toEqual(['DE8AAC12345678D', 'mo-sub-ca-2']);
  });
});

describe('the profile linter', () => {
  it('says in words what deviates: a warning, or an error in strict mode', () => {
    const remarks = lintCertificate(cert('contract'), certificateProfile('secc'));
    expect(remarks.map(({ rule, severity }) => [rule, severity])).toEqual([
      ['domain-component', 'warning'],
      ['key-usage', 'warning'],
      ['validity', 'warning'],
    ]);
    expect(remarks[0]?.text).toBe('The domain component of the subject is missing; it should be CPO.');
    expect(lintCertificate(cert('contract'), certificateProfile('secc'), true)[0]?.severity).toBe('error');
  });

  it('finds a wrong key an error always', () => {
    const remarks = lintCertificate(pki20.contract.certificate, certificateProfile('contract'));
    expect(remarks).toContainEqual({
      rule: 'key',
      severity: 'error',
      text: 'The key is of kind secp521r1; ISO15118-2 wants secp256r1.',
    });
  });

  it('tells a sub-CA 1 from a sub-CA 2 by the path length', () => {
    const remarks = lintCertificate(cert('cpo-sub-ca-1'), certificateProfile('cpo-sub-ca-2'));
    expect(remarks[0]).toMatchObject({ rule: 'path-length', text: 'The path length constraint is 1; it should be 0.' });
  });
});

describe('path validation', () => {
  const whole = {
    leaf: cert('contract'),
    intermediates: [cert('cps-sub-ca-1'), cert('mo-sub-ca-1'), cert('mo-sub-ca-2')],
    roots: [cert('v2g-root'), cert('mo-root')],
    nowMs: SAMPLE_NOW_MS,
  };
  const codes = (order: Parameters<typeof validatePath>[0]) => validatePath(order).problems.map(({ code }) => code);

  it('finds the way from the leaf over unordered sub-CAs to the right root', () => {
    const result = validatePath(whole);
    expect(result.problems).toEqual([]);
    expect(result.chain.map((each) => nameValue(each.subject, 'CN'))).toEqual([
      'DE8AAC12345678D',
      'mo-sub-ca-2',
      'mo-sub-ca-1',
    ]);
    expect(nameValue(result.root?.subject ?? [], 'CN')).toBe('mo-root');
  });

  it('names a missing issuer, a foreign root and an empty order', () => {
    expect(codes({ ...whole, intermediates: [cert('mo-sub-ca-1')] })).toEqual(['UNKNOWN_ISSUER']);
    expect(codes({ ...whole, roots: [cert('v2g-root')] })).toEqual(['UNKNOWN_ISSUER']);
    expect(codes({ ...whole, leaf: undefined })).toEqual(['NO_CERTIFICATE']);
  });

  it('names certificates that are not valid yet or any more', () => {
    const early = validatePath({ ...whole, nowMs: SAMPLE_NOW_MS - 2 * 86_400_000 });
    expect(new Set(early.problems.map(({ code }) => code))).toEqual(new Set(['NOT_YET_VALID']));
    const late = validatePath({ ...whole, nowMs: cert('contract').notAfterMs + 1_000 });
    expect(late.problems.map(({ code }) => code)).toEqual(['EXPIRED', 'EXPIRED']);
    expect(late.problems[0]?.text).toMatch(/^CN=DE8AAC12345678D,O=Compote,C=DE \(serial [0-9a-f]+\) expired at 2028-/);
  });

  it('does not accept an issuer that has the name but not the key', () => {
    const impostor = EcPrivateKey.generate('secp256r1', seededEntropy(new Random('impostor')));
    const forged = issueCertificate({
      profile: certificateProfile('contract'),
      subject: cert('contract').subject,
      publicKey: impostor,
      issuer: { certificate: cert('mo-sub-ca-2'), signer: impostor },
      notBeforeMs: SAMPLE_NOW_MS,
      entropy: seededEntropy(new Random('forged')),
    });
    expect(codes({ ...whole, leaf: forged })).toEqual(['BAD_SIGNATURE']);
  });

  it('does not accept a leaf as issuer', () => {
    const { certificate, key } = pki.contract;
    const child = issueCertificate({
      profile: certificateProfile('contract'),
      subject: [{ type: 'CN', value: 'child' }],
      publicKey: key,
      issuer: { certificate, signer: key },
      notBeforeMs: SAMPLE_NOW_MS,
      entropy: seededEntropy(new Random('child')),
    });
    expect(codes({ ...whole, leaf: child, intermediates: [...whole.intermediates, certificate] })).toEqual([
      'PATH_TOO_LONG',
      'NOT_A_CA',
      'MAY_NOT_SIGN_CERTIFICATES',
      'PATH_TOO_LONG',
      'PATH_TOO_LONG',
    ]);
  });

  it('asks for the state of everything below the root', () => {
    const asked: (string | undefined)[] = [];
    const result = validatePath({
      ...whole,
      stateOf: (each) => {
        asked.push(nameValue(each.subject, 'CN'));
        if (each === cert('mo-sub-ca-2')) {
          return { state: 'revoked', revokedAtMs: SAMPLE_NOW_MS, reason: 'keyCompromise' };
        }
        return { state: each === cert('mo-sub-ca-1') ? 'unknown' : 'good' };
      },
    });
    expect(asked).toEqual(['DE8AAC12345678D', 'mo-sub-ca-2', 'mo-sub-ca-1']);
    expect(result.problems.map(({ code }) => code)).toEqual(['REVOKED', 'STATUS_UNKNOWN']);
    expect(result.problems[0]?.text).toContain('was revoked at 2026-03-01T00:00:00.000Z (keyCompromise)');
  });

  it('orders a bundle from leaf to root', () => {
    const bundle = [cert('v2g-root'), cert('mo-root'), cert('cpo-sub-ca-1'), cert('cpo-sub-ca-2')];
    expect(orderChain(cert('secc'), bundle).map((each) => nameValue(each.subject, 'CN'))).toEqual([
      'DE8AAE12345',
      'cpo-sub-ca-2',
      'cpo-sub-ca-1',
      'v2g-root',
    ]);
  });
});

describe('names', () => {
  it('are written as RFC 4514 says and recognised in both orders', () => {
    const { subject } = cert('v2g-root');
    expect(nameText(subject)).toBe('DC=V2G,CN=v2g-root,O=Compote,C=DE');
    expect(isNamedBy(subject, 'C=DE, O=Compote, CN=V2G-Root, DC=V2G')).toBe(true);
    expect(isNamedBy(subject, 'DC=V2G,CN=v2g-root,O=Compote,C=DE')).toBe(true);
    expect(isNamedBy(subject, 'CN=v2g-root,O=Compote,C=DE')).toBe(false);
    const comma = [{ type: 'O', value: 'A, "B"' }];
    expect(nameText(comma)).toBe('O=A\\, \\"B\\"');
    expect(isNamedBy(comma, nameText(comma))).toBe(true);
  });
});

describe('signing requests', () => {
  const key = EcPrivateKey.generate('secp256r1', seededEntropy(new Random('station')));
  const subject = [
    { type: 'CN', value: 'DE8AAE12345' },
    { type: 'O', value: 'Compote' },
    { type: 'DC', value: 'CPO' },
  ];

  it('are made, read in every form, and found signed by their key', () => {
    const der = createSigningRequest(subject, key);
    for (const form of [der, toPem('CERTIFICATE REQUEST', der), Buffer.from(der).toString('base64')]) {
      const request = readSigningRequest(form);
      expect(request.subject).toEqual(subject);
      expect(request.isSignatureValid).toBe(true);
      expect(request.publicKeyBits).toEqual(key.publicPoint);
      expect(lintSigningRequest(request, 'secp256r1')).toEqual([]);
    }
  });

  it('are answered with a certificate of the same subject and key', () => {
    const request = readSigningRequest(createSigningRequest(subject, key));
    if (request.issuableKey === undefined) throw new Error('a key that can be certified expected');
    const certificate = issueCertificate({
      profile: certificateProfile('secc'),
      subject: request.subject,
      publicKey: request.issuableKey,
      issuer: { certificate: cert('cpo-sub-ca-2'), signer: pki['cpo-sub-ca-2'].key },
      notBeforeMs: SAMPLE_NOW_MS,
      entropy: seededEntropy(new Random('answer')),
      ocspUrl: 'http://localhost:8003/ocsp',
    });
    expect(certificate.subject).toEqual(subject);
    expect(certificate.publicKeyBits).toEqual(key.publicPoint);
    expect(lintCertificate(certificate, certificateProfile('secc'), true)).toEqual([]);
  });

  it('are found wanting when changed, nameless or on another curve', () => {
    const der = createSigningRequest(subject, key);
    const at = Buffer.from(der).indexOf('DE8AAE12345');
    const request = readSigningRequest(der.with(at, 0x46));
    expect(lintSigningRequest(request, 'secp521r1')).toEqual([
      'The request is not signed by the key it asks a certificate for.',
      'The key is of kind secp256r1; secp521r1 is needed.',
    ]);
    expect(lintSigningRequest(readSigningRequest(createSigningRequest([], key)), 'secp256r1')).toEqual([
      'The subject has no common name (CN).',
      'The subject has no organisation (O).',
    ]);
  });
});

describe('hash data', () => {
  it('hashes the issuer name and the issuer’s bare key, and strips leading zeros', () => {
    const key = pki['mo-sub-ca-2'].key;
    const leaf = issueCertificate({
      profile: certificateProfile('contract'),
      subject: [{ type: 'CN', value: 'X' }],
      publicKey: key,
      issuer: { certificate: cert('mo-sub-ca-2'), signer: key },
      notBeforeMs: SAMPLE_NOW_MS,
      entropy: seededEntropy(new Random('x')),
      serialNumber: Uint8Array.of(0, 0x81, 0x02),
    });
    expect(hashDataOf(leaf, cert('mo-sub-ca-2'))).toEqual({
      hashAlgorithm: 'SHA256',
      issuerNameHash: sha256(cert('mo-sub-ca-2').subjectDer),
      issuerKeyHash: sha256(key.publicPoint),
      serialNumber: '8102',
    });
  });

  it('compares serial numbers as numbers and hashes in any case', () => {
    const data = hashDataOf(cert('secc'), cert('cpo-sub-ca-2'), 'SHA384');
    const written = {
      ...data,
      issuerNameHash: data.issuerNameHash.toUpperCase(),
      serialNumber: `00${data.serialNumber.toUpperCase()}`,
    };
    expect(isSameHashData(data, written)).toBe(true);
    expect(isSameHashData(data, { ...data, serialNumber: '1' })).toBe(false);
    expect(isSameHashData(data, { ...data, hashAlgorithm: 'SHA256' })).toBe(false);
  });

  it('covers a chain, a root by itself, and names responders for at most four', () => {
    const chain = [cert('secc'), cert('cpo-sub-ca-2'), cert('cpo-sub-ca-1')];
    const data = hashDataOfChain(chain, cert('v2g-root'));
    expect(data.map(({ serialNumber }) => serialNumber)).toEqual(
      chain.map(({ serialNumber }) => serialNumberHex(serialNumber)),
    );
    expect(hashDataOfChain(chain, undefined)).toHaveLength(2);
    const [root] = hashDataOfChain([cert('v2g-root')], undefined);
    expect(root?.issuerKeyHash).toBe(sha256(pki['v2g-root'].key.publicPoint));
    const questions = ocspRequestDataOfChain([...chain, ...chain], cert('v2g-root'));
    expect(questions).toHaveLength(4);
    expect(questions[0]?.responderURL).toBe('http://localhost:8003/ocsp');
  });
});

describe('PKCS#7 certs-only', () => {
  it('gives the certificates back untouched', () => {
    const certificates = [cert('secc').der, cert('cpo-sub-ca-2').der];
    expect(decodeCertsOnly(encodeCertsOnly(certificates)).map(sha256)).toEqual(certificates.map(sha256));
    expect(() => decodeCertsOnly(cert('secc').der)).toThrow(expect.objectContaining({ code: 'ASN1_INVALID' }));
  });
});

describe('CRL', () => {
  it('lists what was revoked, signed by the issuer', () => {
    const issuer = cert('mo-sub-ca-2');
    const revoked = [
      { serialNumber: cert('contract').serialNumber, revokedAtMs: SAMPLE_NOW_MS, reason: 'superseded' as const },
    ];
    const times = { thisUpdateMs: SAMPLE_NOW_MS, nextUpdateMs: SAMPLE_NOW_MS + 86_400_000, number: 7 };
    const der = buildCrl({ issuer, signer: pki['mo-sub-ca-2'].key, revoked, ...times });
    const crl = readCrl(der, issuer);
    expect(crl.isSignatureValid).toBe(true);
    expect(crl.revoked).toEqual([{ serialNumber: cert('contract').serialNumber, revokedAtMs: SAMPLE_NOW_MS }]);
    expect(readCrl(der, cert('mo-sub-ca-1')).isSignatureValid).toBe(false);
    const empty = buildCrl({ issuer, signer: pki['mo-sub-ca-2'].key, revoked: [], ...times });
    expect(readCrl(empty, issuer).revoked).toEqual([]);
  });
});

describe('hostile DER', () => {
  it.each([
    ['nothing', new Uint8Array(0)],
    ['an endless nest', new Uint8Array(4_000).fill(0x30)],
    ['an indefinite length', Uint8Array.of(0x30, 0x80, 0, 0)],
    ['a certificate with a tail', Uint8Array.of(...cert('secc').der, 0)],
    ['half a certificate', cert('secc').der.slice(0, 200)],
  ])('%s is no certificate', (_, bytes) => {
    expect(() => parseCertificate(bytes)).toThrow(expect.objectContaining({ code: 'ASN1_INVALID' }));
  });
});
