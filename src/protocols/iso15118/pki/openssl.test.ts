import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seededEntropy } from '../../../core/entropy.ts';
import { Random } from '../../../core/random.ts';
import { EcPrivateKey } from '../keys/ec-key.ts';
import { SAMPLE_NOW_MS, samplePki } from '../testing/sample-pki.ts';
import { buildCrl } from './crl.ts';
import { createSigningRequest } from './csr.ts';
import { hashDataOf } from './hash-data.ts';
import { issueCertificate } from './issue.ts';
import { lintCertificate } from './lint.ts';
import { buildOcspResponse, parseOcspRequest } from './ocsp.ts';
import { toPem, toPemChain } from './pem.ts';
import { encodeCertsOnly } from './pkcs7.ts';
import { type CertificateRole, certificateProfile, type Edition } from './profiles.ts';

const hasOpenssl = spawnSync('openssl', ['version']).status === 0;

describe.skipIf(!hasOpenssl)('OpenSSL accepts what is made here (needs the openssl command)', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'compote-pki-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const file = (name: string, content: string | Uint8Array): string => {
    const path = join(folder, name);
    writeFileSync(path, content);
    return path;
  };
  const openssl = (...args: string[]): { status: number | null; output: string } => {
    const { status, stdout, stderr } = spawnSync('openssl', args, { encoding: 'utf8' });
    return { status, output: stdout + stderr };
  };
  const atTime = ['-attime', String(SAMPLE_NOW_MS / 1_000)];

  const PATHS: [CertificateRole, CertificateRole, CertificateRole, CertificateRole][] = [
    ['secc', 'cpo-sub-ca-2', 'cpo-sub-ca-1', 'v2g-root'],
    ['cps', 'cps-sub-ca-2', 'cps-sub-ca-1', 'v2g-root'],
    ['contract', 'mo-sub-ca-2', 'mo-sub-ca-1', 'mo-root'],
    ['oem-provisioning', 'oem-sub-ca-2', 'oem-sub-ca-1', 'oem-root'],
  ];

  it.each(
    (['ISO15118-2', 'ISO15118-20'] satisfies Edition[]).flatMap((edition) =>
      PATHS.map((path) => [edition, path] as const),
    ),
  )('the chain %s %s', (edition, [leaf, sub2, sub1, root]) => {
    const pki = samplePki(edition);
    const pem = (role: CertificateRole) => toPemChain([pki[role].certificate.der]);
    const { output } = openssl(
      'verify',
      '-x509_strict',
      ...atTime,
      '-CAfile',
      file('root.pem', pem(root)),
      '-untrusted',
      file('subs.pem', pem(sub2) + pem(sub1)),
      file('leaf.pem', pem(leaf)),
    );
    expect(output).toContain('leaf.pem: OK');
  });

  it.each([
    ['csms-server', 'sslserver'],
    ['station-client', 'sslclient'],
  ] as const)('a TLS certificate of the profile %s for the purpose %s', (role, purpose) => {
    const pki = samplePki();
    const entropy = seededEntropy(new Random(role));
    const certificate = issueCertificate({
      profile: certificateProfile(role),
      subject: [
        { type: 'O', value: 'Compote' },
        { type: 'CN', value: 'localhost' },
      ],
      publicKey: EcPrivateKey.generate('secp256r1', entropy),
      issuer: { certificate: pki['cpo-sub-ca-2'].certificate, signer: pki['cpo-sub-ca-2'].key },
      notBeforeMs: SAMPLE_NOW_MS,
      entropy,
      dnsNames: ['localhost'],
      ipAddresses: ['127.0.0.1'],
    });
    expect(lintCertificate(certificate, certificateProfile(role), true)).toEqual([]);
    const subCas = [pki['cpo-sub-ca-2'].certificate.der, pki['cpo-sub-ca-1'].certificate.der];
    const { output } = openssl(
      ...['verify', '-x509_strict', '-purpose', purpose, '-verify_hostname', 'localhost', '-verify_ip', '127.0.0.1'],
      ...[...atTime, '-CAfile', file('root.pem', toPemChain([pki['v2g-root'].certificate.der]))],
      ...['-untrusted', file('subs.pem', toPemChain(subCas)), file('tls.pem', toPemChain([certificate.der]))],
    );
    expect(output).toContain('tls.pem: OK');
  });

  it('a signing request and its key', () => {
    const { key } = samplePki().secc;
    const csr = createSigningRequest([{ type: 'CN', value: 'DE8AAE12345' }], key);
    const path = file('request.pem', toPem('CERTIFICATE REQUEST', csr));
    const { output } = openssl('req', '-in', path, '-verify', '-noout', '-text');
    expect(output).toMatch(/verify OK/i);
    expect(output).toContain('Digital Signature, Key Agreement');
    expect(openssl('pkey', '-in', file('key.pem', key.exportPem()), '-check', '-noout').output).toContain('valid');
  });

  it('a certs-only PKCS#7', () => {
    const { certificate } = samplePki().secc;
    const path = file('certs.p7', encodeCertsOnly([certificate.der]));
    const { output } = openssl('pkcs7', '-inform', 'DER', '-in', path, '-print_certs', '-noout');
    expect(output.match(/subject=/g)).toHaveLength(1);
    expect(output).toContain('DE8AAE12345');
  });

  it('a revocation list, and refuses the certificate in it', () => {
    const pki = samplePki();
    const issuer = pki['mo-sub-ca-2'];
    const crl = buildCrl({
      issuer: issuer.certificate,
      signer: issuer.key,
      revoked: [
        { serialNumber: pki.contract.certificate.serialNumber, revokedAtMs: SAMPLE_NOW_MS, reason: 'superseded' },
      ],
      thisUpdateMs: SAMPLE_NOW_MS - 1_000,
      nextUpdateMs: SAMPLE_NOW_MS + 86_400_000,
      number: 1,
    });
    const trust = file('trust.pem', toPemChain([issuer.certificate.der]));
    const path = file('list.crl', toPem('X509 CRL', crl));
    expect(openssl('crl', '-in', path, '-CAfile', trust, '-noout').output).toContain('verify OK');
    const leaf = file('revoked.pem', toPemChain([pki.contract.certificate.der]));
    const verified = openssl(
      'verify',
      ...['-partial_chain', '-crl_check', '-CRLfile', path, ...atTime, '-CAfile', trust, leaf],
    );
    expect(verified.output).toContain('certificate revoked');
  });

  it('an OCSP answer to its own question, with the same hash data', () => {
    const pki = samplePki();
    const { certificate } = pki.contract;
    const issuer = pki['mo-sub-ca-2'];
    const issuerFile = file('issuer.pem', toPemChain([issuer.certificate.der]));
    const leafFile = file('leaf.pem', toPemChain([certificate.der]));
    const questionFile = join(folder, 'question.der');
    openssl('ocsp', '-sha256', '-issuer', issuerFile, '-cert', leafFile, '-reqout', questionFile);
    const shown = openssl('ocsp', '-reqin', questionFile, '-req_text').output;
    const data = hashDataOf(certificate, issuer.certificate);
    expect(shown.toLowerCase()).toContain(`issuer name hash: ${data.issuerNameHash}`);
    expect(shown.toLowerCase()).toContain(`issuer key hash: ${data.issuerKeyHash}`);
    expect(shown.toLowerCase()).toContain(`serial number: ${data.serialNumber}`);
    const response = buildOcspResponse({
      question: parseOcspRequest(new Uint8Array(readFileSync(questionFile))),
      stateOf: () => ({ state: 'revoked', revokedAtMs: SAMPLE_NOW_MS, reason: 'keyCompromise' }),
      signer: issuer.key,
      producedAtMs: SAMPLE_NOW_MS,
      validForMs: 86_400_000,
    });
    const { output } = openssl(
      'ocsp',
      ...['-no_nonce', '-reqin', questionFile, '-respin', file('answer.der', response)],
      ...['-sha256', '-issuer', issuerFile, '-cert', leafFile],
      ...['-CAfile', issuerFile, '-partial_chain', ...atTime, '-validity_period', '4000000000'],
    );
    expect(output).toContain('Response verify OK');
    expect(output).toMatch(/leaf\.pem: revoked/);
    expect(output).toContain('Reason: keyCompromise');
  });
});
