import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testTrust } from '../support/trust.ts';

const run = promisify(execFile);

/** What openssl says, both streams; throws with its words when it fails. */
function openssl(...args: string[]): string {
  return execFileSync('openssl', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

describe('openssl and the trust environment', () => {
  let trust: Awaited<ReturnType<typeof testTrust>>;
  let folder: string;
  const file = (name: string, content?: string | Uint8Array): string => {
    const path = join(folder, name);
    if (content !== undefined) writeFileSync(path, content);
    return path;
  };

  beforeAll(async () => {
    trust = await testTrust();
    folder = mkdtempSync(join(tmpdir(), 'pnc-openssl-'));
  });
  afterAll(async () => {
    await trust.end();
    rmSync(folder, { recursive: true, force: true });
  });

  const pemsOf = (chain: string): string[] =>
    chain.match(/-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----\n/g) ?? [];

  it('check 15, 16: a request by openssl is enrolled; openssl lists one leaf and verifies it with cacerts', async () => {
    openssl('ecparam', '-name', 'prime256v1', '-genkey', '-noout', '-out', file('secc.key'));
    openssl(
      'req',
      '-new',
      '-key',
      file('secc.key'),
      '-subj',
      '/O=ACME/CN=DE8AAE12345/DC=CPO',
      '-out',
      file('secc.csr'),
    );
    openssl('req', '-in', file('secc.csr'), '-outform', 'DER', '-out', file('secc.csr.der'));
    const headers = { authorization: `Bearer ${await trust.token('cpo-demo')}`, 'content-type': 'application/pkcs10' };
    const body = execFileSync('base64', [file('secc.csr.der')], { encoding: 'utf8' });
    const enrolled = await trust.request('POST', '/.well-known/cpo/simpleenroll', { headers, body });
    expect(enrolled.status).toBe(200);
    file('leaf.p7', `-----BEGIN PKCS7-----\n${enrolled.text}-----END PKCS7-----\n`);
    const leaves = openssl('pkcs7', '-in', file('leaf.p7'), '-print_certs');
    expect(leaves.match(/subject=/g)).toHaveLength(1);
    expect(leaves).toContain('CN = DE8AAE12345');
    file('leaf.pem', leaves);
    const cas = await trust.request('GET', '/.well-known/cpo/cacerts', { headers });
    file('cas.p7', `-----BEGIN PKCS7-----\n${cas.text}-----END PKCS7-----\n`);
    const [sub2 = '', sub1 = '', root = ''] = pemsOf(openssl('pkcs7', '-in', file('cas.p7'), '-print_certs'));
    file('subs.pem', sub2 + sub1);
    file('root.pem', root);
    expect(openssl('verify', '-CAfile', file('root.pem'), '-untrusted', file('subs.pem'), file('leaf.pem'))).toContain(
      'OK',
    );
  });

  it('check 10, 11: every branch verifies, each certificate has at most 800 bytes', async () => {
    for (const [role, name] of [
      ['secc', 'DE8AAE1'],
      ['cps', 'CPS 2'],
      ['contract', 'DE8AAC12345678D'],
      ['oem-provisioning', 'WMI12345671234567'],
    ] as const) {
      const { body } = await trust.call('POST', '/pnc/certificates', { role, commonName: name });
      expect(body.bytes).toBeLessThanOrEqual(800);
      const chain = pemsOf(body.chainPem);
      file('l.pem', chain[0] ?? '');
      file('s.pem', chain.slice(1, -1).join(''));
      file('r.pem', chain.at(-1) ?? '');
      expect(
        openssl('verify', '-x509_strict', '-CAfile', file('r.pem'), '-untrusted', file('s.pem'), file('l.pem')),
      ).toContain('OK');
      expect(body.lint.filter(({ severity }: { severity: string }) => severity === 'error')).toEqual([]);
    }
    expect(openssl('x509', '-in', file('leaf.pem'), '-noout', '-subject')).toContain('DC = CPO');
  });

  it('check 13: openssl takes OCSP answers and the revocation list, before and after a revocation', async () => {
    const { body } = await trust.call('POST', '/pnc/certificates', { role: 'contract', commonName: 'DE8AAC12345678D' });
    const [leaf = '', sub2 = '', sub1 = '', root = ''] = pemsOf(body.chainPem);
    file('c.pem', leaf);
    file('i.pem', sub2);
    file('ca.pem', sub2 + sub1 + root);
    for (const hash of ['-sha1', '-sha256', '-sha384', '-sha512']) {
      const said = await opensslAsks(hash);
      expect(said).toContain('Response verify OK');
      expect(said).toContain(': good');
    }
    await trust.call('POST', `/pnc/certificates/${body.id}/revoke`, { reason: 'keyCompromise' });
    expect(await opensslAsks('-sha256')).toMatch(/: revoked[\s\S]*Reason: keyCompromise/);

    const { body: tree } = await trust.call('GET', '/pnc/tree');
    const mo = tree.roots.find(({ name }: { name: string }) => name === 'iso2-mo-root');
    const issuer = mo.children[0].children[0].certificate.id;
    const crl = await fetch(`${trust.base}/api/v1/pnc/certificates/${issuer}/crl`);
    file('crl.der', new Uint8Array(await crl.arrayBuffer()));
    const text = execFileSync(
      'sh',
      ['-c', `openssl crl -inform DER -in ${file('crl.der')} -CAfile ${file('ca.pem')} -noout -text 2>&1`],
      { encoding: 'utf8' },
    );
    expect(text).toContain('verify OK');
    expect(text).toContain('Key Compromise');
  });

  /** Beside this process: the responder that it asks runs here. */
  async function opensslAsks(hash: string): Promise<string> {
    const files = ['-issuer', file('i.pem'), '-cert', file('c.pem'), '-CAfile', file('ca.pem')];
    const { stdout, stderr } = await run('openssl', ['ocsp', hash, ...files, '-url', `${trust.base}/ocsp`]);
    return stdout + stderr;
  }

  it('check 9: hash data equal what openssl computes', async () => {
    const { body } = await trust.call('POST', '/pnc/certificates', { role: 'secc', commonName: 'DE8AAE77' });
    const [leaf = '', sub2 = ''] = pemsOf(body.chainPem);
    file('h.pem', leaf);
    file('hi.pem', sub2);
    const text = openssl(
      'ocsp',
      '-sha256',
      '-issuer',
      file('hi.pem'),
      '-cert',
      file('h.pem'),
      '-no_nonce',
      '-req_text',
    );
    const field = (name: string): string => new RegExp(`${name}: ([0-9A-F]+)`).exec(text)?.[1]?.toLowerCase() ?? '';
    const [hash] = body.hashData;
    expect(hash.issuerNameHash).toBe(field('Issuer Name Hash'));
    expect(hash.issuerKeyHash).toBe(field('Issuer Key Hash'));
    expect(hash.serialNumber).toBe(field('Serial Number').replace(/^0+/, ''));
  });
});
