import { createServer, type Server, type Socket } from 'node:net';
import { Aedes } from 'aedes';
import { CompoteError, messageOf, systemCodeOf } from '../core/errors.ts';

export interface MqttBrokerOptions {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** A client was turned away, in words for a person. */
  readonly refused: (text: string) => void;
}

export interface MqttBroker {
  readonly url: string;
  readonly port: number;
  /** How many clients are connected. */
  readonly clients: number;
  /** Ends all connections and the port. */
  close(): Promise<void>;
}

/** More waiting QoS 1 messages of one client than this are dropped by the broker. */
const MAX_QUEUED = 1_000;

/**
 * A broker inside this process, for the look-alike and for EVerest up to 2026.02: MQTT 3.1 and 3.1.1 only.
 * @throws PORT_IN_USE, or PEER_UNREACHABLE for another reason why it cannot listen
 */
export async function startMqttBroker(options: MqttBrokerOptions): Promise<MqttBroker> {
  const broker = await Aedes.createBroker({ queueLimit: MAX_QUEUED });
  broker.on('connectionError', (_client, error) => options.refused(refusal(error)));
  broker.on('clientError', (client, error) => options.refused(`client ${client.id}: ${messageOf(error)}`));
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    broker.handle(socket);
  });
  const port = await listen(server, options);
  return {
    url: `mqtt://${options.host}:${port}`,
    port,
    get clients() {
      return broker.connectedClients;
    },
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      await new Promise<void>((resolve) => broker.close(() => resolve()));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

function refusal(error: Error): string {
  const said = messageOf(error);
  return said.includes('unacceptable protocol version')
    ? 'a client with MQTT v5 tried to connect; use Mosquitto for this EVerest version (the embedded broker speaks MQTT 3.1.1)'
    : `a client was turned away: ${said}`;
}

function listen(server: Server, { host, port }: MqttBrokerOptions): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause) => {
      const taken = systemCodeOf(cause) === 'EADDRINUSE';
      reject(
        new CompoteError(taken ? 'PORT_IN_USE' : 'PEER_UNREACHABLE', {
          detail: `MQTT broker on ${host}:${port}: ${messageOf(cause)}`,
          cause,
        }),
      );
    });
    server.listen(port, host, () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}
