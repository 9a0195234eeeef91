import type { Clock } from '../core/clock.ts';
import { messageOf } from '../core/errors.ts';
import type { ExchangeOptions, HttpOutcome, HttpPort, HttpRequest, HttpServer } from './http-port.ts';

/**
 * HTTP inside one process: no sockets, no server library, the clock's own time. Parties register under the origin of
 * their address (`http://hub`); the same bytes go back and forth. For virtual time and tests.
 */
export class InProcessNetwork {
  readonly #clock: Clock;
  readonly #latencyMs: number;
  readonly #servers = new Map<string, HttpServer>();

  constructor(clock: Clock, latencyMs = 0) {
    this.#clock = clock;
    this.#latencyMs = latencyMs;
  }

  /** @param origin scheme, host and port, as clients write it: `http://hub` */
  listen(origin: string, server: HttpServer): void {
    this.#servers.set(new URL(origin).origin, server);
  }

  /** Nobody answers there any more. */
  unplug(origin: string): void {
    this.#servers.delete(new URL(origin).origin);
  }

  /** The port of one party; `address` is where its requests seem to come from. */
  port(address = '127.0.0.1'): HttpPort {
    return {
      transport: 'inproc',
      exchange: (request, options) => this.#exchange(request, options, address),
      close: () => Promise.resolve(),
    };
  }

  async #exchange(request: HttpRequest, options: ExchangeOptions, remoteAddress: string): Promise<HttpOutcome> {
    const url = new URL(request.url);
    const server = this.#servers.get(url.origin);
    if (server === undefined) return { kind: 'unreachable', text: `nobody listens at ${url.origin}` };
    return new Promise((resolve) => {
      const timer = this.#clock.after(options.timeoutMs, () => {
        resolve({ kind: 'timeout', text: `no answer within ${options.timeoutMs} ms` });
      });
      const end = (outcome: HttpOutcome): void => {
        this.#hop(() => {
          timer.cancel();
          resolve(outcome);
        });
      };
      const target = request.url.slice(request.url.indexOf(url.host) + url.host.length);
      const { method, headers, body } = request;
      this.#hop(() => {
        server({ method, url: target, headers, body, remoteAddress }).then(
          (response) => end({ kind: 'answered', response }),
          (thrown: unknown) => end({ kind: 'broken', text: messageOf(thrown) }),
        );
      });
    });
  }

  #hop(task: () => void): void {
    if (this.#latencyMs > 0) this.#clock.after(this.#latencyMs, task);
    else this.#clock.soon(task);
  }
}
