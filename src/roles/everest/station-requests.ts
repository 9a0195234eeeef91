import type { Clock, Timer } from '../../core/clock.ts';
import { CompoteError } from '../../core/errors.ts';
import type { Origin } from '../../journal/entry.ts';
import { type Publish, withReplyTo } from '../../protocols/everest/encode.ts';

interface Pending {
  resolve(value: unknown): void;
  reject(cause: unknown): void;
  readonly timer: Timer;
}

export interface StationRequestsOptions {
  readonly clock: Clock;
  readonly newId: () => string;
  readonly publish: (topic: string, payload: string, origin: Origin, request: string) => Promise<void>;
}

const REPLY_MS = 2_000;

/** Requests to modules of dialect E that wait for their answer. */
export class StationRequests {
  readonly #options: StationRequestsOptions;
  readonly #pending = new Map<string, Pending>();

  constructor(options: StationRequestsOptions) {
    this.#options = options;
  }

  /** Asks a module of dialect E. @throws PEER_TIMEOUT after 2 s */
  async ask(topic: string, payload: string, origin: Origin = 'system'): Promise<{ reply: unknown; sent: Publish }> {
    const request = this.#options.newId();
    // The answer comes on prefix + replyTo; `replyTo` itself is written without the prefix.
    const sent = { topic, payload: withReplyTo(payload, `${topic.replace('/m2e/', '/e2m/')}/${request}`) };
    const answer = new Promise<unknown>((resolve, reject) => {
      const timer = this.#options.clock.after(REPLY_MS, () => {
        this.#pending.delete(request);
        reject(
          new CompoteError('PEER_TIMEOUT', {
            detail: `EVerest did not answer ${topic} within ${REPLY_MS / 1000} s`,
            hint: 'A malformed request gets no answer: look into the log of EVerest.',
          }),
        );
      });
      this.#pending.set(request, { resolve, reject, timer });
    });
    // Until it is awaited, a refusal must not count as unhandled.
    answer.catch(() => {});
    try {
      await this.#options.publish(topic, sent.payload, origin, request);
    } catch (cause) {
      this.#pending.get(request)?.timer.cancel();
      this.#pending.delete(request);
      throw cause;
    }
    return { reply: await answer, sent };
  }

  /** An answer came; false when nobody waits for it. */
  answered(request: string, value: unknown): boolean {
    const pending = this.#pending.get(request);
    if (pending === undefined) return false;
    this.#pending.delete(request);
    pending.timer.cancel();
    pending.resolve(value);
    return true;
  }

  rejectAll(): void {
    for (const { timer, reject } of this.#pending.values()) {
      timer.cancel();
      reject(new CompoteError('LINK_CLOSED', { detail: 'the adapter stops' }));
    }
    this.#pending.clear();
  }
}
