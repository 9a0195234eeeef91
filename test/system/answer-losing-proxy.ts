import { createServer, type Server, type ServerResponse } from 'node:http';

/**
 * Stands before a service as the network does. It can lose one answer: the request arrives and is worked on, its answer does
 * not come back. That is what makes a sender deliver twice.
 */
export class AnswerLosingProxy {
  readonly port: number;
  readonly #server: Server;
  #path: string | undefined;
  #held: ServerResponse | undefined;
  #arrived: () => void = () => {};

  private constructor(server: Server, port: number) {
    this.#server = server;
    this.port = port;
  }

  static async before(port: number): Promise<AnswerLosingProxy> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    const proxy = new AnswerLosingProxy(server, address.port);
    server.on('request', async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk);
      const answer = await fetch(`http://127.0.0.1:${port}${request.url}`, {
        method: request.method ?? 'POST',
        headers: Object.fromEntries(
          Object.entries(request.headers).flatMap(([name, value]) =>
            typeof value === 'string' && !/^(host|connection|content-length|transfer-encoding)$/.test(name)
              ? [[name, value]]
              : [],
          ),
        ),
        ...(chunks.length === 0 ? {} : { body: Buffer.concat(chunks) }),
      })
        .then(async (got) => ({ status: got.status, type: got.headers.get('content-type'), text: await got.text() }))
        .catch(() => undefined);
      // The service is not there: no more is the connection.
      if (answer === undefined) return response.destroy();
      if (proxy.#path !== undefined && request.url?.includes(proxy.#path)) return proxy.#hold(response);
      response.writeHead(answer.status, answer.type === null ? {} : { 'content-type': answer.type });
      return response.end(answer.text);
    });
    return proxy;
  }

  /** From now on the first answer to this path is held back; resolves when the service has given it. */
  holdAnswer(path: string): Promise<void> {
    this.#path = path;
    return new Promise((resolve) => {
      this.#arrived = resolve;
    });
  }

  /** The held answer is lost with its connection. */
  lose(): void {
    this.#held?.destroy();
    this.#held = undefined;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  #hold(response: ServerResponse): void {
    this.#path = undefined;
    this.#held = response;
    this.#arrived();
  }
}
