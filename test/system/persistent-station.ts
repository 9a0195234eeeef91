import { WebSocket } from 'ws';
import { sleep } from './service-process.ts';

/** A 1.6 station, texts by hand: it connects again and sends again until it has been answered, as stations do. */
export class PersistentStation {
  readonly identity: string;
  readonly #url: () => string;
  #socket: WebSocket | undefined;
  #hear: (text: string) => void = () => {};
  #message = 0;
  #isStopped = false;

  constructor(identity: string, url: () => string) {
    this.identity = identity;
    this.#url = url;
  }

  /** The payload of the answer, however often it had to be asked for. */
  async ask(action: string, payload: object): Promise<Record<string, unknown>> {
    for (;;) {
      const answer = await this.#once(action, payload);
      if (answer !== undefined) return answer;
      if (this.#isStopped) throw new Error(`${this.identity} was stopped before ${action} was answered`);
      await sleep(50);
    }
  }

  stop(): void {
    this.#isStopped = true;
    this.#socket?.terminate();
  }

  async #once(action: string, payload: object): Promise<Record<string, unknown> | undefined> {
    const socket = await this.#connected();
    return socket === undefined ? undefined : this.#exchange(socket, action, payload);
  }

  async #connected(): Promise<WebSocket | undefined> {
    if (this.#socket?.readyState === WebSocket.OPEN) return this.#socket;
    const socket = new WebSocket(`${this.#url()}/ocpp/${this.identity}`, ['ocpp1.6'], { perMessageDeflate: false });
    const isOpen = await new Promise<boolean>((resolve) => {
      socket.on('open', () => resolve(true));
      socket.on('error', () => resolve(false));
      socket.on('close', () => resolve(false));
    });
    if (!isOpen) return undefined;
    socket.on('message', (data) => {
      const text = data.toString();
      // What the CSMS wants to know is not in our script.
      if (text.startsWith('[2,')) socket.send(JSON.stringify([4, JSON.parse(text)[1], 'NotSupported', '', {}]));
      else this.#hear(text);
    });
    const boot = { chargePointVendor: 'Kill', chargePointModel: 'Test' };
    if ((await this.#exchange(socket, 'BootNotification', boot)) === undefined) return undefined;
    this.#socket = socket;
    return socket;
  }

  async #exchange(socket: WebSocket, action: string, payload: object): Promise<Record<string, unknown> | undefined> {
    const id = `${this.identity}-${++this.#message}`;
    const text = await new Promise<string | undefined>((resolve) => {
      const gone = (): void => resolve(undefined);
      this.#hear = (heard) => {
        if (JSON.parse(heard)[1] !== id) return;
        socket.off('close', gone);
        resolve(heard);
      };
      socket.once('close', gone);
      socket.send(JSON.stringify([2, id, action, payload]));
    });
    if (text === undefined) return undefined;
    const [type, , answer] = JSON.parse(text);
    if (type !== 3) throw new Error(`${this.identity}: ${action} got ${text}`);
    return answer;
  }
}
