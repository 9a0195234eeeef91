import { describe, expect, it } from 'vitest';
import { FOREIGN_VECTORS, foreignBytes } from '../testing/foreign-vectors.ts';
import { decodeIso2, decodeIso20, encodeIso2, encodeIso20, iso2BodyName } from './messages.ts';

describe.skipIf(!FOREIGN_VECTORS)('EXI of other implementations (set COMPOTE_VECTORS)', () => {
  it.each([
    ['opcp-iso2-CertificateInstallationReq', 'CertificateInstallationReq'],
    ['opcp-iso2-CertificateInstallationRes', 'CertificateInstallationRes'],
    ['opcp-iso2-CertificateInstallationRes-FAILED', 'CertificateInstallationRes'],
    ['generated-iso2-CertificateUpdateReq', 'CertificateUpdateReq'],
    ['generated-iso2-CertificateUpdateRes', 'CertificateUpdateRes'],
  ])('%s is re-encoded byte for byte', (file, body) => {
    const bytes = foreignBytes(`${file}.exi`);
    const message = decodeIso2(bytes);
    expect(iso2BodyName(message)).toBe(body);
    expect(Buffer.from(encodeIso2(message)).equals(bytes)).toBe(true);
  });

  it.each([
    ['ocppcompote-iso20-CertificateInstallationReq', 'CertificateInstallationReq'],
    ['generated-iso20-CertificateInstallationRes', 'CertificateInstallationRes'],
  ])('%s is re-encoded byte for byte', (file, name) => {
    const bytes = foreignBytes(`${file}.exi`);
    const message = decodeIso20(bytes);
    expect(message.name).toBe(name);
    expect(Buffer.from(encodeIso20(message)).equals(bytes)).toBe(true);
  });

  it('the published failure answer carries a notification and one-byte dummies', () => {
    const message = decodeIso2(foreignBytes('opcp-iso2-CertificateInstallationRes-FAILED.exi'));
    expect(message.Header.Notification).toEqual({ FaultCode: 'UnknownError', FaultMsg: 'CPO certInstall status' });
    expect(message.Body.CertificateInstallationRes).toEqual({
      ResponseCode: 'FAILED_NoCertificateAvailable',
      SAProvisioningCertificateChain: { Certificate: new Uint8Array(1) },
      ContractSignatureCertChain: { Certificate: new Uint8Array(1) },
      ContractSignatureEncryptedPrivateKey: { Id: '0', value: new Uint8Array(1) },
      DHpublickey: { Id: '0', value: new Uint8Array(1) },
      eMAID: { Id: '0', value: '0' },
    });
  });
});
