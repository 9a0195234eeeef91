import type { Curve } from '../keys/ec-key.ts';
import type { KeyUsageName } from './certificate.ts';
import type { NameAttribute } from './names.ts';

export type Edition = 'ISO15118-2' | 'ISO15118-20';

export type CertificateRole =
  | 'v2g-root'
  | 'cpo-sub-ca-1'
  | 'cpo-sub-ca-2'
  | 'secc'
  | 'cps-sub-ca-1'
  | 'cps-sub-ca-2'
  | 'cps'
  | 'mo-root'
  | 'mo-sub-ca-1'
  | 'mo-sub-ca-2'
  | 'contract'
  | 'oem-root'
  | 'oem-sub-ca-1'
  | 'oem-sub-ca-2'
  | 'oem-provisioning'
  | 'vehicle'
  | 'ocsp-signer'
  | 'csms-server'
  | 'station-client';

/** What a certificate of a role looks like: the issuer builds from it, the linter compares with it. */
export interface CertificateProfile {
  readonly role: CertificateRole;
  readonly edition: Edition;
  /** For people: "contract certificate". */
  readonly title: string;
  readonly issuedBy: CertificateRole | 'self' | 'any';
  readonly curve: Curve;
  /** The whole certificate in DER, in octets: base64 texts are longer. */
  readonly maxDerBytes: number;
  readonly requiredNames: readonly NameAttribute[];
  readonly domainComponent: string | undefined;
  readonly isCa: boolean;
  readonly pathLength: number | undefined;
  readonly keyUsage: readonly KeyUsageName[];
  readonly extendedKeyUsage: readonly string[];
  readonly validityDays: number;
  /** Whether the certificate names its OCSP responder. */
  readonly hasOcspUrl: boolean;
}

export const EXTENDED_KEY_USAGE = {
  serverAuth: '1.3.6.1.5.5.7.3.1',
  clientAuth: '1.3.6.1.5.5.7.3.2',
  ocspSigning: '1.3.6.1.5.5.7.3.9',
} as const;

interface ProfileRow {
  readonly title: string;
  readonly issuedBy: CertificateProfile['issuedBy'];
  readonly names?: readonly NameAttribute[];
  readonly dc?: string;
  readonly ca?: 'root' | 0 | 1;
  readonly usage: readonly KeyUsageName[];
  readonly extended?: readonly string[];
  readonly extendedIso20?: readonly string[];
  readonly days: number;
}

const CA_USAGE: readonly KeyUsageName[] = ['keyCertSign', 'cRLSign'];
const YEAR = 365;

/**
 * ISO 15118-2:2014 Annex F. Validities are within its bounds: roots 40 years, sub-CA 1 four, sub-CA 2 two, SECC three
 * months, contract two years.
 */
const ROWS: Readonly<Record<CertificateRole, ProfileRow>> = {
  'v2g-root': { title: 'V2G root', issuedBy: 'self', dc: 'V2G', ca: 'root', usage: CA_USAGE, days: 40 * YEAR },
  'cpo-sub-ca-1': { title: 'CPO sub-CA 1', issuedBy: 'v2g-root', dc: 'V2G', ca: 1, usage: CA_USAGE, days: 4 * YEAR },
  'cpo-sub-ca-2': {
    title: 'CPO sub-CA 2',
    issuedBy: 'cpo-sub-ca-1',
    dc: 'V2G',
    ca: 0,
    usage: CA_USAGE,
    days: 2 * YEAR,
  },
  secc: {
    title: 'SECC certificate of a station',
    issuedBy: 'cpo-sub-ca-2',
    dc: 'CPO',
    usage: ['digitalSignature', 'keyAgreement'],
    extendedIso20: [EXTENDED_KEY_USAGE.serverAuth],
    days: 90,
  },
  'cps-sub-ca-1': {
    title: 'provisioning sub-CA 1',
    issuedBy: 'v2g-root',
    dc: 'V2G',
    ca: 1,
    usage: CA_USAGE,
    days: 4 * YEAR,
  },
  'cps-sub-ca-2': {
    title: 'provisioning sub-CA 2',
    issuedBy: 'cps-sub-ca-1',
    dc: 'V2G',
    ca: 0,
    usage: CA_USAGE,
    days: 2 * YEAR,
  },
  cps: {
    title: 'signer of the certificate provisioning service',
    issuedBy: 'cps-sub-ca-2',
    dc: 'CPS',
    usage: ['digitalSignature'],
    days: 90,
  },
  'mo-root': {
    title: 'mobility operator root',
    issuedBy: 'self',
    dc: 'MO',
    ca: 'root',
    usage: CA_USAGE,
    days: 40 * YEAR,
  },
  'mo-sub-ca-1': { title: 'mobility operator sub-CA 1', issuedBy: 'mo-root', ca: 1, usage: CA_USAGE, days: 4 * YEAR },
  'mo-sub-ca-2': {
    title: 'mobility operator sub-CA 2',
    issuedBy: 'mo-sub-ca-1',
    ca: 0,
    // It also signs sales tariffs.
    usage: [...CA_USAGE, 'digitalSignature', 'nonRepudiation'],
    days: 2 * YEAR,
  },
  contract: {
    title: 'contract certificate',
    issuedBy: 'mo-sub-ca-2',
    usage: ['digitalSignature', 'nonRepudiation', 'keyEncipherment', 'keyAgreement'],
    days: 2 * YEAR,
  },
  'oem-root': { title: 'OEM root', issuedBy: 'self', dc: 'OEM', ca: 'root', usage: CA_USAGE, days: 40 * YEAR },
  'oem-sub-ca-1': { title: 'OEM sub-CA 1', issuedBy: 'oem-root', ca: 1, usage: CA_USAGE, days: 4 * YEAR },
  'oem-sub-ca-2': { title: 'OEM sub-CA 2', issuedBy: 'oem-sub-ca-1', ca: 0, usage: CA_USAGE, days: 4 * YEAR },
  'oem-provisioning': {
    title: 'OEM provisioning certificate',
    issuedBy: 'oem-sub-ca-2',
    usage: ['digitalSignature', 'keyAgreement'],
    days: 4 * YEAR,
  },
  vehicle: {
    title: 'vehicle certificate',
    issuedBy: 'oem-sub-ca-2',
    usage: ['digitalSignature', 'keyAgreement'],
    extended: [EXTENDED_KEY_USAGE.clientAuth],
    days: 4 * YEAR,
  },
  'ocsp-signer': {
    title: 'OCSP signer',
    issuedBy: 'any',
    names: ['CN'],
    usage: ['digitalSignature'],
    extended: [EXTENDED_KEY_USAGE.ocspSigning],
    days: YEAR,
  },
  'csms-server': {
    title: 'TLS server certificate of a CSMS',
    issuedBy: 'any',
    names: ['CN', 'O'],
    usage: ['digitalSignature', 'keyAgreement'],
    extended: [EXTENDED_KEY_USAGE.serverAuth],
    days: 2 * YEAR,
  },
  'station-client': {
    title: 'TLS client certificate of a station',
    issuedBy: 'any',
    names: ['CN', 'O'],
    usage: ['digitalSignature', 'keyAgreement'],
    extended: [EXTENDED_KEY_USAGE.clientAuth],
    days: 2 * YEAR,
  },
};

export const CERTIFICATE_ROLES = Object.keys(ROWS) as readonly CertificateRole[];

/** The profile of a role: P-256 and 800 octets for -2, P-521 and 1,600 octets for -20. */
export function certificateProfile(role: CertificateRole, edition: Edition = 'ISO15118-2'): CertificateProfile {
  const row = ROWS[role];
  const iso20 = edition === 'ISO15118-20';
  return {
    role,
    edition,
    title: row.title,
    issuedBy: row.issuedBy,
    curve: iso20 ? 'secp521r1' : 'secp256r1',
    maxDerBytes: iso20 ? 1_600 : 800,
    requiredNames: row.names ?? ['CN', 'O'],
    domainComponent: row.dc,
    isCa: row.ca !== undefined,
    pathLength: typeof row.ca === 'number' ? row.ca : undefined,
    keyUsage: row.usage,
    extendedKeyUsage: row.extended ?? (iso20 ? row.extendedIso20 : undefined) ?? [],
    validityDays: row.days,
    hasOcspUrl: row.issuedBy !== 'self' && row.issuedBy !== 'any',
  };
}
