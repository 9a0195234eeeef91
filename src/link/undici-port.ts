import { Agent, errors, request as send } from 'undici';
import type { Clock } from '../core/clock.ts';
import { messageOf, systemCodeOf } from '../core/errors.ts';
import {
  type ExchangeOptions,
  type HttpHeaders,
  type HttpOutcome,
  type HttpPort,
  type HttpRequest,
  MAX_RESPONSE_BYTES,
} from './http-port.ts';

/** PEM texts. `verify: false` takes any server certificate: for tests with self-signed peers only. */
export interface ClientTls {
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
  readonly passphrase?: string | undefined;
  readonly ca?: readonly string[] | undefined;
  readonly verify?: boolean | undefined;
}

export interface UndiciPortOptions {
  readonly clock: Clock;
  readonly tls?: ClientTls | undefined;
  /** Connections per peer; 64 by default. */
  readonly connections?: number;
}

/** HTTP over real sockets, with TLS and a client certificate where they are configured. */
export class UndiciPort implements HttpPort {
  readonly transport = 'http';
  readonly #clock: Clock;
  readonly #agent: Agent;

  constructor({ clock, tls, connections = 64 }: UndiciPortOptions) {
    this.#clock = clock;
    const { cert, key, passphrase, ca, verify } = tls ?? {};
    this.#agent = new Agent({
      connections,
      pipelining: 1,
      keepAliveTimeout: 4_000,
      // The deadline of the exchange is the only one: it also counts the time until the body has come.
      headersTimeout: 0,
      bodyTimeout: 0,
      connect: {
        ...(cert === undefined ? {} : { cert }),
        ...(key === undefined ? {} : { key }),
        ...(passphrase === undefined ? {} : { passphrase }),
        ...(ca === undefined || ca.length === 0 ? {} : { ca: [...ca] }),
        rejectUnauthorized: verify !== false,
      },
    });
  }

  async exchange(request: HttpRequest, options: ExchangeOptions): Promise<HttpOutcome> {
    const abort = new AbortController();
    let late = false;
    const timer = this.#clock.after(options.timeoutMs, () => {
      late = true;
      abort.abort();
    });
    try {
      const { statusCode, headers, body } = await send(request.url, {
        // The method is one of HTTP's; undici names them as a closed list.
        method: request.method as 'POST',
        headers: { ...request.headers },
        body: Buffer.from(request.body),
        dispatcher: this.#agent,
        signal: abort.signal,
      });
      const chunks: Uint8Array[] = [];
      let bytes = 0;
      for await (const chunk of body as AsyncIterable<Uint8Array>) {
        bytes += chunk.length;
        if (bytes > (options.maxResponseBytes ?? MAX_RESPONSE_BYTES)) {
          return {
            kind: 'broken',
            text: `the answer is longer than ${options.maxResponseBytes ?? MAX_RESPONSE_BYTES} bytes`,
          };
        }
        chunks.push(chunk);
      }
      return {
        kind: 'answered',
        response: { status: statusCode, headers: single(headers), body: Buffer.concat(chunks) },
      };
    } catch (thrown) {
      if (late) return { kind: 'timeout', text: `no answer within ${options.timeoutMs} ms` };
      return failureOf(thrown);
    } finally {
      timer.cancel();
    }
  }

  async close(): Promise<void> {
    await this.#agent.destroy();
  }
}

/** Codes of failures before anything was sent: nobody there, no such name, or no trust in the other's certificate. */
const BEFORE_SENDING =
  /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL|UND_ERR_CONNECT_TIMEOUT|CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|ERR_TLS_|ERR_SSL_|ERR_INVALID_URL|UND_ERR_INVALID_ARG)/;

function failureOf(thrown: unknown): HttpOutcome {
  const first = thrown instanceof AggregateError ? thrown.errors[0] : thrown;
  const code = systemCodeOf(thrown) ?? systemCodeOf(first) ?? '';
  const text = messageOf(first) || code;
  if (BEFORE_SENDING.test(code) || first instanceof errors.InvalidArgumentError || first instanceof TypeError) {
    return { kind: 'unreachable', text };
  }
  return { kind: 'broken', text };
}

function single(headers: Readonly<Record<string, string | string[] | undefined>>): HttpHeaders {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]): [string, string][] =>
      value === undefined ? [] : [[name.toLowerCase(), Array.isArray(value) ? value.join(', ') : value]],
    ),
  );
}
