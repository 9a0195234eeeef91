import type { StationMachine } from './machine.ts';
import type { BootReason } from './ocpp/side.ts';
import { advance, NO_PENDING } from './physical/meter.ts';
import { settleAvailability } from './state/availability.ts';
import { chargingStateOf } from './state/charging.ts';
import type { Authorization } from './state/evse.ts';
import { armExpiry } from './state/reservation.ts';
import { forceEnd, refresh, setChargingState } from './state/transactions.ts';

/** Between two tries of a reset that did not succeed. */
const RESET_AGAIN_MS = 5_000;
/** Timers of the software: they end with it. */
const SOFTWARE_TIMERS = ['connect', 'boot', 'heartbeat', 'outbox', 'reservation', 'ping', 'reset-again'] as const;

/** Power and restarts: what is lost with them, and what goes on afterwards. */
export class Power {
  readonly #machine: StationMachine;
  /** False: no power, or the software is down. */
  on = false;
  /** So many restarts that a CSMS asks for will not happen (fault). */
  failingResets = 0;
  #resetAttempts = 0;
  #failedReset: { readonly reason: BootReason; readonly downMs: number } | undefined;
  /** When power or software went down; long ago when another process saw it. */
  #downAtMs = Number.NEGATIVE_INFINITY;

  constructor(machine: StationMachine) {
    this.#machine = machine;
  }

  /** Everything starts: what was running before ends or goes on, then the station connects. */
  up(): void {
    if (this.on) return;
    const machine = this.#machine;
    const { core } = machine;
    this.on = true;
    machine.registrar.begin();
    const now = machine.now();
    for (const evse of core.evses) evse.path.meter.atMs = now;
    machine.side.rebooted();
    this.#settleLostTransactions(now - this.#downAtMs);
    settleAvailability(core);
    armExpiry(core);
    machine.line.begin();
  }

  /** Pulls the plug of the whole station: what is running is lost where it stands. */
  lose(forMs: number | undefined, silent: boolean): void {
    const machine = this.#machine;
    machine.happened('power-loss');
    this.#down();
    machine.registrar.bootReason = 'PowerUp';
    machine.line.cut(silent);
    if (forMs !== undefined) machine.timer('power', machine.now() + forMs);
  }

  /** Restarts the software or the hardware. */
  reboot(reason: BootReason, downMs: number): void {
    const machine = this.#machine;
    if (this.failingResets > 0 && (reason === 'RemoteReset' || reason === 'ScheduledReset')) {
      this.failingResets--;
      return this.#resetFailed(reason, downMs);
    }
    this.#resetAttempts = 0;
    machine.happened('reboot', { reason });
    this.#down();
    machine.registrar.bootReason = reason;
    machine.effect({ do: 'disconnect', code: 1001, reason: 'The station restarts' });
    machine.timer('power', machine.now() + downMs);
  }

  resetAgain(): void {
    if (this.#failedReset !== undefined) this.reboot(this.#failedReset.reason, this.#failedReset.downMs);
  }

  /** The restart did not happen: ResetRetries says how often it is tried again. */
  #resetFailed(reason: BootReason, downMs: number): void {
    const machine = this.#machine;
    this.#resetAttempts++;
    const again = this.#resetAttempts <= machine.side.resetRetries;
    machine.happened('reset-failed', { attempt: this.#resetAttempts, again });
    this.#failedReset = again ? { reason, downMs } : undefined;
    if (again) machine.timer('reset-again', machine.now() + RESET_AGAIN_MS);
    else this.#resetAttempts = 0;
  }

  /** Transactions that a power loss or a hard reset interrupted end now (1.6 §4.10, 2.0.1 E17). */
  #settleLostTransactions(downMs: number): void {
    const { core, side } = this.#machine;
    for (const evse of core.evses) {
      const { transaction } = evse;
      if (transaction === undefined) continue;
      const authorization = transaction.wire['authorization'] as Authorization | undefined;
      if (authorization !== undefined && side.resumesAfter(downMs)) {
        evse.authorization = authorization;
        side.resumed(evse, transaction);
        refresh(core, evse);
      } else {
        forceEnd(core, evse, 'PowerLoss', 'AbnormalCondition');
      }
    }
  }

  #down(): void {
    const machine = this.#machine;
    this.on = false;
    this.#downAtMs = machine.now();
    machine.registrar.registration = 'none';
    for (const evse of machine.core.evses) {
      advance(evse.path, machine.now());
      // Kept with the transaction, in case it goes on after the boot.
      if (evse.transaction !== undefined) {
        evse.transaction.wire['authorization'] = evse.authorization;
        const idle = chargingStateOf(evse, machine.now()) === 'Idle';
        setChargingState(evse.transaction, idle ? 'Idle' : 'EVConnected', machine.now());
      }
      evse.authorization = undefined;
      evse.path.closed = false;
      evse.path.pending = NO_PENDING;
      machine.timer(`evse:${evse.id}`, undefined);
      machine.timer(`connect:${evse.id}`, undefined);
    }
    for (const name of SOFTWARE_TIMERS) machine.timer(name, undefined);
  }
}
