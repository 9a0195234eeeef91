import type { Ids } from '../../core/ids.ts';
import type { Random } from '../../core/random.ts';
import { parseTime } from '../../core/time.ts';
import { RpcRefusal } from '../../link/ocpp-link.ts';
import type { Failure } from '../../protocols/ocpp/error-codes.ts';
import type { CallOutcome } from '../../protocols/ocpp/rpc-message.ts';
import type { BootReason, ProtocolSide, Registration, SideHost } from './ocpp/side.ts';
import { type Gate, type Lane, Outbox, type Outgoing } from './outbox.ts';
import { advance } from './physical/meter.ts';
import { settleAvailability } from './state/availability.ts';
import { chargingStateOf } from './state/charging.ts';
import { StationCore, type StoredPart } from './state/core.ts';
import { connectTimedOut } from './state/driver.ts';
import type { Authorization, Connector, Evse, Transaction } from './state/evse.ts';
import { armExpiry, expireReservations } from './state/reservation.ts';
import { restorePart, storedPart } from './state/stored.ts';
import { forceEnd, refresh, setChargingState } from './state/transactions.ts';
import type { StationTemplate } from './template.ts';
import type { TransferRequest, TransferResult } from './transfer.ts';

/** What goes into a station. */
export type Input =
  | { readonly kind: 'power-on'; readonly reason: BootReason }
  | { readonly kind: 'open' }
  | { readonly kind: 'connect-failed'; readonly why: string }
  | { readonly kind: 'closed'; readonly code: number }
  | {
      readonly kind: 'request';
      readonly token: unknown;
      readonly action: string;
      readonly payload: Readonly<Record<string, unknown>>;
    }
  | { readonly kind: 'settled'; readonly outcome: CallOutcome }
  | { readonly kind: 'timer'; readonly name: string }
  | { readonly kind: 'transferred'; readonly result: TransferResult }
  /** A user, a scenario or a behaviour does something with the core. */
  | { readonly kind: 'act'; readonly act: (core: StationCore, machine: StationMachine) => void };

/** What comes out, in order. */
export type Effect =
  | { readonly do: 'connect' }
  | { readonly do: 'disconnect'; readonly code: number; readonly reason: string; readonly cut?: true }
  | { readonly do: 'call'; readonly message: Outgoing; readonly timeoutMs: number }
  | { readonly do: 'send'; readonly action: string; readonly payload: object }
  | { readonly do: 'answer'; readonly token: unknown; readonly payload: object }
  | { readonly do: 'refuse'; readonly token: unknown; readonly failure: Failure; readonly text: string }
  | { readonly do: 'timer'; readonly name: string; readonly atMs: number | undefined }
  | { readonly do: 'store'; readonly part: StoredPart; readonly value: unknown }
  | { readonly do: 'transfer'; readonly request: TransferRequest }
  | { readonly do: 'ping' }
  | { readonly do: 'happened'; readonly what: string; readonly data: Readonly<Record<string, unknown>> };

export interface MachineOptions {
  readonly identity: string;
  readonly serialNumber: string;
  readonly template: StationTemplate;
  readonly makeSide: (host: SideHost, template: StationTemplate) => ProtocolSide;
  readonly ids: Ids;
  readonly random: Random;
  /** Epoch ms of the world; the station's own clock may differ. */
  readonly now: () => number;
  /** False: nobody stores, so nothing is put together for it. */
  readonly stores: boolean;
  readonly saved?: Readonly<Partial<Record<StoredPart, unknown>>>;
}

/** Where the station waits when the CSMS names no interval (1.6 §4.2: the station picks a sane wait). */
const DEFAULT_BOOT_WAIT_S = 30;
/** Between two tries of a reset that did not succeed. */
const RESET_AGAIN_MS = 5_000;
/** The CSMS's clock is taken over only when it differs by more than the way of a message. */
const CLOCK_TOLERANCE_MS = 2_000;

/**
 * One station without any I/O: inputs go in, effects come out, one after another. What a version does stands in its
 * `ProtocolSide`; what the hardware does in `state/`.
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
  firmwareVersion: string;
  registration: Registration = 'none';
  connected = false;
  /** Off: no power, or the software is down. */
  powered = false;
  /** The network is pulled: nothing connects until it is back. */
  networkDown = false;
  /** What the station's own clock is ahead of the world's, ms. */
  clockOffsetMs = 0;
  /** The station does not take over the CSMS's time (fault: clock skew). */
  clockStubborn = false;
  readonly #now: () => number;
  readonly #stores: boolean;
  #effects: Effect[] = [];
  #dirty: Set<StoredPart> | undefined;
  #afterAnswer: (() => void)[] | undefined;
  #bootReason: BootReason = 'PowerUp';
  #bootedAccepted = false;
  #attempts = 0;
  /** The connection was dropped on purpose: the next one needs no back-off. */
  #connectAtOnce = false;
  #pingOpen = false;
  /** So many restarts that a CSMS asks for will not happen (fault). */
  failingResets = 0;
  #resetAttempts = 0;
  #failedReset: { readonly reason: BootReason; readonly downMs: number } | undefined;
  #offlineSinceMs = 0;
  /** When power or software went down; long ago when another process saw it. */
  #downAtMs = Number.NEGATIVE_INFINITY;

  constructor(options: MachineOptions) {
    this.identity = options.identity;
    this.serialNumber = options.serialNumber;
    this.template = options.template;
    this.firmwareVersion = options.template.firmwareVersion;
    this.ids = options.ids;
    this.random = options.random;
    this.#now = options.now;
    this.#stores = options.stores;
    this.side = options.makeSide(this, options.template);
    this.core = new StationCore(options.template, this.side.settings, this, this.random.uint32(), this.now());
    this.side.attach(this.core);
    this.#restore(options.saved ?? {});
  }

  // --- what others ask ------------------------------------------------------------------------------------------

  now(): number {
    return this.#now() + this.clockOffsetMs;
  }

  get online(): boolean {
    return this.connected && this.registration === 'Accepted';
  }

  handle(input: Input): Effect[] {
    this.#effects = [];
    this.#input(input);
    this.#pump();
    this.#flush();
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
    if (!this.#stores) return;
    this.#dirty ??= new Set();
    this.#dirty.add(part);
  }

  happened(what: string, data: Readonly<Record<string, unknown>> = {}): void {
    this.#effects.push({ do: 'happened', what, data });
  }

  transfer(request: TransferRequest): void {
    this.#effects.push({ do: 'transfer', request });
  }

  bootOnConnect(): void {
    this.registration = 'none';
  }

  pingChanged(): void {
    if (this.connected) this.#armPing();
  }

  /** Something came that shows that the other end lives. */
  alive(): void {
    this.#pingOpen = false;
  }

  reboot(reason: BootReason, downMs: number): void {
    if (this.failingResets > 0 && (reason === 'RemoteReset' || reason === 'ScheduledReset')) {
      this.failingResets--;
      return this.#resetFailed(reason, downMs);
    }
    this.#resetAttempts = 0;
    this.happened('reboot', { reason });
    this.#down();
    this.#bootReason = reason;
    this.#effects.push({ do: 'disconnect', code: 1001, reason: 'The station restarts' });
    this.timer('power', this.now() + downMs);
  }

  reconnect(): void {
    this.#connectAtOnce = true;
    this.#effects.push({ do: 'disconnect', code: 1000, reason: 'The station connects again' });
  }

  bootAgain(reason: BootReason): void {
    this.#sendBoot(reason, 'triggered');
  }

  /** Pulls the plug of the whole station: what is running is lost where it stands. */
  powerLoss(forMs: number | undefined): void {
    this.happened('power-loss');
    this.#down();
    this.#bootReason = 'PowerUp';
    this.#effects.push({ do: 'disconnect', code: 1006, reason: '', cut: true });
    if (forMs !== undefined) this.timer('power', this.now() + forMs);
  }

  /** Cuts the network, or gives it back. */
  setNetwork(down: boolean): void {
    this.networkDown = down;
    this.happened(down ? 'network-loss' : 'network-back');
    if (down) this.#effects.push({ do: 'disconnect', code: 1006, reason: '', cut: true });
    else if (this.powered && !this.connected) this.#connect();
  }

  statusChanged(evse: Evse, connector: Connector): void {
    if (this.powered) this.side.statusChanged(evse, connector);
  }

  transactionStarted(
    evse: Evse,
    transaction: Transaction,
    trigger: Parameters<SideHost['transactionStarted']>[2],
  ): void {
    this.happened('transaction-started', { evseId: evse.id, transactionId: transaction.id });
    this.side.transactionStarted(evse, transaction, trigger);
  }

  transactionUpdated(
    evse: Evse,
    transaction: Transaction,
    trigger: Parameters<SideHost['transactionUpdated']>[2],
  ): void {
    this.side.transactionUpdated(evse, transaction, trigger);
  }

  transactionEnded(evse: Evse, transaction: Transaction, trigger: Parameters<SideHost['transactionEnded']>[2]): void {
    const energyWh = (transaction.meterStopWh ?? 0) - transaction.meterStartWh;
    this.happened('transaction-ended', {
      evseId: evse.id,
      transactionId: transaction.id,
      energyWh,
      reason: transaction.stoppedReason ?? 'Local',
    });
    this.side.transactionEnded(evse, transaction, trigger);
  }

  askCsms(question: Parameters<SideHost['askCsms']>[0]): void {
    this.side.askCsms(question);
  }

  reservationOver(
    reservation: Parameters<SideHost['reservationOver']>[0],
    why: Parameters<SideHost['reservationOver']>[1],
  ): void {
    this.side.reservationOver(reservation, why);
  }

  // --- inputs ---------------------------------------------------------------------------------------------------

  #input(input: Input): void {
    switch (input.kind) {
      case 'power-on':
        this.#bootReason = input.reason;
        return this.#powerOn();
      case 'open':
        return this.#opened();
      case 'connect-failed':
        this.happened('connect-failed', { why: input.why });
        this.side.connectFailed(this.#attempts + 1, input.why);
        return this.#waitAndConnect();
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

  #powerOn(): void {
    if (this.powered) return;
    this.powered = true;
    this.#bootedAccepted = false;
    this.registration = 'none';
    const now = this.now();
    this.#offlineSinceMs = now;
    for (const evse of this.core.evses) evse.path.meter.atMs = now;
    this.side.rebooted();
    this.#closeLostTransactions();
    settleAvailability(this.core);
    armExpiry(this.core);
    this.#attempts = 0;
    this.#connect();
  }

  /** Transactions that a power loss or a hard reset interrupted end now (1.6 §4.10, 2.0.1 E17). */
  #closeLostTransactions(): void {
    const downMs = this.now() - this.#downAtMs;
    for (const evse of this.core.evses) {
      const { transaction } = evse;
      if (transaction === undefined) continue;
      const authorization = transaction.wire['authorization'] as Authorization | undefined;
      if (authorization !== undefined && this.side.resumesAfter(downMs)) {
        evse.authorization = authorization;
        this.side.resumed(evse, transaction);
        refresh(this.core, evse);
      } else {
        forceEnd(this.core, evse, 'PowerLoss', 'AbnormalCondition');
      }
    }
  }

  #connect(): void {
    if (this.networkDown) return;
    this.#effects.push({ do: 'connect' });
  }

  #opened(): void {
    this.connected = true;
    this.#attempts = 0;
    this.timer('connect', undefined);
    this.#pingOpen = false;
    this.#armPing();
    this.happened('connected');
    if (this.registration === 'Accepted') {
      this.side.reconnected(this.now() - this.#offlineSinceMs);
      return;
    }
    this.#sendBoot(this.#bootReason, 'boot');
  }

  #closed(): void {
    const was = this.connected;
    this.connected = false;
    if (was) {
      this.#offlineSinceMs = this.now();
      this.happened('disconnected');
    }
    for (const dropped of this.outbox.connectionLost()) this.side.failed(dropped.action, dropped.note ?? {}, undefined);
    this.side.connectionLost();
    this.timer('boot', undefined);
    this.timer('heartbeat', undefined);
    this.timer('outbox', undefined);
    this.timer('ping', undefined);
    const atOnce = this.#connectAtOnce;
    this.#connectAtOnce = false;
    if (!this.powered) return;
    if (atOnce) this.#connect();
    else this.#waitAndConnect();
  }

  /** wait(k) = minimum × 2^min(k, repeat) + a fresh random share (2.0.1 errata 4.12). */
  #waitAndConnect(): void {
    if (!this.powered || this.networkDown) return;
    const { waitMinimumS, randomRangeS, repeatTimes } = this.side.backoff;
    const base = waitMinimumS * 2 ** Math.min(this.#attempts, repeatTimes);
    this.#attempts++;
    this.timer('connect', this.now() + (base + this.random.next() * randomRangeS) * 1000);
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
      if (message.action === 'BootNotification') return this.#bootAnswered(outcome.payload);
      if (message.action === 'Heartbeat') this.#takeTime(outcome.payload['currentTime']);
      return this.side.answered(message.action, outcome.payload, message.note ?? {});
    }
    if (outcome.kind === 'refused') this.happened('defect', { action: message.action, violations: outcome.violations });
    if (outcome.kind !== 'refused' && this.outbox.retry(this.now(), this.side.retry)) return;
    this.outbox.settle();
    if (message.action === 'BootNotification') return this.timer('boot', this.now() + DEFAULT_BOOT_WAIT_S * 1000);
    this.side.failed(message.action, message.note ?? {}, outcome);
  }

  #bootAnswered(answer: Readonly<Record<string, unknown>>): void {
    const interval = Number(answer['interval'] ?? 0);
    const status = String(answer['status']);
    this.happened('boot', { status, interval });
    this.#takeTime(answer['currentTime']);
    if (status === 'Accepted') {
      const rebooted = !this.#bootedAccepted;
      this.registration = 'Accepted';
      this.#bootedAccepted = true;
      this.timer('boot', undefined);
      this.side.accepted(interval, rebooted);
      this.#armHeartbeat();
      return;
    }
    this.registration = status === 'Pending' ? 'Pending' : 'Rejected';
    this.timer('boot', this.now() + (interval > 0 ? interval : DEFAULT_BOOT_WAIT_S) * 1000);
  }

  #takeTime(text: unknown): void {
    if (typeof text !== 'string' || this.clockStubborn) return;
    const theirs = parseTime(text);
    if (theirs === undefined) return;
    const differenceMs = theirs - this.now();
    if (Math.abs(differenceMs) > CLOCK_TOLERANCE_MS) this.setClockOffset(this.clockOffsetMs + differenceMs);
  }

  /** Moves the station's own clock. Meters do not run backwards: they only look at the new time from now on. */
  setClockOffset(offsetMs: number): void {
    for (const evse of this.core.evses) advance(evse.path, this.now());
    this.clockOffsetMs = offsetMs;
    const now = this.now();
    for (const evse of this.core.evses) {
      evse.path.meter.atMs = now;
      const last = evse.path.pending.at(-1);
      evse.path.pending = last === undefined ? [] : [{ ...last, atMs: now }];
      refresh(this.core, evse);
    }
    this.happened('clock-set', { offsetMs });
  }

  #armHeartbeat(): void {
    const seconds = this.side.heartbeatIntervalS;
    this.timer('heartbeat', seconds > 0 ? this.now() + seconds * 1000 : undefined);
  }

  /** The interval changed: count anew. */
  heartbeatChanged(): void {
    if (this.online) this.#armHeartbeat();
  }

  #timer(name: string): void {
    if (name === 'power') {
      if (!this.powered) this.#powerOn();
      return;
    }
    if (!this.powered) return;
    switch (name) {
      case 'connect':
        if (!this.connected) this.#connect();
        return;
      case 'boot':
        if (this.connected && this.registration !== 'Accepted') this.#sendBoot(this.#bootReason, 'boot');
        return;
      case 'heartbeat':
        if (!this.online) return;
        if (!this.outbox.holdsAction('Heartbeat')) this.send('Heartbeat', {}, 'normal');
        return this.#armHeartbeat();
      case 'reset-again':
        if (this.#failedReset !== undefined) this.reboot(this.#failedReset.reason, this.#failedReset.downMs);
        return;
      case 'ping':
        return this.#ping();
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

  /** The restart did not happen: ResetRetries says how often it is tried again. */
  #resetFailed(reason: BootReason, downMs: number): void {
    this.#resetAttempts++;
    const again = this.#resetAttempts <= this.side.resetRetries;
    this.happened('reset-failed', { attempt: this.#resetAttempts, again });
    this.#failedReset = again ? { reason, downMs } : undefined;
    if (again) this.timer('reset-again', this.now() + RESET_AGAIN_MS);
    else this.#resetAttempts = 0;
  }

  #armPing(): void {
    const { pingIntervalS } = this.side;
    this.timer('ping', pingIntervalS > 0 ? this.now() + pingIntervalS * 1000 : undefined);
  }

  /** A ping that was not answered until the next is due: the line is dead (OCPP-J §5.4, 2.0.1 Part 4 §5.4). */
  #ping(): void {
    if (!this.connected) return;
    if (this.#pingOpen) {
      this.happened('ping-unanswered');
      this.#effects.push({ do: 'disconnect', code: 1006, reason: '', cut: true });
      return;
    }
    this.#pingOpen = true;
    this.#effects.push({ do: 'ping' });
    this.#armPing();
  }

  #sendBoot(reason: BootReason, lane: 'boot' | 'triggered'): void {
    if (this.outbox.holdsAction('BootNotification')) return;
    this.send('BootNotification', this.side.bootRequest(reason), lane);
  }

  #down(): void {
    this.powered = false;
    this.#downAtMs = this.now();
    this.registration = 'none';
    for (const evse of this.core.evses) {
      advance(evse.path, this.now());
      // Kept with the transaction, in case it goes on after the boot.
      if (evse.transaction !== undefined) {
        evse.transaction.wire['authorization'] = evse.authorization;
        setChargingState(
          evse.transaction,
          chargingStateOf(evse, this.now()) === 'Idle' ? 'Idle' : 'EVConnected',
          this.now(),
        );
      }
      evse.authorization = undefined;
      evse.path.closed = false;
      evse.path.pending = [];
      this.timer(`evse:${evse.id}`, undefined);
      this.timer(`connect:${evse.id}`, undefined);
    }
    for (const name of ['connect', 'boot', 'heartbeat', 'outbox', 'reservation', 'ping', 'reset-again'])
      this.timer(name, undefined);
  }

  // --- outputs --------------------------------------------------------------------------------------------------

  #gate(): Gate {
    if (!this.connected) return 'closed';
    if (this.registration === 'Accepted') return 'open';
    return this.registration === 'Pending' ? 'pending' : 'boot';
  }

  #pump(): void {
    const next = this.outbox.take(this.#gate(), this.now());
    if (next === undefined) return;
    if ('waitUntilMs' in next) return this.timer('outbox', next.waitUntilMs);
    this.#effects.push({ do: 'call', message: next, timeoutMs: this.side.messageTimeoutMs });
  }

  #flush(): void {
    if (this.#dirty === undefined) return;
    for (const part of this.#dirty) this.#effects.push({ do: 'store', part, value: this.#stored(part) });
    this.#dirty = undefined;
  }

  #stored(part: StoredPart): unknown {
    if (part === 'outbox') return this.outbox.toJSON();
    return storedPart(this.core, part) ?? this.side.store(part);
  }

  #restore(saved: Readonly<Partial<Record<StoredPart, unknown>>>): void {
    // What the core restores may set timers: there is nobody to set them yet, and power-on sets them anew.
    for (const [part, value] of Object.entries(saved) as [StoredPart, unknown][]) {
      if (part === 'outbox') this.outbox.restore(value as Outgoing[]);
      else if (!restorePart(this.core, part, value)) this.side.restore(part, value);
    }
    this.#effects = [];
  }
}
