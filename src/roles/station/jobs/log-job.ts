import type { TransferRequest, TransferResult } from '../transfer.ts';

/** 2.x UploadLogStatusEnumType; classic 1.6 diagnostics use Uploading, Uploaded and UploadFailed. */
export type LogStatus =
  | 'Idle'
  | 'Uploading'
  | 'Uploaded'
  | 'UploadFailure'
  | 'BadMessage'
  | 'PermissionDenied'
  | 'NotSupportedOperation'
  | 'AcceptedCanceled';

export interface LogOrder {
  /** Undefined for classic 1.6 diagnostics. */
  readonly requestId: number | undefined;
  readonly url: string;
  readonly fileName: string;
  readonly content: string;
  readonly retries: number;
  readonly retryIntervalS: number;
}

export interface LogHost {
  now(): number;
  timer(name: string, atMs: number | undefined): void;
  transfer(request: TransferRequest): void;
  logStatus(status: LogStatus, order: LogOrder): void;
}

const TIMER = 'log';

/** One upload of a log or of diagnostics, with retries (1.6 §5.9, whitepaper N01, 2.0.1 N01). */
export class LogJob {
  readonly #host: LogHost;
  #order: LogOrder | undefined;
  #attempt = 0;
  last: LogStatus = 'Idle';
  lastOrder: LogOrder | undefined;

  constructor(host: LogHost) {
    this.#host = host;
  }

  get running(): boolean {
    return this.#order !== undefined;
  }

  /** Starts an upload; a running one is cancelled and told so (2.0.1 N01.FR.20). */
  start(order: LogOrder): void {
    if (this.#order !== undefined) this.#tell('AcceptedCanceled');
    this.#order = order;
    this.#attempt = 0;
    this.#upload();
  }

  timer(): void {
    this.#upload();
  }

  transferred(result: TransferResult): void {
    const order = this.#order;
    if (order === undefined) return;
    if (result.ok) return this.#end('Uploaded');
    if (result.error === 'unsupported') return this.#end('NotSupportedOperation');
    if (this.#attempt <= order.retries) {
      this.#host.timer(TIMER, this.#host.now() + Math.max(1, order.retryIntervalS) * 1000);
      return;
    }
    this.#end(result.error === 'denied' ? 'PermissionDenied' : 'UploadFailure');
  }

  #upload(): void {
    const order = this.#order;
    if (order === undefined) return;
    this.#attempt++;
    if (this.#attempt === 1) this.#tell('Uploading');
    this.#host.transfer({
      job: 'log',
      direction: 'upload',
      url: order.url,
      fileName: order.fileName,
      content: order.content,
    });
  }

  #tell(status: LogStatus): void {
    this.last = status;
    this.lastOrder = this.#order;
    if (this.#order !== undefined) this.#host.logStatus(status, this.#order);
  }

  #end(status: LogStatus): void {
    this.#tell(status);
    this.#order = undefined;
    this.#host.timer(TIMER, undefined);
  }
}
