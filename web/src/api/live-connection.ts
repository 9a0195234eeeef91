/**
 * One connection to `/api/v1/events`, read by hand: named events without knowing their names before, a position that
 * survives a reconnect, and a notice when the line has gone quiet. Runs in the shared worker, so that all tabs of the
 * browser use one connection; in the page where there are no shared workers.
 */

export interface LiveEvent {
  readonly event: string;
  readonly data: unknown;
}

export type LinkState = 'connecting' | 'live' | 'reconnecting' | 'offline';

export interface LiveStatus {
  readonly state: LinkState;
  /** Epoch ms of the last time that the line was known to work. */
  readonly lastHeard: number;
  /** Set when the server cannot tell what was missed: everything has to be read anew. */
  readonly resync?: boolean;
}

const RETRY_MS = [250, 500, 1_000, 2_000, 5_000];
/** The server says something every ten seconds. */
const QUIET_MS = 25_000;
const OFFLINE_AFTER_MS = 60_000;

export class LiveConnection {
  readonly #url: string;
  readonly #onEvent: (event: LiveEvent) => void;
  readonly #onStatus: (status: LiveStatus) => void;
  #lastId: string | undefined;
  #lastHeard = Date.now();
  #failures = 0;
  #abort: AbortController | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #closed = false;
  status: LiveStatus = { state: 'connecting', lastHeard: Date.now() };

  constructor(url: string, onEvent: (event: LiveEvent) => void, onStatus: (status: LiveStatus) => void) {
    this.#url = url;
    this.#onEvent = onEvent;
    this.#onStatus = onStatus;
    void this.#run();
  }

  /** Tries at once, for the button of the banner. */
  retry(): void {
    clearTimeout(this.#timer);
    this.#abort?.abort();
    this.#failures = 0;
    void this.#run();
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#abort?.abort();
  }

  async #run(): Promise<void> {
    const abort = new AbortController();
    this.#abort = abort;
    let quiet = setTimeout(() => abort.abort(), QUIET_MS);
    const heard = (): void => {
      this.#lastHeard = Date.now();
      clearTimeout(quiet);
      quiet = setTimeout(() => abort.abort(), QUIET_MS);
    };
    try {
      const response = await fetch(this.#url, {
        headers: {
          accept: 'text/event-stream',
          ...(this.#lastId === undefined ? {} : { 'last-event-id': this.#lastId }),
        },
        signal: abort.signal,
        cache: 'no-store',
      });
      if (!response.ok || response.body === null) throw new Error(`status ${response.status}`);
      this.#failures = 0;
      heard();
      const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
      let rest = '';
      for (;;) {
        const { value, done } = await reader.read();
        if (done) break;
        heard();
        rest += value;
        for (let end = rest.indexOf('\n\n'); end >= 0; end = rest.indexOf('\n\n')) {
          this.#block(rest.slice(0, end));
          rest = rest.slice(end + 2);
        }
      }
    } catch {
      // Told by the status below; the reason is always that the server is not there.
    } finally {
      clearTimeout(quiet);
    }
    if (this.#closed || this.#abort !== abort) return;
    const offline = Date.now() - this.#lastHeard > OFFLINE_AFTER_MS;
    this.#tell({ state: offline ? 'offline' : 'reconnecting', lastHeard: this.#lastHeard });
    const waitMs = RETRY_MS[Math.min(this.#failures, RETRY_MS.length - 1)];
    this.#failures += 1;
    this.#timer = setTimeout(() => void this.#run(), waitMs);
  }

  #block(block: string): void {
    let event = 'message';
    let data = '';
    for (const line of block.split('\n')) {
      if (line.startsWith('event: ')) event = line.slice(7);
      else if (line.startsWith('data: ')) data += line.slice(6);
      else if (line.startsWith('id: ')) this.#lastId = line.slice(4);
    }
    if (data === '') return;
    if (event === 'hello') this.#tell({ state: 'live', lastHeard: Date.now() });
    if (event === 'resync') this.#tell({ state: 'live', lastHeard: Date.now(), resync: true });
    this.#onEvent({ event, data: JSON.parse(data) as unknown });
  }

  #tell(status: LiveStatus): void {
    this.status = status;
    this.#onStatus(status);
  }
}
