import type { TracedHop } from './trace-context.ts';

/**
 * One connection that carries text frames, whatever is below it: a WebSocket of ours, a WebSocket to somebody, or the
 * in-memory loopback. All three look the same from above.
 */
export interface Transport {
  /**
   * Queues a text frame. After `close` it does nothing: an old socket never gets anything again.
   * @param traced its place in a chain of calls: the loopback carries it beside the frame, a socket has no place for it
   */
  send(text: string, traced?: TracedHop): void;
  /** Starts the closing handshake (RFC 6455 close codes). Does nothing the second time. */
  close(code: number, reason: string): void;
  /** Drops the connection without a handshake, as a cut cable does. */
  terminate(): void;
  /** Sends a ping; an `alive` of the listener is the sign that the peer answered (RFC 6455 §5.5.2). */
  ping(): void;
  /** Stops and continues reading: back-pressure. */
  pause(): void;
  resume(): void;
  /** For faults: sends the text as a binary frame, or cut into two fragments (RFC 6455 §5.4, OCPP-J §4.2.3 wants text). */
  sendAs?(form: 'binary' | 'fragments', text: string): void;
  /** Bytes that wait to be sent. */
  readonly bufferedBytes: number;
  /** Sets who listens. A transport delivers nothing before this is called. */
  listen(listener: TransportListener): void;
  readonly description: TransportDescription;
}

export interface TransportListener {
  text(text: string, traced?: TracedHop): void;
  /** A frame that is not valid text: a binary frame, or bytes that are not UTF-8. */
  unreadable(bytes: Uint8Array, why: 'binary' | 'utf8' | 'too-big'): void;
  /** A ping or pong came: the peer lives. */
  alive(sign: 'ping' | 'pong'): void;
  /** A ping of this side has left. */
  pinged?(): void;
  disconnected(code: number, reason: string): void;
}

export interface TransportDescription {
  readonly type: 'ws' | 'inproc';
  /** Names the connection in the journal, for example `ws-17 127.0.0.1:51234`. */
  readonly conn: string;
  /** The negotiated subprotocol, for example `ocpp1.6`; empty when none was. */
  readonly subprotocol: string;
  /** TLS version, cipher, compression: for the journal. */
  readonly facts: Readonly<Record<string, string>>;
}
