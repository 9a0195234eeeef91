import { WebSocket } from 'ws';
import { until } from './world.ts';

const BOOTS = {
  'ocpp1.6': { chargePointVendor: 'Other', chargePointModel: 'One' },
  'ocpp2.0.1': { reason: 'PowerUp', chargingStation: { vendorName: 'Other', model: 'One' } },
} as const;

/** A station that is not ours: a bare socket that says what it is told, and answers only what it is told to. */
export class OwnStation {
  readonly #socket: WebSocket;
  /** Frames as they came. */
  readonly received: unknown[][] = [];
  answers: boolean;

  private constructor(socket: WebSocket, answers: boolean) {
    this.#socket = socket;
    this.answers = answers;
    socket.on('message', (data) => {
      const frame = JSON.parse(String(data)) as unknown[];
      this.received.push(frame);
      if (frame[0] === 2 && this.answers) socket.send(JSON.stringify([3, frame[1], { status: 'Accepted' }]));
    });
  }

  /** Connects and boots, with OCPP 1.6 where nothing else is said. */
  static async connect(
    csmsUrl: string,
    identity: string,
    answers = true,
    version: keyof typeof BOOTS = 'ocpp1.6',
  ): Promise<OwnStation> {
    const url = `${csmsUrl.replace('http', 'ws')}/ocpp/${encodeURIComponent(identity)}`;
    const socket = new WebSocket(url, [version]);
    await new Promise((resolve, reject) => {
      socket.once('open', resolve);
      socket.once('error', reject);
    });
    const station = new OwnStation(socket, answers);
    station.call('boot', 'BootNotification', BOOTS[version]);
    return station;
  }

  call(id: string, action: string, payload: object): void {
    this.say(JSON.stringify([2, id, action, payload]));
  }

  /** Any text. */
  say(text: string): void {
    this.#socket.send(text);
  }

  /** A call that is over once it was answered. */
  async ask(id: string, action: string, payload: object): Promise<void> {
    this.call(id, action, payload);
    await until(() => this.received.some(([type, of]) => type === 3 && of === id));
  }

  close(): void {
    this.#socket.terminate();
  }
}
