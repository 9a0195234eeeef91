import type { OperationName } from '../protocols/oicp/index.ts';

/** One exchange with the hub, as texts. */
export interface LastExchange {
  readonly operation: OperationName;
  readonly direction: 'sent' | 'received';
  readonly atMs: number;
  readonly ms: number;
  readonly request: string;
  readonly response?: string;
  readonly status?: number;
  readonly outcome: string;
  readonly code?: string;
  /** The journal shows the whole chain under it. */
  readonly trace: string;
}

/** Pages of EVSE data are long; more than this is cut here and whole in the journal. */
const MAX_CHARACTERS = 100_000;

/**
 * The last exchange of each operation and direction. The journal has all of them; but a hop to a hub of ours is recorded
 * on its side, and this one is wanted here.
 */
export class LastExchanges {
  readonly #exchanges = new Map<string, LastExchange>();

  note(exchange: LastExchange): void {
    const { request, response } = exchange;
    this.#exchanges.set(`${exchange.direction} ${exchange.operation}`, {
      ...exchange,
      request: request.slice(0, MAX_CHARACTERS),
      ...(response === undefined ? {} : { response: response.slice(0, MAX_CHARACTERS) }),
    });
  }

  of(direction: LastExchange['direction'], operation: OperationName): LastExchange | undefined {
    return this.#exchanges.get(`${direction} ${operation}`);
  }
}
