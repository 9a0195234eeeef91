import type { Interceptor } from '../../link/interception.ts';
import { DEFERRED, type OcppLink, type OcppRole } from '../../link/ocpp-link.ts';
import type { RpcMessage } from '../../protocols/ocpp/rpc-message.ts';
import type { OcppVersion } from '../../protocols/ocpp/versions.ts';
import { StationConnection } from './connection.ts';
import { FaultRules } from './faults.ts';
import { StationMachine } from './machine.ts';
import type { Effect, Input } from './machine-ports.ts';
import { makeSide } from './ocpp/make-side.ts';
import type { BootReason } from './ocpp/side.ts';
import { factoryOf, type StationOptions, type StationWorld } from './station-world.ts';
import type { TimerOwner } from './timers.ts';
import type { FilePort } from './transfer.ts';

/** A station at work: runs the effects of its machine on link, clock, storage and files. */
export class Station implements OcppRole, TimerOwner {
  readonly identity: string;
  readonly version: OcppVersion;
  readonly machine: StationMachine;
  readonly #world: StationWorld;
  readonly connection: StationConnection;
  #faults: FaultRules | undefined;
  /** Effects may bring inputs (a call that fails at once): they wait for their turn. */
  #inputs: Input[] | undefined;
  #stopped = false;

  constructor(world: StationWorld, options: StationOptions) {
    this.#world = world;
    this.identity = options.identity;
    this.version = options.version;
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
    this.connection = new StationConnection(world, this, options);
  }

  get link(): OcppLink | undefined {
    return this.connection.link;
  }

  get endpoint(): string {
    return this.connection.endpoint;
  }

  /** Switches the station on; after `stop` it boots anew. */
  start(reason: BootReason = 'PowerUp'): void {
    const again = this.#stopped && this.machine.powered;
    this.#stopped = false;
    if (!again) return this.input({ kind: 'power-on', reason });
    this.input({ kind: 'closed', code: 1001 });
    this.input({ kind: 'act', act: (_core, machine) => machine.power.reboot(reason, 0) });
  }

  /** Takes it off the network in good order and stops all its timers. What it stores stays. */
  stop(): void {
    this.#stopped = true;
    this.#world.timers.clearAll(this);
    this.connection.stop();
  }

  /** Changes what crosses its link: faults. Undefined: nothing is changed any more. */
  intercept(interceptor: Interceptor | undefined): void {
    this.connection.intercept(interceptor);
  }

  /** Faults by rule; made when first asked for. */
  get faults(): FaultRules {
    if (this.#faults === undefined) {
      const rules = new FaultRules({
        random: this.machine.random.fork('faults'),
        used: (rule) => this.#world.observe?.(this, 'fault-injected', { on: rule.on, action: rule.action }),
        send: (text) => this.link?.sendText(text, 'sim'),
      });
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
    this.machine.line.alive();
  }

  closed(link: OcppLink, code: number): void {
    if (this.connection.closed(link) && !this.#stopped) this.input({ kind: 'closed', code });
  }

  // --- effects --------------------------------------------------------------------------------------------------

  #run(effect: Effect): void {
    const { timers } = this.#world;
    switch (effect.do) {
      case 'connect':
        return this.#stopped ? undefined : this.connection.connect();
      case 'disconnect':
        return this.connection.disconnect(effect);
      case 'call': {
        const { link } = this;
        // The message stays in flight; `closed` puts it back into the queue.
        if (link === undefined) return;
        const { action, payload } = effect.message;
        const { measure } = this.#world;
        const sentMs = measure === undefined ? 0 : this.#world.link.clock.monotonic();
        link.call(
          action,
          payload,
          (outcome) => {
            // A socket that was left behind answers nobody.
            if (link !== this.link && outcome.kind !== 'closed') return;
            measure?.(action, this.#world.link.clock.monotonic() - sentMs, outcome.kind);
            this.input({ kind: 'settled', outcome });
          },
          { timeoutMs: effect.timeoutMs, origin: 'sim' },
        );
        return;
      }
      case 'send':
        this.link?.send(effect.action, effect.payload);
        return;
      case 'answer':
        this.link?.answer(effect.token as RpcMessage, effect.payload);
        return;
      case 'refuse':
        this.link?.fail(effect.token as RpcMessage, effect.failure, effect.text);
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
        this.connection.ping();
        return;
      case 'happened':
        this.#world.observe?.(this, effect.what, effect.data);
        return;
    }
  }

  #transfer(request: Extract<Effect, { do: 'transfer' }>['request']): void {
    const { clock, files } = this.#world;
    const busy = files.waitsOnClock === true ? undefined : clock.busy();
    const done = (result: Awaited<ReturnType<FilePort['run']>>): void => {
      busy?.release();
      if (!this.#stopped) this.input({ kind: 'transferred', result: { job: request.job, ...result } });
    };
    files.run(request).then(done, (cause: unknown) => {
      done({ ok: false, bytes: 0, error: 'failed', detail: String(cause) });
    });
  }
}
