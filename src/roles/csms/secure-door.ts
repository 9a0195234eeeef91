import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Clock, Timer } from '../../core/clock.ts';
import type { Entropy } from '../../core/entropy.ts';
import { CompoteError, messageOf, systemCodeOf } from '../../core/errors.ts';
import { DAY_MS, HOUR_MS, SECOND_MS } from '../../core/time.ts';
import type { OcppServer } from '../../link/ocpp-server.ts';
import { demandPoolValue, type PoolClient } from '../../link/pool-client.ts';
import { TLS_SUITES } from '../../platform/http/tls.ts';
import type { Log } from '../../platform/logging/log.ts';
import {
  createSigningRequest,
  EcPrivateKey,
  EXTENDED_KEY_USAGE,
  parseCertificateChainPem,
  readCertificate,
  toPem,
} from '../../protocols/iso15118/index.ts';
import { POOL } from '../../protocols/opcp/index.ts';
import type { CertificateSigner } from './pnc/certificate-signer.ts';

/** Certificate and key of the door, and the roots under which stations stand; PEM. */
export interface DoorPem {
  readonly chain: string;
  /** A secret. */
  readonly key: string;
  readonly roots: string;
}

export interface SecureDoorOptions {
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly log: Log;
  readonly client: PoolClient;
  readonly signer: CertificateSigner;
  readonly ocpp: OcppServer;
  /** Where it listens. */
  readonly bind: string;
  readonly port: number;
  /** The host name in its certificate. */
  readonly host: string;
  /** Whether stations are asked for a certificate; those without one are turned away by their security profile. */
  readonly asksCertificate: boolean;
  readonly kept: { load(): DoorPem | undefined; save(pem: DoorPem): void };
}

const RETRY_MS = 2 * SECOND_MS;
const RENEW_BEFORE_MS = 14 * DAY_MS;

/**
 * The CSMS’s door for stations over TLS (security profiles 2 and 3). Its certificate comes by enrolment from the Plug &
 * Charge environment and is renewed in time; until the environment answers, the door is closed and the rest works.
 */
export class SecureDoor {
  readonly #options: SecureDoorOptions;
  #server: Server | undefined;
  #retry: Timer | undefined;
  #renewal: Timer | undefined;
  #stopped = false;

  constructor(options: SecureDoorOptions) {
    this.#options = options;
  }

  /** Where stations connect, once the door is open. */
  get url(): string | undefined {
    const address = this.#server?.address() as AddressInfo | null | undefined;
    return address == null ? undefined : `wss://${this.#options.host}:${address.port}/ocpp`;
  }

  /** Opens the door; if the environment does not answer yet, later. @throws PORT_IN_USE */
  async start(): Promise<void> {
    const { clock, log } = this.#options;
    let pem: DoorPem;
    try {
      pem = this.#usable() ?? (await this.#enrol());
    } catch (cause) {
      log.warn(`stations over TLS have to wait for the certificate of the CSMS: ${messageOf(cause)}`);
      const again = (): void => {
        this.start().catch((thrown: unknown) => log.error({ err: thrown }, messageOf(thrown)));
      };
      if (!this.#stopped) this.#retry = clock.after(RETRY_MS, again);
      return;
    }
    if (this.#stopped) return;
    await this.#listen(pem);
    this.#renewal = clock.every(HOUR_MS, () => void this.#renew());
    log.info({ url: this.url }, 'stations may connect over TLS');
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#retry?.cancel();
    this.#renewal?.cancel();
    const server = this.#server;
    if (server === undefined) return;
    server.closeAllConnections();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  }

  /** What was kept, if it lasts and is for this host. */
  #usable(): DoorPem | undefined {
    const { kept, clock, host } = this.#options;
    const pem = kept.load();
    if (pem === undefined) return undefined;
    const [leaf] = parseCertificateChainPem(pem.chain);
    const lasts = leaf !== undefined && leaf.notAfterMs > clock.now() + RENEW_BEFORE_MS;
    return lasts && leaf.subject.some(({ type, value }) => type === 'CN' && value === host) ? pem : undefined;
  }

  async #enrol(): Promise<DoorPem> {
    const { entropy, host, client, signer, kept } = this.#options;
    const key = EcPrivateKey.generate('secp256r1', entropy);
    const subject = [
      { type: 'O', value: 'Compote' },
      { type: 'CN', value: host },
    ];
    const wishes = { extendedKeyUsage: [EXTENDED_KEY_USAGE.serverAuth], dnsNames: [host] };
    const request = createSigningRequest(subject, key, ['digitalSignature', 'keyAgreement'], wishes);
    const chain = await signer.enrol(toPem('CERTIFICATE REQUEST', request));
    if (!chain.ok) throw new CompoteError('PEER_UNREACHABLE', { detail: chain.problem });
    const answer = demandPoolValue(await client.call(POOL.getAllRootCerts, { query: { rootType: 'v2g' } }));
    const roots = answer.RootCertificateCollection.rootCertificates
      .map(({ caCertificate }) => toPem('CERTIFICATE', readCertificate(caCertificate).der))
      .join('');
    const pem = { chain: chain.pem, key: key.exportPem(), roots };
    kept.save(pem);
    return pem;
  }

  async #listen(pem: DoorPem): Promise<void> {
    const { ocpp, bind, port, asksCertificate } = this.#options;
    const server = createServer({
      ...contextOf(pem),
      requestCert: asksCertificate,
      // Who comes without a certificate is answered with words: a broken handshake tells nobody why.
      rejectUnauthorized: false,
      minVersion: 'TLSv1.2',
      ciphers: TLS_SUITES,
    });
    server.on('request', (_, response) => {
      response.writeHead(426, { 'content-type': 'text/plain', upgrade: 'websocket' });
      response.end('Only stations connect here, by WebSocket at /ocpp/{identity}.\n');
    });
    server.on('upgrade', (request, socket, head) => {
      if (request.url?.startsWith('/ocpp/') === true) ocpp.handleUpgrade(request, socket, head);
      else socket.destroy();
    });
    server.on('tlsClientError', (error, socket) => {
      this.#options.log.warn(`a TLS handshake of ${socket.remoteAddress ?? 'somebody'} failed: ${messageOf(error)}`);
    });
    this.#server = server;
    await new Promise<void>((resolve, reject) => {
      server.once('error', (cause) => {
        this.#server = undefined;
        reject(
          systemCodeOf(cause) === 'EADDRINUSE'
            ? new CompoteError('PORT_IN_USE', {
                detail: `port ${port} of ${bind}`,
                hint: 'Set `security.port`.',
                cause,
              })
            : cause,
        );
      });
      server.listen(port, bind, () => resolve());
    });
  }

  /** Takes a new certificate in time; connections that are open stay. */
  async #renew(): Promise<void> {
    if (this.#usable() !== undefined) return;
    try {
      this.#server?.setSecureContext(contextOf(await this.#enrol()));
      this.#options.log.info('the CSMS has a new certificate for stations over TLS');
    } catch (cause) {
      this.#options.log.warn(`the certificate of the CSMS could not be renewed: ${messageOf(cause)}`);
    }
  }
}

function contextOf({ chain, key, roots }: DoorPem): { cert: string; key: string; ca: string } {
  return { cert: chain, key, ca: roots };
}
