/** The shared worker: one event stream for all tabs of this browser. */
import { LiveConnection } from './live-connection.ts';

interface WorkerScope {
  onconnect: ((event: MessageEvent) => void) | null;
}

const ports = new Set<MessagePort>();
let connection: LiveConnection | undefined;

(self as unknown as WorkerScope).onconnect = (event) => {
  const port = event.ports[0];
  if (port === undefined) return;
  port.onmessage = (message: MessageEvent<{ type: string; url?: string }>) => {
    const { type, url } = message.data;
    if (type === 'open' && url !== undefined) {
      ports.add(port);
      connection ??= new LiveConnection(
        url,
        (live) => send({ type: 'event', live }),
        (status) => send({ type: 'status', status }),
      );
      port.postMessage({ type: 'status', status: connection.status });
    } else if (type === 'retry') connection?.retry();
    else if (type === 'close') {
      ports.delete(port);
      if (ports.size > 0) return;
      connection?.close();
      connection = undefined;
    }
  };
  port.start();
};

function send(message: unknown): void {
  for (const port of ports) port.postMessage(message);
}
