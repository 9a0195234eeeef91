import { randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';

/** A WebSocket by hand on a bare socket: it answers no ping, reads only when told so, and may send half of anything. */
export class RawSocket {
  readonly socket: Socket;
  /** The head of the answer to the upgrade; the whole answer when it was a refusal. */
  readonly head: string;
  readonly closed: Promise<void>;

  private constructor(socket: Socket, head: string, closed: Promise<void>) {
    this.socket = socket;
    this.head = head;
    this.closed = closed;
  }

  static open(port: number, path: string, headers: readonly string[] = []): Promise<RawSocket> {
    return new Promise((resolve, reject) => {
      const socket = connect({ port, host: '127.0.0.1', noDelay: true });
      const closed = new Promise<void>((over) => socket.once('close', () => over()));
      socket.on('error', reject);
      socket.once('data', (bytes) => {
        socket.pause();
        socket.on('error', () => {});
        resolve(new RawSocket(socket, bytes.toString('latin1'), closed));
      });
      const lines = [
        `GET ${path} HTTP/1.1`,
        `Host: 127.0.0.1:${port}`,
        'Upgrade: websocket',
        'Connection: Upgrade',
        `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}`,
        'Sec-WebSocket-Version: 13',
        'Sec-WebSocket-Protocol: ocpp1.6',
        ...headers,
      ];
      socket.write(`${lines.join('\r\n')}\r\n\r\n`);
    });
  }

  /** A text frame as a client sends it; the mask is all zeros. */
  static frame(text: string): Buffer {
    const body = Buffer.from(text);
    const header =
      body.length < 126
        ? Buffer.from([0x81, 0x80 | body.length])
        : body.length < 65_536
          ? Buffer.from([0x81, 0x80 | 126, body.length >> 8, body.length & 255])
          : Buffer.concat([Buffer.from([0x81, 0x80 | 127, 0, 0, 0, 0]), uint32(body.length)]);
    return Buffer.concat([header, Buffer.alloc(4), body]);
  }

  /** Takes the socket from the network without a word: nothing is read, nothing is closed. */
  freeze(): void {
    this.socket.pause();
  }
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
