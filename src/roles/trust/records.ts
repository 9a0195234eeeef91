import type { CertificateRole, Edition, RevocationReason } from '../../protocols/iso15118/index.ts';
import type { WebhookEvent } from '../../protocols/opcp/index.ts';

/** What the trust environment keeps. Instants are epoch milliseconds; certificates are base64 of DER. */

/** A certificate that one of our authorities issued, an authority's own included. */
export interface IssuedRecord {
  /** SHA-256 over the DER, hex. */
  readonly id: string;
  readonly role: CertificateRole;
  readonly edition: Edition;
  readonly subject: string;
  /** Hex without leading zeros. */
  readonly serial: string;
  /** Name of the issuing authority; its own name for a root. */
  readonly issuer: string;
  readonly certificate: string;
  readonly notBeforeMs: number;
  readonly notAfterMs: number;
  readonly issuedAtMs: number;
  /** The client that it was issued to. */
  readonly owner?: string;
  readonly revoked?: { readonly atMs: number; readonly reason: RevocationReason };
}

/** A root certificate of the root pool (RCP). */
export interface RootRecord {
  readonly id: string;
  readonly rootType: 'V2G' | 'MO' | 'OEM' | 'PE';
  readonly certificate: string;
  readonly fingerprint: string;
  readonly addedAtMs: number;
  /** The authority of ours behind it. */
  readonly authority?: string;
}

/** A vehicle of the provisioning pool (PCP). */
export interface VehicleRecord {
  /** The key: upper case. */
  readonly pcid: string;
  readonly vehicleCertificate: string;
  readonly subCA1Certificate: string;
  readonly subCA2Certificate?: string;
  readonly xsdMsgDefNamespace?: string;
  readonly v2gRootAuthorityKeyIdentifiers?: string[];
  readonly previousPcid?: string;
  readonly owner: string;
  readonly changedAtMs: number;
}

/** Signed contract data of the contract pool (CCP). */
export interface ContractRecord {
  /** `EMAID core/edition`. */
  readonly key: string;
  /** As it stands in the contract data. */
  readonly emaid: string;
  /** The first 14 characters, by which it is found. */
  readonly core: string;
  readonly pcid: string;
  readonly edition: Edition;
  readonly isDefault: boolean;
  readonly contractCertificate: string;
  /** -2: the XML of the signed answer. -20: its EXI in base64. */
  readonly signedData: string;
  readonly cpsRootFingerprint: string;
  readonly cpsRootName: string;
  readonly metaData?: string;
  readonly createdAtMs: number;
  readonly deliveredAtMs?: number;
}

/** A station registered for enrolment. */
export interface EndEntityRecord {
  readonly commonName: string;
  readonly owner: string;
  readonly entity: Readonly<Record<string, unknown>>;
}

/** A subscriber of events. */
export interface EndpointRecord {
  readonly id: string;
  readonly owner: string;
  readonly createdAtMs: number;
  readonly url: string;
  readonly enabledEvents: readonly string[];
  readonly secret: string;
  readonly status: 'enabled' | 'disabled';
  readonly providers: readonly string[];
  readonly wmis: readonly string[];
  readonly role: string;
  readonly name: string;
  readonly apiVersion?: string;
  readonly description?: string;
  readonly metadata?: Readonly<Record<string, unknown>>;
}

/** An event on its way to one subscriber. */
export interface DeliveryRecord {
  readonly id: string;
  readonly endpoint: string;
  readonly eventType: WebhookEvent;
  /** The exact body, the same in every attempt. */
  readonly body: string;
  readonly state: 'waiting' | 'delivered' | 'failed';
  readonly attempts: number;
  readonly createdAtMs: number;
  readonly dueAtMs: number;
  readonly lastStatus?: number;
  readonly lastProblem?: string;
}

/** A question to the OCSP responder, for the log of the user interface. */
export interface OcspLogEntry {
  readonly atMs: number;
  readonly hashAlgorithm: string;
  readonly serial: string;
  readonly subject: string | undefined;
  readonly answer: string;
}
