import { isUtf8 } from 'node:buffer';
import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import type { Transport, TransportDescription, TransportListener } from './transport.ts';

/** Bytes of an unreadable frame that the journal gets to see. */
const UNREADABLE_BYTES_KEPT = 64 * 1024;

/** A WebSocket of `ws`, client or server side, as a Transport. */
export class WebSocketTransport implements Transport {
  readonly description: TransportDescription;
  /** Messages and pongs that came: whoever asks twice sees whether the peer lives. */
  signsOfLife = 0;
  readonly #socket: WebSocket;
  readonly #plain: Duplex | undefined;
  #listener: TransportListener | null = null;

  /**
   * @param plain the stream below a socket that neither masks nor has extensions: the server's side without compression.
   * Texts are framed and written to it at once, which costs half of what the two writes of `ws` cost.
   */
  constructor(socket: WebSocket, description: TransportDescription, plain?: Duplex) {
    this.#socket = socket;
    this.#plain = plain;
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
      this.signsOfLife++;
      const bytes = data as Buffer;
      if (isBinary) return listener.unreadable(bytes.subarray(0, UNREADABLE_BYTES_KEPT), 'binary');
      if (!isUtf8(bytes)) return listener.unreadable(bytes.subarray(0, UNREADABLE_BYTES_KEPT), 'utf8');
      listener.text(bytes.toString('utf8'));
    });
    socket.on('ping', () => listener.alive('ping'));
    socket.on('pong', () => {
      this.signsOfLife++;
      listener.alive('pong');
    });
    socket.on('close', (code, reason) => listener.disconnected(code, reason.toString('utf8')));
    socket.resume();
  }

  send(text: string): void {
    if (this.#socket.readyState !== this.#socket.OPEN) return;
    const frame = this.#plain === undefined ? undefined : wholeTextFrame(text);
    if (frame === undefined) this.#socket.send(text);
    else this.#plain?.write(frame);
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

/** An unmasked text frame (RFC 6455 §5.2); undefined for a text whose length needs eight bytes. */
function wholeTextFrame(text: string): Buffer | undefined {
  const length = Buffer.byteLength(text);
  if (length > 0xffff) return undefined;
  const header = length < 126 ? 2 : 4;
  const frame = Buffer.allocUnsafe(header + length);
  frame[0] = 0x81;
  if (header === 2) frame[1] = length;
  else {
    frame[1] = 126;
    frame.writeUInt16BE(length, 2);
  }
  frame.write(text, header, 'utf8');
  return frame;
}
