import type { Clock } from '../../../core/clock.ts';
import type { PoolClient } from '../../../link/pool-client.ts';
import {
  type Certificate,
  type CertificateState,
  nameValue,
  type OcspRequestData,
  type PathProblem,
  parseCertificateChainPem,
  readCertificate,
  sameEmaid,
  validatePath,
} from '../../../protocols/iso15118/index.ts';
import { POOL } from '../../../protocols/opcp/index.ts';
import type { CertificateStatus } from './certificate-status.ts';

/** What Authorize says about a contract certificate (OCPP 2.0.1 C07, application note for 1.6). */
export type ContractVerdict =
  | 'Accepted'
  | 'SignatureError'
  | 'CertificateExpired'
  | 'CertificateRevoked'
  | 'NoCertificateAvailable'
  | 'CertChainError'
  | 'ContractCancelled';

export interface ContractCheckResult {
  readonly verdict: ContractVerdict;
  /** A sentence for a person. */
  readonly text: string;
}

const ROOTS_FOR_MS = 300_000;

/** Verifies contract certificates: the chain to a root of the root pool, and the status of every certificate in it. */
export class ContractCheck {
  readonly #clock: Clock;
  readonly #client: PoolClient;
  readonly #status: CertificateStatus;
  #roots: { readonly certificates: readonly Certificate[]; readonly untilMs: number } | undefined;

  constructor(clock: Clock, client: PoolClient, status: CertificateStatus) {
    this.#clock = clock;
    this.#client = client;
    this.#status = status;
  }

  /** Leaf first, as the station sends OCSP data of each certificate. */
  async byHashData(hashData: readonly OcspRequestData[]): Promise<ContractCheckResult> {
    if (hashData.length === 0) return { verdict: 'NoCertificateAvailable', text: 'No certificate was named.' };
    for (const data of hashData) {
      // A decision wants today's answer, not the one that a station may keep for a week.
      const answer = await this.#status.ofHash(data, false);
      if (!answer.ok) return { verdict: 'CertChainError', text: answer.problem };
      if (answer.state.state === 'revoked') {
        return { verdict: 'CertificateRevoked', text: `The certificate ${data.serialNumber} is revoked.` };
      }
      if (answer.state.state === 'unknown') {
        return { verdict: 'CertChainError', text: `The responder does not know the certificate ${data.serialNumber}.` };
      }
    }
    return { verdict: 'Accepted', text: 'All certificates are good.' };
  }

  /** The PEM chain of a contract, leaf first. */
  async byChain(pem: string, emaid: string): Promise<ContractCheckResult> {
    let chain: readonly Certificate[];
    try {
      chain = parseCertificateChainPem(pem);
    } catch (cause) {
      return { verdict: 'CertChainError', text: cause instanceof Error ? cause.message : 'The chain is unreadable.' };
    }
    const [leaf, ...intermediates] = chain;
    if (leaf === undefined) return { verdict: 'NoCertificateAvailable', text: 'The chain is empty.' };
    const roots = await this.#poolRoots();
    if (typeof roots === 'string') return { verdict: 'CertChainError', text: roots };
    const nowMs = this.#clock.now();
    const path = validatePath({ leaf, intermediates, roots, nowMs });
    const [problem] = path.problems;
    if (problem !== undefined) return { verdict: verdictOf(problem), text: problem.text };
    const name = nameValue(leaf.subject, 'CN') ?? '';
    if (!sameEmaid(name, emaid)) {
      return { verdict: 'CertChainError', text: `The certificate is for ${name}, the token says ${emaid}.` };
    }
    for (const [at, certificate] of path.chain.entries()) {
      const issuer = path.chain[at + 1] ?? path.root;
      if (issuer === undefined || certificate.ocspUrls.length === 0) continue;
      const answer = await this.#status.ofCertificate(certificate, issuer);
      const bad = badState(answer.ok ? answer.state : answer.problem, name);
      if (bad !== undefined) return bad;
    }
    return { verdict: 'Accepted', text: 'The chain is valid and no certificate is revoked.' };
  }

  async #poolRoots(): Promise<readonly Certificate[] | string> {
    if (this.#roots !== undefined && this.#roots.untilMs > this.#clock.now()) return this.#roots.certificates;
    const answer = await this.#client.call(POOL.getAllRootCerts, {});
    if (!answer.ok) return answer.messages.join(' ') || 'The root pool does not answer.';
    const certificates = answer.value.RootCertificateCollection.rootCertificates
      .filter(({ rootType }) => rootType === 'MO' || rootType === 'V2G')
      .flatMap(({ caCertificate }) => readable(caCertificate));
    this.#roots = { certificates, untilMs: this.#clock.now() + ROOTS_FOR_MS };
    return certificates;
  }
}

function readable(base64: string): Certificate[] {
  try {
    return [readCertificate(base64)];
  } catch {
    return [];
  }
}

function badState(state: CertificateState | string, name: string): ContractCheckResult | undefined {
  if (typeof state === 'string') return { verdict: 'CertChainError', text: state };
  if (state.state === 'revoked') return { verdict: 'CertificateRevoked', text: `A certificate of ${name} is revoked.` };
  if (state.state === 'unknown') {
    return { verdict: 'CertChainError', text: `The responder does not know a certificate of ${name}.` };
  }
  return undefined;
}

function verdictOf({ code }: PathProblem): ContractVerdict {
  if (code === 'EXPIRED') return 'CertificateExpired';
  if (code === 'BAD_SIGNATURE') return 'SignatureError';
  if (code === 'NO_CERTIFICATE') return 'NoCertificateAvailable';
  return 'CertChainError';
}
