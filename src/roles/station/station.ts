import type { Clock } from '../../core/clock.ts';
import type { Ids } from '../../core/ids.ts';
import type { Random } from '../../core/random.ts';
import type { Party } from '../../journal/entry.ts';
import type { Interceptor } from '../../link/interception.ts';
import { DEFERRED, type LinkWorld, OcppLink, type OcppRole } from '../../link/ocpp-link.ts';
import type { Transport } from '../../link/transport.ts';
import type { Validation } from '../../protocols/ocpp/rpc-engine.ts';
import type { CallOutcome, RpcMessage } from '../../protocols/ocpp/rpc-message.ts';
import type { OcppSchemaSet } from '../../protocols/ocpp/schemas.ts';
import { type OcppVersion, SUBPROTOCOLS } from '../../protocols/ocpp/versions.ts';
import type { Dialer } from './dialer.ts';
import { FaultRules } from './faults.ts';
import { type Effect, type Input, StationMachine } from './machine.ts';
import { makeSide } from './ocpp/make-side.ts';
import type { BootReason, Factory } from './ocpp/side.ts';
import type { CryptoPart } from './security/certificate-vault.ts';
import type { StoredPart } from './state/core.ts';
import type { StationTemplate } from './template.ts';
import type { FleetTimers, TimerOwner } from './timers.ts';
import type { FilePort } from './transfer.ts';

/** Where stations keep what survives a restart. */
export interface StationStore {
  load(identity: string): Readonly<Partial<Record<StoredPart, unknown>>>;
  save(identity: string, part: StoredPart, value: unknown): void;
}

/** What is the same for all stations of a process: shared, so that a station costs little. */
export interface StationWorld {
  readonly clock: Clock;
  readonly ids: Ids;
  readonly timers: FleetTimers;
  readonly link: LinkWorld;
  readonly schemas: OcppSchemaSet;
  readonly dialer: Dialer;
  readonly files: FilePort;
  readonly csms: Party;
  readonly validation: Validation;
  readonly crypto?: CryptoPart | undefined;
  readonly store?: StationStore | undefined;
  /** Hears how long the CSMS took for each CALL. */
  readonly measure?: ((action: string, ms: number, outcome: CallOutcome['kind']) => void) | undefined;
  /** Hears everything that happens to any station. */
  readonly observe?: ((station: Station, what: string, data: Readonly<Record<string, unknown>>) => void) | undefined;
}

export interface StationOptions {
  readonly identity: string;
  readonly version: OcppVersion;
  readonly template: StationTemplate;
  /** `ws://127.0.0.1:8001/ocpp`, without the identity. */
  readonly endpoint: string;
  /** Basic password; text for 2.x, hexadecimal for 1.6. */
  readonly password?: string | undefined;
  readonly random: Random;
  readonly serialNumber?: string;
  /** Roots to trust and a certificate of its own, from the factory. */
  readonly certificates?: Omit<Factory, 'securityProfile'> | undefined;
  readonly free?: boolean;
}

/** CALLs of ours never queue in the link: the station's own outbox lets one out at a time. */
const LINK_QUEUE = 4;
const MAX_BUFFERED_BYTES = 4 << 20;

/** A station at work: runs the effects of its machine on link, clock, storage and files. */
export class Station implements OcppRole, TimerOwner {
  readonly identity: string;
  readonly version: OcppVersion;
  readonly machine: StationMachine;
  readonly #world: StationWorld;
  readonly #party: Party;
  readonly #initial: { readonly endpoint: string; readonly password: string | undefined };
  #link: OcppLink | undefined;
  #dialing: { abort(): void } | undefined;
  #interceptor: Interceptor | undefined;
  #faults: FaultRules | undefined;
  /** Effects may bring inputs (a call that fails at once): they wait for their turn. */
  #inputs: Input[] | undefined;
  #stopped = false;

  constructor(world: StationWorld, options: StationOptions) {
    this.#world = world;
    this.identity = options.identity;
    this.version = options.version;
    this.#party = { id: options.identity, role: 'cs' };
    this.#initial = { endpoint: options.endpoint, password: options.password };
    const saved = world.store?.load(options.identity);
    this.machine = new StationMachine({
      identity: options.identity,
      serialNumber: options.serialNumber ?? options.identity.slice(0, 25),
      template: options.template,
      makeSide: makeSide(options.version, world.crypto, factoryOf(options)),
      ids: world.ids,
      random: options.random,
      now: () => world.clock.now(),
      stores: world.store !== undefined,
      ...(saved === undefined ? {} : { saved }),
    });
    this.machine.core.free = options.free === true;
  }

  get link(): OcppLink | undefined {
    return this.#link;
  }

  get endpoint(): string {
    const { url, securityProfile } = this.machine.side.connection;
    const wanted = url ?? this.#initial.endpoint;
    return securityProfile >= 2 ? wanted.replace(/^ws:/i, 'wss:') : wanted;
  }

  /** Switches the station on. */
  start(reason: BootReason = 'PowerUp'): void {
    this.#stopped = false;
    this.input({ kind: 'power-on', reason });
  }

  /** Takes it off the network in good order and stops all its timers. What it stores stays. */
  stop(): void {
    this.#stopped = true;
    this.#world.timers.clearAll(this);
    this.#dialing?.abort();
    this.#dialing = undefined;
    this.#link?.close(1001, 'The simulator stops');
  }

  /** Changes what crosses its link: faults. Undefined: nothing is changed any more. */
  intercept(interceptor: Interceptor | undefined): void {
    this.#interceptor = interceptor;
    if (this.#link !== undefined) this.#link.interceptor = interceptor;
  }

  /** Faults by rule; made when first asked for. */
  get faults(): FaultRules {
    if (this.#faults === undefined) {
      const rules = new FaultRules((rule) =>
        this.#world.observe?.(this, 'fault-injected', { on: rule.on, action: rule.action }),
      );
      this.#faults = rules;
      this.intercept((passing) => rules.judge(passing));
    }
    return this.#faults;
  }

  /** Gives the machine an input and runs what comes out, one after another. */
  input(input: Input): void {
    if (this.#inputs !== undefined) {
      this.#inputs.push(input);
      return;
    }
    this.#inputs = [input];
    try {
      for (let next = this.#inputs.shift(); next !== undefined; next = this.#inputs.shift()) {
        for (const effect of this.machine.handle(next)) this.#run(effect);
      }
    } finally {
      this.#inputs = undefined;
    }
  }

  fired(name: string): void {
    this.input({ kind: 'timer', name });
  }

  // --- the link's side ------------------------------------------------------------------------------------------

  request(_link: OcppLink, call: RpcMessage): typeof DEFERRED {
    this.input({
      kind: 'request',
      token: call,
      action: call.action,
      payload: call.payload as Readonly<Record<string, unknown>>,
    });
    return DEFERRED;
  }

  notification(): void {
    // No CSMS of any version sends a SEND.
  }

  answerRejected(_link: OcppLink, call: RpcMessage): void {
    this.#world.observe?.(this, 'answer-rejected', { action: call.action });
  }

  alive(): void {
    this.machine.alive();
  }

  closed(link: OcppLink, code: number): void {
    if (link !== this.#link) return;
    this.#link = undefined;
    if (!this.#stopped) this.input({ kind: 'closed', code });
  }

  // --- effects --------------------------------------------------------------------------------------------------

  #run(effect: Effect): void {
    const { timers } = this.#world;
    switch (effect.do) {
      case 'connect':
        return this.#connect();
      case 'disconnect':
        return this.#disconnect(effect);
      case 'call': {
        const link = this.#link;
        // The message stays in flight; `closed` puts it back into the queue.
        if (link === undefined) return;
        const { action, payload } = effect.message;
        const { measure } = this.#world;
        const sentMs = measure === undefined ? 0 : this.#world.link.clock.monotonic();
        link.call(
          action,
          payload,
          (outcome) => {
            measure?.(action, this.#world.link.clock.monotonic() - sentMs, outcome.kind);
            this.input({ kind: 'settled', outcome });
          },
          { timeoutMs: effect.timeoutMs, origin: 'sim' },
        );
        return;
      }
      case 'send':
        this.#link?.send(effect.action, effect.payload);
        return;
      case 'answer':
        this.#link?.answer(effect.token as RpcMessage, effect.payload);
        return;
      case 'refuse':
        this.#link?.fail(effect.token as RpcMessage, effect.failure, effect.text);
        return;
      case 'timer':
        if (effect.atMs === undefined || this.#stopped) timers.clear(this, effect.name);
        else timers.set(this, effect.name, effect.atMs - this.machine.now());
        return;
      case 'store':
        this.#world.store?.save(this.identity, effect.part, effect.value);
        return;
      case 'transfer':
        return this.#transfer(effect.request);
      case 'ping':
        this.#link?.transport.ping();
        return;
      case 'happened':
        this.#world.observe?.(this, effect.what, effect.data);
        return;
    }
  }

  #connect(): void {
    if (this.#stopped || this.#link !== undefined || this.#dialing !== undefined) return;
    let settled = false;
    const dialing = this.#world.dialer.dial(
      {
        identity: this.identity,
        subprotocol: SUBPROTOCOLS[this.version],
        endpoint: this.endpoint,
        password: this.#passwordBytes(),
        tls: this.machine.side.connection.tls,
      },
      {
        open: (transport) => {
          settled = true;
          this.#dialing = undefined;
          this.#opened(transport);
        },
        failed: (why) => {
          settled = true;
          this.#dialing = undefined;
          if (!this.#stopped) this.input({ kind: 'connect-failed', why });
        },
      },
    );
    if (!settled) this.#dialing = dialing;
  }

  /** 1.6 stores the key as hexadecimal text and sends its bytes; 2.x sends the text itself. */
  #passwordBytes(): Uint8Array | undefined {
    const { password = this.#initial.password, securityProfile } = this.machine.side.connection;
    // Profile 3 has no Basic credentials (A00.FR.404).
    if (password === undefined || password === '' || securityProfile === 3) return undefined;
    return Buffer.from(password, this.version === '1.6' ? 'hex' : 'utf8');
  }

  #opened(transport: Transport): void {
    if (this.#stopped || !this.machine.powered || this.machine.networkDown) return transport.terminate();
    if (transport.description.subprotocol !== SUBPROTOCOLS[this.version]) {
      transport.close(1002, 'The server chose no subprotocol that was offered');
      return this.input({ kind: 'connect-failed', why: 'No common subprotocol' });
    }
    const { link, schemas, csms, validation } = this.#world;
    this.#link = new OcppLink({
      world: link,
      transport,
      side: 'station',
      station: this.#party,
      csms,
      schemas: schemas.of(this.version),
      role: this,
      validation,
      timeoutMs: 30_000,
      maxQueuedCalls: LINK_QUEUE,
      maxBufferedBytes: MAX_BUFFERED_BYTES,
      tap: 'station',
      ...(this.#interceptor === undefined ? {} : { interceptor: this.#interceptor }),
    });
    this.input({ kind: 'open' });
  }

  #disconnect(effect: Extract<Effect, { do: 'disconnect' }>): void {
    this.#dialing?.abort();
    this.#dialing = undefined;
    const link = this.#link;
    if (link === undefined) return;
    if (effect.cut === true) link.transport.terminate();
    else link.close(effect.code, effect.reason);
  }

  #transfer(request: Extract<Effect, { do: 'transfer' }>['request']): void {
    const busy = this.#world.clock.busy();
    const done = (result: Awaited<ReturnType<FilePort['run']>>): void => {
      busy.release();
      if (!this.#stopped) this.input({ kind: 'transferred', result: { job: request.job, ...result } });
    };
    this.#world.files.run(request).then(done, (cause: unknown) => {
      done({ ok: false, bytes: 0, error: 'failed', detail: String(cause) });
    });
  }
}

/** The security profile that follows from how the station was set up (A00). */
function factoryOf({ endpoint, password, certificates }: StationOptions): Factory {
  const tls = /^wss:/i.test(endpoint);
  const securityProfile = tls ? (certificates?.certificate === undefined ? 2 : 3) : password === undefined ? 0 : 1;
  return { securityProfile, ...certificates };
}
