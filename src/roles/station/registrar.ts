import { parseTime } from '../../core/time.ts';
import type { StationMachine } from './machine.ts';
import type { BootReason, Registration } from './ocpp/side.ts';
import { advance } from './physical/meter.ts';
import { refresh } from './state/transactions.ts';

/** Where the station waits when the CSMS names no interval (1.6 §4.2: the station picks a sane wait). */
const DEFAULT_BOOT_WAIT_S = 30;
/** The CSMS's clock is taken over only when it differs by more than the way of a message. */
const CLOCK_TOLERANCE_MS = 2_000;

/** Whether the CSMS knows the station: BootNotification, heartbeats, and the time that both bring. */
export class Registrar {
  readonly #machine: StationMachine;
  registration: Registration = 'none';
  bootReason: BootReason = 'PowerUp';
  /** What the station's own clock is ahead of the world's, ms. */
  clockOffsetMs = 0;
  /** The station does not take over the CSMS's time (fault: clock skew). */
  clockStubborn = false;
  #acceptedSinceBoot = false;

  constructor(machine: StationMachine) {
    this.#machine = machine;
  }

  /** The software starts: nobody knows it yet. */
  begin(): void {
    this.#acceptedSinceBoot = false;
    this.registration = 'none';
  }

  /** A connection opened: boots, or goes on where it was. */
  opened(offlineMs: number): void {
    const { flaws } = this.#machine.core;
    if (flaws.skipBoot === true && this.registration !== 'Accepted') return this.#accepted(0);
    if (this.registration === 'Accepted' && flaws.bootOnEveryConnect !== true)
      return this.#machine.side.reconnected(offlineMs);
    this.sendBoot(this.bootReason, 'boot');
  }

  sendBoot(reason: BootReason, lane: 'boot' | 'triggered'): void {
    const { outbox, side } = this.#machine;
    if (outbox.holdsAction('BootNotification')) return;
    this.#machine.send('BootNotification', side.bootRequest(reason), lane);
  }

  answered(answer: Readonly<Record<string, unknown>>): void {
    const interval = Number(answer['interval'] ?? 0);
    const status = String(answer['status']);
    this.#machine.happened('boot', { status, interval });
    this.takeTime(answer['currentTime']);
    if (status === 'Accepted') return this.#accepted(interval);
    this.registration = status === 'Pending' ? 'Pending' : 'Rejected';
    this.#bootAgainIn(interval > 0 ? interval : DEFAULT_BOOT_WAIT_S);
  }

  /** Refused or unanswered. */
  failed(): void {
    this.#bootAgainIn(DEFAULT_BOOT_WAIT_S);
  }

  due(): void {
    if (this.#machine.connected && this.registration !== 'Accepted') this.sendBoot(this.bootReason, 'boot');
  }

  heartbeatDue(): void {
    const machine = this.#machine;
    if (!machine.online) return;
    if (!machine.outbox.holdsAction('Heartbeat')) machine.send('Heartbeat', {}, 'normal');
    this.#armHeartbeat();
  }

  takeTime(text: unknown): void {
    if (typeof text !== 'string' || this.clockStubborn) return;
    const theirs = parseTime(text);
    if (theirs === undefined) return;
    const differenceMs = theirs - this.#machine.now();
    if (Math.abs(differenceMs) > CLOCK_TOLERANCE_MS) this.setClockOffset(this.clockOffsetMs + differenceMs);
  }

  /** Moves the station's own clock. Meters do not run backwards: they only look at the new time from now on. */
  setClockOffset(offsetMs: number): void {
    const { core } = this.#machine;
    for (const evse of core.evses) advance(evse.path, this.#machine.now());
    this.clockOffsetMs = offsetMs;
    const now = this.#machine.now();
    for (const evse of core.evses) {
      evse.path.meter.atMs = now;
      const last = evse.path.pending.at(-1);
      evse.path.pending = last === undefined ? [] : [{ ...last, atMs: now }];
      refresh(core, evse);
    }
    this.#machine.happened('clock-set', { offsetMs });
  }

  #accepted(intervalS: number): void {
    const rebooted = !this.#acceptedSinceBoot;
    this.registration = 'Accepted';
    this.#acceptedSinceBoot = true;
    this.#machine.timer('boot', undefined);
    this.#machine.side.accepted(intervalS, rebooted);
    this.#armHeartbeat();
  }

  #bootAgainIn(seconds: number): void {
    const waitS = this.#machine.core.flaws.ignoreBootInterval === true ? 1 : seconds;
    this.#machine.timer('boot', this.#machine.now() + waitS * 1000);
  }

  #armHeartbeat(): void {
    const seconds = this.#machine.side.heartbeatIntervalS;
    this.#machine.timer('heartbeat', seconds > 0 ? this.#machine.now() + seconds * 1000 : undefined);
  }
}
