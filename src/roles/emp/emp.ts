import type { Clock } from '../../core/clock.ts';
import type { Ids } from '../../core/ids.ts';
import type { Random } from '../../core/random.ts';
import type { Recorder } from '../../journal/entry.ts';
import type { HttpPort } from '../../link/http-port.ts';
import { HubConnection } from '../../link/hub-connection.ts';
import type { CallerFacts, OicpReply, ReceivedCall } from '../../link/oicp-server.ts';
import {
  canonicalOperatorId,
  type EvsePricing,
  type OperationName,
  type PricingProductData,
  type RequestOf,
  type Strength,
} from '../../protocols/oicp/index.ts';
import { hashOfPin, pinFits, SALT_BYTES } from '../../protocols/oicp/pin-hash.ts';
import type { Database } from '../../storage/database.ts';
import { authorizeStart, authorizeStop } from './inbound/authorize.ts';
import { chargeDetailRecord, chargingNotification } from './inbound/charging.ts';
import { type Inbound, refuse } from './inbound/inbound-call.ts';
import { mediumKey } from './state/authorization.ts';
import { EmpState } from './state/emp-state.ts';
import type { PullRecord } from './state/records.ts';

export interface EmpConfig {
  /** The id under which we are connected to the hub. */
  readonly providerId: string;
  readonly content: Strength;
  readonly geoFormat: RequestOf<'PullEvseData'>['GeoCoordinatesResponseFormat'];
  /** How long the hub may take: for a remote start or stop, and for everything else. */
  readonly remoteMs: number;
  readonly otherMs: number;
  /** What the hub shows when it calls from another machine without a certificate that we trust. */
  readonly inboundKey?: string | undefined;
}

export interface EmpOptions {
  readonly config: EmpConfig;
  readonly database: Database;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly random: Random;
  readonly recorder: Recorder;
  readonly port: HttpPort;
  hubUrl(): string;
  /** Our own hub records the hop itself. */
  hubIsOurs(): boolean;
  /** Further headers of our calls: an API key. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly afterCommit: (task: () => void) => void;
  log(level: 'info' | 'debug', facts: Readonly<Record<string, unknown>>, text: string): void;
  defect(where: string, thrown: unknown): void;
  /** Something that others may watch has changed. */
  changed(what: string, id: string): void;
}

const REMOTE: ReadonlySet<OperationName> = new Set([
  'AuthorizeRemoteStart',
  'AuthorizeRemoteStop',
  'AuthorizeRemoteReservationStart',
  'AuthorizeRemoteReservationStop',
]);

/** The EMP: answers the hub, calls the hub, and keeps what it knows of drivers, sessions and stations. */
export class Emp {
  readonly config: EmpConfig;
  readonly state: EmpState;
  readonly hub: HubConnection;
  readonly #options: EmpOptions;
  readonly #turns = new Map<string, Promise<unknown>>();

  constructor(options: EmpOptions) {
    this.#options = options;
    const { config, database, clock, ids, recorder, port, afterCommit, defect } = options;
    this.config = config;
    this.state = new EmpState(database);
    this.hub = new HubConnection({
      role: 'EMP',
      us: { id: 'emp', role: 'emp' },
      ownId: config.providerId,
      content: config.content,
      clock,
      ids,
      recorder,
      port,
      hubUrl: options.hubUrl,
      hubIsOurs: options.hubIsOurs,
      headers: options.headers,
      inboundKey: config.inboundKey,
      timeoutMs: (operation) => (REMOTE.has(operation) ? config.remoteMs : config.otherMs),
      isRepeated: (facts) => this.#isRepeated(facts),
      answer: (call) => this.#answer(call),
      afterCommit,
      log: options.log,
      defect,
    });
  }

  nowMs(): number {
    return this.#options.clock.now();
  }

  newId(): string {
    return this.#options.ids.uuid();
  }

  changed(what: string, id: string): void {
    this.#options.changed(what, id);
  }

  hashOfPin(pin: string): Promise<string> {
    return this.#working(() => hashOfPin(pin, this.#options.random.bytes(SALT_BYTES)));
  }

  /** One task of a kind after another, as pushes have to be. */
  async inTurn<T>(kind: string, task: () => Promise<T>): Promise<T> {
    const before = this.#turns.get(kind) ?? Promise.resolve();
    const mine = before.then(task, task);
    this.#turns.set(kind, mine);
    try {
      return await mine;
    } finally {
      if (this.#turns.get(kind) === mine) this.#turns.delete(kind);
    }
  }

  notePull(kind: string, facts: Partial<Omit<PullRecord, 'kind'>>): void {
    const known = this.state.pulls.get(kind) ?? { kind, lastTryMs: this.nowMs(), failures: 0, outcome: '' };
    this.state.pulls.put({ ...known, ...facts });
  }

  keepPrices(
    asked: readonly string[],
    products: readonly PricingProductData[],
    evses: readonly { readonly OperatorID: string; readonly EVSEPricing: readonly EvsePricing[] }[],
  ): void {
    for (const operatorId of asked) {
      const key = canonicalOperatorId(operatorId);
      this.state.prices.put({
        key,
        operatorId,
        products: products.filter(({ OperatorID }) => canonicalOperatorId(OperatorID) === key),
        evses: evses.flatMap((each) => (canonicalOperatorId(each.OperatorID) === key ? each.EVSEPricing : [])),
        pulledMs: this.nowMs(),
      });
    }
    this.changed('prices', '');
  }

  stop(): void {
    this.hub.close();
  }

  async #answer(call: ReceivedCall): Promise<OicpReply> {
    const { reading, operation } = call;
    const { providerId } = this.config;
    if (!reading.ok) {
      const errors = reading.findings.filter(({ severity }) => severity === 'error');
      const text = errors.map(({ pointer, text: said }) => `${pointer} ${said}`.trim()).join('; ');
      return refuse(operation, '022', text.slice(0, 1_000), providerId);
    }
    const { policy } = this.state;
    if (operation === 'AuthorizeStart') {
      if (policy.delayMs > 0) await this.#options.clock.sleep(policy.delayMs);
      // Longer than any hub waits; its connection ends before.
      if (policy.mode === 'silent') await this.#options.clock.sleep(SILENCE_MS);
    }
    const inbound = this.#inbound(call, reading.value);
    switch (operation) {
      case 'AuthorizeStart': {
        const fitting = await this.#fittingHash(reading.value as RequestOf<'AuthorizeStart'>);
        return authorizeStart(inbound as Inbound<'AuthorizeStart'>, (hash) => hash === fitting);
      }
      case 'AuthorizeStop':
        return authorizeStop(inbound as Inbound<'AuthorizeStop'>);
      case 'ChargeDetailRecord':
        return chargeDetailRecord(inbound as Inbound<'ChargeDetailRecord'>);
      case 'ChargingNotifications':
        return chargingNotification(inbound as Inbound<'ChargingNotifications'>);
      default:
        return refuse(operation, '021', `an EMP does not serve ${operation}`, providerId);
    }
  }

  #inbound(call: ReceivedCall, body: RequestOf<OperationName>): Inbound<OperationName> {
    return {
      call,
      body,
      state: this.state,
      nowMs: this.nowMs(),
      providerId: this.config.providerId,
      newId: () => this.newId(),
      changed: (what, id) => this.changed(what, id),
    };
  }

  /** The stored hash that the PIN of the question fits; comparing takes time, so it is done before the decision. */
  async #fittingHash({ Identification: identification }: RequestOf<'AuthorizeStart'>): Promise<string | undefined> {
    const pin = identification.QRCodeIdentification?.PIN;
    const stored = this.state.media.get(mediumKey(identification))?.pinHash;
    if (pin === undefined || stored === undefined) return undefined;
    return (await this.#working(() => pinFits(pin, stored))) ? stored : undefined;
  }

  #isRepeated({ operation, json }: CallerFacts): boolean {
    if (operation !== 'ChargeDetailRecord' || typeof json !== 'object' || json === null) return false;
    const { SessionID } = json as Readonly<Record<string, unknown>>;
    return typeof SessionID === 'string' && this.state.cdr(SessionID) !== undefined;
  }

  async #working<T>(task: () => Promise<T>): Promise<T> {
    const busy = this.#options.clock.busy();
    try {
      return await task();
    } finally {
      busy.release();
    }
  }
}

const SILENCE_MS = 600_000;
