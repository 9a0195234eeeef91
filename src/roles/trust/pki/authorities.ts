import { readFileSync } from 'node:fs';
import type { Entropy } from '../../../core/entropy.ts';
import { CompoteError, messageOf } from '../../../core/errors.ts';
import { DAY_MS } from '../../../core/time.ts';
import {
  type Certificate,
  type CertificateId,
  type CertificateRole,
  certificateProfile,
  EcPrivateKey,
  type Edition,
  isIssuedBy,
  isSignedBy,
  issueCertificate,
  readCertificate,
  toPem,
} from '../../../protocols/iso15118/index.ts';
import type { AuthorityPem, KeyStore } from './key-files.ts';

/** Who issues or signs here: the CAs of the five hierarchies and the provisioning service's signer. */
export const AUTHORITY_ROLES = [
  'v2g-root',
  'cpo-sub-ca-1',
  'cpo-sub-ca-2',
  'cps-sub-ca-1',
  'cps-sub-ca-2',
  'cps',
  'mo-root',
  'mo-sub-ca-1',
  'mo-sub-ca-2',
  'oem-root',
  'oem-sub-ca-1',
  'oem-sub-ca-2',
] as const satisfies readonly CertificateRole[];

export type AuthorityRole = (typeof AUTHORITY_ROLES)[number];

/** Short names: every octet stands three times in the contract data that a station has to relay. */
const COMMON_NAMES: Readonly<Record<AuthorityRole, string>> = {
  'v2g-root': 'V2G Root',
  'cpo-sub-ca-1': 'CPO Sub1',
  'cpo-sub-ca-2': 'CPO Sub2',
  'cps-sub-ca-1': 'CPS Sub1',
  'cps-sub-ca-2': 'CPS Sub2',
  cps: 'CPS',
  'mo-root': 'MO Root',
  'mo-sub-ca-1': 'MO Sub1',
  'mo-sub-ca-2': 'MO Sub2',
  'oem-root': 'OEM Root',
  'oem-sub-ca-1': 'OEM Sub1',
  'oem-sub-ca-2': 'OEM Sub2',
};

export interface Authority {
  /** `iso2-v2g-root`: also the name of its files and of its place in the configuration. */
  readonly name: string;
  readonly role: AuthorityRole;
  readonly edition: Edition;
  readonly certificate: Certificate;
  /** Missing for an authority of the user whose key is elsewhere: it issues nothing here. */
  readonly key: EcPrivateKey | undefined;
  readonly parent: Authority | undefined;
  readonly origin: 'generated' | 'configured';
}

export interface AuthoritiesOptions {
  readonly keys: KeyStore;
  readonly entropy: Entropy;
  readonly now: () => number;
  readonly organization: string;
  readonly ocspUrl: () => string;
  /** Files of the user's own authorities, by name. */
  readonly configured: Readonly<Record<string, { readonly certificate: string; readonly key?: string | undefined }>>;
  /** Hears of every certificate that an authority got. */
  readonly made: (authority: Authority) => void;
}

/** A generated signer or CA is renewed when less than this is left of it. */
const RENEWAL_MS = 7 * DAY_MS;

export function authorityName(role: AuthorityRole, edition: Edition): string {
  return `${edition === 'ISO15118-2' ? 'iso2' : 'iso20'}-${role}`;
}

/**
 * The authorities of the environment. They are made on first use and kept as files; an authority of the user takes the
 * place of a generated one, and what was generated below another issuer is made anew below it.
 */
export class Authorities {
  readonly #options: AuthoritiesOptions;
  readonly #loaded = new Map<string, Authority>();

  constructor(options: AuthoritiesOptions) {
    this.#options = options;
    const known = (['ISO15118-2', 'ISO15118-20'] as const).flatMap((edition) =>
      AUTHORITY_ROLES.map((role) => authorityName(role, edition)),
    );
    for (const name of Object.keys(options.configured)) {
      if (known.includes(name)) continue;
      throw new CompoteError('CONFIG_INVALID', {
        detail: `trust.authorities has "${name}", which is no authority`,
        hint: `There are ${known.join(', ')}.`,
      });
    }
  }

  /** All of an edition, roots first. */
  all(edition: Edition): readonly Authority[] {
    return AUTHORITY_ROLES.map((role) => this.of(role, edition));
  }

  /** What was loaded or made so far. */
  loaded(): readonly Authority[] {
    return [...this.#loaded.values()];
  }

  of(role: AuthorityRole, edition: Edition): Authority {
    const name = authorityName(role, edition);
    const loaded = this.#loaded.get(name);
    const { issuedBy } = certificateProfile(role, edition);
    const parent = isAuthorityRole(issuedBy) ? this.of(issuedBy, edition) : undefined;
    if (loaded !== undefined && loaded.parent === parent && this.#lasts(loaded)) return loaded;
    const authority = this.#configured(name, role, edition, parent) ?? this.#own(name, role, edition, parent);
    this.#loaded.set(name, authority);
    return authority;
  }

  /** The authority's issuers, root last. */
  chainOf(authority: Authority): readonly Authority[] {
    return authority.parent === undefined ? [authority] : [authority, ...this.chainOf(authority.parent)];
  }

  /** The authority below which an id of OCSP or OCPP was made. */
  issuerOf(id: CertificateId): Authority | undefined {
    return this.loaded().find((authority) => isIssuedBy(id, authority.certificate));
  }

  /** Throws away what was generated: new keys for everything that is not the user's own. */
  regenerate(): void {
    const names = this.loaded();
    this.#loaded.clear();
    for (const { name, role, edition, origin } of names) {
      if (origin === 'configured') continue;
      const { issuedBy } = certificateProfile(role, edition);
      const parent = isAuthorityRole(issuedBy) ? this.of(issuedBy, edition) : undefined;
      this.#loaded.set(name, this.#make(name, role, edition, parent, undefined));
    }
  }

  /** Renews the certificate of a generated authority with its own key. @throws CONFLICT for one of the user's */
  renew(authority: Authority): Authority {
    if (authority.origin === 'configured') {
      throw new CompoteError('CONFLICT', { detail: `${authority.name} is your own: renew its files` });
    }
    const renewed = this.#make(authority.name, authority.role, authority.edition, authority.parent, authority.key);
    this.#loaded.set(authority.name, renewed);
    return renewed;
  }

  #lasts(authority: Authority): boolean {
    return authority.origin === 'configured' || authority.certificate.notAfterMs > this.#options.now() + RENEWAL_MS;
  }

  #configured(
    name: string,
    role: AuthorityRole,
    edition: Edition,
    parent: Authority | undefined,
  ): Authority | undefined {
    const files = this.#options.configured[name];
    if (files === undefined) return undefined;
    const pem = { certificate: userFile(name, files.certificate), key: files.key && userFile(name, files.key) };
    const authority = this.#open(name, role, edition, parent, pem, 'configured');
    if (parent !== undefined && !isSignedBy(authority.certificate, parent.certificate)) {
      throw new CompoteError('CERTIFICATE_UNREADABLE', {
        detail: `trust.authorities.${name} was not issued by ${parent.name}`,
        hint: `Give the issuer too, as trust.authorities.${parent.name}.`,
      });
    }
    return authority;
  }

  #own(name: string, role: AuthorityRole, edition: Edition, parent: Authority | undefined): Authority {
    const pem = this.#options.keys.read(name);
    if (pem === undefined) return this.#make(name, role, edition, parent, undefined);
    const kept = this.#open(name, role, edition, parent, pem, 'generated');
    const fits = parent === undefined || isSignedBy(kept.certificate, parent.certificate);
    if (fits && this.#lasts(kept)) return kept;
    return this.#make(name, role, edition, parent, kept.key);
  }

  #open(
    name: string,
    role: AuthorityRole,
    edition: Edition,
    parent: Authority | undefined,
    pem: AuthorityPem,
    origin: Authority['origin'],
  ): Authority {
    try {
      const certificate = readCertificate(pem.certificate);
      const key = pem.key === undefined ? undefined : EcPrivateKey.fromPem(pem.key);
      if (key !== undefined && Buffer.compare(key.publicPoint, certificate.publicKeyBits) !== 0) {
        throw new Error('the key does not belong to the certificate');
      }
      return { name, role, edition, certificate, key, parent, origin };
    } catch (cause) {
      throw new CompoteError('CERTIFICATE_UNREADABLE', { detail: `${name}: ${messageOf(cause)}`, cause });
    }
  }

  #make(
    name: string,
    role: AuthorityRole,
    edition: Edition,
    parent: Authority | undefined,
    kept: EcPrivateKey | undefined,
  ): Authority {
    const { entropy, organization, now, ocspUrl, keys, made } = this.#options;
    const profile = certificateProfile(role, edition);
    const key = kept ?? EcPrivateKey.generate(profile.curve, entropy);
    const certificate = issueCertificate({
      profile,
      subject: [
        { type: 'C', value: 'DE' },
        { type: 'O', value: organization },
        { type: 'CN', value: edition === 'ISO15118-2' ? COMMON_NAMES[role] : `${COMMON_NAMES[role]} 20` },
      ],
      publicKey: key,
      issuer: parent === undefined ? { certificate: 'self', signer: key } : issuerOf(parent),
      notBeforeMs: now() - DAY_MS,
      entropy,
      ocspUrl: ocspUrl(),
    });
    keys.write(name, { certificate: toPem('CERTIFICATE', certificate.der), key: key.exportPem() });
    const authority: Authority = { name, role, edition, certificate, key, parent, origin: 'generated' };
    made(authority);
    return authority;
  }
}

/** @throws CONFIG_INVALID for an authority whose key is not here */
export function issuerOf(authority: Authority): { readonly certificate: Certificate; readonly signer: EcPrivateKey } {
  const { certificate, key, name } = authority;
  if (key !== undefined) return { certificate, signer: key };
  throw new CompoteError('CONFIG_INVALID', {
    detail: `${name} has no key here, so nothing can be issued below it`,
    hint: `Give trust.authorities.${name}.key, or the authorities below it.`,
  });
}

function isAuthorityRole(role: string): role is AuthorityRole {
  return AUTHORITY_ROLES.some((each) => each === role);
}

function userFile(name: string, path: string): string {
  if (path.includes('-----BEGIN ')) return path;
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new CompoteError('CERTIFICATE_UNREADABLE', {
      detail: `trust.authorities.${name}: ${path} cannot be read (${messageOf(cause)})`,
      cause,
    });
  }
}
