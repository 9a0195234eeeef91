import type { Clock } from '../../core/clock.ts';
import type { Entropy } from '../../core/entropy.ts';
import type { Ids } from '../../core/ids.ts';
import type { Recorder } from '../../journal/entry.ts';
import type { HttpPort, HttpServer } from '../../link/http-port.ts';
import { HttpTap } from '../../link/http-tap.ts';
import type { Log } from '../../platform/logging/log.ts';
import { AccessTokens } from './access-tokens.ts';
import { DEMO_CLIENTS } from './clients.ts';
import { Faults } from './faults.ts';
import { Authorities, type Authority } from './pki/authorities.ts';
import type { KeyStore } from './pki/key-files.ts';
import { Registrar } from './pki/registrar.ts';
import { PoolServer } from './pool-server.ts';
import type { PoolWorld } from './pools/pool-call.ts';
import { addRoot } from './pools/root-pool.ts';
import type { RootRecord } from './records.ts';
import type { TrustSection } from './section.ts';
import type { TrustState } from './trust-state.ts';
import { Events } from './webhooks/events.ts';
import { WebhookSender } from './webhooks/sender.ts';

export interface TrustOptions {
  readonly settings: TrustSection;
  readonly demoClients: boolean;
  readonly state: TrustState;
  readonly keys: KeyStore;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly entropy: Entropy;
  readonly recorder: Recorder;
  readonly log: Log;
  readonly port: HttpPort;
  /** Runs a task when this turn's changes are durable. */
  readonly afterCommit: (task: () => void) => void;
  readonly baseUrl: () => string;
}

const ROOT_TYPES: Readonly<Record<string, RootRecord['rootType']>> = {
  'v2g-root': 'V2G',
  'mo-root': 'MO',
  'oem-root': 'OEM',
};

/** The Plug & Charge trust environment without its sockets. */
export class Trust {
  readonly world: PoolWorld;
  readonly serve: HttpServer;
  readonly #sender: WebhookSender;
  readonly #tap: HttpTap;
  readonly #clock: Clock;

  constructor(options: TrustOptions) {
    const { settings, state, clock, ids, entropy, log, keys, baseUrl } = options;
    this.#clock = clock;
    const now = () => clock.now();
    const ocspUrl = () => `${baseUrl()}/ocsp`;
    const faults = new Faults(settings.faults);
    const authorities = new Authorities({
      keys,
      entropy,
      now,
      organization: settings.organization,
      ocspUrl,
      configured: settings.authorities,
      made: (authority) => this.#made(authority),
    });
    const tap = new HttpTap({ clock, recorder: options.recorder, protocol: 'pnc', tap: 'trust', transport: 'http' });
    this.#tap = tap;
    this.#sender = new WebhookSender({
      state,
      clock,
      port: options.port,
      tap,
      retryDelayMs: settings.webhooks.retryDelayMs,
      timeoutMs: settings.webhooks.timeoutMs,
      defect: (thrown) => log.error({ err: thrown }, 'an event could not be delivered'),
    });
    this.world = {
      state,
      authorities,
      registrar: new Registrar({
        state,
        authorities,
        faults,
        entropy,
        now,
        ocspUrl,
        ocspValidForMs: settings.ocspValidForS * 1_000,
      }),
      tokens: new AccessTokens(keys),
      clients: options.demoClients ? [...settings.clients, ...DEMO_CLIENTS] : settings.clients,
      hasSandbox: options.demoClients,
      faults,
      // An event leaves when the change that it tells is durable.
      events: new Events(state, ids, () => options.afterCommit(() => this.#sender.wake())),
      ids,
      entropy,
      strict: settings.profile === 'strict',
      requireRegistration: settings.requireRegistration,
      tokenLifetimeS: settings.tokenLifetimeS,
      webhookHosts: settings.webhooks.hosts,
      baseUrl,
    };
    const server = new PoolServer({ world: this.world, clock, log, tap });
    this.serve = (request) => server.serve(request);
  }

  /** Opens or makes the authorities of both editions and puts their roots into the root pool. */
  start(): void {
    for (const edition of ['ISO15118-2', 'ISO15118-20'] as const) {
      for (const authority of this.world.authorities.all(edition)) this.#made(authority);
    }
    this.#sender.wake();
  }

  /** New keys for everything that was generated; vehicles and contracts of the old world are forgotten. */
  reset(): void {
    const { state, authorities } = this.world;
    for (const { id, authority } of [...state.roots.all()]) if (authority !== undefined) state.roots.delete(id);
    for (const { key } of [...state.contracts.all()]) state.contracts.delete(key);
    for (const { pcid } of [...state.vehicles.all()]) state.vehicles.delete(pcid);
    for (const { id } of [...state.issued.all()]) state.issued.delete(id);
    authorities.regenerate();
    for (const authority of authorities.loaded()) this.#made(authority);
  }

  nowMs(): number {
    return this.#clock.now();
  }

  stop(): void {
    this.#sender.stop();
    this.#tap.close();
  }

  /** Keeps the certificate of an authority, and a root in the root pool. */
  #made({ certificate, role, edition, name, parent }: Authority): void {
    const { registrar, state, ids } = this.world;
    if (registrar.recordOf(certificate) === undefined) {
      registrar.register(certificate, { role, edition, issuer: parent?.name ?? name });
    }
    const rootType = ROOT_TYPES[role];
    if (rootType !== undefined) addRoot({ state, ids }, rootType, certificate, certificate.notBeforeMs, name);
  }
}
