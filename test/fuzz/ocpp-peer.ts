import type { WebSocket } from 'ws';

/** A frame of the other side; `undefined` members for what is no array. */
export type HeardFrame = readonly unknown[];

/** A bare end of an OCPP connection: it says any text, and hears what comes back. Nothing of ours is in it. */
export class OcppPeer {
  readonly #socket: WebSocket;
  readonly #answers = new Map<string, (frame: HeardFrame) => void>();
  /** Answers that nobody waits for. */
  readonly unasked: HeardFrame[] = [];
  closed: { readonly code: number } | undefined;

  /** @param answer the text that answers a CALL of the other side; `undefined`: none */
  constructor(socket: WebSocket, answer: (call: HeardFrame) => string | undefined) {
    this.#socket = socket;
    socket.on('message', (data) => {
      const frame = JSON.parse(String(data)) as HeardFrame;
      if (frame[0] !== 2) {
        const waiting = this.#answers.get(String(frame[1]));
        if (waiting === undefined) this.unasked.push(frame);
        else waiting(frame);
        return;
      }
      const text = answer(frame);
      if (text !== undefined) socket.send(text);
    });
    socket.on('close', (code) => {
      this.closed = { code };
    });
    socket.on('error', () => {});
  }

  get open(): boolean {
    return this.#socket.readyState === this.#socket.OPEN;
  }

  say(data: string | Uint8Array): void {
    this.#socket.send(data);
  }

  /** Says a CALL and waits for what answers it: `undefined` when nothing came in time or the connection closed. */
  ask(id: string, text: string, limitMs: number): Promise<HeardFrame | undefined> {
    return new Promise((resolve) => {
      const end = (frame: HeardFrame | undefined): void => {
        clearTimeout(timer);
        this.#socket.off('close', gone);
        this.#answers.delete(id);
        resolve(frame);
      };
      const gone = (): void => end(undefined);
      const timer = setTimeout(gone, limitMs);
      this.#socket.once('close', gone);
      this.#answers.set(id, end);
      if (this.open) this.#socket.send(text);
      else gone();
    });
  }

  close(): void {
    this.#socket.close();
  }
}
