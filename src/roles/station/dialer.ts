import type { Clock } from '../../core/clock.ts';
import { loopback } from '../../link/loopback.ts';
import { connectOcpp, type OcppClientOptions } from '../../link/ocpp-client.ts';
import type { Transport } from '../../link/transport.ts';
import type { TlsPart } from './security/certificate-vault.ts';

/** A connection that a station wants. */
export interface Dial {
  readonly identity: string;
  readonly subprotocol: string;
  /** The endpoint without the identity; a network profile may have changed it. */
  readonly endpoint: string;
  readonly password: Uint8Array | undefined;
  /** Roots and certificate of the station's own; used for `wss:`. */
  readonly tls: TlsPart;
  /** What this attempt does wrong. */
  readonly fault?: HandshakeFault | undefined;
}

/** What a station can do wrong while it connects; what is absent is as it should be. */
export interface HandshakeFault {
  /** Offered instead of the right one; empty = no header at all. */
  readonly subprotocols?: readonly string[];
  /** The whole path instead of the endpoint's with the identity: `/ocpp//SIM-1`, `/ocpp/other`. */
  readonly path?: string;
  /** The Authorization header as it stands; null = none. */
  readonly authorization?: string | null;
  /** Further headers, `host` among them. */
  readonly headers?: Readonly<Record<string, string>>;
  /** The highest TLS version: `TLSv1.1`. */
  readonly tlsVersion?: 'TLSv1' | 'TLSv1.1' | 'TLSv1.2';
  /** TLS without server name indication. */
  readonly noServerName?: boolean;
  /** Pings of the server stay unanswered for the life of the connection. */
  readonly noPong?: boolean;
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

/** More handshakes at once overflow the accept queue of a server, and the system then repeats them seconds later. */
const MAX_CONNECTING = 256;

/** Real WebSockets; handshakes beyond a bound wait for their turn. */
export function webSocketDialer(options: WebSocketDialerOptions = {}): Dialer {
  return new WebSocketDialer(options);
}

class WebSocketDialer implements Dialer {
  readonly #options: WebSocketDialerOptions;
  readonly #waiting = new Set<() => void>();
  #connecting = 0;
  #turn = 0;

  constructor(options: WebSocketDialerOptions) {
    this.#options = options;
  }

  dial(wanted: Dial, events: DialEvents): { abort(): void } {
    if (this.#connecting < MAX_CONNECTING) return this.#connect(wanted, events);
    let running: { abort(): void } | undefined;
    const begin = (): void => {
      running = this.#connect(wanted, events);
    };
    this.#waiting.add(begin);
    return {
      abort: () => {
        this.#waiting.delete(begin);
        running?.abort();
      },
    };
  }

  #connect(wanted: Dial, events: DialEvents): { abort(): void } {
    const { localAddresses, ...rest } = this.#options;
    const localAddress = localAddresses?.[this.#turn++ % localAddresses.length];
    this.#connecting++;
    let settled = false;
    const settle = (): boolean => {
      if (settled) return false;
      settled = true;
      this.#connecting--;
      return true;
    };
    const next = (): void => {
      for (const begin of this.#waiting) {
        if (this.#connecting >= MAX_CONNECTING) return;
        this.#waiting.delete(begin);
        begin();
      }
    };
    const { fault } = wanted;
    const tls = clientTls(rest.tls, wanted.tls);
    const attempt = connectOcpp(
      {
        ...rest,
        endpoint: wanted.endpoint,
        identity: wanted.identity,
        subprotocols: [wanted.subprotocol],
        password: wanted.password,
        handshakeTimeoutMs: 30_000,
        maxFrameBytes: 1 << 20,
        tls,
        ...(fault === undefined ? {} : faulty(fault, wanted.endpoint, { ...rest, tls })),
        ...(localAddress === undefined ? {} : { localAddress }),
      },
      {
        open: (transport) => {
          if (settle()) events.open(transport);
          next();
        },
        failed: (reason, status) => {
          if (settle()) events.failed(reason, status);
          next();
        },
      },
    );
    return {
      abort: () => {
        settle();
        attempt.abort();
        next();
      },
    };
  }
}

/** The options of the client that a fault changes. An address that is no URL fails as any other does. */
function faulty(
  fault: HandshakeFault,
  endpoint: string,
  { headers, tls }: Pick<OcppClientOptions, 'headers' | 'tls'>,
): Partial<OcppClientOptions> {
  const { authorization, tlsVersion } = fault;
  return {
    ...(fault.subprotocols === undefined ? {} : { subprotocols: fault.subprotocols }),
    ...(fault.path === undefined ? {} : { url: `${endpoint.replace(/^(wss?:\/\/[^/]+).*$/i, '$1')}${fault.path}` }),
    ...(authorization === undefined ? {} : { password: undefined }),
    headers: { ...headers, ...fault.headers, ...(typeof authorization === 'string' ? { authorization } : {}) },
    // Old versions need weak ciphers, or OpenSSL refuses before the server can.
    ...(tlsVersion === undefined
      ? {}
      : { tls: { ...tls, minVersion: tlsVersion, maxVersion: tlsVersion, ciphers: 'DEFAULT@SECLEVEL=0' } }),
    ...(fault.noServerName === true ? { tls: { ...tls, servername: '' } } : {}),
    ...(fault.noPong === true ? { autoPong: false } : {}),
  };
}

/** What the dialer was given for all, and what the station brings. TLS 1.2 at least (A00.FR.313). */
function clientTls(all: OcppClientOptions['tls'], own: TlsPart): NonNullable<OcppClientOptions['tls']> {
  const shared = all?.ca === undefined ? [] : [all.ca].flat();
  const ca = [...shared, ...(own.ca ?? [])];
  return {
    minVersion: 'TLSv1.2',
    ...all,
    ...(ca.length === 0 ? {} : { ca }),
    ...(own.cert === undefined ? {} : { cert: own.cert }),
    ...(own.key === undefined ? {} : { key: own.key }),
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
        const { fault } = wanted;
        const subprotocol = fault?.subprotocols === undefined ? wanted.subprotocol : (fault.subprotocols[0] ?? '');
        const identity = fault?.path === undefined ? wanted.identity : (fault.path.split('/').at(-1) ?? '');
        const { client, server } = loopback({ clock, subprotocol, conn: `loop-${++turn}` });
        const refusal = accept(server, identity, subprotocol);
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
