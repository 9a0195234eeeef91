import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock, Timer } from '../../../core/clock.ts';
import type { Entropy } from '../../../core/entropy.ts';
import { CompoteError, messageOf } from '../../../core/errors.ts';
import { DAY_MS, SECOND_MS } from '../../../core/time.ts';
import { demandPoolValue, type PoolClient } from '../../../link/pool-client.ts';
import type { Log } from '../../../platform/logging/log.ts';
import {
  createSigningRequest,
  EcPrivateKey,
  EXTENDED_KEY_USAGE,
  isSelfIssued,
  orderChain,
  parseCertificate,
  parseCertificateChainPem,
  readCertificate,
  toPem,
  toPemChain,
} from '../../../protocols/iso15118/index.ts';
import { POOL } from '../../../protocols/opcp/index.ts';
import type { StationOptions } from '../station-world.ts';

export interface FactoryCertificatesOptions {
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly log: Log;
  readonly client: PoolClient;
  readonly folder: string;
  /** Profile 2 needs the roots only; 3 a certificate of the station’s own too. */
  readonly profile: 2 | 3;
}

/** Of the operator of simulated stations. */
const ORGANIZATION = 'Compote';
const RETRY_MS = 2 * SECOND_MS;
const RENEW_BEFORE_MS = 7 * DAY_MS;

/**
 * What the factory puts into a simulated station for TLS: the roots that the CSMS stands under, and for mutual TLS a key
 * with its certificate from the environment’s enrolment. Later ones come by OCPP (SignCertificate).
 */
export class FactoryCertificates {
  readonly #options: FactoryCertificatesOptions;
  #stopped = false;
  #retry: { readonly timer: Timer; readonly wake: () => void } | undefined;
  #said = false;

  constructor(options: FactoryCertificatesOptions) {
    this.#options = options;
    mkdirSync(options.folder, { recursive: true, mode: 0o700 });
  }

  /** For a station; waits until the environment answers. `undefined` when stopped meanwhile. */
  async of(identity: string): Promise<StationOptions['certificates'] | undefined> {
    while (!this.#stopped) {
      try {
        const csmsRoots = await this.#roots();
        if (this.#options.profile === 2) return { csmsRoots, organization: ORGANIZATION };
        return {
          csmsRoots,
          organization: ORGANIZATION,
          certificate: this.#kept(identity) ?? (await this.#enrol(identity)),
        };
      } catch (cause) {
        if (!this.#said) this.#options.log.warn(`stations wait for their certificates: ${messageOf(cause)}`);
        this.#said = true;
        await new Promise<void>((resolve) => {
          this.#retry = { timer: this.#options.clock.after(RETRY_MS, resolve), wake: resolve };
        });
      }
    }
    return undefined;
  }

  stop(): void {
    this.#stopped = true;
    this.#retry?.timer.cancel();
    this.#retry?.wake();
  }

  async #roots(): Promise<readonly string[]> {
    const answer = demandPoolValue(
      await this.#options.client.call(POOL.getAllRootCerts, { query: { rootType: 'v2g' } }),
    );
    return answer.RootCertificateCollection.rootCertificates.map(({ caCertificate }) =>
      toPem('CERTIFICATE', readCertificate(caCertificate).der),
    );
  }

  #kept(identity: string): { chain: string; privateKey: string } | undefined {
    const file = this.#file(identity);
    if (!existsSync(`${file}.pem`)) return undefined;
    const chain = readFileSync(`${file}.pem`, 'utf8');
    const [leaf] = parseCertificateChainPem(chain);
    if (leaf === undefined || leaf.notAfterMs < this.#options.clock.now() + RENEW_BEFORE_MS) return undefined;
    return { chain, privateKey: readFileSync(`${file}.key.pem`, 'utf8') };
  }

  async #enrol(identity: string): Promise<{ chain: string; privateKey: string }> {
    const { entropy, client } = this.#options;
    const key = EcPrivateKey.generate('secp256r1', entropy);
    // The common name is the serial number (A00.FR.404), and a simulated station has its identity for that.
    const subject = [
      { type: 'O', value: ORGANIZATION },
      { type: 'CN', value: identity },
    ];
    const wishes = { extendedKeyUsage: [EXTENDED_KEY_USAGE.clientAuth], dnsNames: [] };
    const body = createSigningRequest(subject, key, ['digitalSignature', 'keyAgreement'], wishes);
    const params = { ca: 'cpo' };
    const [leaf] = demandPoolValue(await client.call(POOL.simpleEnroll, { params, body })).map(parseCertificate);
    const cas = demandPoolValue(await client.call(POOL.caCerts, { params })).map(parseCertificate);
    if (leaf === undefined)
      throw new CompoteError('CONFLICT', { detail: 'the enrolment answered without certificate' });
    const chain = toPemChain(
      orderChain(leaf, cas)
        .filter((each) => !isSelfIssued(each))
        .map(({ der }) => der),
    );
    const privateKey = key.exportPem();
    const file = this.#file(identity);
    writeFileSync(`${file}.key.pem`, privateKey, { mode: 0o600 });
    writeFileSync(`${file}.pem`, chain, { mode: 0o600 });
    return { chain, privateKey };
  }

  #file(identity: string): string {
    return join(this.#options.folder, encodeURIComponent(identity));
  }
}
