import type { CarSocket } from './car.ts';

export interface Token {
  readonly value: string;
  readonly type: string;
  readonly authorizationType: string;
}

/** What an EVSE tells its surroundings: the words are EVerest's, written here by hand. */
export interface EvseTelling {
  state(word: string): void;
  event(name: string, extra: Readonly<Record<string, unknown>>): void;
  info(state: string): void;
  error(type: string, raised: boolean): void;
  hlcFailed(reason: string): void;
  protocol(name: string): void;
  plugged(): void;
  unplugged(): void;
  /** CP C or B. */
  drawing(on: boolean): void;
  /** ISO 15118 found a contract: its id asks to charge. */
  contract(): void;
  stopped(reason: string): void;
}

const SLAC_MS = 2_250;
const V2G_PAYMENT_MS = 750;
const V2G_READY_MS = 1_000;
const NO_DRAW_MS = 30_000;
const CONNECTION_TIMEOUT_MS = 10_000;
const NON_FATAL = ['MREC3HighTemperature', 'MREC18CableOverTempDerate'];

export interface Session {
  readonly id: string;
  authorized?: Token;
  /** A transaction runs: authorized and plugged. */
  running: boolean;
  ended: boolean;
}

/** The EVSE: plug, authorization, power, as EVerest's EvseManager tells them, without its inside. */
export class VirtualEvse implements CarSocket {
  readonly n: number;
  readonly #tell: EvseTelling;
  readonly #now: () => number;
  readonly #newId: () => string;
  readonly #hlc: boolean;
  /** The car has a contract certificate: without a word about payment it pays by it. */
  readonly #contract: boolean;
  word = 'Idle';
  infoState = 'Unplugged';
  session: Session | undefined;
  plugged = false;
  limitA = 32;
  readonly errors = new Set<string>();
  #disabled = false;
  #userPaused = false;
  #drawing = false;
  #sinceMs = 0;
  #pluggedMs = 0;
  #authorizedMs = 0;
  #slacMs: number | undefined;
  #v2g:
    | { readonly payment: 'auto' | 'eim' | 'contract'; readonly sinceMs: number; asked: boolean; ended: boolean }
    | undefined;

  constructor(n: number, hlc: boolean, contract: boolean, now: () => number, newId: () => string, tell: EvseTelling) {
    this.n = n;
    this.#hlc = hlc;
    this.#contract = contract;
    this.#now = now;
    this.#newId = newId;
    this.#tell = tell;
  }

  // What the car sees.
  get pwm(): 'off' | 'digital' | 'nominal' {
    if (!this.plugged || this.#disabled || this.session?.ended === true) return 'off';
    if (this.session?.running === true && this.#held === undefined) return 'nominal';
    return this.#hlc && this.session?.running !== true ? 'digital' : 'off';
  }
  get slacMatched(): boolean {
    return this.#slacMs !== undefined && this.#now() - this.#slacMs >= SLAC_MS;
  }
  get v2gRunning(): boolean {
    return this.#v2g !== undefined && !this.#v2g.ended;
  }
  get v2gReady(): boolean {
    return (
      this.v2gRunning &&
      this.session?.running === true &&
      this.#now() - Math.max(this.#authorizedMs, this.#v2g?.sinceMs ?? 0) >= V2G_READY_MS
    );
  }
  get chargerStopped(): boolean {
    return this.session?.ended === true;
  }
  /** It waits for the contract: cards are not looked at. */
  get waitsForContract(): boolean {
    return this.v2gRunning && this.#v2g?.payment === 'contract' && this.session?.authorized === undefined;
  }
  get charging(): boolean {
    return this.word === 'Charging';
  }
  get faulty(): boolean {
    return [...this.errors].some(isFatal);
  }

  plug(): void {
    if (this.plugged) return;
    this.plugged = true;
    this.#pluggedMs = this.#now();
    if (this.#disabled) return;
    const first = this.session === undefined;
    this.session ??= { id: this.#newId(), running: false, ended: false };
    if (first) this.#tell.event('SessionStarted', { session_started: { reason: 'EVConnected' } });
    this.#tell.plugged();
    if (this.session.authorized !== undefined) return this.#begin();
    if (first) this.#tell.event('AuthRequired', {});
    this.#enter('Wait for Auth', 'AuthRequired');
  }

  unplug(): void {
    if (!this.plugged) return;
    this.plugged = false;
    this.#slacMs = undefined;
    this.#v2g = undefined;
    this.#drawing = false;
    this.#tell.drawing(false);
    this.#raise('ac_rcd/DC', false);
    if (this.session?.running === true && !this.session.ended) this.#end('EVDisconnected');
    this.#tell.unplugged();
    if (this.session !== undefined) {
      this.#tell.event('SessionFinished', { session_finished: {} });
      this.session = undefined;
    }
    this.#userPaused = false;
    if (!this.#disabled) this.#enter('Idle', 'Unplugged');
  }

  startSlac(): void {
    this.#slacMs ??= this.#now();
  }
  startV2g(payment: 'auto' | 'eim' | 'contract'): void {
    const paid = payment === 'auto' && this.#contract ? 'contract' : payment;
    this.#v2g = { payment: paid, sinceMs: this.#now(), asked: false, ended: false };
    this.#tell.protocol('ISO15118-2-2013');
  }
  stopV2g(): void {
    if (this.#v2g !== undefined) this.#v2g.ended = true;
    if (this.session?.running === true && !this.session.ended) this.#end('StoppedByEV');
  }
  rcd(milliA: number): void {
    this.#raise('ac_rcd/DC', milliA > 5);
  }
  diodeFails(): void {
    this.#raise('evse_board_support/DiodeFault', true);
  }
  /** The car was switched off and on. */
  healLatched(): void {
    this.#raise('evse_board_support/DiodeFault', false);
  }
  draws(on: boolean): void {
    if (on === this.#drawing) return;
    this.#drawing = on;
    this.#tell.drawing(on);
  }

  // What others decide.
  authorize(token: Token): void {
    if (this.#disabled || this.session?.running === true) return;
    const first = this.session === undefined;
    this.session ??= { id: this.#newId(), running: false, ended: false };
    this.session.authorized = token;
    this.#authorizedMs = this.#now();
    if (first) this.#tell.event('SessionStarted', { session_started: { reason: 'Authorized' } });
    this.#tell.event('Authorized', { authorization_event: {} });
    if (this.plugged) this.#begin();
    else this.#enter('Wait for Auth', 'Preparing');
  }

  refuse(): void {
    if (this.#v2g?.asked === true && this.session?.authorized === undefined) {
      this.#v2g.ended = true;
      this.#tell.hlcFailed('AuthorizationFailed');
    }
  }

  /** Nobody plugged in after the token. */
  lapse(): void {
    if (this.plugged || this.session === undefined) return;
    this.#tell.event('Deauthorized', { authorization_event: {} });
    this.#tell.event('PluginTimeout', {});
    this.#tell.event('SessionFinished', { session_finished: {} });
    this.session = undefined;
    this.#enter('Idle', 'Unplugged');
  }

  /** Ends the transaction; the car stays. Returns false when there is none. */
  stop(reason: string): boolean {
    if (this.session?.running !== true || this.session.ended) return false;
    this.#end(reason);
    return true;
  }

  /** Returns false when there is no transaction. */
  pause(on: boolean): boolean {
    if (this.session?.running !== true || this.session.ended) return false;
    this.#userPaused = on;
    return true;
  }

  enable(on: boolean): void {
    if (on === !this.#disabled) return;
    if (!on) {
      if (this.session?.running === true && !this.session.ended) this.#end('Local');
      this.#disabled = true;
      this.#tell.event('Disabled', {
        source: { enable_source: 'LocalAPI', enable_state: 'Disable', enable_priority: 100 },
      });
      return this.#enter('Disabled', 'Disabled');
    }
    this.#disabled = false;
    this.#tell.event('Enabled', {
      source: { enable_source: 'LocalAPI', enable_state: 'Enable', enable_priority: 100 },
    });
    if (this.plugged) this.#enter('Wait for Auth', 'AuthRequired');
    else this.#enter('Idle', 'Unplugged');
  }

  boardError(type: string, raise: boolean): void {
    // The lock and RCD types of the board are taken and forgotten (simulator in C++).
    if (/^(ac_rcd|lock)_/.test(type)) return;
    this.#raise(type.includes('/') ? type : `evse_board_support/${type}`, raise);
  }

  /** A tenth of a second passes. */
  loop(): void {
    const now = this.#now();
    if (this.v2gRunning && this.#v2g?.asked === false && now - this.#v2g.sinceMs >= V2G_PAYMENT_MS) {
      this.#v2g.asked = true;
      if (this.#v2g.payment === 'contract' && this.session?.authorized === undefined) this.#tell.contract();
    }
    const { session } = this;
    if (session === undefined || session.ended) return;
    if (!session.running) {
      if (
        this.word === 'Wait for Auth' &&
        this.infoState === 'AuthRequired' &&
        now - this.#pluggedMs >= CONNECTION_TIMEOUT_MS
      ) {
        this.infoState = 'AuthTimeout';
        this.#tell.event('PluginTimeout', {});
        this.#tell.info('AuthTimeout');
      } else if (
        !this.plugged &&
        session.authorized !== undefined &&
        now - this.#authorizedMs >= CONNECTION_TIMEOUT_MS
      ) {
        this.lapse();
      }
      return;
    }
    this.#power(now);
  }

  #power(now: number): void {
    const held = this.#held;
    const ready = this.#drawing && held === undefined && (this.#v2g === undefined || this.v2gReady || this.charging);
    switch (this.word) {
      case 'PrepareCharging':
        if (ready) this.#enter('Charging', 'Charging', 'ChargingStarted');
        else if (held !== undefined) this.#pausedEvse(held);
        else if (now - this.#sinceMs >= NO_DRAW_MS) this.#enter('Car Paused', 'ChargingPausedEV', 'ChargingPausedEV');
        return;
      case 'Charging':
        if (!ready) this.#enter('StoppingCharging', 'FinishedEV', 'StoppingCharging');
        return;
      case 'StoppingCharging':
        if (held !== undefined) this.#pausedEvse(held);
        else this.#enter('Car Paused', 'ChargingPausedEV', 'ChargingPausedEV');
        return;
      case 'Car Paused':
        if (held !== undefined) this.#pausedEvse(held);
        else if (ready) this.#enter('PrepareCharging', 'Preparing', 'PrepareCharging');
        return;
      case 'EVSE Paused':
        if (held === undefined) this.#enter('PrepareCharging', 'Preparing', 'PrepareCharging');
        return;
      default:
    }
  }

  /** Why the EVSE gives no power. */
  get #held(): 'UserPause' | 'NoEnergy' | 'Error' | undefined {
    if (this.faulty) return 'Error';
    if (this.#userPaused) return 'UserPause';
    return this.limitA < 6 ? 'NoEnergy' : undefined;
  }

  #pausedEvse(reason: string): void {
    this.#enter('EVSE Paused', 'ChargingPausedEVSE', 'ChargingPausedEVSE', {
      charging_state_changed_event: {},
      charging_paused_evse: { reasons: [reason] },
    });
  }

  #begin(): void {
    const { session } = this;
    if (session?.authorized === undefined) return;
    session.running = true;
    session.ended = false;
    this.#tell.event('TransactionStarted', { transaction_started: { id_tag: idTag(session.authorized) } });
    this.#enter('PrepareCharging', 'Preparing', 'PrepareCharging');
  }

  #end(reason: string): void {
    const { session } = this;
    if (session === undefined) return;
    if (this.word === 'Charging') this.#enter('StoppingCharging', 'FinishedEV', 'StoppingCharging');
    session.ended = true;
    session.running = false;
    this.#userPaused = false;
    this.#tell.event('ChargingFinished', { charging_state_changed_event: {} });
    this.#tell.event('TransactionFinished', {
      transaction_finished: {
        reason,
        ...(session.authorized === undefined ? {} : { id_tag: idTag(session.authorized) }),
      },
    });
    this.#tell.stopped(reason);
    this.#enter('Finished', reason === 'Local' ? 'FinishedEVSE' : 'Finished');
  }

  #enter(
    word: string,
    info: string,
    event?: string,
    extra: Readonly<Record<string, unknown>> = { charging_state_changed_event: {} },
  ): void {
    const changed = word !== this.word;
    this.word = word;
    this.infoState = info;
    this.#sinceMs = this.#now();
    if (changed) this.#tell.state(word);
    if (event !== undefined) this.#tell.event(event, extra);
    this.#tell.info(info);
  }

  #raise(type: string, raise: boolean): void {
    if (raise === this.errors.has(type)) return;
    const before = this.faulty;
    if (raise) this.errors.add(type);
    else this.errors.delete(type);
    this.#tell.error(type, raise);
    if (before !== this.faulty) this.#tell.error('evse_manager/Inoperative', this.faulty);
  }
}

export function idTag({ value, type, authorizationType }: Token): object {
  return { id_token: { value, type }, authorization_type: authorizationType };
}

function isFatal(type: string): boolean {
  return !NON_FATAL.includes(type.slice(type.indexOf('/') + 1));
}
