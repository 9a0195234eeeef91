import { describe, expect, it } from 'vitest';
import { seededEntropy } from '../../../core/entropy.ts';
import { Random } from '../../../core/random.ts';
import { readSigningRequest } from '../../../protocols/iso15118/pki/csr.ts';
import { hashDataOf } from '../../../protocols/iso15118/pki/hash-data.ts';
import { issueCertificate } from '../../../protocols/iso15118/pki/issue.ts';
import { nameText } from '../../../protocols/iso15118/pki/names.ts';
import { toPem, toPemChain } from '../../../protocols/iso15118/pki/pem.ts';
import { certificateProfile } from '../../../protocols/iso15118/pki/profiles.ts';
import { samplePki } from '../../../protocols/iso15118/testing/sample-pki.ts';
import { HandCsms, START_MS } from '../testing/hand-csms.ts';
import { pkiCrypto } from './pki-crypto.ts';

const pki = samplePki();
const root = pki['v2g-root'].certificate;
const rootPem = JSON.stringify(toPem('CERTIFICATE', root.der));
const rootHash = JSON.stringify(hashDataOf(root, root));

const WORDS = {
  '1.6': {
    root: 'CentralSystemRootCertificate',
    trigger: ['ExtendedTriggerMessage', '{"requestedMessage":"SignChargePointCertificate"}'],
    ids: '{"certificateType":"CentralSystemRootCertificate"}',
  },
  '2.0.1': {
    root: 'CSMSRootCertificate',
    trigger: ['TriggerMessage', '{"requestedMessage":"SignChargingStationCertificate"}'],
    ids: '{}',
  },
  '2.1': {
    root: 'CSMSRootCertificate',
    trigger: ['TriggerMessage', '{"requestedMessage":"SignChargingStationCertificate"}'],
    ids: '{}',
  },
} as const;

describe.each(['1.6', '2.0.1', '2.1'] as const)('%s station: certificates', (version) => {
  const words = WORDS[version];

  async function booted(): Promise<HandCsms> {
    const csms = new HandCsms({ version, crypto: pkiCrypto(seededEntropy(new Random('keys'))) });
    await csms.boot();
    return csms;
  }

  it('installs a root once, lists it by its hash, refuses what it cannot read, and deletes it', async () => {
    const csms = await booted();
    const install = `{"certificateType":"${words.root}","certificate":${rootPem}}`;
    expect(await csms.result('InstallCertificate', install)).toEqual({ status: 'Accepted' });
    expect(await csms.result('InstallCertificate', install)).toEqual({ status: 'Accepted' });
    expect(
      await csms.result('InstallCertificate', `{"certificateType":"${words.root}","certificate":"nonsense"}`),
    ).toMatchObject({ status: 'Rejected' });
    const listed = JSON.stringify(await csms.result('GetInstalledCertificateIds', words.ids));
    expect(listed.split(hashDataOf(root, root).issuerNameHash)).toHaveLength(2);
    expect(await csms.result('DeleteCertificate', `{"certificateHashData":${rootHash}}`)).toEqual({
      status: 'Accepted',
    });
    expect(await csms.result('DeleteCertificate', `{"certificateHashData":${rootHash}}`)).toEqual({
      status: 'NotFound',
    });
    expect(await csms.result('GetInstalledCertificateIds', words.ids)).toEqual({ status: 'NotFound' });
  });

  it('asks for a certificate with a fresh key and takes only one that belongs to it', async () => {
    const csms = await booted();
    const [action, payload] = words.trigger;
    expect(await csms.result(action, payload)).toEqual({ status: 'Accepted' });
    await csms.run(100);
    const [asked] = csms.of('SignCertificate');
    const request = readSigningRequest(String(asked?.['csr']));
    expect(request.isSignatureValid).toBe(true);
    expect(nameText(request.subject)).toContain('CN=SIM-0001');
    const issuer = pki['cpo-sub-ca-2'];
    const signed = (publicKey: NonNullable<typeof request.issuableKey>): string =>
      JSON.stringify(
        toPemChain([
          issueCertificate({
            profile: certificateProfile('secc'),
            subject: request.subject,
            publicKey,
            issuer: { certificate: issuer.certificate, signer: issuer.key },
            notBeforeMs: START_MS - 1000,
            notAfterMs: START_MS + 86_400_000,
            entropy: seededEntropy(new Random('serial')),
          }).der,
          issuer.certificate.der,
        ]),
      );
    const more = asked?.['requestId'] === undefined ? '' : `,"requestId":${asked['requestId']}`;
    const foreign = signed({ curve: 'secp256r1', publicPoint: pki.secc.key.publicPoint });
    const own = signed(request.issuableKey ?? { curve: 'secp256r1', publicPoint: new Uint8Array() });
    expect(await csms.result('CertificateSigned', `{"certificateChain":${foreign}${more}}`)).toMatchObject({
      status: 'Rejected',
    });
    expect(await csms.result(action, payload)).toEqual({ status: 'Accepted' });
    await csms.run(100);
    // The second request has a key of its own: the certificate for the first one does not fit any more.
    expect(await csms.result('CertificateSigned', `{"certificateChain":${own}}`)).toMatchObject({ status: 'Rejected' });
  });

  type Role = keyof typeof pki;

  /** Asks for a certificate and gets one: signed by `issuer`, followed by `subCas`. */
  async function signed(
    csms: HandCsms,
    issuer: Role,
    subCas: readonly Role[],
    validFromMs = START_MS - 1000,
    validToMs = START_MS + 86_400_000,
  ): Promise<Record<string, unknown>> {
    await csms.result(...(words.trigger as [string, string]));
    await csms.run(100);
    const asked = csms.of('SignCertificate').at(-1);
    const request = readSigningRequest(String(asked?.['csr']));
    const leaf = issueCertificate({
      profile: certificateProfile('secc'),
      subject: request.subject,
      publicKey: request.issuableKey ?? { curve: 'secp256r1', publicPoint: new Uint8Array() },
      issuer: { certificate: pki[issuer].certificate, signer: pki[issuer].key },
      notBeforeMs: validFromMs,
      notAfterMs: validToMs,
      entropy: seededEntropy(new Random('serial')),
    });
    const chain = toPemChain([leaf.der, ...subCas.map((role) => pki[role].certificate.der)]);
    const answer = await csms.result('CertificateSigned', JSON.stringify({ certificateChain: chain }));
    await csms.run(100);
    return answer;
  }

  it('takes the certificate that it asked for, with or without a root to compare', async () => {
    const csms = await booted();
    expect(await signed(csms, 'cpo-sub-ca-2', ['cpo-sub-ca-2'])).toEqual({ status: 'Accepted' });
    await csms.result('InstallCertificate', `{"certificateType":"${words.root}","certificate":${rootPem}}`);
    const whole = ['cpo-sub-ca-2', 'cpo-sub-ca-1'] as const;
    expect(await signed(csms, 'cpo-sub-ca-2', whole)).toEqual({ status: 'Accepted' });
    expect(await signed(csms, 'cpo-sub-ca-2', [...whole, 'v2g-root'])).toEqual({ status: 'Accepted' });
  });

  it.each([
    ['does not reach an installed root', 'cpo-sub-ca-2', ['cpo-sub-ca-2'], 0, 1],
    ['stands under a foreign root', 'oem-sub-ca-2', ['oem-sub-ca-2', 'oem-sub-ca-1'], 0, 1],
    ['is not linked', 'cpo-sub-ca-2', ['oem-sub-ca-2', 'cpo-sub-ca-1'], 0, 1],
    ['is not valid yet', 'cpo-sub-ca-2', ['cpo-sub-ca-2', 'cpo-sub-ca-1'], 1, 2],
    ['is not valid any more', 'cpo-sub-ca-2', ['cpo-sub-ca-2', 'cpo-sub-ca-1'], -2, -1],
  ] as const)('rejects a chain that %s, and tells it (A02)', async (_why, issuer, subCas, fromDays, toDays) => {
    const csms = await booted();
    await csms.result('InstallCertificate', `{"certificateType":"${words.root}","certificate":${rootPem}}`);
    const at = (days: number): number => START_MS - 1000 + days * 86_400_000;
    expect(await signed(csms, issuer, subCas, at(fromDays), at(toDays))).toMatchObject({ status: 'Rejected' });
    expect(csms.of('SecurityEventNotification').at(-1)?.['type']).toBe(
      version === '1.6' ? 'InvalidChargePointCertificate' : 'InvalidChargingStationCertificate',
    );
  });
});
