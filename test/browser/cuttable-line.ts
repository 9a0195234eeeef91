import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A line to the workbench that can be cut: what is open breaks, and nothing new gets through until it is mended. */
export async function cuttableLine(target: number, host = '127.0.0.1') {
  /** Connections on which an event stream was asked for: it keeps its connection to itself. */
  const streams = new Set<Socket>();
  const sockets = new Set<Socket>();
  let open = true;
  const server = createServer((near) => {
    if (!open) {
      near.destroy();
      return;
    }
    const far = connect(target, '127.0.0.1');
    near.on('data', (bytes) => {
      // A later question on the same connection: the stream has ended.
      if (/^GET \/api\/v1\/events[ ?]/.test(bytes.toString('latin1'))) streams.add(near);
      else streams.delete(near);
    });
    near.on('close', () => streams.delete(near));
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(one);
      one.pipe(other);
      one.on('error', () => other.destroy());
      one.on('close', () => {
        sockets.delete(one);
        other.destroy();
      });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  const cut = (): void => {
    open = false;
    for (const socket of sockets) socket.destroy();
  };
  return {
    port: (server.address() as AddressInfo).port,
    cut,
    /** Event streams that are open now. */
    streams: () => streams.size,
    mend: () => {
      open = true;
    },
    close: () => {
      cut();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}
