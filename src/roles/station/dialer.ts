import type { Clock } from '../../core/clock.ts';
import { loopback } from '../../link/loopback.ts';
import { connectOcpp, type OcppClientOptions } from '../../link/ocpp-client.ts';
import type { Transport } from '../../link/transport.ts';

/** A connection that a station wants. */
export interface Dial {
  readonly identity: string;
  readonly subprotocol: string;
  /** The endpoint without the identity; a network profile may have changed it. */
  readonly endpoint: string;
  readonly password: Uint8Array | undefined;
}

export interface DialEvents {
  open(transport: Transport): void;
  failed(reason: string, status: number | undefined): void;
}

/** How stations reach their CSMS. */
export interface Dialer {
  dial(wanted: Dial, events: DialEvents): { abort(): void };
}

export type WebSocketDialerOptions = Pick<OcppClientOptions, 'tls' | 'compression' | 'headers'> & {
  /** Local addresses to spread many stations over; the identity decides which. */
  readonly localAddresses?: readonly string[];
};

/** Real WebSockets. */
export function webSocketDialer(options: WebSocketDialerOptions = {}): Dialer {
  let turn = 0;
  return {
    dial(wanted, events) {
      const addresses = options.localAddresses;
      const localAddress = addresses === undefined ? undefined : addresses[turn++ % addresses.length];
      return connectOcpp(
        {
          endpoint: wanted.endpoint,
          identity: wanted.identity,
          subprotocols: [wanted.subprotocol],
          password: wanted.password,
          handshakeTimeoutMs: 30_000,
          maxFrameBytes: 1 << 20,
          ...(options.tls === undefined ? {} : { tls: options.tls }),
          ...(options.compression === undefined ? {} : { compression: options.compression }),
          ...(options.headers === undefined ? {} : { headers: options.headers }),
          ...(localAddress === undefined ? {} : { localAddress }),
        },
        events,
      );
    },
  };
}

/** In-memory connections: `accept` gets the CSMS's end. It returns a reason to refuse. */
export function loopbackDialer(
  clock: Clock,
  accept: (server: Transport, identity: string, subprotocol: string) => string | undefined,
): Dialer {
  let turn = 0;
  return {
    dial(wanted, events) {
      let aborted = false;
      // As a handshake does, it takes a turn of the loop.
      clock.soon(() => {
        if (aborted) return;
        const { client, server } = loopback({ clock, subprotocol: wanted.subprotocol, conn: `loop-${++turn}` });
        const refusal = accept(server, wanted.identity, wanted.subprotocol);
        if (refusal !== undefined) return events.failed(refusal, undefined);
        events.open(client);
      });
      return {
        abort() {
          aborted = true;
        },
      };
    },
  };
}
