import type { Observation } from '../observation.ts';
import { numberAt, textAt } from '../payload-reader.ts';

/** Something that the station was asked to upload, and its answer. */
export interface UploadJob {
  readonly requestId: number | undefined;
  /** Undefined: there is nothing to upload (1.6 GetDiagnostics). */
  readonly fileName: string | undefined;
  readonly seq: number;
  /** The newest status of it. */
  status: Observation | undefined;
}

/** More than the running one and those that it replaced are not asked after. */
const LIMIT = 8;

/** Uploads of diagnostics (1.6 §5.9) and of logs (whitepaper N01; 2.x N01). */
export class LogUploads {
  diagnostics: UploadJob | undefined;
  readonly #logs = new Map<number, UploadJob>();
  /** A status of diagnostics that nobody had asked for, or whose request lies before the log. */
  #strayStatus: Observation | undefined;

  get hasLogs(): boolean {
    return this.#logs.size > 0;
  }

  log(requestId: number | undefined): UploadJob | undefined {
    return requestId === undefined ? undefined : this.#logs.get(requestId);
  }

  /** The status before this one, of the same upload. */
  statusBefore(o: Observation): Observation | undefined {
    if (o.action === 'LogStatusNotification') return this.log(numberAt(o.payload, 'requestId'))?.status;
    return this.diagnostics === undefined ? this.#strayStatus : this.diagnostics.status;
  }

  update(o: Observation): void {
    switch (o.action) {
      case 'GetDiagnostics':
        if (o.kind !== 'response') return;
        this.diagnostics = {
          requestId: undefined,
          fileName: textAt(o.payload, 'fileName'),
          seq: o.seq,
          status: undefined,
        };
        return;
      case 'GetLog':
        if (o.kind === 'response' && /^Accepted/.test(textAt(o.payload, 'status') ?? '')) this.#accepted(o);
        return;
      default:
        if (o.kind === 'request' && textAt(o.payload, 'status') !== 'Idle') this.#status(o);
    }
  }

  #accepted(o: Observation): void {
    const requestId = numberAt(o.request?.payload, 'requestId');
    if (requestId === undefined) return;
    this.#logs.delete(requestId);
    this.#logs.set(requestId, { requestId, fileName: textAt(o.payload, 'filename'), seq: o.seq, status: undefined });
    if (this.#logs.size <= LIMIT) return;
    for (const oldest of this.#logs.keys()) {
      this.#logs.delete(oldest);
      return;
    }
  }

  #status(o: Observation): void {
    const job = o.action === 'LogStatusNotification' ? this.log(numberAt(o.payload, 'requestId')) : this.diagnostics;
    if (job !== undefined) job.status = o;
    else if (o.action === 'DiagnosticsStatusNotification') this.#strayStatus = o;
  }
}
