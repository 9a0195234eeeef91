import type { Ids } from '../../core/ids.ts';
import type { Random } from '../../core/random.ts';
import { RpcRefusal } from '../../link/ocpp-link.ts';
import type { CallOutcome } from '../../protocols/ocpp/rpc-message.ts';
import { Line } from './line.ts';
import type { Effect, Input, MachineOptions } from './machine-ports.ts';
import type { BootReason, ProtocolSide, Registration, SideHost } from './ocpp/side.ts';
import { type Gate, type Lane, Outbox } from './outbox.ts';
import { PartStore } from './part-store.ts';
import { Power } from './power.ts';
import { Registrar } from './registrar.ts';
import { type AuthorizationQuestion, StationCore, type StoredPart, type Trigger } from './state/core.ts';
import { connectTimedOut } from './state/driver.ts';
import type { Connector, Evse, Transaction } from './state/evse.ts';
import { expireReservations, type Reservation } from './state/reservation.ts';
import { refresh } from './state/transactions.ts';
import type { StationTemplate } from './template.ts';
import type { TransferRequest } from './transfer.ts';

/**
 * One station without any I/O: inputs go in, effects come out, one after another. What a version does stands in its
 * `ProtocolSide`; what the hardware does in `state/`; line, registration and power in their own files.
 */
export class StationMachine implements SideHost {
  readonly identity: string;
  readonly serialNumber: string;
  readonly template: StationTemplate;
  readonly ids: Ids;
  readonly random: Random;
  readonly outbox = new Outbox();
  readonly core: StationCore;
  readonly side: ProtocolSide;
  readonly line = new Line(this);
  readonly registrar = new Registrar(this);
  readonly power = new Power(this);
  firmwareVersion: string;
  readonly #now: () => number;
  readonly #parts: PartStore;
  #effects: Effect[] = [];
  #afterAnswer: (() => void)[] | undefined;

  constructor(options: MachineOptions) {
    this.identity = options.identity;
    this.serialNumber = options.serialNumber;
    this.template = options.template;
    this.firmwareVersion = options.template.firmwareVersion;
    this.ids = options.ids;
    this.random = options.random;
    this.#now = options.now;
    this.#parts = new PartStore(this, options.stores);
    this.side = options.makeSide(this, options.template);
    this.core = new StationCore(options.template, this.side.settings, this, this.random.uint32(), this.now());
    this.side.attach(this.core);
    this.#parts.restore(options.saved ?? {});
    // What is restored may set timers: there is nobody to set them yet, and power-on sets them anew.
    this.#effects = [];
  }

  /** The station's own clock, epoch ms. */
  now(): number {
    return this.#now() + this.registrar.clockOffsetMs;
  }

  get powered(): boolean {
    return this.power.on;
  }

  get connected(): boolean {
    return this.line.connected;
  }

  get registration(): Registration {
    return this.registrar.registration;
  }

  get online(): boolean {
    return this.#gate() === 'open';
  }

  handle(input: Input): Effect[] {
    this.#effects = [];
    this.#input(input);
    this.#pump();
    this.#parts.flush();
    return this.#effects;
  }

  send(action: string, payload: object, lane: Lane, note?: Record<string, unknown>): void {
    if (lane === 'loose' && !this.online) return;
    this.outbox.add({
      action,
      payload: payload as Record<string, unknown>,
      lane,
      ...(note === undefined ? {} : { note }),
    });
    if (lane === 'transaction' || lane === 'security') this.touched('outbox');
  }

  sendUnanswered(action: string, payload: object): void {
    if (this.online) this.#effects.push({ do: 'send', action, payload });
  }

  afterAnswer(task: () => void): void {
    if (this.#afterAnswer === undefined) return task();
    this.#afterAnswer.push(task);
  }

  timer(name: string, atMs: number | undefined): void {
    this.#effects.push({ do: 'timer', name, atMs });
  }

  touched(part: StoredPart): void {
    this.#parts.touched(part);
  }

  happened(what: string, data: Readonly<Record<string, unknown>> = {}): void {
    this.#effects.push({ do: 'happened', what, data });
  }

  effect(effect: Effect): void {
    this.#effects.push(effect);
  }

  transfer(request: TransferRequest): void {
    this.#effects.push({ do: 'transfer', request });
  }

  bootOnConnect(): void {
    this.registrar.registration = 'none';
  }

  pingChanged(): void {
    if (this.connected) this.line.armPing();
  }

  reboot(reason: BootReason, downMs: number): void {
    this.power.reboot(reason, downMs);
  }

  reconnect(): void {
    this.line.reconnect();
  }

  bootAgain(reason: BootReason): void {
    this.registrar.sendBoot(reason, 'triggered');
  }

  statusChanged(evse: Evse, connector: Connector): void {
    if (this.powered) this.side.statusChanged(evse, connector);
  }

  transactionStarted(evse: Evse, transaction: Transaction, trigger: Trigger): void {
    this.happened('transaction-started', { evseId: evse.id, transactionId: transaction.id });
    this.side.transactionStarted(evse, transaction, trigger);
  }

  transactionUpdated(evse: Evse, transaction: Transaction, trigger: Trigger): void {
    this.side.transactionUpdated(evse, transaction, trigger);
  }

  transactionEnded(evse: Evse, transaction: Transaction, trigger: Trigger): void {
    const energyWh = (transaction.meterStopWh ?? 0) - transaction.meterStartWh;
    this.happened('transaction-ended', {
      evseId: evse.id,
      transactionId: transaction.id,
      energyWh,
      reason: transaction.stoppedReason ?? 'Local',
    });
    this.side.transactionEnded(evse, transaction, trigger);
  }

  askCsms(question: AuthorizationQuestion): void {
    this.side.askCsms(question);
  }

  reservationOver(reservation: Reservation, why: 'expired' | 'removed' | 'used' | 'cancelled'): void {
    this.side.reservationOver(reservation, why);
  }

  // --- inputs ---------------------------------------------------------------------------------------------------

  #input(input: Input): void {
    switch (input.kind) {
      case 'power-on':
        this.registrar.bootReason = input.reason;
        return this.power.up();
      case 'open':
        this.line.opened();
        return this.registrar.opened(this.now() - this.line.offlineSinceMs);
      case 'connect-failed':
        return this.line.failed(input.why);
      case 'closed':
        return this.#closed();
      case 'request':
        return this.#request(input);
      case 'settled':
        return this.#settled(input.outcome);
      case 'timer':
        return this.#timer(input.name);
      case 'transferred':
        if (this.powered) this.side.transferred(input.result);
        return;
      case 'act':
        return input.act(this.core, this);
    }
  }

  #closed(): void {
    this.line.closed();
    for (const dropped of this.outbox.connectionLost()) this.side.failed(dropped.action, dropped.note ?? {}, undefined);
    this.side.connectionLost();
    for (const name of ['boot', 'heartbeat', 'outbox', 'ping']) this.timer(name, undefined);
    this.line.dialAgain();
  }

  #request(input: Extract<Input, { kind: 'request' }>): void {
    const { token, action, payload } = input;
    // A rejected 1.6 station shall not answer at all; before the first answer and on 2.x it refuses (1.6 §4.2, B03.FR.08).
    if (this.registration === 'Rejected' && this.side.version === '1.6') return;
    if (this.registration === 'none' || this.registration === 'Rejected') {
      this.#effects.push({ do: 'refuse', token, failure: 'SecurityError', text: 'This station is not accepted yet' });
      return;
    }
    this.#afterAnswer = [];
    try {
      const answer = this.side.request(action, payload);
      // Everything that the handler did comes after its answer (2.0.1 FR.05: answer first).
      this.#effects.unshift({ do: 'answer', token, payload: answer });
    } catch (thrown) {
      if (!(thrown instanceof RpcRefusal)) throw thrown;
      this.#effects.unshift({ do: 'refuse', token, failure: thrown.failure, text: thrown.message });
    }
    const tasks = this.#afterAnswer;
    this.#afterAnswer = undefined;
    for (const task of tasks) task();
  }

  #settled(outcome: CallOutcome): void {
    // The connection went with it: `closed` comes next and puts the message back.
    if (outcome.kind === 'closed') return;
    const message = this.outbox.inFlight;
    if (message === undefined) return;
    if (message.lane === 'transaction' || message.lane === 'security') this.touched('outbox');
    if (outcome.kind === 'result') {
      this.outbox.settle();
      if (message.action === 'BootNotification') return this.registrar.answered(outcome.payload);
      if (message.action === 'Heartbeat') this.registrar.takeTime(outcome.payload['currentTime']);
      return this.side.answered(message.action, outcome.payload, message.note ?? {});
    }
    if (outcome.kind === 'refused') this.happened('defect', { action: message.action, violations: outcome.violations });
    if (outcome.kind !== 'refused' && this.outbox.retry(this.now(), this.side.retry)) return;
    this.outbox.settle();
    if (message.action === 'BootNotification') return this.registrar.failed();
    this.side.failed(message.action, message.note ?? {}, outcome);
  }

  #timer(name: string): void {
    if (name === 'power') return this.power.up();
    if (!this.powered) return;
    switch (name) {
      case 'connect':
        if (!this.connected) this.line.connect();
        return;
      case 'boot':
        return this.registrar.due();
      case 'heartbeat':
        return this.registrar.heartbeatDue();
      case 'reset-again':
        return this.power.resetAgain();
      case 'ping':
        return this.line.ping();
      case 'outbox':
        return;
      case 'reservation':
        return expireReservations(this.core);
      default: {
        const [what, id] = name.split(':');
        const evse = id === undefined ? undefined : this.core.evse(Number(id));
        if (what === 'evse' && evse !== undefined) return refresh(this.core, evse);
        if (what === 'connect' && evse !== undefined) return connectTimedOut(this.core, evse);
        return this.side.timer(name);
      }
    }
  }

  #gate(): Gate {
    if (!this.connected) return 'closed';
    if (this.registration === 'Accepted') return 'open';
    if (this.registration !== 'none' && this.core.flaws.talkUnaccepted === true) return 'open';
    return this.registration === 'Pending' ? 'pending' : 'boot';
  }

  #pump(): void {
    const next = this.outbox.take(this.#gate(), this.now());
    if (next === undefined) return;
    if ('waitUntilMs' in next) return this.timer('outbox', next.waitUntilMs);
    this.#effects.push({ do: 'call', message: next, timeoutMs: this.side.messageTimeoutMs });
  }
}
