import type { Clock } from '../core/clock.ts';
import type { TracedHop } from './trace-context.ts';
import type { Transport, TransportDescription, TransportListener } from './transport.ts';

export interface LoopbackOptions {
  readonly clock: Clock;
  readonly subprotocol: string;
  /** Names the connection in the journal. */
  readonly conn: string;
  /** One-way delay of a frame. 0: at the end of the turn. */
  readonly latencyMs?: number;
}

/** Two ends of an in-memory connection that behaves as a socket does: ordered, asynchronous, closable from both sides. */
export function loopback(options: LoopbackOptions): { readonly client: Transport; readonly server: Transport } {
  const client = new LoopbackEnd(options);
  const server = new LoopbackEnd(options);
  client.peer = server;
  server.peer = client;
  return { client, server };
}

type Delivery = (listener: TransportListener) => void;

class LoopbackEnd implements Transport {
  readonly description: TransportDescription;
  peer: LoopbackEnd | null = null;
  readonly #clock: Clock;
  readonly #latencyMs: number;
  #listener: TransportListener | null = null;
  #waiting: Delivery[] = [];
  #paused = false;
  #closing = false;
  #closed = false;

  constructor({ clock, subprotocol, conn, latencyMs = 0 }: LoopbackOptions) {
    this.#clock = clock;
    this.#latencyMs = latencyMs;
    this.description = { type: 'inproc', conn, subprotocol, facts: {} };
  }

  get bufferedBytes(): number {
    return 0;
  }

  listen(listener: TransportListener): void {
    this.#listener = listener;
    this.#deliverWaiting();
  }

  send(text: string, traced?: TracedHop): void {
    if (this.#closing) return;
    this.#toPeer((listener) => listener.text(text, traced));
  }

  /** Fragments are put together below a transport: they arrive as one text. */
  sendAs(form: 'binary' | 'fragments', text: string): void {
    if (form === 'fragments') return this.send(text);
    if (!this.#closing) this.#toPeer((listener) => listener.unreadable(Buffer.from(text, 'utf8'), 'binary'));
  }

  close(code: number, reason: string): void {
    if (this.#closing) return;
    this.#closing = true;
    this.#toPeer(() => this.peer?.end(code, reason));
    this.#soon(() => this.end(code, reason));
  }

  terminate(): void {
    if (this.#closed) return;
    this.#closing = true;
    this.#toPeer(() => this.peer?.end(1006, ''));
    this.#soon(() => this.end(1006, ''));
  }

  /** The other end answers when it reads: an end that has stopped reading answers nothing, as a socket does. */
  ping(): void {
    if (this.#closing) return;
    this.#listener?.pinged?.();
    this.#toPeer((listener) => {
      listener.alive('ping');
      this.#pong();
    });
  }

  #pong(): void {
    this.#soon(() => this.#deliver((listener) => listener.alive('pong')));
  }

  pause(): void {
    this.#paused = true;
  }

  resume(): void {
    this.#paused = false;
    this.#deliverWaiting();
  }

  end(code: number, reason: string): void {
    if (this.#closed) return;
    this.#closing = true;
    this.#closed = true;
    this.#listener?.disconnected(code, reason);
  }

  #toPeer(delivery: Delivery): void {
    const { peer } = this;
    if (peer !== null) this.#soon(() => peer.#deliver(delivery));
  }

  #soon(task: () => void): void {
    if (this.#latencyMs > 0) this.#clock.after(this.#latencyMs, task);
    else this.#clock.soon(task);
  }

  #deliver(delivery: Delivery): void {
    this.#waiting.push(delivery);
    this.#deliverWaiting();
  }

  #deliverWaiting(): void {
    while (!this.#paused && !this.#closed && this.#listener !== null) {
      const delivery = this.#waiting.shift();
      if (delivery === undefined) return;
      delivery(this.#listener);
    }
  }
}
