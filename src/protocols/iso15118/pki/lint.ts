import type { Certificate, KeyUsageName } from './certificate.ts';
import { nameValue } from './names.ts';
import type { CertificateProfile } from './profiles.ts';

export type LintSeverity = 'warning' | 'error';

/** One deviation of a certificate from its profile, in plain words. */
export interface LintRemark {
  readonly rule:
    | 'size'
    | 'key'
    | 'name'
    | 'domain-component'
    | 'basic-constraints'
    | 'path-length'
    | 'key-usage'
    | 'extended-key-usage'
    | 'key-identifier'
    | 'ocsp-url'
    | 'serial-number'
    | 'validity';
  readonly severity: LintSeverity;
  readonly text: string;
}

const DAY_MS = 86_400_000;

/** Live certificates last longer than the standard's tables say; more than this factor is worth a word. */
const VALIDITY_FACTOR = 1.1;

/**
 * Compares a certificate with the profile. Certificates of live environments deviate in many places, so deviations are
 * warnings; with `strict` they are errors. An oversized certificate or a wrong key is always an error.
 */
export function lintCertificate(
  certificate: Certificate,
  profile: CertificateProfile,
  strict = false,
): readonly LintRemark[] {
  const remarks: LintRemark[] = [];
  const soft: LintSeverity = strict ? 'error' : 'warning';
  const say = (rule: LintRemark['rule'], severity: LintSeverity, text: string): void => {
    remarks.push({ rule, severity, text });
  };
  if (certificate.der.length > profile.maxDerBytes) {
    say('size', 'error', `${certificate.der.length} bytes in DER; ${profile.edition} allows ${profile.maxDerBytes}.`);
  }
  if (certificate.keyKind !== profile.curve) {
    say('key', 'error', `The key is of kind ${certificate.keyKind}; ${profile.edition} wants ${profile.curve}.`);
  }
  if (certificate.serialNumber <= 0n) say('serial-number', soft, 'The serial number is not positive.');
  for (const name of profile.requiredNames) {
    if (!nameValue(certificate.subject, name)) say('name', soft, `The subject has no ${name}.`);
  }
  lintDomainComponent(certificate, profile, (text) => say('domain-component', soft, text));
  lintConstraints(certificate, profile, (rule, text) => say(rule, soft, text));
  lintUsage(certificate, profile, (rule, text) => say(rule, soft, text));
  if (certificate.subjectKeyId === undefined) say('key-identifier', soft, 'The subject key identifier is missing.');
  if (profile.issuedBy !== 'self' && certificate.authorityKeyId === undefined) {
    say('key-identifier', soft, 'The authority key identifier is missing.');
  }
  if (profile.hasOcspUrl && certificate.ocspUrls.length === 0) {
    say('ocsp-url', soft, 'No OCSP responder is named (authority information access).');
  }
  const days = (certificate.notAfterMs - certificate.notBeforeMs) / DAY_MS;
  if (days > profile.validityDays * VALIDITY_FACTOR) {
    say('validity', soft, `Valid for ${Math.round(days)} days; the profile has ${profile.validityDays}.`);
  }
  return remarks;
}

function lintDomainComponent(certificate: Certificate, profile: CertificateProfile, say: (text: string) => void): void {
  const wanted = profile.domainComponent;
  if (wanted === undefined) return;
  const found = nameValue(certificate.subject, 'DC');
  if (found !== wanted) say(`The domain component of the subject is ${found ?? 'missing'}; it should be ${wanted}.`);
}

function lintConstraints(
  certificate: Certificate,
  profile: CertificateProfile,
  say: (rule: 'basic-constraints' | 'path-length', text: string) => void,
): void {
  if (certificate.isCa === undefined) {
    say('basic-constraints', 'The basic constraints are missing.');
  } else if (certificate.isCa !== profile.isCa) {
    say(
      'basic-constraints',
      certificate.isCa ? 'It says it is a CA, but should be a leaf.' : 'It does not say it is a CA.',
    );
  } else if (profile.isCa && certificate.pathLength !== profile.pathLength) {
    const [found, wanted] = [certificate.pathLength ?? 'none', profile.pathLength ?? 'none'];
    say('path-length', `The path length constraint is ${found}; it should be ${wanted}.`);
  }
}

function lintUsage(
  certificate: Certificate,
  profile: CertificateProfile,
  say: (rule: 'key-usage' | 'extended-key-usage', text: string) => void,
): void {
  const { keyUsage } = certificate;
  if (keyUsage === undefined) {
    say('key-usage', 'The key usage is missing.');
  } else {
    const missing = profile.keyUsage.filter((name) => !keyUsage.includes(name));
    const extra = keyUsage.filter((name: KeyUsageName) => !profile.keyUsage.includes(name));
    if (missing.length > 0) say('key-usage', `The key usage lacks ${missing.join(', ')}.`);
    if (extra.length > 0) say('key-usage', `The key usage has ${extra.join(', ')}, which the profile does not.`);
  }
  const missing = profile.extendedKeyUsage.filter((oid) => !certificate.extendedKeyUsage.includes(oid));
  if (missing.length > 0) say('extended-key-usage', `The extended key usage lacks ${missing.join(', ')}.`);
}
