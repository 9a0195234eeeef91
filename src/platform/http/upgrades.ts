import { type IncomingMessage, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { CompoteError } from '../../core/errors.ts';
import { type OriginRules, refuseForeignUpgrade } from './origin-check.ts';
import { asCompoteError, PROBLEM_TYPE, problemOf } from './problem.ts';

/**
 * Takes over a connection. `rest` is the path after the mount point, still percent-encoded, without the query: for
 * `/ocpp/CS%201` under `/ocpp/` it is `CS%201`.
 */
export type UpgradeHandler = (request: IncomingMessage, socket: Duplex, head: Buffer, rest: string) => void;

/** Gives upgrade requests to the handler of the longest matching path. */
export class UpgradeRouter {
  readonly #mounts: { readonly path: string; readonly handler: UpgradeHandler }[] = [];
  readonly #sockets = new Set<Duplex>();
  readonly #rules: OriginRules;

  constructor(rules: OriginRules) {
    this.#rules = rules;
  }

  /** @param path starts and ends with `/`, for example `/ocpp/`. */
  mount(path: string, handler: UpgradeHandler): void {
    this.#mounts.push({ path, handler });
    this.#mounts.sort((a, b) => b.path.length - a.path.length);
  }

  handle(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    this.#sockets.add(socket);
    socket.once('close', () => this.#sockets.delete(socket));
    // Until somebody listens, a reset of the socket must not end the process.
    socket.on('error', () => socket.destroy());
    const path = (request.url ?? '/').split('?', 1)[0] ?? '/';
    const mount = this.#mounts.find((each) => path.startsWith(each.path) || `${path}/` === each.path);
    try {
      refuseForeignUpgrade(request.headers, this.#rules);
      if (mount === undefined) throw new CompoteError('NOT_FOUND', { detail: `no WebSocket is served at ${path}` });
      mount.handler(request, socket, head, path.slice(mount.path.length));
    } catch (thrown) {
      refuseUpgrade(socket, asCompoteError(thrown));
    }
  }

  /** Cuts what is still open; owners close their sockets in good order before. */
  destroy(): void {
    for (const socket of this.#sockets) socket.destroy();
  }
}

/** Answers an upgrade request with a problem document and closes. */
export function refuseUpgrade(
  socket: Duplex,
  error: CompoteError,
  headers: Readonly<Record<string, string>> = {},
): void {
  const body = JSON.stringify(problemOf(error));
  const head = [
    `HTTP/1.1 ${error.status} ${STATUS_CODES[error.status] ?? ''}`,
    `content-type: ${PROBLEM_TYPE}`,
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`, () => socket.destroy());
}
