import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { parseTime } from '../../../core/time.ts';
import { decodeIso2, decodeIso20 } from '../exi/messages.ts';
import { FOREIGN_VECTORS, foreignBytes, foreignJson, foreignText } from '../testing/foreign-vectors.ts';
import { fingerprint, parseCertificate } from './certificate.ts';
import { lintSigningRequest, readSigningRequest } from './csr.ts';
import { lintCertificate } from './lint.ts';
import { nameText } from './names.ts';
import { orderChain, validatePath } from './path.ts';
import { fromBase64, fromPemBase64OrDer } from './pem.ts';
import { decodeCertsOnly, encodeCertsOnly } from './pkcs7.ts';
import { certificateProfile } from './profiles.ts';

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

describe.skipIf(!FOREIGN_VECTORS)('certificates of other environments (set COMPOTE_VECTORS)', () => {
  it('the chains of a published answer are signed as they say', () => {
    const body = decodeIso2(foreignBytes('opcp-iso2-CertificateInstallationRes.exi')).Body.CertificateInstallationRes;
    for (const chain of [body?.SAProvisioningCertificateChain, body?.ContractSignatureCertChain]) {
      const leaf = parseCertificate(chain?.Certificate ?? new Uint8Array());
      const subs = (chain?.SubCertificates?.Certificate ?? []).map(parseCertificate);
      const highest = subs[1];
      if (highest === undefined) throw new Error('two sub-CAs expected');
      const result = validatePath({
        leaf,
        intermediates: subs.slice(0, 1),
        roots: [highest],
        nowMs: parseTime('2022-01-01T00:00:00Z') ?? 0,
      });
      expect(result.problems).toEqual([]);
    }
  });

  it('a -20 chain is signed as it says', () => {
    const message = decodeIso20(foreignBytes('ocppcompote-iso20-CertificateInstallationReq.exi'));
    if (message.name !== 'CertificateInstallationReq') throw new Error('request expected');
    const { Certificate, SubCertificates } = message.value.OEMProvisioningCertificateChain;
    const subs = (SubCertificates?.Certificate ?? []).map(parseCertificate);
    const leaf = parseCertificate(Certificate);
    expect(orderChain(leaf, subs.toReversed()).map((each) => fingerprint(each))).toEqual(
      [leaf, ...subs].map((each) => fingerprint(each)),
    );
    expect(lintCertificate(leaf, certificateProfile('oem-provisioning', 'ISO15118-20'))).toEqual([
      { rule: 'validity', severity: 'warning', text: 'Valid for 4320 days; the profile has 1460.' },
    ]);
  });

  it('a published root has the facts published with it', () => {
    const { RootCertificateCollection } = foreignJson('opcp-rcp-getAllRootCerts-response.json') as {
      RootCertificateCollection: { rootCertificates: Record<string, string>[] };
    };
    const [published] = RootCertificateCollection.rootCertificates;
    const root = parseCertificate(fromBase64(published?.['caCertificate'] ?? ''));
    expect(fingerprint(root)).toBe(published?.['fingerprint']);
    expect(root.serialNumber.toString(16)).toBe(published?.['rootIssuerSerialNumber']);
    expect(Buffer.from(root.subjectKeyId ?? []).toString('base64')).toBe(published?.['rootAuthorityKeyIdentifier']);
    expect(new Set(nameText(root.subject).split(','))).toEqual(new Set(published?.['distinguishedName']?.split(', ')));
  });

  it('EST answers give exactly the leaf, and sub-CA 2, sub-CA 1, root; written here they are the same octets', () => {
    const enrolled = fromPemBase64OrDer(['PKCS7'], foreignText('hubject-est-simpleenroll-response.p7.b64'));
    expect(decodeCertsOnly(enrolled)).toHaveLength(1);
    const cacerts = fromPemBase64OrDer(['PKCS7'], foreignText('hubject-est-cacerts-response.p7.b64'));
    const certificates = decodeCertsOnly(cacerts).map(parseCertificate);
    expect(orderChain(certificates[0] ?? parseCertificate(new Uint8Array()), certificates)).toEqual(certificates);
    expect(certificates).toHaveLength(3);
    for (const der of [enrolled, cacerts]) expect(sha256(encodeCertsOnly(decodeCertsOnly(der)))).toBe(sha256(der));
  });

  it('a station’s request is signed, and its empty name is found', () => {
    const request = readSigningRequest(foreignText('everest-secc-csr.pem'));
    expect(request.isSignatureValid).toBe(true);
    expect(lintSigningRequest(request, 'secp256r1')).toEqual(['The subject has no common name (CN).']);
  });
});
