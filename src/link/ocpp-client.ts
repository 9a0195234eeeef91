import type { ConnectionOptions } from 'node:tls';
import { WebSocket } from 'ws';
import { messageOf } from '../core/errors.ts';
import { basicHeader } from './basic-credentials.ts';
import type { Transport } from './transport.ts';
import { WebSocketTransport } from './web-socket-transport.ts';

export interface OcppClientOptions {
  /** The endpoint without the identity: `ws://127.0.0.1:8001/ocpp`. */
  readonly endpoint: string;
  readonly identity: string;
  /** In order of preference. */
  readonly subprotocols: readonly string[];
  readonly password?: Uint8Array | undefined;
  /** Certificates and trust for `wss:`. */
  readonly tls?: Pick<
    ConnectionOptions,
    'ca' | 'cert' | 'key' | 'rejectUnauthorized' | 'minVersion' | 'maxVersion' | 'ciphers' | 'servername'
  >;
  readonly handshakeTimeoutMs: number;
  readonly maxFrameBytes: number;
  /** Offers permessage-deflate. Off by default: it costs hundreds of kilobytes a socket. */
  readonly compression?: boolean;
  /** Local address to connect from, where one address has too few ports. */
  readonly localAddress?: string;
  /** Further request headers, for faults. */
  readonly headers?: Readonly<Record<string, string>>;
  /** An address to use instead of endpoint + identity, for faults. */
  readonly url?: string;
  /** False: pings of the server are not answered, for faults. */
  readonly autoPong?: boolean;
}

export interface OcppClientEvents {
  open(transport: Transport): void;
  /** The handshake failed. `status` is the HTTP status where one came. */
  failed(reason: string, status: number | undefined): void;
}

/** Handle on a connection attempt. */
export interface Connecting {
  abort(): void;
}

/** The station's side of OCPP-J: opens a WebSocket with the identity in the path (OCPP-J §3.1.1). */
export function connectOcpp(options: OcppClientOptions, events: OcppClientEvents): Connecting {
  const url = options.url ?? `${options.endpoint.replace(/\/+$/, '')}/${encodeURIComponent(options.identity)}`;
  let settled = false;
  let socket: WebSocket;
  const fail = (reason: string, status?: number): void => {
    if (settled) return;
    settled = true;
    events.failed(reason, status);
  };
  try {
    socket = new WebSocket(url, [...options.subprotocols], {
      perMessageDeflate: options.compression === true,
      handshakeTimeout: options.handshakeTimeoutMs,
      maxPayload: options.maxFrameBytes,
      skipUTF8Validation: true,
      autoPong: options.autoPong !== false,
      headers: {
        ...options.headers,
        ...(options.password === undefined ? {} : { authorization: basicHeader(options.identity, options.password) }),
      },
      ...(options.localAddress === undefined ? {} : { localAddress: options.localAddress }),
      ...options.tls,
    });
  } catch (thrown) {
    // An address that is no URL. Told as a failed attempt, so that the caller has one path.
    fail(messageOf(thrown));
    return { abort() {} };
  }
  socket.on('open', () => {
    if (settled) return socket.terminate();
    settled = true;
    events.open(
      new WebSocketTransport(socket, {
        type: 'ws',
        conn: url,
        subprotocol: socket.protocol,
        facts: socket.extensions === '' ? {} : { extensions: socket.extensions },
      }),
    );
  });
  socket.on('unexpected-response', (_request, response) => {
    const status = response.statusCode;
    response.resume();
    fail(`The server answered ${status ?? 'nothing'} ${response.statusMessage ?? ''}`.trim(), status);
    socket.terminate();
  });
  socket.on('error', (error) => fail(error.message));
  socket.on('close', () => fail('The connection closed during the handshake'));
  return {
    abort() {
      settled = true;
      socket.terminate();
    },
  };
}
