import { seededEntropy } from '../../../core/entropy.ts';
import { Random } from '../../../core/random.ts';
import { EcPrivateKey } from '../keys/ec-key.ts';
import type { Certificate } from '../pki/certificate.ts';
import { issueCertificate } from '../pki/issue.ts';
import { type CertificateRole, certificateProfile, type Edition } from '../pki/profiles.ts';

/** 2026-03-01T00:00:00Z: the moment at which the sample world stands. */
export const SAMPLE_NOW_MS = 1_772_323_200_000;

export interface Holder {
  readonly certificate: Certificate;
  readonly key: EcPrivateKey;
}

/** Leaf subjects carry identifiers; the CAs have short names, which keeps certificates small. */
const SUBJECT_CN: Partial<Record<CertificateRole, string>> = {
  secc: 'DE8AAE12345',
  cps: 'CPS 1',
  contract: 'DE8AAC12345678D',
  'oem-provisioning': 'WMI12345671234567A',
};

const ORDER: readonly CertificateRole[] = [
  'v2g-root',
  'cpo-sub-ca-1',
  'cpo-sub-ca-2',
  'secc',
  'cps-sub-ca-1',
  'cps-sub-ca-2',
  'cps',
  'mo-root',
  'mo-sub-ca-1',
  'mo-sub-ca-2',
  'contract',
  'oem-root',
  'oem-sub-ca-1',
  'oem-sub-ca-2',
  'oem-provisioning',
];

/** A whole hierarchy from seeded keys: the same on every machine and in every run. */
export function samplePki(edition: Edition = 'ISO15118-2'): Record<CertificateRole, Holder> {
  const random = new Random(`sample-pki/${edition}`);
  const holders: Partial<Record<CertificateRole, Holder>> = {};
  for (const role of ORDER) {
    const profile = certificateProfile(role, edition);
    const entropy = seededEntropy(random.fork(role));
    const key = EcPrivateKey.generate(profile.curve, entropy);
    const parent = profile.issuedBy === 'self' || profile.issuedBy === 'any' ? undefined : holders[profile.issuedBy];
    const certificate = issueCertificate({
      profile,
      subject: [
        { type: 'C', value: 'DE' },
        { type: 'O', value: 'Compote' },
        { type: 'CN', value: SUBJECT_CN[role] ?? role },
      ],
      publicKey: key,
      issuer:
        parent === undefined
          ? { certificate: 'self', signer: key }
          : { certificate: parent.certificate, signer: parent.key },
      notBeforeMs: SAMPLE_NOW_MS - 86_400_000,
      entropy,
      ocspUrl: 'http://localhost:8003/ocsp',
    });
    holders[role] = { certificate, key };
  }
  return holders as Record<CertificateRole, Holder>;
}
