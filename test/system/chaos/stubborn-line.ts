import { sleep } from '../service-process.ts';
import { StationSocket } from './station-socket.ts';

/** Waits between two messages: many stations, none in a hurry. */
const PAUSE_MS = 15;
const RECONNECT_MS = 50;

/** A station's line that never gives up: a message that was not answered is sent again over the next connection, under a new id. */
export class StubbornLine {
  readonly #url: string;
  readonly #version: '1.6' | '2.0.1';
  readonly #identity: string;
  readonly #answered: (id: string) => void;
  #socket: StationSocket | undefined;
  #calls = 0;

  constructor(url: string, version: '1.6' | '2.0.1', identity: string, answered: (id: string) => void) {
    this.#url = url;
    this.#version = version;
    this.#identity = identity;
    this.#answered = answered;
  }

  async ask(action: string, payload: object): Promise<Record<string, unknown>> {
    for (;;) {
      await sleep(PAUSE_MS);
      const answer = (await this.#connected()) ? await this.#once(action, payload) : undefined;
      if (answer !== undefined) return answer;
      await sleep(RECONNECT_MS);
    }
  }

  close(): void {
    this.#socket?.close();
  }

  async #connected(): Promise<boolean> {
    if (this.#socket !== undefined) return true;
    this.#socket = await StationSocket.open(this.#url, `ocpp${this.#version}`);
    if (this.#socket === undefined) return false;
    const boot =
      this.#version === '1.6'
        ? { chargePointVendor: 'Chaos', chargePointModel: 'Hand' }
        : { reason: 'PowerUp', chargingStation: { vendorName: 'Chaos', model: 'Hand' } };
    return (await this.#once('BootNotification', boot)) !== undefined;
  }

  async #once(action: string, payload: object): Promise<Record<string, unknown> | undefined> {
    const id = `${this.#identity}-${++this.#calls}`;
    const answer = await this.#socket?.ask(id, action, payload);
    if (answer === undefined) this.#socket = undefined;
    else this.#answered(id);
    return answer;
  }
}
