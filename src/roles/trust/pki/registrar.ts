import type { Entropy } from '../../../core/entropy.ts';
import { DAY_MS } from '../../../core/time.ts';
import {
  buildCrl,
  buildOcspFailure,
  buildOcspResponse,
  type Certificate,
  type CertificateRole,
  type CertificateState,
  type Curve,
  certificateIdOf,
  certificateProfile,
  type DistinguishedName,
  EcPrivateKey,
  type Edition,
  fingerprint,
  isSignedBy,
  issueCertificate,
  nameText,
  parseOcspRequest,
  type RevocationReason,
  readCertificate,
  serialNumberHex,
} from '../../../protocols/iso15118/index.ts';
import type { Faults } from '../faults.ts';
import type { IssuedRecord } from '../records.ts';
import type { TrustState } from '../trust-state.ts';
import { type Authorities, type Authority, type AuthorityRole, issuerOf } from './authorities.ts';

/** Leaves that the environment issues, and the authority of each. */
export const LEAF_ISSUERS = {
  secc: 'cpo-sub-ca-2',
  contract: 'mo-sub-ca-2',
  'oem-provisioning': 'oem-sub-ca-2',
  vehicle: 'oem-sub-ca-2',
  cps: 'cps-sub-ca-2',
  'csms-server': 'cpo-sub-ca-2',
  'station-client': 'cpo-sub-ca-2',
} as const satisfies Partial<Record<CertificateRole, AuthorityRole>>;

export type LeafRole = keyof typeof LEAF_ISSUERS;

export interface LeafOrder {
  readonly role: LeafRole;
  readonly edition: Edition;
  readonly subject: DistinguishedName;
  readonly publicKey: { readonly curve: Curve; readonly publicPoint: Uint8Array };
  readonly owner?: string;
  readonly notBeforeMs?: number;
  readonly notAfterMs?: number;
  readonly dnsNames?: readonly string[];
}

export interface RegistrarOptions {
  readonly state: TrustState;
  readonly authorities: Authorities;
  readonly faults: Faults;
  readonly entropy: Entropy;
  readonly now: () => number;
  readonly ocspUrl: () => string;
  readonly ocspValidForMs: number;
}

const CRL_VALID_MS = 7 * DAY_MS;

/** Issues leaves, revokes, and says what state a certificate of ours is in: OCSP and revocation lists. */
export class Registrar {
  readonly #options: RegistrarOptions;

  constructor(options: RegistrarOptions) {
    this.#options = options;
  }

  /** Keeps an authority's own certificate, so that it can be revoked like any other. */
  register(
    certificate: Certificate,
    facts: Pick<IssuedRecord, 'role' | 'edition' | 'issuer'> & { owner?: string },
  ): IssuedRecord {
    const record: IssuedRecord = {
      id: fingerprint(certificate),
      ...facts,
      subject: nameText(certificate.subject),
      serial: serialNumberHex(certificate.serialNumber),
      certificate: Buffer.from(certificate.der).toString('base64'),
      notBeforeMs: certificate.notBeforeMs,
      notAfterMs: certificate.notAfterMs,
      issuedAtMs: this.#options.now(),
    };
    this.#options.state.issued.put(record);
    return record;
  }

  issueLeaf(order: LeafOrder): { readonly certificate: Certificate; readonly issuer: Authority } {
    const { authorities, entropy, faults, now, ocspUrl } = this.#options;
    const { role, edition, owner } = order;
    const issuer = authorities.of(LEAF_ISSUERS[role], edition);
    const { certificate: issuerCertificate, signer } = issuerOf(issuer);
    const fault = faults.now.issue;
    const nowMs = now();
    const certificate = issueCertificate({
      profile: { ...certificateProfile(role, edition), curve: order.publicKey.curve, hasOcspUrl: true },
      subject: order.subject,
      publicKey: order.publicKey,
      issuer: {
        certificate: issuerCertificate,
        // The right name over the signature of a stranger.
        signer: fault === 'wrong-chain' ? EcPrivateKey.generate(signer.curve, entropy) : signer,
      },
      notBeforeMs: fault === 'expired' ? nowMs - 2 * DAY_MS : (order.notBeforeMs ?? nowMs - 3_600_000),
      ...(fault === 'expired'
        ? { notAfterMs: nowMs - DAY_MS }
        : order.notAfterMs === undefined
          ? {}
          : { notAfterMs: order.notAfterMs }),
      entropy,
      ocspUrl: ocspUrl(),
      ...(order.dnsNames === undefined ? {} : { dnsNames: order.dnsNames }),
    });
    const record = this.register(certificate, {
      role,
      edition,
      issuer: issuer.name,
      ...(owner === undefined ? {} : { owner }),
    });
    if (fault === 'revoked') this.revoke(record, 'unspecified');
    return { certificate, issuer };
  }

  recordOf(certificate: Certificate): IssuedRecord | undefined {
    return this.#options.state.issued.get(fingerprint(certificate));
  }

  revoke(record: IssuedRecord, reason: RevocationReason): IssuedRecord {
    if (record.revoked !== undefined) return record;
    const revoked = { ...record, revoked: { atMs: this.#options.now(), reason } };
    this.#options.state.issued.put(revoked);
    return revoked;
  }

  stateOfRecord(record: IssuedRecord): CertificateState {
    const { revoked } = record;
    return revoked === undefined
      ? { state: 'good' }
      : { state: 'revoked', revokedAtMs: revoked.atMs, reason: revoked.reason };
  }

  /** The state of a certificate below one of our authorities; `undefined` for a certificate of somebody else. */
  stateOf(certificate: Certificate): CertificateState | undefined {
    const record = this.recordOf(certificate);
    if (record !== undefined) return this.stateOfRecord(record);
    const ours = this.#options.authorities
      .loaded()
      .some((authority) => authority.key !== undefined && isSignedBy(certificate, authority.certificate));
    return ours ? { state: 'unknown' } : undefined;
  }

  /** The records of an issuer's serial number. */
  #bySerial(issuer: Authority, serial: string): IssuedRecord | undefined {
    const { items } = this.#options.state.issued.list({ where: { serial, issuer: issuer.name }, limit: 1 });
    return items[0];
  }

  /** What the responder says about a serial number below one of our authorities. */
  stateOfId(issuer: Authority, serial: string): CertificateState {
    const record = this.#bySerial(issuer, BigInt(`0x${serial}`).toString(16));
    return record === undefined ? { state: 'unknown' } : this.stateOfRecord(record);
  }

  /** The answer of the OCSP responder, DER in and out (RFC 6960); never throws for what is asked. */
  answerOcsp(der: Uint8Array): Uint8Array {
    const { authorities, faults, entropy, now, state, ocspValidForMs } = this.#options;
    let question: ReturnType<typeof parseOcspRequest>;
    try {
      question = parseOcspRequest(der);
    } catch {
      return buildOcspFailure('malformedRequest');
    }
    if (faults.now.ocsp === 'try-later') return buildOcspFailure('tryLater');
    const [first] = question.certificates;
    const issuer = first && authorities.issuerOf(first);
    // RFC 6960 section 2.3: not a certificate of an authority that this responder speaks for.
    if (issuer?.key === undefined) return buildOcspFailure('unauthorized');
    const nowMs = now();
    const stale = faults.now.ocsp === 'stale';
    return buildOcspResponse({
      question,
      signer: faults.now.ocsp === 'wrong-signer' ? EcPrivateKey.generate(issuer.key.curve, entropy) : issuer.key,
      producedAtMs: stale ? nowMs - ocspValidForMs - 2 * DAY_MS : nowMs,
      validForMs: ocspValidForMs,
      stateOf: (id) => {
        const sameIssuer = authorities.issuerOf(id) === issuer;
        const record = sameIssuer ? this.#bySerial(issuer, id.serialNumber) : undefined;
        const answer: CertificateState =
          record === undefined || faults.now.ocsp === 'unknown' ? { state: 'unknown' } : this.stateOfRecord(record);
        state.logOcsp({
          atMs: nowMs,
          hashAlgorithm: id.hashAlgorithm,
          serial: id.serialNumber,
          subject: record?.subject,
          answer: answer.state,
        });
        return answer;
      },
    });
  }

  /** The revocation list of an authority in DER. */
  crlOf(authority: Authority): Uint8Array {
    const { state, now } = this.#options;
    const { certificate, signer } = issuerOf(authority);
    const nowMs = now();
    return buildCrl({
      issuer: certificate,
      signer,
      revoked: [...state.issued.all({ issuer: authority.name })].flatMap(({ revoked, serial }) =>
        revoked === undefined
          ? []
          : [{ serialNumber: BigInt(`0x${serial}`), revokedAtMs: revoked.atMs, reason: revoked.reason }],
      ),
      thisUpdateMs: nowMs,
      nextUpdateMs: nowMs + CRL_VALID_MS,
      number: Math.floor(nowMs / 1_000),
    });
  }

  /** The id of a certificate of ours as OCSP and OCPP name it. */
  idOf(
    record: IssuedRecord,
    hash: 'SHA256' | 'SHA384' | 'SHA512' = 'SHA256',
  ): ReturnType<typeof certificateIdOf> | undefined {
    const issuer = this.#options.authorities.loaded().find(({ name }) => name === record.issuer);
    return issuer && certificateIdOf(readCertificate(record.certificate), issuer.certificate, hash);
  }
}
