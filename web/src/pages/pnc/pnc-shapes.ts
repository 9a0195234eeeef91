/** What the trust environment's API answers (`/api/v1/pnc/...`). */

export type Standing = 'valid' | 'soon' | 'expired' | 'revoked' | 'not-yet';

export interface Certificate {
  readonly id: string;
  readonly role: string;
  readonly edition: string;
  readonly subject: string;
  readonly serial: string;
  readonly issuer: string;
  readonly state: Standing;
  readonly validFrom: string;
  readonly validTo: string;
  readonly issuedAt: string;
  readonly bytes: number;
  readonly owner?: string;
  readonly revokedAt?: string;
  readonly reason?: string;
}

export interface AuthorityNode {
  readonly name: string;
  readonly role: string;
  readonly edition: string;
  readonly origin: string;
  readonly canIssue: boolean;
  /** Empty when its record is gone. */
  readonly certificate: Partial<Certificate>;
  readonly children: readonly AuthorityNode[];
  readonly leaves: readonly Certificate[];
}

export interface CertificateDetail extends Certificate {
  readonly title: string;
  readonly issuerName: string;
  readonly keyKind: string;
  readonly keyUsage: readonly string[];
  readonly extendedKeyUsage: readonly string[];
  readonly isCa: boolean;
  readonly pathLength?: number;
  readonly ocspUrls: readonly string[];
  readonly maxBytes?: number;
  readonly hashData: readonly {
    readonly hashAlgorithm: string;
    readonly issuerNameHash: string;
    readonly issuerKeyHash: string;
    readonly serialNumber: string;
  }[];
  readonly lint: readonly (string | { readonly text?: string; readonly clause?: string })[];
  readonly pem: string;
  readonly chainPem: string;
}

export interface Rung {
  readonly certificate: string;
  readonly check: string;
  readonly ok: boolean;
  readonly text: string;
  readonly clause: string;
}

export interface Ladder {
  readonly ok: boolean;
  readonly rungs: readonly Rung[];
  readonly certificateStatus: string;
  readonly idTokenStatus: string;
}

export interface PoolContract {
  readonly id: string;
  readonly pcid: string;
  readonly emaid: string;
  readonly xsdMsgDefNamespace: string;
  readonly defaultContract: boolean;
  readonly certValidFrom: string;
  readonly certValidTo: string;
  readonly state: 'in-pool' | 'delivered' | 'revoked';
  readonly createdAt: string;
  readonly deliveredAt?: string;
  readonly certificateId?: string;
}

export interface Vehicle {
  readonly id: string;
  readonly pcid: string;
  readonly owner: string;
  readonly subject: string;
  readonly keyKind: string;
  readonly validTo: string;
  readonly changedAt: string;
  readonly contracts: readonly { readonly emaid: string; readonly isDefault: boolean }[];
}

export interface Misbehaviour {
  readonly delayMs: number;
  readonly ocsp: string;
  readonly ocspDelayMs: number;
  readonly issue: string;
  readonly delivery: string;
  readonly answers: readonly unknown[];
}

/** `CPO Sub1` of `DC=V2G,CN=CPO Sub1,O=Compote`. */
export function commonName(subject: string | undefined): string {
  return /(?:^|,)\s*CN=([^,]+)/.exec(subject ?? '')?.[1] ?? subject ?? '';
}

/** `15118-2` of `ISO15118-2`. */
export function editionWord(edition: string): string {
  return edition.replace('ISO', 'ISO ');
}
