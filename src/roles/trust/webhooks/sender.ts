import type { Clock, Timer } from '../../../core/clock.ts';
import { bytesOf, type HttpPort } from '../../../link/http-port.ts';
import type { HttpTap } from '../../../link/http-tap.ts';
import { isWorthRetrying, SIGNATURE_HEADERS, signDelivery, WEBHOOK_RETRIES } from '../../../protocols/opcp/index.ts';
import type { DeliveryRecord, EndpointRecord } from '../records.ts';
import type { TrustState } from '../trust-state.ts';

export interface SenderOptions {
  readonly state: TrustState;
  readonly clock: Clock;
  readonly port: HttpPort;
  readonly tap: HttpTap;
  readonly retryDelayMs: number;
  readonly timeoutMs: number;
  readonly defect: (thrown: unknown) => void;
}

/** Deliveries at once: a slow subscriber must not hold the others. */
const MAX_UNDER_WAY = 8;
const SIGNATURE_HEADER = SIGNATURE_HEADERS[0];

/** Posts events to their subscribers, signed, and tries again after server errors and silence. */
export class WebhookSender {
  readonly #options: SenderOptions;
  readonly #underWay = new Set<string>();
  #timer: Timer | undefined;
  #stopped = false;

  constructor(options: SenderOptions) {
    this.#options = options;
  }

  /** Something is due: now, or at the next time that a delivery names. */
  wake(): void {
    if (this.#stopped) return;
    this.#timer?.cancel();
    const { state, clock } = this.#options;
    const { items } = state.deliveries.list({ where: { state: 'waiting' }, by: 'createdAtMs', limit: 200 });
    const now = clock.now();
    for (const delivery of items) {
      if (this.#underWay.size >= MAX_UNDER_WAY) return;
      if (delivery.dueAtMs > now || this.#underWay.has(delivery.id)) continue;
      this.#underWay.add(delivery.id);
      void this.#send(delivery).catch(this.#options.defect);
    }
    const next = Math.min(...items.filter(({ id }) => !this.#underWay.has(id)).map(({ dueAtMs }) => dueAtMs));
    if (Number.isFinite(next)) this.#timer = clock.after(Math.max(1, next - now), () => this.wake());
  }

  stop(): void {
    this.#stopped = true;
    this.#timer?.cancel();
  }

  async #send(delivery: DeliveryRecord): Promise<void> {
    const { state, clock, retryDelayMs } = this.#options;
    const endpoint = state.endpoints.get(delivery.endpoint);
    try {
      if (endpoint === undefined || endpoint.status !== 'enabled') {
        state.deliveries.put({ ...delivery, state: 'failed', lastProblem: 'The subscription is gone or disabled.' });
        return;
      }
      const { status, problem } = await this.#post(delivery, endpoint);
      const attempts = delivery.attempts + 1;
      const again = isWorthRetrying(status) && attempts <= WEBHOOK_RETRIES;
      state.deliveries.put({
        ...delivery,
        attempts,
        state: status !== undefined && status < 300 ? 'delivered' : again ? 'waiting' : 'failed',
        dueAtMs: again ? clock.now() + retryDelayMs : delivery.dueAtMs,
        ...(status === undefined ? {} : { lastStatus: status }),
        ...(problem === undefined ? {} : { lastProblem: problem }),
      });
    } finally {
      this.#underWay.delete(delivery.id);
      if (!this.#stopped) this.wake();
    }
  }

  async #post(
    { body, eventType, attempts }: DeliveryRecord,
    endpoint: EndpointRecord,
  ): Promise<{ status?: number; problem?: string }> {
    const { port, tap, timeoutMs } = this.#options;
    const bytes = bytesOf(body);
    const headers = {
      'content-type': 'application/json',
      [SIGNATURE_HEADER]: signDelivery(endpoint.secret, bytes),
    };
    const recorded = tap.request(
      { a: { id: 'pnc', role: 'pnc' }, b: { id: endpoint.owner, role: 'ext' } },
      {
        action: eventType,
        messageId: '',
        method: 'POST',
        target: endpoint.url,
        headers,
        body: bytes,
        flags: attempts > 0 ? ['retry'] : [],
        origin: 'system',
      },
    );
    const outcome = await port.exchange({ method: 'POST', url: endpoint.url, headers, body: bytes }, { timeoutMs });
    if (outcome.kind === 'answered') {
      tap.response(recorded, outcome.response);
      return { status: outcome.response.status };
    }
    tap.failure(recorded, outcome.kind, outcome.text);
    return { problem: outcome.text };
  }
}
