import { parseTime } from '../../../core/time.ts';
import type { Observation } from '../observation.ts';
import { numberAt, textAt } from '../payload-reader.ts';

/** A firmware update that the station has taken on. */
export interface FirmwareJob {
  /** `UpdateFirmware`, `SignedUpdateFirmware`. */
  readonly action: string;
  /** The classic update of 1.6 has none. */
  readonly requestId: number | undefined;
  /** The firmware came with a signature. */
  readonly isSigned: boolean;
  readonly retrieveAt: number | undefined;
  readonly installAt: number | undefined;
  /** The answer that took it on. */
  readonly seq: number;
  readonly at: number;
  /** Firmware of the last boot before; undefined when no boot told it. */
  readonly versionBefore: string | undefined;
}

/** Firmware updates of a station (1.6 §5.19, whitepaper L01; 2.x L01, L02). */
export class FirmwareUpdates {
  /** The newest job of each command, and the one before it, which may still say that it was cancelled. */
  readonly #jobs = new Map<string, FirmwareJob>();
  readonly #former = new Map<string, FirmwareJob>();
  /** The newest status of each kind of notification, Idle left out: that says that there is nothing to tell. */
  readonly #statuses = new Map<string, Observation>();
  /** Firmware by the last BootNotification. */
  version: string | undefined;
  /** A job that was installed, until the next boot. */
  installed: { readonly job: FirmwareJob; readonly seq: number } | undefined;
  /** The station has taken on a signed update of 1.6. */
  usedSigned: Observation | undefined;

  /** The running job that a status notification is about. */
  job(o: Observation): FirmwareJob | undefined {
    return this.#jobs.get(commandOf(o));
  }

  formerJob(o: Observation): FirmwareJob | undefined {
    return this.#former.get(commandOf(o));
  }

  /** The last notification of this kind that was not Idle. */
  status(action: string): Observation | undefined {
    return this.#statuses.get(action);
  }

  update(o: Observation): void {
    switch (o.action) {
      case 'BootNotification':
        if (o.kind !== 'request') return;
        this.version = firmwareVersion(o.payload);
        this.installed = undefined;
        return;
      case 'UpdateFirmware':
      case 'SignedUpdateFirmware':
        if (o.kind === 'response') this.#answered(o);
        return;
      default:
        if (o.kind === 'request') this.#status(o);
    }
  }

  #answered(o: Observation): void {
    if (o.action === 'SignedUpdateFirmware') this.usedSigned ??= o;
    if (!isTaken(o)) return;
    const request = o.request?.payload;
    const job: FirmwareJob = {
      action: o.action,
      requestId: numberAt(request, 'requestId'),
      isSigned: textAt(request, 'firmware', 'signature') !== undefined,
      retrieveAt: timeOf(textAt(request, 'retrieveDate') ?? textAt(request, 'firmware', 'retrieveDateTime')),
      installAt: timeOf(textAt(request, 'firmware', 'installDateTime')),
      seq: o.seq,
      at: o.time,
      versionBefore: this.version,
    };
    const former = this.#jobs.get(o.action);
    if (former !== undefined) this.#former.set(o.action, former);
    this.#jobs.set(o.action, job);
  }

  #status(o: Observation): void {
    const status = textAt(o.payload, 'status');
    if (status === undefined || status === 'Idle') return;
    this.#statuses.set(o.action, o);
    const job = this.job(o);
    if (status === 'Installed' && job !== undefined) this.installed = { job, seq: o.seq };
  }
}

/** True when an answer says that the update will be done. The classic one of 1.6 has no status. */
export function isTaken(o: Observation): boolean {
  if (o.action === 'UpdateFirmware' && o.link.version === '1.6') return true;
  return /^Accepted/.test(textAt(o.payload, 'status') ?? '');
}

export function firmwareVersion(boot: unknown): string | undefined {
  return textAt(boot, 'firmwareVersion') ?? textAt(boot, 'chargingStation', 'firmwareVersion');
}

function commandOf(o: Observation): string {
  return o.action.startsWith('Signed') ? 'SignedUpdateFirmware' : 'UpdateFirmware';
}

function timeOf(text: string | undefined): number | undefined {
  return text === undefined ? undefined : parseTime(text);
}
