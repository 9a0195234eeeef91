import type { TransferRequest, TransferResult } from '../transfer.ts';

/** The words of the signed procedure (2.x FirmwareStatusEnumType); classic 1.6 uses a subset. */
export type FirmwareStatus =
  | 'Downloaded'
  | 'DownloadFailed'
  | 'Downloading'
  | 'DownloadScheduled'
  | 'Idle'
  | 'InstallationFailed'
  | 'Installing'
  | 'Installed'
  | 'InstallRebooting'
  | 'InstallScheduled'
  | 'InstallVerificationFailed'
  | 'InvalidSignature'
  | 'SignatureVerified';

export interface FirmwareOrder {
  /** Undefined in the classic 1.6 procedure. */
  readonly requestId: number | undefined;
  readonly url: string;
  readonly retrieveAtMs: number;
  readonly installAtMs: number | undefined;
  readonly retries: number;
  readonly retryIntervalS: number;
  readonly signed: { readonly certificate: string; readonly signature: string } | undefined;
}

/** What the job asks of the station around it. */
export interface FirmwareHost {
  now(): number;
  timer(name: string, atMs: number | undefined): void;
  transfer(request: TransferRequest): void;
  firmwareStatus(status: FirmwareStatus, order: FirmwareOrder): void;
  /** A transaction runs somewhere: installing waits. */
  readonly busy: boolean;
  /** Restart with the new version, then call `restarted`. */
  rebootForFirmware(version: string): void;
  nextVersion(url: string): string;
}

const TIMER = 'firmware';
/** How often a job that waits for transactions looks again. */
const LOOK_MS = 10_000;
/** Between "Installing" and the reboot: what was to be told is told by then. */
const TELL_MS = 2_000;

type Phase = 'scheduled' | 'downloading' | 'waiting' | 'installing' | 'rebooting';

/**
 * One firmware update from order to Installed (1.6 §5.19, whitepaper L01, 2.0.1 L01/L02): wait, download with retries,
 * check the signature, wait for the install time and for transactions, reboot, tell.
 */
export class FirmwareJob {
  readonly #host: FirmwareHost;
  readonly #installMs: number;
  #order: FirmwareOrder | undefined;
  #phase: Phase = 'scheduled';
  #attempt = 0;
  last: FirmwareStatus = 'Idle';
  lastOrder: FirmwareOrder | undefined;

  constructor(host: FirmwareHost, installMs: number) {
    this.#host = host;
    this.#installMs = installMs;
  }

  get running(): boolean {
    return this.#order !== undefined;
  }

  /** A running update cannot be cancelled once it reboots. */
  get cancellable(): boolean {
    return this.#phase !== 'rebooting';
  }

  start(order: FirmwareOrder): void {
    this.#order = order;
    this.#attempt = 0;
    this.#phase = 'scheduled';
    if (order.retrieveAtMs > this.#host.now()) {
      this.#tell('DownloadScheduled');
      this.#host.timer(TIMER, order.retrieveAtMs);
    } else {
      this.#download(order);
    }
  }

  /** The timer of the job. */
  timer(): void {
    const order = this.#order;
    if (order === undefined) return;
    if (this.#phase === 'scheduled') this.#download(order);
    else if (this.#phase === 'waiting') this.#install(order);
    else if (this.#phase === 'installing') this.#reboot(order);
  }

  transferred(result: TransferResult): void {
    const order = this.#order;
    if (order === undefined || this.#phase !== 'downloading') return;
    if (!result.ok) {
      if (this.#attempt <= order.retries) {
        this.#phase = 'scheduled';
        this.#host.timer(TIMER, this.#host.now() + Math.max(1, order.retryIntervalS) * 1000);
        return;
      }
      // Only after all retries (2.0.1 L01.FR.30).
      return this.#end('DownloadFailed');
    }
    this.#tell('Downloaded');
    if (order.signed !== undefined) {
      if (result.signatureOk !== true) return this.#end('InvalidSignature');
      this.#tell('SignatureVerified');
    }
    this.#phase = 'waiting';
    const { installAtMs } = order;
    if (installAtMs !== undefined && installAtMs > this.#host.now()) {
      this.#tell('InstallScheduled');
      this.#host.timer(TIMER, installAtMs);
    } else {
      this.#install(order);
    }
  }

  #download(order: FirmwareOrder): void {
    this.#phase = 'downloading';
    this.#attempt++;
    this.#tell('Downloading');
    this.#host.transfer({
      job: 'firmware',
      direction: 'download',
      url: order.url,
      ...(order.signed === undefined ? {} : { verify: order.signed }),
    });
  }

  #install(order: FirmwareOrder): void {
    if (this.#host.busy) {
      this.#host.timer(TIMER, this.#host.now() + LOOK_MS);
      return;
    }
    this.#tell('Installing');
    if (order.requestId !== undefined) this.#tell('InstallRebooting');
    this.#phase = 'installing';
    this.#host.timer(TIMER, this.#host.now() + TELL_MS);
  }

  #reboot(order: FirmwareOrder): void {
    this.#phase = 'rebooting';
    this.#host.rebootForFirmware(this.#host.nextVersion(order.url));
  }

  /** The station runs again and is accepted: the new version is in. */
  restarted(): void {
    if (this.#order !== undefined && this.#phase === 'rebooting') this.#end('Installed');
  }

  /** How long the station is down while installing. */
  get installMs(): number {
    return this.#installMs;
  }

  #tell(status: FirmwareStatus): void {
    this.last = status;
    this.lastOrder = this.#order;
    if (this.#order !== undefined) this.#host.firmwareStatus(status, this.#order);
  }

  #end(status: FirmwareStatus): void {
    this.#tell(status);
    this.#order = undefined;
    this.#phase = 'scheduled';
    this.#host.timer(TIMER, undefined);
  }
}
