import { describe, expect, it } from 'vitest';
import { encodeIso2, encodeIso20 } from '../exi/messages.ts';
import { toContractXml } from '../messages/contract-xml.ts';
import { buildInstallationFailure } from '../messages/installation-iso2.ts';
import { SESSION, sampleDialogueIso2, sampleDialogueIso20 } from '../testing/sample-dialogue.ts';
import { samplePki } from '../testing/sample-pki.ts';

/**
 * Vectors of our own making, from seeded keys and RFC 6979 signatures: they show that no machine, Node version or later
 * change of the code gives other octets. `npx vitest -u` renews the files; look at the difference before committing it.
 */
const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');

describe('our own vectors', () => {
  it('certificates of the sample hierarchies', async () => {
    const list = (edition: 'ISO15118-2' | 'ISO15118-20') =>
      Object.entries(samplePki(edition)).map(([role, { certificate }]) => [role, base64(certificate.der)]);
    const content = {
      'ISO15118-2': Object.fromEntries(list('ISO15118-2')),
      'ISO15118-20': Object.fromEntries(list('ISO15118-20')),
    };
    await expect(`${JSON.stringify(content, null, 2)}\n`).toMatchFileSnapshot('./certificates.json');
  });

  it('messages of ISO 15118-2', async () => {
    const dialogue = sampleDialogueIso2();
    const failure = buildInstallationFailure({
      action: 'Install',
      sessionId: SESSION,
      responseCode: 'FAILED_NoCertificateAvailable',
    });
    const content = {
      'CertificateInstallationReq.exi': base64(encodeIso2(dialogue.installRequest)),
      'CertificateInstallationRes.exi': base64(encodeIso2(dialogue.installResponse)),
      'CertificateInstallationRes.xml': toContractXml(dialogue.installResponse),
      'CertificateInstallationRes-failure.exi': base64(encodeIso2(failure)),
      'CertificateUpdateReq.exi': base64(encodeIso2(dialogue.updateRequest)),
      'CertificateUpdateRes.exi': base64(encodeIso2(dialogue.updateResponse)),
    };
    await expect(`${JSON.stringify(content, null, 2)}\n`).toMatchFileSnapshot('./messages-iso2.json');
  });

  it('messages of ISO 15118-20', async () => {
    const { request, response } = sampleDialogueIso20();
    const content = {
      'CertificateInstallationReq.exi': base64(encodeIso20({ name: 'CertificateInstallationReq', value: request })),
      'CertificateInstallationRes.exi': base64(encodeIso20({ name: 'CertificateInstallationRes', value: response })),
    };
    await expect(`${JSON.stringify(content, null, 2)}\n`).toMatchFileSnapshot('./messages-iso20.json');
  });
});
