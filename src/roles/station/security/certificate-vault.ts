import { chainHolds } from './certificate-rules.ts';
import type { MeterKeys } from './ocmf.ts';

/**
 * The station's certificates behind a narrow door. Reading and making certificates needs a crypto part that is plugged in
 * (`CertificateReader`, `KeyMaker`); the vault knows the rules of the OCPP blocks A and M.
 */

/** CertificateHashDataType of 1.6 (whitepaper) and 2.x. */
export interface CertificateHash {
  readonly hashAlgorithm: 'SHA256' | 'SHA384' | 'SHA512';
  readonly issuerNameHash: string;
  readonly issuerKeyHash: string;
  readonly serialNumber: string;
}

export interface ReadCertificate {
  readonly hash: CertificateHash;
  readonly notBeforeMs: number;
  readonly notAfterMs: number;
  readonly subject: string;
  /** Base64 of the public key, to see whether it belongs to our CSR. */
  readonly publicKey: string;
}

/** Reads PEM; throws when it cannot. `issuerPem` gives the key hash of a certificate that is not self-signed. */
export interface CertificateReader {
  read(pem: string, issuerPem?: string): ReadCertificate;
  /** Whether the key of `issuerPem` made the signature of `pem`. */
  isSignedBy(pem: string, issuerPem: string): boolean;
  /** The certificates of a chain, leaf first. */
  split(pem: string): string[];
}

/** Makes a key pair and its signing request; the private key never leaves. */
export interface KeyMaker {
  request(subject: {
    readonly commonName: string;
    readonly organization: string;
    /** DC: `CPO` for a certificate of ISO 15118. */
    readonly domainComponent?: string | undefined;
  }): {
    readonly csr: string;
    readonly publicKey: string;
    /** PEM; a secret. */
    readonly privateKey: string;
  };
}

export interface CryptoPart {
  readonly reader: CertificateReader;
  readonly keys: KeyMaker;
  readonly meters: MeterKeys;
}

export interface StoredCertificate {
  /** The wire's own word for what it is. */
  readonly type: string;
  readonly pem: string;
  readonly hash: CertificateHash;
  /** PEM of the key that belongs to it; only for the station's own certificates. A secret. */
  readonly privateKey?: string;
}

/** What a TLS client needs, PEM. */
export interface TlsPart {
  readonly ca?: readonly string[];
  readonly cert?: string;
  readonly key?: string;
}

export type InstallStatus = 'Accepted' | 'Rejected' | 'Failed';

export class CertificateVault {
  readonly #crypto: CryptoPart | undefined;
  readonly #maxEntries: number;
  #stored: readonly StoredCertificate[] = [];
  #pendingKey: { readonly publicKey: string; readonly privateKey: string } | undefined;

  constructor(crypto: CryptoPart | undefined, maxEntries: number) {
    this.#crypto = crypto;
    this.#maxEntries = maxEntries;
  }

  get all(): readonly StoredCertificate[] {
    return this.#stored;
  }

  has(type: string): boolean {
    return this.#stored.some((one) => one.type === type);
  }

  /** InstallCertificate: invalid or full = Rejected; the same again = Accepted (2.0.1 M05.FR.17). */
  install(type: string, pem: string, nowMs: number): InstallStatus {
    if (this.#crypto === undefined) return 'Failed';
    let certificate: ReadCertificate;
    try {
      certificate = this.#crypto.reader.read(pem);
    } catch {
      return 'Rejected';
    }
    if (certificate.notAfterMs <= nowMs) return 'Rejected';
    const { hash } = certificate;
    if (this.#stored.some((one) => one.type === type && sameHash(one.hash, hash))) return 'Accepted';
    if (this.#stored.length >= this.#maxEntries) return 'Rejected';
    this.#stored = [...this.#stored, { type, pem, hash }];
    return 'Accepted';
  }

  /** DeleteCertificate: never the station's own certificate (2.0.1 M04.FR.06), nor the CSMS root in use. */
  remove(hash: CertificateHash, inUse: (stored: StoredCertificate) => boolean): 'Accepted' | 'Failed' | 'NotFound' {
    const found = this.#stored.find((one) => sameHash(one.hash, hash));
    if (found === undefined) return 'NotFound';
    if (inUse(found)) return 'Failed';
    this.#stored = this.#stored.filter((one) => one !== found);
    return 'Accepted';
  }

  /**
   * Whether firmware may be signed by this certificate (L01.FR.21, FR.22): readable, valid now, and under an installed
   * manufacturer root if there is one. A station without such a root has nothing to compare with.
   */
  isFirmwareSigner(chainPem: string, nowMs: number): boolean {
    if (this.#crypto === undefined) return chainPem.includes('-----BEGIN CERTIFICATE-----');
    return this.#holds(chainPem, (type) => type === 'ManufacturerRootCertificate', nowMs);
  }

  /** A new key pair's signing request; undefined without a crypto part. */
  signingRequest(commonName: string, organization: string, domainComponent?: string): string | undefined {
    const made = this.#crypto?.keys.request({ commonName, organization, domainComponent });
    this.#pendingKey = made;
    return made?.csr;
  }

  /**
   * CertificateSigned: the chain must be readable, valid now, belong to the key of our request, and hold up to a root
   * (A02, E 2.9). Which root is the CSMS's choice for the station's own certificate: any that is installed will do.
   *
   * @param isRoot the types of installed certificates that may stand at the top; without one of them nobody can say
   */
  signed(
    type: string,
    chainPem: string,
    nowMs: number,
    isRoot: (type: string) => boolean = (stored) => stored.endsWith('RootCertificate'),
  ): 'Accepted' | 'Rejected' {
    if (this.#crypto === undefined || !this.#holds(chainPem, isRoot, nowMs)) return 'Rejected';
    const { reader } = this.#crypto;
    const [leafPem = '', issuerPem] = reader.split(chainPem);
    const leaf = reader.read(leafPem, issuerPem);
    const key = this.#pendingKey;
    if (key !== undefined && leaf.publicKey !== key.publicKey) return 'Rejected';
    // Only the one in use is kept.
    this.#stored = [
      ...this.#stored.filter((one) => one.type !== type),
      { type, pem: chainPem, hash: leaf.hash, ...(key === undefined ? {} : { privateKey: key.privateKey }) },
    ];
    return 'Accepted';
  }

  #holds(chainPem: string, isRoot: (type: string) => boolean, nowMs: number): boolean {
    if (this.#crypto === undefined) return false;
    const { reader } = this.#crypto;
    const roots = this.#stored.filter((one) => isRoot(one.type));
    try {
      return chainHolds(reader, reader.split(chainPem), roots, nowMs);
    } catch {
      return false;
    }
  }

  /** What the factory put in. Without a crypto part nothing can be read, and nothing is kept. */
  preload(type: string, pem: string, privateKey?: string): void {
    if (this.#crypto === undefined) return;
    const { reader } = this.#crypto;
    const [first = pem, issuer] = reader.split(pem);
    const { hash } = reader.read(first, issuer);
    this.#stored = [...this.#stored, { type, pem, hash, ...(privateKey === undefined ? {} : { privateKey }) }];
  }

  /** Roots of this type to trust, and the station's own certificate of that type with its key if it is to be shown. */
  tls(rootType: string, ownType: string, showOwn: boolean): TlsPart {
    const ca = this.#stored.filter((one) => one.type === rootType).map((one) => one.pem);
    const own = showOwn ? this.#stored.find((one) => one.type === ownType) : undefined;
    return {
      ...(ca.length === 0 ? {} : { ca }),
      ...(own?.privateKey === undefined ? {} : { cert: own.pem, key: own.privateKey }),
    };
  }

  restore(saved: readonly StoredCertificate[]): void {
    this.#stored = saved;
  }
}

function sameHash(a: CertificateHash, b: CertificateHash): boolean {
  return (
    a.hashAlgorithm === b.hashAlgorithm &&
    a.issuerNameHash.toLowerCase() === b.issuerNameHash.toLowerCase() &&
    a.issuerKeyHash.toLowerCase() === b.issuerKeyHash.toLowerCase() &&
    stripZeros(a.serialNumber) === stripZeros(b.serialNumber)
  );
}

/** Serial numbers are hexadecimal without leading zeros; peers differ. */
function stripZeros(serial: string): string {
  return serial.toLowerCase().replace(/^0+(?=.)/, '');
}
