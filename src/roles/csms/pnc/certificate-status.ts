import type { Clock } from '../../../core/clock.ts';
import type { Entropy } from '../../../core/entropy.ts';
import type { PoolClient } from '../../../link/pool-client.ts';
import {
  buildOcspRequest,
  type Certificate,
  type CertificateId,
  type CertificateState,
  certificateIdOf,
  type OcspRequestData,
  parseOcspResponse,
  verifyOcspResponse,
} from '../../../protocols/iso15118/index.ts';

export interface CertificateStatusOptions {
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly client: PoolClient;
  /** Origins that may be asked, beside the pools' own. */
  readonly responders: readonly string[];
}

/** What a responder said: its exact answer, and what it means. */
export type StatusAnswer =
  | {
      readonly ok: true;
      readonly der: Uint8Array;
      readonly state: CertificateState;
      readonly nextUpdateMs: number | undefined;
    }
  | { readonly ok: false; readonly problem: string };

const MAX_CACHED = 2_000;
/** Answers without a next update are kept so long, those with one until then. */
const DEFAULT_CACHE_MS = 60_000;

/** Asks OCSP responders about certificates, only those that the configuration allows, and keeps answers for their time. */
export class CertificateStatus {
  readonly #options: CertificateStatusOptions;
  readonly #cache = new Map<string, { readonly answer: StatusAnswer & { ok: true }; readonly untilMs: number }>();

  constructor(options: CertificateStatusOptions) {
    this.#options = options;
  }

  /** Whether a station may make us ask there: an address that somebody else supplies is fetched only where we allow it. */
  isAllowed(responderUrl: string): boolean {
    let origin: string;
    try {
      origin = new URL(responderUrl).origin;
    } catch {
      return false;
    }
    const { client, responders } = this.#options;
    return [client.url, ...responders].some((allowed) => {
      try {
        return new URL(allowed).origin === origin;
      } catch {
        return false;
      }
    });
  }

  /**
   * By hash data alone, as stations send it. Nobody can check the answer's signature without the issuer's certificate:
   * the station does, and so do we where we have it (`ofCertificate`).
   */
  async ofHash(data: OcspRequestData, cached = true): Promise<StatusAnswer> {
    return this.#ask({ ...data, serialNumber: data.serialNumber.toLowerCase() }, data.responderURL, cached, undefined);
  }

  /** With the certificates in hand the answer's signer, time and nonce are verified. */
  async ofCertificate(certificate: Certificate, issuer: Certificate): Promise<StatusAnswer> {
    const [url] = certificate.ocspUrls;
    if (url === undefined) return { ok: false, problem: 'The certificate names no OCSP responder.' };
    return this.#ask(certificateIdOf(certificate, issuer, 'SHA256'), url, true, { certificate, issuer });
  }

  async #ask(
    id: CertificateId,
    url: string,
    cached: boolean,
    known: { readonly certificate: Certificate; readonly issuer: Certificate } | undefined,
  ): Promise<StatusAnswer> {
    const { clock, entropy, client } = this.#options;
    if (!this.isAllowed(url)) {
      return { ok: false, problem: `${url} is no OCSP responder of the configuration (csms.pnc.ocspResponders).` };
    }
    const nowMs = clock.now();
    const key = `${known === undefined ? '' : 'verified '}${id.hashAlgorithm} ${id.issuerNameHash} ${id.issuerKeyHash} ${id.serialNumber}`;
    const kept = this.#cache.get(key);
    if (cached && kept !== undefined && kept.untilMs > nowMs) return kept.answer;
    const nonce = known === undefined ? undefined : entropy(16);
    let request: Uint8Array;
    try {
      request = buildOcspRequest([id], nonce);
    } catch (cause) {
      return { ok: false, problem: cause instanceof Error ? cause.message : 'The hash data cannot be asked about.' };
    }
    const outcome = await client.post(url, 'application/ocsp-request', request, 'ocspPost');
    if (outcome.kind !== 'answered') return { ok: false, problem: `The OCSP responder: ${outcome.text}` };
    const { status, body } = outcome.response;
    if (status !== 200) return { ok: false, problem: `The OCSP responder answers HTTP ${status}.` };
    const answer = this.#read(body, id, known, nonce);
    if (answer.ok) this.#keep(key, answer, nowMs);
    return answer;
  }

  #read(
    der: Uint8Array,
    id: CertificateId,
    known: { readonly certificate: Certificate; readonly issuer: Certificate } | undefined,
    nonce: Uint8Array | undefined,
  ): StatusAnswer {
    const nowMs = this.#options.clock.now();
    try {
      if (known !== undefined) {
        const verdict = verifyOcspResponse({
          response: der,
          ...known,
          nowMs,
          ...(nonce === undefined ? {} : { nonce }),
        });
        if (!verdict.ok) return verdict;
        return { ok: true, der, state: verdict.status, nextUpdateMs: verdict.nextUpdateMs };
      }
      const parsed = parseOcspResponse(der);
      if (parsed.kind === 'failure') return { ok: false, problem: `The OCSP responder answered ${parsed.failure}.` };
      const serial = BigInt(`0x${id.serialNumber}`);
      const single = parsed.answers.find((each) => BigInt(`0x${each.certificate.serialNumber}`) === serial);
      if (single === undefined) return { ok: false, problem: 'The OCSP answer does not speak about this certificate.' };
      return { ok: true, der, state: single.status, nextUpdateMs: single.nextUpdateMs };
    } catch (cause) {
      return { ok: false, problem: `The OCSP answer cannot be read: ${cause instanceof Error ? cause.message : ''}` };
    }
  }

  #keep(key: string, answer: StatusAnswer & { ok: true }, nowMs: number): void {
    const [oldest] = this.#cache.keys();
    if (this.#cache.size >= MAX_CACHED && oldest !== undefined) this.#cache.delete(oldest);
    this.#cache.set(key, { answer, untilMs: answer.nextUpdateMs ?? nowMs + DEFAULT_CACHE_MS });
  }
}
