import type { Observation } from '../observation.ts';
import { numberAt, textAt } from '../payload-reader.ts';

export type Registration = 'none' | 'Accepted' | 'Pending' | 'Rejected';

/** Something that makes the station boot. */
export interface BootCause {
  readonly seq: number;
  readonly at: number;
  readonly what: 'reset' | 'firmware';
  readonly type: string;
}

/** Registration of a station (1.6 §4.2, 2.x B01 to B04). Survives sockets. */
export class BootState {
  registration: Registration = 'none';
  /** The BootNotification that is not answered yet. */
  sent: Observation | null = null;
  /** The newest one that was sent, and its text: to see whether the next says anything new. */
  lastSeq = 0;
  lastPayload = '';
  answeredAt = 0;
  answerSeq = 0;
  /** Seconds: heartbeat interval when Accepted, else how long to wait. */
  interval = 0;
  /** A reset that was accepted, a firmware that reboots: until the next BootNotification. */
  cause: BootCause | null = null;
  /** Firmware that is being installed: the next boot may say so. */
  installingSeq = 0;

  /** Nothing to think about: Accepted, and no new boot under way. */
  get isPlain(): boolean {
    return this.registration === 'Accepted' && this.sent === null;
  }

  update(o: Observation): void {
    if (o.action === 'BootNotification') this.#boot(o);
    else if (o.action === 'Reset' && o.kind === 'response') this.#reset(o);
    else if (o.kind === 'request' && /FirmwareStatusNotification$/.test(o.action)) this.#firmware(o);
  }

  /** True when this cause was made known on an earlier connection than `openedAt`. */
  causeBefore(openedAt: number): BootCause | null {
    return this.cause !== null && this.cause.at < openedAt ? this.cause : null;
  }

  #boot(o: Observation): void {
    if (o.kind === 'request') {
      this.sent = o;
      this.lastSeq = o.seq;
      this.lastPayload = JSON.stringify(o.payload);
      this.cause = null;
      this.installingSeq = 0;
      return;
    }
    this.sent = null;
    const status = textAt(o.payload, 'status');
    if (o.kind !== 'response' || (status !== 'Accepted' && status !== 'Pending' && status !== 'Rejected')) return;
    this.registration = status;
    this.answeredAt = o.time;
    this.answerSeq = o.seq;
    this.interval = numberAt(o.payload, 'interval') ?? 0;
  }

  #reset(o: Observation): void {
    const request = o.request?.payload;
    // One EVSE that resets does not boot the station (2.x B11, B12).
    if (textAt(o.payload, 'status') !== 'Accepted' || numberAt(request, 'evseId') !== undefined) return;
    this.cause = { seq: o.seq, at: o.time, what: 'reset', type: textAt(request, 'type') ?? '' };
  }

  #firmware(o: Observation): void {
    const status = textAt(o.payload, 'status');
    if (status === 'Installing' || status === 'InstallRebooting') this.installingSeq = o.seq;
    if (status === 'InstallRebooting') this.cause = { seq: o.seq, at: o.time, what: 'firmware', type: status };
  }
}
