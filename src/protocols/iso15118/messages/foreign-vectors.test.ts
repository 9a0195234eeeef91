import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { encodeFragment } from '../exi/codec.ts';
import { ISO2 } from '../exi/iso2.ts';
import { decodeIso2, encodeIso2 } from '../exi/messages.ts';
import { parseCertificate } from '../pki/certificate.ts';
import { FOREIGN_VECTORS, foreignBytes, foreignJson } from '../testing/foreign-vectors.ts';
import { fromContractXml, toContractXml } from './contract-xml.ts';
import {
  buildInstallationFailure,
  checkContractData,
  readInstallationRequest,
  readInstallationResponse,
} from './installation-iso2.ts';
import { readInstallationRequestIso20 } from './installation-iso20.ts';

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

describe.skipIf(!FOREIGN_VECTORS)('signed messages of other implementations (set COMPOTE_VECTORS)', () => {
  it('the published request has the digest it carries and the OEM’s signature', () => {
    const bytes = foreignBytes('opcp-iso2-CertificateInstallationReq.exi');
    const request = readInstallationRequest(bytes);
    expect(request.signature).toEqual({
      isSignatureValid: true,
      digests: [{ element: 'CertificateInstallationReq', verdict: 'match' }],
      ok: true,
    });
    const fragment = encodeFragment(
      ISO2,
      'CertificateInstallationReq',
      decodeIso2(bytes).Body.CertificateInstallationReq,
    );
    expect(sha256(fragment)).toBe('ad4ef309cab7a79f0ef477a56202c5dda4c99089dc72844b671a4b20bc3ffcdc');
  });

  it('the published answer has all four digests and the signature of the provisioning service', () => {
    const { data } = readInstallationResponse(foreignBytes('opcp-iso2-CertificateInstallationRes.exi'));
    if (data === undefined) throw new Error('data expected');
    const check = checkContractData(data, parseCertificate(data.cpsChain[0]).publicKey);
    expect(check.digests.map(({ verdict }) => verdict)).toEqual(['match', 'match', 'match', 'match']);
    expect(check.ok).toBe(true);
    expect(data.encryptedPrivateKey.length).toBe(48);
    expect(data.dhPublicKey.length).toBe(65);
  });

  it('the published answer comes back from XML octet for octet', () => {
    const bytes = foreignBytes('opcp-iso2-CertificateInstallationRes.exi');
    const again = encodeIso2(fromContractXml(toContractXml(decodeIso2(bytes))));
    expect(Buffer.from(again).equals(bytes)).toBe(true);
  });

  it('the published fragments are encoded the same', () => {
    const expected = foreignJson('expected-decoded.json') as Record<
      string,
      { fragments: Record<string, { length: number; sha256: string }> }
    >;
    const body = decodeIso2(foreignBytes('opcp-iso2-CertificateInstallationRes.exi')).Body.CertificateInstallationRes;
    const fragments = expected['opcp-iso2-CertificateInstallationRes']?.fragments ?? {};
    for (const element of [
      'ContractSignatureCertChain',
      'ContractSignatureEncryptedPrivateKey',
      'DHpublickey',
      'eMAID',
    ] as const) {
      const fragment = encodeFragment(ISO2, element, body?.[element]);
      expect({ length: fragment.length, sha256: sha256(fragment) }, element).toMatchObject({
        length: fragments[element]?.length,
        sha256: fragments[element]?.sha256,
      });
    }
  });

  it('our refusal is the published one octet for octet', () => {
    const bytes = foreignBytes('opcp-iso2-CertificateInstallationRes-FAILED.exi');
    const message = buildInstallationFailure({
      action: 'Install',
      sessionId: decodeIso2(bytes).Header.SessionID,
      responseCode: 'FAILED_NoCertificateAvailable',
    });
    expect(Buffer.from(encodeIso2(message)).equals(bytes)).toBe(true);
  });

  it('the -20 request is signed by its certificate; its digest is a known riddle', () => {
    const request = readInstallationRequestIso20(foreignBytes('ocppcompote-iso20-CertificateInstallationReq.exi'));
    expect(request.signature).toEqual({
      isSignatureValid: true,
      digests: [{ element: 'OEMProvisioningCertificateChain', verdict: 'mismatch' }],
      ok: false,
    });
  });
});
