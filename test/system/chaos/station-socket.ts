import { WebSocket } from 'ws';

/** A station's end of a connection: one call at a time; what the CSMS asks is not understood. */
export class StationSocket {
  readonly #socket: WebSocket;
  readonly #gone: Promise<void>;
  #asked: unknown;
  #hear: (answer: readonly unknown[]) => void = () => {};

  private constructor(socket: WebSocket, gone: Promise<void>) {
    this.#socket = socket;
    this.#gone = gone;
    socket.on('message', (data) => {
      const frame = JSON.parse(data.toString()) as readonly unknown[];
      if (frame[0] === 2) socket.send(JSON.stringify([4, frame[1], 'NotImplemented', '', {}]));
      else if (frame[1] === this.#asked) this.#hear(frame);
    });
  }

  /** undefined when nobody lets it in. */
  static async open(url: string, subprotocol: string): Promise<StationSocket | undefined> {
    const socket = new WebSocket(url, [subprotocol], { perMessageDeflate: false });
    const gone = new Promise<void>((resolve) => {
      socket.on('close', () => resolve());
      socket.on('error', () => resolve());
    });
    const opened = new Promise<boolean>((resolve) => socket.on('open', () => resolve(true)));
    const isOpen = await Promise.race([opened, gone.then(() => false)]);
    return isOpen ? new StationSocket(socket, gone) : undefined;
  }

  /** The payload of the answer; undefined when the connection went first: then nothing was promised. */
  async ask(id: string, action: string, payload: object): Promise<Record<string, unknown> | undefined> {
    const heard = new Promise<readonly unknown[] | undefined>((resolve) => {
      this.#asked = id;
      this.#hear = resolve;
      void this.#gone.then(() => resolve(undefined));
    });
    this.#socket.send(JSON.stringify([2, id, action, payload]));
    const answer = await heard;
    if (answer === undefined) return undefined;
    if (answer[0] !== 3) throw new Error(`${action} ${id} got ${JSON.stringify(answer)}`);
    return answer[2] as Record<string, unknown>;
  }

  sendText(text: string): void {
    this.#socket.send(text);
  }

  close(): void {
    this.#socket.terminate();
  }
}
