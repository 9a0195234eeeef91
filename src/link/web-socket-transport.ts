import { isUtf8 } from 'node:buffer';
import type { WebSocket } from 'ws';
import type { Transport, TransportDescription, TransportListener } from './transport.ts';

/** Bytes of an unreadable frame that the journal gets to see. */
const UNREADABLE_BYTES_KEPT = 64 * 1024;

/** A WebSocket of `ws`, client or server side, as a Transport. */
export class WebSocketTransport implements Transport {
  readonly description: TransportDescription;
  readonly #socket: WebSocket;
  #listener: TransportListener | null = null;

  constructor(socket: WebSocket, description: TransportDescription) {
    this.#socket = socket;
    this.description = description;
    // Nothing is read before somebody listens: a frame that comes with the handshake waits in the socket.
    socket.pause();
    socket.on('error', (error: Error & { code?: string }) => {
      // `ws` closes the socket itself and then emits 'close'; what we add is why.
      if (error.code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH') this.#listener?.unreadable(new Uint8Array(), 'too-big');
      else if (error.code === 'WS_ERR_INVALID_UTF8') this.#listener?.unreadable(new Uint8Array(), 'utf8');
    });
  }

  get bufferedBytes(): number {
    return this.#socket.bufferedAmount;
  }

  listen(listener: TransportListener): void {
    this.#listener = listener;
    const socket = this.#socket;
    socket.on('message', (data, isBinary) => {
      const bytes = data as Buffer;
      if (isBinary) return listener.unreadable(bytes.subarray(0, UNREADABLE_BYTES_KEPT), 'binary');
      if (!isUtf8(bytes)) return listener.unreadable(bytes.subarray(0, UNREADABLE_BYTES_KEPT), 'utf8');
      listener.text(bytes.toString('utf8'));
    });
    socket.on('ping', () => listener.alive('ping'));
    socket.on('pong', () => listener.alive('pong'));
    socket.on('close', (code, reason) => listener.disconnected(code, reason.toString('utf8')));
    socket.resume();
  }

  send(text: string): void {
    if (this.#socket.readyState === this.#socket.OPEN) this.#socket.send(text);
  }

  sendAs(form: 'binary' | 'fragments', text: string): void {
    const socket = this.#socket;
    if (socket.readyState !== socket.OPEN) return;
    if (form === 'binary') return socket.send(Buffer.from(text, 'utf8'), { binary: true });
    const half = Math.ceil(text.length / 2);
    socket.send(text.slice(0, half), { fin: false });
    socket.send(text.slice(half), { fin: true });
  }

  close(code: number, reason: string): void {
    // RFC 6455 §5.5: the reason of a close frame has at most 123 bytes.
    this.#socket.close(
      code,
      Buffer.from(reason)
        .subarray(0, 123)
        .toString('utf8')
        .replace(/\uFFFD+$/, ''),
    );
  }

  terminate(): void {
    this.#socket.terminate();
  }

  ping(): void {
    if (this.#socket.readyState !== this.#socket.OPEN) return;
    this.#socket.ping();
    this.#listener?.pinged?.();
  }

  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }
}
