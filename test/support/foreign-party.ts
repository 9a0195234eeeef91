import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request as a foreign party got it. */
export interface Heard {
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into bodies member by member
  readonly body: any;
}

/** What it answers: a JSON text with 200, another status, or nothing at all. */
export type Said = string | { readonly status: number; readonly text?: string; readonly type?: string } | 'silence';

/** A party that is not ours, by hand on real sockets: an EMP, a CPO or a hub that says what the test wants. */
export class ForeignParty {
  readonly heard: Heard[] = [];
  answer: (heard: Heard) => Said | Promise<Said>;
  readonly #server: Server;
  readonly #waiting: (() => void)[] = [];

  private constructor(server: Server, answer: (heard: Heard) => Said | Promise<Said>) {
    this.#server = server;
    this.answer = answer;
  }

  static async start(answer: (heard: Heard) => Said | Promise<Said>): Promise<ForeignParty> {
    const server = createServer();
    const party = new ForeignParty(server, answer);
    server.on('request', (request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', async () => {
        const text = Buffer.concat(chunks).toString('utf8');
        const heard = { path: request.url ?? '', headers: request.headers, text, body: jsonOf(text) };
        party.heard.push(heard);
        for (const wake of party.#waiting.splice(0)) wake();
        const said = await party.answer(heard);
        if (said === 'silence') return;
        if (typeof said === 'string') {
          response.writeHead(200, { 'content-type': 'application/json;charset=UTF-8' }).end(said);
        } else {
          response.writeHead(said.status, { 'content-type': said.type ?? 'application/json' }).end(said.text ?? '');
        }
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return party;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Waits until it has heard as many requests. */
  async hears(count: number): Promise<Heard[]> {
    while (this.heard.length < count) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    return this.heard;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
