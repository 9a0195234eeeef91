/** Files that cross beside OCPP: firmware comes down, logs go up. The edge runs them; the machine only hears how it ended. */
export interface TransferRequest {
  /** Which job it belongs to: `firmware` or `log`. */
  readonly job: string;
  readonly direction: 'download' | 'upload';
  readonly url: string;
  /** What to upload, and under which name. */
  readonly fileName?: string;
  readonly content?: string;
  /** Downloads: check this signature over the file (PEM certificate, base64 signature). */
  readonly verify?: { readonly certificate: string; readonly signature: string };
}

export interface TransferResult {
  readonly job: string;
  readonly ok: boolean;
  /** Bytes that crossed. */
  readonly bytes: number;
  /** How the check of the signature went; undefined when none was asked for. */
  readonly signatureOk?: boolean;
  readonly error?: 'unsupported' | 'denied' | 'failed';
  readonly detail?: string;
}

/** Runs transfers for real; the only way out of the simulator beside OCPP. */
export interface FilePort {
  /** True: it waits on the world's clock itself, so virtual time must go on meanwhile. */
  readonly waitsOnClock?: boolean;
  run(request: TransferRequest): Promise<Omit<TransferResult, 'job'>>;
}

/** A port for stations that must not reach out: everything fails as unsupported. */
export const NO_FILES: FilePort = {
  run: async () => ({ ok: false, bytes: 0, error: 'unsupported', detail: 'File transfers are off for this station' }),
};
