import { WebSocket } from 'ws';

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

  /** Connects with OCPP 1.6 and boots. */
  static async connect(csmsUrl: string, identity: string, answers = true): Promise<OwnStation> {
    const url = `${csmsUrl.replace('http', 'ws')}/ocpp/${encodeURIComponent(identity)}`;
    const socket = new WebSocket(url, ['ocpp1.6']);
    await new Promise((resolve, reject) => {
      socket.once('open', resolve);
      socket.once('error', reject);
    });
    const station = new OwnStation(socket, answers);
    station.call('boot', 'BootNotification', { chargePointVendor: 'Other', chargePointModel: 'One' });
    return station;
  }

  call(id: string, action: string, payload: object): void {
    this.#socket.send(JSON.stringify([2, id, action, payload]));
  }

  close(): void {
    this.#socket.terminate();
  }
}
